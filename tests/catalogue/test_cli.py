"""`abibot catalogue`: what an editor reads after checking or importing."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.settings import DatabaseSettings, GoLiveSettings, Settings
from bot.terminal import BotTerminal
from handlers.catalogue.cli import command
from tests.catalogue.kit import link, office_data, service_data, write
from tests.conftest import ROOT

LATER = "review_by: 2999-01-01"
Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The test county, with nothing to look at again before the year 2999."""
    copy = Path(shutil.copytree(ROOT / "tests" / "region_folder", tmp_path / "region"))
    file = copy / "services" / "alle.yaml"
    file.write_text(re.sub(r"review_by: [0-9-]+", LATER, file.read_text()))
    return copy


@pytest.fixture
def run(tmp_path: Path, empty_sqlite: Path, folder: Path, clean_environment: None) -> Run:
    shutil.copy(empty_sqlite, tmp_path / "cli.db")

    def catalogue(*arguments: object, language: str = "de") -> Result:
        settings = Settings(
            _env_file=None,
            region=str(folder),
            language=language,
            database=DatabaseSettings(url=f"sqlite:///{tmp_path / 'cli.db'}"),
            golive=GoLiveSettings(check_links=False),
        )
        terminal = BotTerminal(settings)
        return CliRunner().invoke(command, [str(one) for one in arguments], obj=terminal)

    return catalogue


def change(file: Path, old: str, new: str) -> None:
    content = file.read_text()
    assert old in content
    file.write_text(content.replace(old, new, 1))


def records(file: Path) -> int:
    return file.read_text().count("\n- id: ")


def line_of(file: Path, words: str) -> int:
    [line] = [
        number for number, line in enumerate(file.read_text().split("\n"), 1) if words in line
    ]
    return line


def test_a_good_folder_is_said_to_be_good(run: Run, folder: Path) -> None:
    services, offices = (
        records(folder / "services" / "alle.yaml"),
        records(folder / "offices.yaml"),
    )
    for arguments in ((), (folder,)):
        result = run("check", *arguments)
        assert result.exit_code == 0
        assert result.output == (
            f"In Ordnung: {services} Leistungen, {offices} Stellen, 3 Gemeinden.\n"
        )


def test_checking_speaks_english_too(run: Run) -> None:
    assert run("check", language="en").output.startswith("All good: ")


def test_the_questions_of_the_region_are_checked_too(run: Run, folder: Path) -> None:
    (folder / "faq.yaml").write_text("faq:\n- id: parken\n  phrases: {de: []}\n")
    result = run("check")
    assert result.exit_code == 1
    assert "faq.yaml:2: faq.0.name: Das Feld fehlt." in result.output.splitlines()


def test_every_mistake_is_named_by_file_line_and_field(run: Run, folder: Path) -> None:
    file = folder / "services" / "alle.yaml"
    change(file, 'leika: ["99110003000000"]', "leika: [99110003000000]")
    change(file, "situations: [tiere]", "situations: [tiere, haustier]")
    change(folder / "offices.yaml", 'phone: "+49 3496 425 0"', 'phone: "03496 425 0"')
    result = run("check")
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[-1] == f"{len(lines) - 1} Stellen sind zu verbessern."
    for start in (
        f"services/alle.yaml:{line_of(file, '99110003000000')}: services.1.leika.0: ",
        f"services/alle.yaml:{line_of(file, 'haustier')}: services.3.situations.1: ",
        f"offices.yaml:{line_of(folder / 'offices.yaml', '03496 425 0')}: offices.0.phone: ",
    ):
        assert any(line.startswith(start) for line in lines), start


def test_types_of_cases_are_checked_too(run: Run, folder: Path) -> None:
    (folder / "case_types.yaml").write_text("case_types:\n- id: bericht\n", encoding="utf-8")
    result = run("check")
    assert result.exit_code == 1
    expected = "case_types.yaml:2: case_types.0.effort: Das Feld fehlt."
    assert expected in result.output.splitlines()


def test_one_mistake_is_counted_in_the_singular(run: Run, folder: Path) -> None:
    change(folder / "services" / "alle.yaml", "unit: week", "unit: hour")
    result = run("check")
    assert result.output.splitlines()[-1] == "1 Stelle ist zu verbessern."
    assert "'day'" in result.output, "quotes are printed as quotes"


def test_what_an_editor_should_have_looked_at_again_is_a_reminder(run: Run, folder: Path) -> None:
    change(folder / "services" / "alle.yaml", LATER, "review_by: 2020-05-31")
    result = run("check")
    assert result.exit_code == 0
    assert result.output.splitlines()[1:] == ["wohnsitz-anmelden: Wiedervorlage war am 31.05.2020"]


def test_a_broken_region_is_named_and_the_rest_waits(run: Run, folder: Path) -> None:
    change(folder / "region.toml", 'ars = "15082"', "ars = 15082")
    result = run("check", folder)
    assert result.exit_code == 1
    assert result.output.startswith("region.toml:4: ars: ")


def test_checking_writes_nothing(run: Run, folder: Path) -> None:
    run("check")
    assert "Erster Import" in run("import", folder).output


def test_a_folder_that_is_not_there_is_a_plain_mistake(run: Run) -> None:
    assert run("check", "/gibt/es/nicht").exit_code == 2
    assert run("import", "/gibt/es/nicht.yaml").exit_code == 2


def test_the_first_import_is_the_baseline_and_the_second_is_unchanged(
    run: Run, folder: Path
) -> None:
    first, second = run("import", folder), run("import", folder)
    assert (first.exit_code, second.exit_code) == (0, 0)
    count = records(folder / "services" / "alle.yaml") + records(folder / "offices.yaml")
    rest = "0 nicht mehr geliefert (behalten), 0 abgelehnt."
    assert first.output.splitlines() == [
        f"testkreis/starter: {count} neu, 0 geändert, 0 unverändert, {rest}",
        "Erster Import dieser Quelle: Er gilt als Ausgangsstand, es wird nichts gemeldet.",
    ]
    assert second.output.splitlines() == [
        f"testkreis/starter: 0 neu, 0 geändert, {count} unverändert, {rest}"
    ]


def test_what_went_online_is_said(run: Run, folder: Path, tmp_path: Path) -> None:
    run("import", folder)
    change(folder / "services" / "alle.yaml", "level: 2", "level: 3")
    result = run("import", folder)
    assert "1 geändert" in result.output
    assert "1 Leistung ist neu online oder offline und wird gemeldet." in result.output


def test_a_refused_record_is_named_with_its_reason_and_the_others_are_taken(
    run: Run, tmp_path: Path
) -> None:
    file = write(
        tmp_path / "neu.yaml",
        service_data("gut"),
        service_data("a & b"),
        service_data("link", online=[link(url="https://evil.example")]),
        offices=[office_data()],
    )
    result = run("import", file)
    assert result.exit_code == 1, "a script notices"
    assert "Abgelehnt: a & b\n" in result.output
    assert "Abgelehnt: link\nneu.yaml:" in result.output
    assert "2 neu" in result.output
    assert "2 abgelehnt" in result.output


def test_a_problem_of_the_whole_file_is_named_and_nothing_is_taken(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "neu.yaml"
    file.write_bytes("source: a/b\nservices:\n- id: köthen\n".encode("latin-1"))
    result = run("import", file)
    assert result.exit_code == 1
    assert result.output.startswith("neu.yaml:3: ")
    assert "UTF-8" in result.output
    assert "0 neu" in result.output
