"""The figures of a month: pure counting, then the card, the table and the picture."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from bot.application import Application
from handlers.alarms.month_painting import paint_month
from handlers.buttons.alarms import BoardView, ShowBoard
from services.alarms.model import AlarmDeed, Kind
from services.alarms.rules.monthly import (
    LEAST_FOR_SHARE,
    Episode,
    Month,
    Outage,
    Unheard,
    month,
)
from services.alarms.rules.records import Severity
from services.staff.rules import Role
from tests.alarms import scene
from tests.county import County
from tests.readings.field import device, draw, files, measured, pictures
from tests.rigging import label, words

HOUR = timedelta(hours=1)
SINCE = datetime(2026, 10, 1, tzinfo=UTC)
UNTIL = datetime(2026, 11, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 20, tzinfo=UTC)
OCTOBER = ShowBoard(view=BoardView.MONTH).pack()
PNG = b"\x89PNG"


def episode(hours: float | None = 1, **more: object) -> Episode:
    ended = None if hours is None else SINCE + hours * HOUR
    given = {"kind": "value", "rule": "mulde", "highest": Severity.WATCH, **more}
    return Episode(began=SINCE, ended=ended, **given)


def counted(*episodes: Episode, outages: tuple[Outage, ...] = (), now: datetime = NOW) -> Month:
    return month(episodes, outages, since=SINCE, until=UNTIL, now=now)


def test_durations_are_added_up_and_the_longest_is_named() -> None:
    [rule] = counted(episode(1), episode(3), episode(2, highest=Severity.GUARD)).rules
    grave, light = rule.tallies
    assert (grave.severity, grave.number, grave.lasted) == (Severity.GUARD, 1, 2 * HOUR)
    assert (light.number, light.lasted, light.longest) == (2, 4 * HOUR, 3 * HOUR)
    assert rule.number == 3


def test_what_goes_on_lasts_until_now() -> None:
    [rule] = counted(episode(None), now=SINCE + 5 * HOUR).rules
    assert (rule.tallies[0].open, rule.tallies[0].lasted) == (1, 5 * HOUR)


def test_exercises_and_what_was_withdrawn_stand_for_themselves() -> None:
    [rule] = counted(episode(1), episode(9, withdrawn=True), episode(9, exercise=True)).rules
    [tally] = rule.tallies
    assert (tally.number, tally.withdrawn, tally.exercises) == (1, 1, 1)
    assert (tally.lasted, tally.longest) == (HOUR, HOUR)


def test_a_withdrawn_exercise_counts_once() -> None:
    [rule] = counted(episode(1, withdrawn=True, exercise=True)).rules
    assert (rule.tallies[0].withdrawn, rule.tallies[0].exercises) == (0, 1)


@pytest.mark.parametrize(
    ("in_time", "late", "share"), [(4, 1, 0.8), (0, 5, 0.0), (4, 0, None), (0, 0, None)]
)
def test_no_share_of_few(in_time: int, late: int, share: float | None) -> None:
    episodes = [episode(taken_on=True)] * in_time + [episode(taken_on=False)] * late
    found = counted(*episodes, episode(), episode(taken_on=True, exercise=True))
    assert found.in_time == share
    assert found.rules[0].tallies[0].in_time == share
    assert LEAST_FOR_SHARE == 5


def test_outages_count_within_the_month_alone() -> None:
    day = timedelta(days=1)
    found = counted(
        outages=(
            Outage("gauge", "1", SINCE - day, SINCE + 2 * HOUR),
            Outage("gauge", "2", UNTIL - HOUR, None),
            Outage("air", "3", SINCE - day, SINCE),
            Outage("air", "4", UNTIL, UNTIL + day),
        )
    )
    assert found.unheard == (Unheard("gauge", 2, 2, 3 * HOUR),)


def test_a_gateway_s_outage_within_a_device_s_own_counts_once() -> None:
    found = counted(
        outages=(
            Outage("gauge", "1", SINCE, SINCE + 4 * HOUR),
            Outage("gauge", "1", SINCE + HOUR, SINCE + 6 * HOUR),
            Outage("gauge", "1", SINCE + 8 * HOUR, SINCE + 9 * HOUR),
        )
    )
    assert found.unheard == (Unheard("gauge", 1, 2, 7 * HOUR),)


@pytest.fixture
async def gauge(application: Application, county: County) -> int:
    gauge = await device(application)
    await measured(application, gauge, [2.5, 3.2], until=county.clock())
    await scene.rule(application, county.clock() - timedelta(days=60))
    return gauge


@pytest.fixture
async def october(application: Application, gauge: int) -> None:
    """Three real alarms, one withdrawn, an exercise; and a gauge that was silent for a day."""
    told = (
        {"highest": 3, "end": "cleared"},
        {"highest": 3, "end": "cleared"},
        {"highest": 2, "end": "cleared"},
        {"highest": 3, "end": "withdrawn"},
        {"highest": 2, "end": "cleared", "exercise": True},
    )
    for number, more in enumerate(told, 1):
        began = datetime(2026, 10, number, 12, tzinfo=UTC)
        await scene.alarm(application, gauge, began=began, ended_at=began + number * HOUR, **more)
    silent = datetime(2026, 10, 10, tzinfo=UTC)
    await scene.alarm(
        application,
        gauge,
        began=silent,
        kind=Kind.OFFLINE,
        severity=0,
        highest=0,
        rule_key="offline",
        value=None,
        ended_at=silent + 24 * HOUR,
        end="cleared",
    )


async def test_the_last_month_in_words(county: County, october: None) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    said = await operator.presses(OCTOBER)
    assert "Alarme, die im Monat 10/2026 begannen" in said
    assert "Wasserstand der Mulde</b>: 3" in said
    assert "höchstens Schwere 3: 2, zusammen 3,0 Std., längster 2,0 Std." in said
    assert "zurückgenommen (Schwere 3), nicht mitgezählt: 1" in said
    assert "Übungen (Schwere 2), nicht mitgezählt: 1" in said
    assert words(county, "alarms.month-few") in said
    assert "Pegel: 24,0 Std. (Geräte: 1, Ausfälle: 1)" in said


async def test_other_months_by_buttons_but_none_that_is_to_come(
    county: County, october: None
) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    await operator.presses(OCTOBER)
    said = await operator.taps("11/2026 ▶")
    assert "im Monat 11/2026" in said
    assert words(county, "alarms.month-nothing") in said
    assert "12/2026" not in str(operator.buttons)
    await operator.taps("◀ 10/2026")
    said = await operator.taps("◀ 09/2026")
    assert "im Monat 09/2026" in said
    said = await operator.presses(ShowBoard(view=BoardView.MONTH, month=202612).pack())
    assert "im Monat 10/2026" in said


async def test_the_last_month_as_a_table(county: County, october: None) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    await operator.presses(OCTOBER)
    await operator.taps(label(county, "alarms.button-table"))
    [(name, content)] = files(county)
    assert name == "alarme-202610.csv"
    _, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    mulde = "Wasserstand der Mulde"
    assert [mulde, "Schwere 3", "2", "3,00", "2,00", "0", "1", "0", "", ""] in rows
    assert [mulde, "Schwere 2", "1", "3,00", "3,00", "0", "0", "1", "", ""] in rows
    assert ["Ohne Meldung: Pegel", "", "1", "24,00", "", "", "", "", "", "1"] in rows


async def test_the_last_month_as_a_picture(county: County, october: None) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    await operator.presses(OCTOBER)
    await operator.taps(label(county, "alarms.button-picture"))
    await draw(county)
    [(picture, caption)] = pictures(county)
    assert picture.startswith(PNG)
    assert "Wasserstand der Mulde</b>: 3" in caption
    assert "im Monat 10/2026" in await operator.taps(label(county, "alarms.button-figures"))


async def test_who_was_in_time_is_a_share_of_all_and_of_nobody(
    county: County, application: Application, gauge: int
) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    for number in range(1, 6):
        began = datetime(2026, 10, number, 12, tzinfo=UTC)
        alarm = await scene.alarm(
            application, gauge, began=began, ended_at=began + HOUR, end="cleared"
        )
        order = ("escalated", "acknowledged") if number == 1 else ("acknowledged", "escalated")
        async with application.database.write.begin() as session:
            for minute, what in enumerate(order):
                at = began + timedelta(minutes=minute)
                session.add(AlarmDeed(alarm_id=alarm, at=at, what=what, detail={"step": 1}))
    said = await operator.presses(OCTOBER)
    assert words(county, "alarms.month-in-time", share=80) in said
    assert "Platz 2001" not in said


def test_a_picture_of_many_rules_and_of_none() -> None:
    bar = {"name": "x" * 90, "parts": [1.0, 2.0, 0.0, 3.0, 1.0], "words": "7"}
    severities = ["Hinweis", "Schwere 1", "Schwere 2", "Schwere 3", "Schwere 4"]
    both = {"title": "Monat", "severities": severities, "nothing": "nichts", "footnote": "…"}
    both["unheard_title"] = "Ohne Meldung"
    outage = {"name": "Pegel", "parts": [12.0], "words": "12 Std."}
    many = paint_month({**both, "rules": [bar] * 12, "unheard": [outage]})
    none = paint_month({**both, "rules": [], "unheard": []})
    assert many.startswith(PNG)
    assert int.from_bytes(many[20:24]) > int.from_bytes(none[20:24]) > 0
