"""Opening hours: what editors may write, and what they are told when they write something else."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.hours import DAYS, HoursError, Span, known_hours, read_hours

MORNING, AFTERNOON = Span(time(9), time(12)), Span(time(13), time(18))


@pytest.mark.parametrize(
    "line",
    [
        "Di 9-12, 13-18",
        "Di 9-12 und 13-18 Uhr",
        "Di 9:00-12:00 und 13:00 - 18:00 Uhr",
        "Di 9–12, 13–18",
    ],
)
def test_a_day_with_a_lunch_break(line: str) -> None:
    assert read_hours([line])[1] == (MORNING, AFTERNOON)


@pytest.mark.parametrize("line", ["Mo-Mi 9-12", "Mo, Di und Mi 9-12", "Mo-Di, Mi 9-12 Uhr"])
def test_several_days_in_one_line(line: str) -> None:
    assert read_hours([line]) == ((MORNING,),) * 3 + ((),) * 4


def test_lines_add_up_in_the_order_of_the_day() -> None:
    assert read_hours(["Do 13-18", "Mo-Fr 9-12"])[3] == (MORNING, AFTERNOON)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("nach Vereinbarung", "catalogue.problem-hours"),
        ("Mo 9", "catalogue.problem-hours"),
        ("Mo 9.30-12", "catalogue.problem-hours"),
        ("montags 9-12", "catalogue.problem-hours"),
        ("9-12", "catalogue.problem-hours"),
        ("", "catalogue.problem-hours"),
        ("Mo 12-9", "catalogue.problem-hours-order"),
        ("Mo 9-9", "catalogue.problem-hours-order"),
        ("Mo 9-25", "catalogue.problem-hours-order"),
        ("Fr-Mo 9-12", "catalogue.problem-hours-order"),
        ("Mo 9-12, 11-14", "catalogue.problem-hours-overlap"),
    ],
)
def test_a_wrong_line_is_named_with_its_reason(line: str, key: str) -> None:
    with pytest.raises(HoursError) as caught:
        read_hours(["Sa 8-9", line])
    assert (caught.value.text_key, caught.value.index, caught.value.line) == (key, 1, line)


def test_lines_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(HoursError) as caught:
        read_hours(["Mo-Fr 9-12", "Di 11-18"])
    assert caught.value.text_key == "catalogue.problem-hours-overlap"


def test_hours_that_touch_do_not_overlap() -> None:
    assert read_hours(["Mo 9-12, 12-18"])[0] == (MORNING, Span(time(12), time(18)))


def test_unknown_hours_are_no_closed_week() -> None:
    assert known_hours([]) is None
    assert known_hours(["nach Vereinbarung"]) is None
    assert known_hours(["Mo 9-12"]) == read_hours(["Mo 9-12"])


@given(st.text(max_size=60))
def test_whatever_somebody_writes_it_is_read_or_refused(line: str) -> None:
    try:
        week = read_hours([line])
    except HoursError:
        return
    assert len(week) == len(DAYS)
    assert all(span.start < span.end for spans in week for span in spans)
