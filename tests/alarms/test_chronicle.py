"""The history of an alarm: everything that happened with it, once, in order, in pages."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.application import Application
from handlers.buttons.alarms import ShowAlarm, TurnHistory
from services.alarms.model import AlarmDeed, AlarmPost, AlarmSilence, Kind
from services.alarms.rules.matching import Matcher
from services.staff.rules import Role
from tests.alarms import scene
from tests.county import County
from tests.readings.field import device, draw, measured, pictures
from tests.rigging import label, rows_of, words

MINUTE = timedelta(minutes=1)
CAPTION = 1024


@pytest.fixture
async def gauge(application: Application, county: County) -> int:
    gauge = await device(application)
    await measured(application, gauge, [2.5, 3.2], until=county.clock())
    await scene.rule(application, county.clock() - timedelta(days=10))
    return gauge


async def add(application: Application, *rows: Any) -> None:
    async with application.database.write.begin() as session:
        session.add_all(rows)


def deed(
    alarm: int, at: datetime, what: str, staff: int | None = None, **detail: Any
) -> AlarmDeed:
    return AlarmDeed(alarm_id=alarm, at=at, what=what, staff_id=staff, detail=detail)


async def test_who_did_what_and_what_was_told(
    county: County, application: Application, gauge: int
) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    [member] = await rows_of(application, "staff_member")
    staff, began = member["id"], county.clock() - timedelta(hours=1)
    alarm = await scene.alarm(application, gauge, began=began)
    post = {"severity": 2, "value": 3.2, "value_at": began, "proposed_at": began + 3 * MINUTE}
    await add(
        application,
        deed(alarm, began, "opened", level=1, severity=2),
        deed(alarm, began + MINUTE, "told", kind="fired", chats=3, severity=2),
        deed(alarm, began + 10 * MINUTE, "escalated", step=1),
        deed(alarm, began + 11 * MINUTE, "acknowledged", staff, severity=2),
        deed(alarm, began + 12 * MINUTE, "given-back", staff, severity=2),
        deed(alarm, began + 13 * MINUTE, "silenced", staff, severity=2),
        AlarmSilence(
            matcher=Matcher(rule="mulde").document(),
            since=began + 13 * MINUTE,
            until=began + 73 * MINUTE,
            reason="Baustelle",
            created_by=staff,
        ),
        AlarmSilence(
            matcher=Matcher(rule="another").document(),
            since=began,
            until=began + 73 * MINUTE,
            reason="Etwas anderes",
            created_by=staff,
        ),
        AlarmPost(
            alarm_id=alarm,
            state="released",
            decided_by=staff,
            decided_at=began + 4 * MINUTE,
            **post,
        ),
    )
    said = await operator.presses(ShowAlarm(alarm=alarm).pack())
    happened = [line.partition("20.11.26, ")[2] for line in said.splitlines()]
    assert [one for one in happened if one[:3] in ("11:", "12:")][1:] == [
        "11:00: gestiegen auf Richtwert 2 von 3 (320 cm)",
        "11:01: 3 Chats benachrichtigt",
        "11:03: Beitrag für den Kanal vorgeschlagen",
        "11:04: Beitrag im Kanal veröffentlicht von Platz 2001",
        "11:10: niemand hat übernommen: weitere Chats benachrichtigt",
        "11:11: übernommen von Platz 2001",
        "11:12: zurückgegeben von Platz 2001",
        "11:13: stummgeschaltet von Platz 2001 bis 20.11.26, 12:13 (Baustelle)",
    ]
    assert "opened" not in said


@pytest.mark.parametrize(("severity", "void"), [(3, True), (2, False)])
async def test_what_was_taken_on_is_void_when_it_gets_graver(
    county: County, application: Application, gauge: int, severity: int, *, void: bool
) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    [member] = await rows_of(application, "staff_member")
    now = county.clock()
    alarm = await scene.alarm(application, gauge, began=now)
    await add(
        application,
        deed(alarm, now, "acknowledged", member["id"], severity=2),
        deed(alarm, now + MINUTE, "rose", severity=severity, level=2),
    )
    said = await operator.presses(ShowAlarm(alarm=alarm).pack())
    assert (words(county, "alarms.deed-void") in said) is void


async def test_a_sensor_that_was_not_heard(
    county: County, application: Application, gauge: int
) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    began = county.clock() - timedelta(hours=1)
    ended = {"ended_at": county.clock(), "end": "cleared", "value": None}
    silent = {"kind": Kind.OFFLINE, "severity": 0, "highest": 2, "rule_key": "offline", **ended}
    alarm = await scene.alarm(application, gauge, began=began, **silent)
    await add(
        application,
        deed(alarm, began, "opened", severity=0),
        deed(alarm, began + MINUTE, "rose", severity=2, level=0),
        deed(alarm, county.clock(), "ended", why="cleared"),
    )
    said = await operator.presses(ShowAlarm(alarm=alarm).pack())
    assert "11:00: wird vermisst (Hinweis)" in said
    assert "11:01: gestiegen auf Schwere 2" in said
    assert "12:00: meldet sich wieder" in said


@pytest.mark.parametrize(
    ("why", "key"),
    [
        ("withdrawn", "alarms.deed-withdrawn"),
        ("rule-changed", "alarms.deed-rule-changed"),
        ("device-gone", "alarms.deed-device-gone"),
    ],
)
async def test_an_end_without_all_clear_is_named(
    county: County, application: Application, gauge: int, why: str, key: str
) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    now = county.clock()
    alarm = await scene.alarm(application, gauge, began=now, ended_at=now, end=why)
    await add(application, deed(alarm, now, "ended", why=why))
    assert words(county, key) in await operator.presses(ShowAlarm(alarm=alarm).pack())


async def test_a_post_nobody_decided_on_is_void(
    county: County, application: Application, gauge: int
) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    now = county.clock()
    alarm = await scene.alarm(application, gauge, began=now)
    times = {"value_at": now, "proposed_at": now, "decided_at": now}
    await add(
        application, AlarmPost(alarm_id=alarm, severity=2, state="dropped", value=3.2, **times)
    )
    said = await operator.presses(ShowAlarm(alarm=alarm).pack())
    assert words(county, "alarms.deed-post-void") in said


async def test_a_long_history_has_pages_and_the_newest_comes_first(
    county: County, application: Application, gauge: int
) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    began = county.clock() - timedelta(hours=10)
    alarm = await scene.alarm(application, gauge, began=began)
    repeats = [
        deed(alarm, began + number * 10 * MINUTE, "told", kind="repeated", chats=number)
        for number in range(1, 50)
    ]
    await add(application, *repeats)
    said = await operator.presses(ShowAlarm(alarm=alarm).pack())
    assert "Seite 2 von 2" in said
    assert "49 Chats erinnert" in said
    assert "24 Chats erinnert" not in said
    said = await operator.taps(label(county, "ask.button-previous"))
    assert "gestiegen auf" in said
    assert "24 Chats erinnert" in said
    await operator.presses(ShowAlarm(alarm=alarm, draw=True).pack())
    await draw(county)
    [(_, caption)] = pictures(county)
    assert len(caption) <= CAPTION
    assert "49 Chats erinnert" in caption
    assert words(county, "readings.unchecked") in caption


async def test_nobody_turns_pages_of_what_they_may_not_see(
    county: County, application: Application, gauge: int
) -> None:
    alarm = await scene.alarm(application, gauge, began=county.clock())
    said = await county.citizen().presses(TurnHistory(alarm=alarm, page=0).pack())
    assert said == words(county, "staff.not-allowed", area="Landkreis Testkreis")
