"""Times inside a line: found with their words, never guessed, on the county's wall clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.times import since_in, until_in

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 20, 12, tzinfo=BERLIN)


def clock(words: str, now: datetime = NOON) -> str | None:
    found = until_in(words, now)
    return f"{found.moment:%d.%m. %H:%M}" if found else None


def began(words: str, now: datetime = NOON) -> str | None:
    found = since_in(words, now)
    return f"{found.moment:%d.%m.%Y %H:%M}" if found else None


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("Mulde bis 16:30", "20.11. 16:30"),
        ("bis 16.30 Uhr", "20.11. 16:30"),
        ("bis 18 Uhr", "20.11. 18:00"),
        ("until 18", "20.11. 18:00"),
        ("bis morgen 6:00", "21.11. 06:00"),
        ("Mulde 3 Stunden", "20.11. 15:00"),
        ("für 90 min", "20.11. 13:30"),
        ("2h", "20.11. 14:00"),
        ("1 Std. Probe", "20.11. 13:00"),
        ("bis 11:00", "20.11. 11:00"),
        ("bis 25:00", None),
        ("bis Freitag 6:00", None),
        ("Mulde", None),
        ("Pegel 2 hinten", None),
        ("16:30", None),
    ],
)
def test_an_end(words: str, end: str | None) -> None:
    assert clock(words) == end


def test_an_hour_after_midnight_is_tomorrow_s_only_when_it_is_near() -> None:
    late = datetime(2026, 11, 20, 22, 30, tzinfo=BERLIN)
    assert clock("bis 2:00", late) == "21.11. 02:00"
    assert clock("bis 22:00", late) == "20.11. 22:00", "passed, and not a whole day long"


@pytest.mark.parametrize(
    ("words", "begin"),
    [
        ("Mulde 2 seit 11:20", "20.11.2026 11:20"),
        ("seit 9 Uhr", "20.11.2026 09:00"),
        ("seit gestern 22:10", "19.11.2026 22:10"),
        ("seit 18.11. 7:30", "18.11.2026 07:30"),
        ("seit 24.12. um 7:30", "24.12.2025 07:30"),
        ("ab 18.11.2026, 7:30 Uhr", "18.11.2026 07:30"),
        ("seit 31.02. 7:30", None),
        ("seit jetzt", None),
        ("seit 13:00", "20.11.2026 13:00"),
        ("Mulde 2", None),
    ],
)
def test_a_beginning(words: str, begin: str | None) -> None:
    assert began(words) == begin


def test_an_hour_before_midnight_is_yesterday_s_only_when_it_is_near() -> None:
    early = datetime(2026, 11, 20, 0, 20, tzinfo=BERLIN)
    assert began("seit 23:50", early) == "19.11.2026 23:50"
    assert began("seit 6:00", NOON.replace(hour=5)) == "20.11.2026 06:00", "still to come"


def test_the_words_around_are_kept() -> None:
    found = until_in("Pegel Mulde bis 16:30: Deichübung, Zug 2", NOON)
    assert found is not None
    assert (found.before, found.after) == ("Pegel Mulde", "Deichübung, Zug 2")


@given(st.text(max_size=60))
def test_no_words_break_it(words: str) -> None:
    for found in (until_in(words, NOON), since_in(words, NOON)):
        assert found is None or found.moment.tzinfo is BERLIN


@given(st.integers(0, 23), st.integers(0, 59))
def test_an_end_in_the_future_is_less_than_a_day_away(hour: int, minute: int) -> None:
    found = until_in(f"bis {hour}:{minute:02}", NOON)
    assert found is not None
    assert (found.moment.hour, found.moment.minute) == (hour, minute)
    assert found.moment - NOON < timedelta(days=1)
