"""Somebody takes an alarm on, everybody sees who; when nobody does, others are brought in."""

from typing import Any

from aiogram.methods import AnswerCallbackQuery

from services.alarms.rules.records import Severity
from services.staff.rules import Role
from tests.alarms.hall import COUNTY_DESK, EVERYBODY_ELSE, FIRE_BRIGADE, KOETHEN, ZERBST, Hall
from tests.county import Person
from tests.rigging import label, rows_of, words


async def presses(hall: Hall, person: Person, group: int, name: str) -> str:
    """Press the newest button of a group's messages; return the answer shown above the chat."""
    [*_, said] = [
        one
        for one in hall.county.telegram.said
        if one.chat_id == group and label(hall.county, name) in one.buttons
    ]
    data = said.buttons[label(hall.county, name)]
    return await presses_data(hall, person, group, data, said.message_id)


async def presses_data(hall: Hall, person: Person, group: int, data: str, message_id: int) -> str:
    county = hall.county
    query: dict[str, Any] = {
        "id": str(next(county.updates)),
        "from": person._user(),  # noqa: SLF001 - the same person in a group
        "chat_instance": "1",
        "data": data,
        "message": {
            "message_id": message_id,
            "date": int(county.clock().timestamp()),
            "chat": {"id": group, "type": "supergroup", "title": "Feuerwehr"},
            "text": "…",
        },
    }
    await county.receives({"update_id": next(county.updates), "callback_query": query})
    await county.settle()
    answers = [one for one in county.telegram.log if isinstance(one, AnswerCallbackQuery)]
    return answers[-1].text or ""


