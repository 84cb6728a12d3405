"""What staff may write, which state may follow which, when a device is silent."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.devices.model import Device, State
from services.devices.rules import (
    FOLLOWING,
    GUIDED,
    INTERVALS,
    LONGEST_MAINTENANCE,
    AnswerError,
    Field,
    Spot,
    is_silent,
    may_follow,
    next_question,
    read_end,
    read_interval,
    read_line,
    read_metres,
    read_spot,
    read_tags,
)

NOW = datetime(2026, 11, 20, 11, tzinfo=UTC)


def problem(error: pytest.ExceptionInfo[AnswerError]) -> str:
    return error.value.text_key


@pytest.mark.parametrize(
    ("words", "metres"),
    [("5,40", 5.4), ("5.4 m", 5.4), (" 12 Meter ", 12), ("70,25 m ü. NHN", 70.25), ("+3", 3)],
)
def test_metres(words: str, metres: float) -> None:
    assert read_metres(words, 0, 100) == metres


@pytest.mark.parametrize("words", ["", "m", "fünf", "5,4,3", "1e9", "nan", "inf", "5 cm", "٣"])
def test_what_is_no_metres(words: str) -> None:
    with pytest.raises(AnswerError) as error:
        read_metres(words, 0, 100)
    assert problem(error) == "devices.no-metres"


def test_metres_out_of_range() -> None:
    with pytest.raises(AnswerError) as error:
        read_metres("540", 0, 100)
    assert problem(error) == "devices.metres-range"


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("15", 900),
        ("15 min", 900),
        ("15 Minuten", 900),
        ("1 h", 3600),
        ("2 Stunden", 7200),
        ("0,5 h", 1800),
        ("30s", 30),
        ("1 Tag", 86400),
        ("7 days", 604800),
        ("3 Tage", 259200),
        ("1 Std.", 3600),
    ],
)
def test_intervals(words: str, seconds: int) -> None:
    assert read_interval(words) == seconds


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("", "no-span"),
        ("oft", "no-span"),
        ("5 Ellen", "no-span"),
        ("-5 min", "no-span"),
        ("1 s", "interval-range"),
        ("8 Tage", "interval-range"),
        ("0", "interval-range"),
    ],
)
def test_what_is_no_interval(words: str, key: str) -> None:
    with pytest.raises(AnswerError) as error:
        read_interval(words)
    assert problem(error) == f"devices.{key}"


def test_the_end_of_a_maintenance() -> None:
    assert read_end("2", NOW) == NOW + timedelta(hours=2)
    assert read_end("3 Tage", NOW) == NOW + timedelta(days=3)
    for words in ("0 h", "61 Tage"):
        with pytest.raises(AnswerError):
            read_end(words, NOW)


@pytest.mark.parametrize(
    "words",
    [
        "51.6231 12.3325",
        "51,6231 12,3325",
        "51,6231; 12,3325",
        "51.6231, 12.3325",
        "N51.6231 E12.3325",
        "51.6231° N, 12.3325° E",
        "51.6231/12.3325",
        "51,6231, 12,3325",
    ],
)
def test_coordinates(words: str) -> None:
    assert read_spot(words) == Spot(51.6231, 12.3325)


@pytest.mark.parametrize("words", ["Muldebrücke 12", "B100 km 12,5", "51.6231", "12 13", ""])
def test_words_are_no_coordinates(words: str) -> None:
    assert read_spot(words) is None


@pytest.mark.parametrize("words", ["0.000 0.000", "91.00 12.00", "51.00 181.00"])
def test_places_that_are_not_on_the_earth(words: str) -> None:
    with pytest.raises(AnswerError):
        read_spot(words)


@given(some.text(max_size=60))
def test_whatever_is_written_is_a_sensible_answer_or_an_answer_error(words: str) -> None:
    with suppress(AnswerError):
        assert INTERVALS[0] <= timedelta(seconds=read_interval(words)) <= INTERVALS[1]
    with suppress(AnswerError):
        spot = read_spot(words)
        assert spot is None or (abs(spot.latitude) <= 90 and abs(spot.longitude) <= 180)
    with suppress(AnswerError):
        assert 0 <= read_metres(words, 0, 9) <= 9
    with suppress(AnswerError):
        assert NOW < read_end(words, NOW) <= NOW + LONGEST_MAINTENANCE
    with suppress(AnswerError):
        assert 0 < len(read_line(words, 20)) <= 20
    with suppress(AnswerError):
        assert re.fullmatch(r"[a-z0-9 -]*", read_tags(words))


def test_a_line() -> None:
    assert read_line("  Pegel \n Mulde ", 20) == "Pegel Mulde"
    for words in ("", " \n", "a\x00b", "\u202eegel"):
        with pytest.raises(AnswerError):
            read_line(words, 20)


def test_test_comes_before_use() -> None:
    before = {state for state, following in FOLLOWING.items() if State.RELEASED in following}
    assert before == {State.TEST, State.MAINTENANCE}
    assert [one for one, after in FOLLOWING.items() if State.MAINTENANCE in after] == [
        State.RELEASED
    ]


@given(some.lists(some.sampled_from(State), max_size=12))
def test_nothing_is_used_that_was_never_in_test(wishes: list[State]) -> None:
    state, passed = State.UNKNOWN, [State.UNKNOWN]
    for wanted in wishes:
        if may_follow(state, wanted):
            state = wanted
            passed.append(state)
    assert State.RELEASED not in passed or State.TEST in passed[: passed.index(State.RELEASED)]
    assert State.UNKNOWN not in passed[1:]


@pytest.mark.parametrize(
    ("state", "hours", "interval", "silent"),
    [
        (State.RELEASED, 3, 3600, True),
        (State.RELEASED, 2, 3600, False),
        (State.TEST, 31, None, True),
        (State.TEST, 29, None, False),
        (State.MAINTENANCE, 99, 3600, False),
        (State.RETIRED, 99, 3600, False),
    ],
)
def test_silence(state: State, hours: int, interval: int | None, *, silent: bool) -> None:
    seen = NOW - timedelta(hours=hours)
    assert is_silent(Device(state=state, seen_at=seen, interval_seconds=interval), NOW) is silent


def test_the_form_asks_each_thing_once() -> None:
    device, asked, field = Device(type="gauge", profile=""), [], None
    while (field := next_question(device, field)) is not None:
        asked.append(field)
    assert asked == [*GUIDED, Field.HEIGHT]
    known = Device(type="air", profile="x")
    assert next_question(known, Field.MUNICIPALITY) is None
    assert next_question(known, Field.INTERVAL) is None
