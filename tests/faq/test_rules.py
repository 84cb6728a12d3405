"""Open or closed: Sundays, holidays, the lunch break, Christmas Eve, the change to summer time."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from services.faq.days import easter_sunday, public_holidays
from services.faq.records import ClosingDay, Guide
from services.faq.rules import State, closed_by, holidays_from, opening, task_in
from services.hours import read_hours

BERLIN = ZoneInfo("Europe/Berlin")
SAXONY_ANHALT, SAXONY, NOWHERE = "15082", "14", "99001"
WEEK = read_hours(["Di 9-12 und 13-18 Uhr", "Do 9-12 Uhr", "Fr 9-12"])
CLOSED = closed_by(SAXONY_ANHALT, [])


def at(day: str, clock: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), tzinfo=BERLIN)


# -- public holidays


def test_the_holidays_of_saxony_anhalt_in_2026() -> None:
    days = {f"{day:%d.%m.}": name.de for day, name in public_holidays(SAXONY_ANHALT, 2026).items()}
    assert days == {
        "01.01.": "Neujahr",
        "06.01.": "Heilige Drei Könige",
        "03.04.": "Karfreitag",
        "06.04.": "Ostermontag",
        "01.05.": "Tag der Arbeit",
        "14.05.": "Christi Himmelfahrt",
        "25.05.": "Pfingstmontag",
        "03.10.": "Tag der Deutschen Einheit",
        "31.10.": "Reformationstag",
        "25.12.": "Erster Weihnachtstag",
        "26.12.": "Zweiter Weihnachtstag",
    }


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2024, "03-31"),
        (2025, "04-20"),
        (2026, "04-05"),
        (2027, "03-28"),
        (2038, "04-25"),
        (2049, "04-18"),
    ],
)
def test_easter_also_in_the_difficult_years(year: int, day: str) -> None:
    assert easter_sunday(year) == date.fromisoformat(f"{year}-{day}")


def test_states_differ_and_an_invented_one_has_the_days_of_all() -> None:
    assert date(2026, 11, 18) in public_holidays(SAXONY, 2026), "Day of Repentance"
    assert date(2026, 1, 6) not in public_holidays(SAXONY, 2026)
    assert len(public_holidays(NOWHERE, 2026)) == 9


def test_the_next_holidays_reach_into_the_next_year() -> None:
    found = holidays_from(SAXONY_ANHALT, date(2026, 12, 26), 3)
    assert [day.isoformat() for day, _ in found] == ["2026-12-26", "2027-01-01", "2027-01-06"]


# -- open or closed


@pytest.mark.parametrize(
    ("day", "clock", "state", "until", "opens"),
    [
        ("2026-11-24", "08:59", State.LATER, None, "2026-11-24T09:00"),
        ("2026-11-24", "09:00", State.OPEN, "12:00", None),
        ("2026-11-24", "11:59", State.OPEN, "12:00", None),
        ("2026-11-24", "12:00", State.LATER, None, "2026-11-24T13:00"),  # lunch break
        ("2026-11-24", "17:30", State.OPEN, "18:00", None),
        ("2026-11-24", "18:00", State.OVER, None, "2026-11-26T09:00"),
        ("2026-11-25", "10:00", State.CLOSED, None, "2026-11-26T09:00"),
        ("2026-11-22", "10:00", State.CLOSED, None, "2026-11-24T09:00"),  # Sunday
        ("2026-01-06", "10:00", State.HOLIDAY, None, "2026-01-08T09:00"),  # a Tuesday
        ("2026-04-03", "10:00", State.HOLIDAY, None, "2026-04-07T09:00"),  # Good Friday
        ("2026-12-25", "10:00", State.HOLIDAY, None, "2026-12-29T09:00"),
    ],
)
def test_at_a_moment(
    day: str, clock: str, state: State, until: str | None, opens: str | None
) -> None:
    found = opening(WEEK, at(day, clock), CLOSED)
    assert found.state is state
    assert found.until == (time.fromisoformat(until) if until else None)
    assert found.opens == (datetime.fromisoformat(opens).replace(tzinfo=BERLIN) if opens else None)


def test_christmas_eve_is_no_holiday_but_doubtful() -> None:
    found = opening(WEEK, at("2026-12-24", "10:00"), CLOSED)  # a Thursday
    assert (found.state, found.doubtful) == (State.OPEN, True)


def test_a_closing_day_of_the_region_closes() -> None:
    eve = ClosingDay.model_validate({"on": "12-24", "name": {"de": "Heiligabend", "en": "Eve"}})
    outing = ClosingDay.model_validate(
        {"on": "2026-12-29", "name": {"de": "Ausflug", "en": "Outing"}}
    )
    found = opening(WEEK, at("2026-12-24", "10:00"), closed_by(SAXONY_ANHALT, [eve, outing]))
    assert found.why is not None
    assert (found.state, found.why.de, found.doubtful) == (State.HOLIDAY, "Heiligabend", False)
    assert found.opens == at("2026-12-31", "09:00")


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), "2026-03-31T09:00+02:00"),  # an hour is missing
        (
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            "2026-10-27T09:00+01:00",
        ),  # an hour comes twice
    ],
)
def test_a_change_of_the_clocks_moves_no_opening(moment: datetime, opens: str) -> None:
    found = opening(WEEK, moment.astimezone(BERLIN), CLOSED)
    assert found.opens == datetime.fromisoformat(opens)


def test_an_office_that_never_opens_within_a_month_says_nothing() -> None:
    always = opening(
        WEEK, at("2026-11-24", "10:00"), lambda _day: public_holidays("15", 2026)[date(2026, 1, 1)]
    )
    assert (always.state, always.opens) == (State.HOLIDAY, None)


# -- the office a question names


@pytest.fixture
def guide() -> Guide:
    rows = [
        {"task": "kfz", "words": ["Zulassung", "Kfz"]},
        {"task": "auskunft", "words": ["Rathaus"]},
        {"task": "meldewesen", "words": ["Bürgerbüro"]},
        {"task": "standesamt", "words": ["Standesamt"]},
    ]
    return Guide.model_validate({"county": "amt", "town_task": "auskunft", "words": rows})


@pytest.mark.parametrize(
    ("question", "task"),
    [
        ("Hat die Zulassungsstelle heute auf?", "kfz"),
        ("kfz heute offen", "kfz"),
        ("ist das buergerbuero in köthen offen", "meldewesen"),
        ("Standesamt im Rathaus, wann offen?", "standesamt"),
        ("habt ihr heute auf", None),
        ("kfzler", None),
    ],
)
def test_everyday_words_name_an_office(question: str, task: str | None, guide: Guide) -> None:
    assert task_in(question, guide) == task