async def test_taken_on_by_the_button_and_seen_by_all(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.group(COUNTY_DESK)
    sabine = await hall.county.staff(2001, Role.OPERATOR)
    alarm = await hall.fires(Severity.GUARD)
    await hall.looks()
    answer = await presses(hall, sabine, FIRE_BRIGADE, "alarms.button-take")
    assert answer == words(
        hall.county, "alarms.now-taken", number=alarm, label="Platz 2001", time="12:00"
    )
    assert "übernommen von Platz 2001, 12:00" in hall.edits(FIRE_BRIGADE)[-1].text
    await hall.passes(minutes=2)
    assert "übernommen von Platz 2001, 12:00" in hall.edits(COUNTY_DESK)[-1].text
    [row] = await rows_of(hall.county.application, "alarm")
    assert row["acknowledged_at"] is not None
    audit = await rows_of(hall.county.application, "audit_entry")
    assert "alarms.acknowledged" in {one["action"] for one in audit}
    await hall.passes(hours=5)
    assert len(hall.words(FIRE_BRIGADE)) == 1


async def test_a_second_press_and_a_late_one_change_nothing_and_say_why(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    sabine = await hall.county.staff(2001, Role.OPERATOR)
    jens = await hall.county.staff(2002, Role.OPERATOR)
    alarm = await hall.fires(Severity.GUARD)
    await hall.looks()
    [said] = [one for one in hall.county.telegram.said if one.chat_id == FIRE_BRIGADE]
    data = said.buttons[label(hall.county, "alarms.button-take")]
    await presses_data(hall, sabine, FIRE_BRIGADE, data, said.message_id)
    answer = await presses_data(hall, jens, FIRE_BRIGADE, data, said.message_id)
    assert "hat schon Platz 2001 übernommen" in answer
    await hall.ends(alarm)
    answer = await presses_data(hall, jens, FIRE_BRIGADE, data, said.message_id)
    assert answer == words(hall.county, "alarms.over-before", number=alarm)


async def test_a_rise_voids_it_and_the_old_button_does_not_count_for_the_new_level(
    hall: Hall,
) -> None:
    await hall.group(FIRE_BRIGADE)
    sabine = await hall.county.staff(2001, Role.OPERATOR)
    alarm = await hall.fires(Severity.WATCH)
    await hall.passes(minutes=1)
    [said] = [one for one in hall.county.telegram.said if one.chat_id == FIRE_BRIGADE]
    old = said.buttons[label(hall.county, "alarms.button-take")]
    await presses_data(hall, sabine, FIRE_BRIGADE, old, said.message_id)
    await hall.becomes(alarm, Severity.GUARD)
    await hall.looks()
    assert "noch nicht übernommen" in hall.words(FIRE_BRIGADE)[-1]
    answer = await presses_data(hall, sabine, FIRE_BRIGADE, old, said.message_id)
    assert "gestiegen auf Schwere 3" in answer
    [row] = await rows_of(hall.county.application, "alarm")
    assert row["acknowledged_at"] is None
    await presses(hall, sabine, FIRE_BRIGADE, "alarms.button-take")
    [row] = await rows_of(hall.county.application, "alarm")
    assert row["acknowledged_at"] is not None


async def test_given_back_it_is_told_again(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    sabine = await hall.county.staff(2001, Role.OPERATOR)
    alarm = await hall.fires(Severity.GUARD)
    await hall.looks()
    assert "übernommen von" in await sabine.says(f"/uebernehmen {alarm}")
    await hall.passes(hours=3)
    assert len(hall.words(FIRE_BRIGADE)) == 1
    assert "wieder frei" in await sabine.says(f"/zurueckgeben {alarm}")
    await hall.passes(minutes=5)
    assert "weiterhin" in hall.words(FIRE_BRIGADE)[-1]
    assert "niemand" in await sabine.says(f"/zurueckgeben {alarm}")


async def test_the_command_wants_a_number_there_is(hall: Hall) -> None:
    sabine = await hall.county.staff(2001, Role.OPERATOR)
    for given in ("", "x", "1" * 20, "²"):
        answer = await sabine.says(f"/uebernehmen {given}")
        assert answer == words(hall.county, "alarms.take-usage")
    answer = await sabine.says("/uebernehmen 999999")
    assert answer == words(hall.county, "alarms.unknown")


async def test_who_may(hall: Hall) -> None:
    """Those who handle alarms of the place; staff in a chat that hears of it; nobody else."""
    await hall.group(FIRE_BRIGADE, area=ZERBST)
    await hall.group(COUNTY_DESK, area=KOETHEN)
    alarm = await hall.fires(Severity.GUARD)
    await hall.looks()
    citizen = hall.county.citizen(3001)
    clerk = await hall.county.staff(2003, Role.CASE_WORKER, KOETHEN)
    elsewhere = await hall.county.staff(2004, Role.OPERATOR, KOETHEN)
    data = hall.county.telegram.said[-1].buttons[label(hall.county, "alarms.button-take")]
    for person, group in (
        (citizen, FIRE_BRIGADE),
        (clerk, COUNTY_DESK),
        (elsewhere, COUNTY_DESK),
    ):
        await presses_data(hall, person, group, data, 1)
        [row] = await rows_of(hall.county.application, "alarm")
        assert row["acknowledged_at"] is None
    assert "übernommen" not in await citizen.says(f"/uebernehmen {alarm}")
    await presses_data(hall, clerk, FIRE_BRIGADE, data, 1)
    [row] = await rows_of(hall.county.application, "alarm")
    assert row["acknowledged_at"] is not None


async def test_a_persons_own_threshold_cannot_be_taken_on(hall: Hall) -> None:
    sabine = await hall.county.staff(2001, Role.OPERATOR)
    key = await hall.own(1001, 3.0)
    alarm = await hall.fires(Severity.NOTICE, rule_key=key, about=key)
    assert await sabine.says(f"/uebernehmen {alarm}") == words(hall.county, "alarms.unknown")


async def test_muted_for_an_hour_by_the_button(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    sabine = await hall.county.staff(2001, Role.OPERATOR)
    alarm = await hall.fires(Severity.GUARD)
    await hall.looks()
    assert "13:00" in await presses(hall, sabine, FIRE_BRIGADE, "alarms.button-hush")
    await hall.becomes(alarm, Severity.DEFENCE)
    await hall.passes(minutes=59)
    assert len(hall.words(FIRE_BRIGADE)) == 1
    await hall.passes(minutes=1)
    assert "Schwere 4" in hall.words(FIRE_BRIGADE)[-1]


async def escalates(hall: Hall, minutes: int) -> None:
    """Let so many minutes pass; the job runs each of them."""
    for _ in range(minutes):
        await hall.passes(minutes=1)
        await hall.county.runs("escalate alarms")
        await hall.looks()


async def test_nobody_answers_so_the_next_are_brought_in_and_then_all(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.group(COUNTY_DESK, step=1)
    await hall.group(-1004, step=2)
    await hall.group(EVERYBODY_ELSE, type="weather")
    await hall.group(-1005, area=KOETHEN)
    await hall.fires(Severity.DEFENCE)
    await hall.looks()
    told = [FIRE_BRIGADE]
    for expected in (COUNTY_DESK, -1004, EVERYBODY_ELSE):
        await escalates(hall, 4)
        assert not hall.words(expected)
        await escalates(hall, 1)
        told.append(expected)
        assert [len(hall.words(one)) for one in told] == [1] * len(told)
    await escalates(hall, 10)
    assert hall.words(-1005) == []
    deeds = await rows_of(hall.county.application, "alarm_deed")
    assert [one["detail"]["step"] for one in deeds if one["what"] == "escalated"] == [1, 2, 3]


async def test_taken_on_in_time_nobody_else_is_bothered(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.group(COUNTY_DESK, step=1)
    sabine = await hall.county.staff(2001, Role.OPERATOR)
    alarm = await hall.fires(Severity.DEFENCE)
    await escalates(hall, 4)
    await sabine.says(f"/uebernehmen {alarm}")
    await escalates(hall, 20)
    assert hall.words(COUNTY_DESK) == []
    await hall.ends(alarm)
    await escalates(hall, 10)
    assert hall.words(COUNTY_DESK) == []


async def test_the_end_reaches_all_who_were_brought_in(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.group(COUNTY_DESK, step=1)
    alarm = await hall.fires(Severity.DEFENCE)
    await escalates(hall, 6)
    assert len(hall.words(COUNTY_DESK)) == 1
    await hall.ends(alarm)
    await hall.passes(minutes=10)
    assert "Entwarnung" in hall.words(COUNTY_DESK)[-1]


async def test_exercises_and_light_alarms_bring_in_nobody(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.group(COUNTY_DESK, step=1)
    await hall.fires(Severity.DEFENCE, exercise=True)
    await hall.fires(Severity.NOTICE)
    await escalates(hall, 20)
    assert hall.words(COUNTY_DESK) == []


async def test_the_time_runs_from_the_first_telling(hall: Hall) -> None:
    """What waited for the morning does not bring everybody in with its first message."""
    await hall.group(FIRE_BRIGADE)
    await hall.group(COUNTY_DESK, step=1)
    hall.county.clock.forward(hours=11)
    await hall.fires(Severity.WATCH)
    await hall.passes(hours=7)
    await hall.county.runs("escalate alarms")
    await hall.looks()
    assert len(hall.words(FIRE_BRIGADE)) == 1
    assert hall.words(COUNTY_DESK) == []
    await escalates(hall, 31)
    assert len(hall.words(COUNTY_DESK)) == 1
