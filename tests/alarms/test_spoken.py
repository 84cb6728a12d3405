"""Times as people write them: spans, ends, windows, in German and in English."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import LOCALES
from handlers.alarms.vocabulary import vocabulary
from services.alarms.rules.spoken import (
    ALL_DAYS,
    FARTHEST,
    Hours,
    Lasting,
    SpokenError,
    end,
    hours,
    lasting,
    span,
)
from services.text import load_texts

BERLIN = ZoneInfo("Europe/Berlin")
TEXTS = load_texts(LOCALES, BERLIN)
GERMAN, ENGLISH = vocabulary(TEXTS.of("de")), vocabulary(TEXTS.of("en"))
NOW = datetime(2026, 11, 20, 11, tzinfo=UTC)
"""A Friday, noon in Berlin."""
WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("20 min", 20), ("20min.", 20), ("2 Std.", 120), ("1,5 h", 90), ("1 Std. 30 min", 90),
        ("1 Stunde und 30 Minuten", 90), ("2 Tage", 2880), ("für 1 Woche", 10080), ("90 s", 1.5),
        ("0 min", 0),
    ],
)  # fmt: skip
def test_spans(words: str, minutes: float) -> None:
    assert span(words, GERMAN) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "words", ["", "20", "min", "20 mins", "20 min x", "-20 min", "bald", "1.2.3 h"]
)
def test_no_spans(words: str) -> None:
    with pytest.raises(SpokenError) as error:
        span(words, GERMAN)
    assert error.value.text_key == "alarms.no-span"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("3 Werte", Lasting(None, 3)),
        ("20 min", Lasting(timedelta(minutes=20), None)),
        ("20 min, 3 Werte", Lasting(timedelta(minutes=20), 3)),
        ("1 Wert und 2 Std.", Lasting(timedelta(hours=2), 1)),
    ],
)
def test_so_long_and_for_so_many_values(words: str, found: Lasting) -> None:
    assert lasting(words, GERMAN) == found


@pytest.mark.parametrize(
    ("words", "local"),
    [
        ("3 Stunden", "20.11.2026 15:00"),
        ("2 Tage", "22.11.2026 12:00"),
        ("bis morgen 6:00", "21.11.2026 06:00"),
        ("bis morgen um 6 Uhr", "21.11.2026 06:00"),
        ("bis morgen", "22.11.2026 00:00"),
        ("heute 18:30", "20.11.2026 18:30"),
        ("heute 24:00", "21.11.2026 00:00"),
        ("bis 18 Uhr", "20.11.2026 18:00"),
        ("bis 6 Uhr", "21.11.2026 06:00"),
        ("bis Montag 8 Uhr", "23.11.2026 08:00"),
        ("bis Freitag 18 Uhr", "20.11.2026 18:00"),
        ("bis Freitag 8 Uhr", "27.11.2026 08:00"),
        ("bis Sonntag", "23.11.2026 00:00"),
        ("übermorgen 7.30 Uhr", "22.11.2026 07:30"),
        ("24.12. 8:00", "24.12.2026 08:00"),
        ("bis zum 24.12.", "25.12.2026 00:00"),
        ("bis 3.1. 8 Uhr", "03.01.2027 08:00"),
        ("24.12.2026, 8:00", "24.12.2026 08:00"),
    ],
)
def test_ends(words: str, local: str) -> None:
    wanted = datetime.strptime(local, "%d.%m.%Y %H:%M").replace(tzinfo=BERLIN)
    assert end(words, GERMAN, NOW, BERLIN) == wanted


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("irgendwann", "alarms.no-end"),
        ("morgen 25:00", "alarms.no-end"),
        ("31.2. 8:00", "alarms.no-end"),
        ("30.2.", "alarms.no-end"),
        ("heute 8:00", "alarms.end-passed"),
        ("1.11.2026", "alarms.end-passed"),
        ("0 min", "alarms.end-passed"),
        ("400 Tage", "alarms.too-far"),
        ("31.12.9999", "alarms.too-far"),
        ("31.12.2028 8:00", "alarms.too-far"),
    ],
)
def test_no_ends(words: str, key: str) -> None:
    with pytest.raises(SpokenError) as error:
        end(words, GERMAN, NOW, BERLIN)
    assert error.value.text_key == key


def test_an_end_is_a_time_of_the_wall_clock() -> None:
    """The night in which the clocks go back has 25 hours."""
    saturday = datetime(2026, 10, 24, 10, tzinfo=UTC)
    assert end("morgen 12:00", GERMAN, saturday, BERLIN) - saturday == timedelta(hours=25)
    assert end("24 Stunden", GERMAN, saturday, BERLIN) - saturday == timedelta(hours=24)


@pytest.mark.parametrize(
    ("words", "days", "start", "finish"),
    [
        ("Mo-Fr 22:00-04:00", {0, 1, 2, 3, 4}, time(22), time(4)),
        ("Mo bis Fr 22 bis 4 Uhr", {0, 1, 2, 3, 4}, time(22), time(4)),
        ("Sa, So 8-12 Uhr", {5, 6}, time(8), time(12)),
        ("Sa und So 8.30-12", {5, 6}, time(8, 30), time(12)),
        ("Fr.-Mo. 20-24", {4, 5, 6, 0}, time(20), time(0)),
        ("Montag 6:00 – 7:00", {0}, time(6), time(7)),
        ("täglich 2 bis 3 Uhr", ALL_DAYS, time(2), time(3)),
        ("am Wochenende 2-3", {5, 6}, time(2), time(3)),
        ("2:00-3:00", ALL_DAYS, time(2), time(3)),
    ],
)
def test_windows(words: str, days: set[int], start: time, finish: time) -> None:
    assert hours(words, GERMAN) == Hours(frozenset(days), start, finish)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Mo-Fr", "alarms.no-hours"),
        ("Mo-Xy 8-9", "alarms.no-hours"),
        ("Mo 25-26", "alarms.no-hours"),
        ("werktags 8-9", "alarms.no-hours"),
        ("Mo 8-8", "alarms.hours-empty"),
        ("Mo 0-24", "alarms.hours-empty"),
    ],
)
def test_no_windows(words: str, key: str) -> None:
    with pytest.raises(SpokenError) as error:
        hours(words, GERMAN)
    assert error.value.text_key == key


def test_in_english() -> None:
    assert span("1 hour and 30 minutes", ENGLISH) == timedelta(minutes=90)
    assert end("until tomorrow 6:00", ENGLISH, NOW, BERLIN) == NOW + timedelta(hours=18)
    found = hours("Mon to Fri 22:00 to 4:00", ENGLISH)
    assert found == Hours(frozenset(range(5)), time(22), time(4))
    assert lasting("20 min 3 values", ENGLISH) == Lasting(timedelta(minutes=20), 3)


@pytest.mark.parametrize("language", ["ar", "pl", "ru", "tr", "uk"])
def test_other_languages_have_the_german_words(language: str) -> None:
    known = vocabulary(TEXTS.of(language))
    assert span("1 Stunde und 30 Minuten", known) == timedelta(minutes=90)
    assert hours("Mo-Fr 22 bis 4 Uhr", known) == Hours(frozenset(range(5)), time(22), time(4))


@given(st.integers(0, 12), st.integers(0, 59), st.integers(0, 59))
def test_every_span_is_read_as_written(hour: int, minute: int, second: int) -> None:
    wanted = timedelta(hours=hour, minutes=minute, seconds=second)
    assert span(f"{hour} Std. {minute} min {second} s", GERMAN) == wanted


@given(st.integers(1, 60 * 24 * 360))
def test_every_end_is_read_as_written(minutes: int) -> None:
    local = (NOW + timedelta(minutes=minutes)).astimezone(BERLIN)
    known = local.replace(fold=0)  # of an hour that comes twice, the first is meant
    for written in (
        f"{local:%d.%m.%Y %H:%M}",
        f"bis {local.day}.{local.month}. {local:%H:%M} Uhr",
    ):
        assert end(written, GERMAN, NOW, BERLIN) == known.astimezone(UTC)


@given(st.text(max_size=40))
def test_whatever_is_written_is_an_end_to_come_or_an_error(words: str) -> None:
    try:
        found = end(words, GERMAN, NOW, BERLIN)
    except SpokenError:
        return
    assert NOW < found <= NOW + FARTHEST


@given(st.sets(st.integers(0, 6), min_size=1), st.times(), st.times())
def test_every_window_is_read_as_written(days: set[int], start: time, finish: time) -> None:
    start, finish = start.replace(second=0, microsecond=0), finish.replace(second=0, microsecond=0)
    words = f"{', '.join(WEEKDAYS[day] for day in sorted(days))} {start:%H:%M}-{finish:%H:%M}"
    if start == finish:
        with pytest.raises(SpokenError):
            hours(words, GERMAN)
    else:
        assert hours(words, GERMAN) == Hours(frozenset(days), start, finish)


@given(st.text(alphabet="0123456789:.,- MoFrtäglich", max_size=30))
def test_whatever_is_written_is_a_window_or_an_error(words: str) -> None:
    try:
        found = hours(words, GERMAN)
    except SpokenError:
        return
    assert found.weekdays <= ALL_DAYS
    assert found.start != found.end
