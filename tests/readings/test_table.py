"""Tables are read back as they were written, in every language, and hold no formula."""

import csv
import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.buttons.sensors import Period
from handlers.readings.series import Row, Table
from handlers.readings.table import MOST_ROWS, csv_of, file_name
from lorawan.measurement import Mark
from services.devices.lookups import Sensor
from services.text import Texts

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
LANGUAGES = ("de", "en", "uk", "ru", "ar", "tr", "pl")


def table(*rows: Row, name: str = "Pegel Mulde", quantity: str = "air.temperature") -> Table:
    sensor = Sensor(1, name)
    return Table(sensor, quantity, 0, Period.DAY, NOON - timedelta(days=1), NOON, rows)


def row(value: float, minutes: int = 0, marks: Mark = Mark.FINE) -> Row:
    return Row(NOON - timedelta(minutes=minutes), value, value, value, value, marks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_written_is_read(texts: Texts, language: str) -> None:
    values = [-3.25, 0.0, -0.001, 21.5, 1234.5]
    given = table(*(row(value, minutes=10 - at) for at, value in enumerate(values)))
    content = csv_of(given, texts.of(language), BERLIN).decode("utf-8-sig")
    separator = "," if language in {"en", "ar"} else ";"
    read = list(csv.reader(io.StringIO(content), delimiter=separator))
    assert {len(line) for line in read} == {5}
    found = [float(line[2].replace(",", ".")) for line in read[1:]]
    assert found == [-3.25, 0.0, 0.0, 21.5, 1234.5]
    assert [datetime.fromisoformat(line[0]) for line in read[1:]] == [
        one.time for one in given.rows
    ]
    assert [datetime.fromisoformat(line[1]) for line in read[1:]] == [
        one.time for one in given.rows
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_field_is_a_formula(texts: Texts, language: str) -> None:
    evil = '=HYPERLINK("http://x";"y")'
    marks = Mark.OUT_OF_RANGE | Mark.SIMULATED | Mark.LATE | Mark.DERIVED
    given = table(row(-5.0, marks=marks), name=evil, quantity="=cmd.x")
    content = csv_of(given, texts.of(language), BERLIN).decode("utf-8-sig")
    assert "HYPERLINK" not in content
    assert "cmd" not in content
    separator = "," if language in {"en", "ar"} else ";"
    for line in csv.reader(io.StringIO(content), delimiter=separator):
        for field in line:
            assert field[:1] not in {"=", "+", "@", "\t"}
            assert not field.startswith("-") or float(field.replace(",", "."))


def test_marks_are_said(texts: Texts) -> None:
    marked = row(1.0, marks=Mark.OUT_OF_RANGE | Mark.LATE)
    content = csv_of(table(marked), texts.of("de"), BERLIN).decode("utf-8-sig")
    assert content.splitlines()[1].endswith(";nicht plausibel + verspätet eingetroffen")


def test_the_newest_rows_are_kept(texts: Texts) -> None:
    rows = [row(float(at), minutes=MOST_ROWS + 5 - at) for at in range(MOST_ROWS + 5)]
    lines = csv_of(table(*rows), texts.of("de"), BERLIN).decode("utf-8-sig").splitlines()
    assert len(lines) == MOST_ROWS + 1
    assert f";{MOST_ROWS + 4},00;" in lines[-1]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Pegel Mulde, Köthen", "pegel-mulde-koethen-air-temperature-2026-11-20.csv"),
        ("../../etc/passwd", "etc-passwd-air-temperature-2026-11-20.csv"),
        ("Łaba", "aba-air-temperature-2026-11-20.csv"),
        ("منسوب", "air-temperature-2026-11-20.csv"),
    ],
)
def test_file_names_are_plain(name: str, expected: str) -> None:
    assert file_name(table(name=name)) == expected
