"""What groups hear is chosen by those who run them; staff look after all of them."""

from typing import Any

import pytest

from handlers.buttons.alarms import AttachAlarms, ChooseAlarms, EndAlarms, ListAlarms
from services.alarms.model import TEXT_ONLY
from services.alarms.rules.matching import Matcher
from services.alarms.rules.records import Severity
from services.staff.rules import Role
from tests.county import County
from tests.fake_telegram import Said
from tests.rigging import NUMBERS, group_message, label, rows_of, words

GROUP, OWNER, MEMBER = -100500, 5001, 5002


async def writes(county: County, person: int, text: str, **more: Any) -> list[Said]:
    before = len(county.telegram.said)
    update = group_message(county, GROUP, person, text=text, **more)
    await county.receives({"update_id": next(county.updates), **update})
    await county.settle()
    return county.telegram.said[before:]


async def presses(county: County, person: int, data: str, **more: Any) -> list[Said]:
    """Press a button in the group."""
    before = len(county.telegram.said)
    message = group_message(county, GROUP, 42, text="…", **more)["message"]
    query = {
        "id": str(next(NUMBERS)),
        "from": {"id": person, "is_bot": False, "first_name": "Erika Planted-Name"},
        "chat_instance": "1",
        "data": data,
        "message": message,
    }
    await county.receives({"update_id": next(county.updates), "callback_query": query})
    await county.settle()
    return county.telegram.said[before:]


async def taps(county: County, person: int, shown: str, **more: Any) -> list[Said]:
    newest = [one for one in county.telegram.said if one.chat_id == GROUP][-1]
    return await presses(county, person, newest.buttons[shown], **more)


async def stored(county: County) -> list[dict[str, Any]]:
    return await rows_of(county.application, "alarm_subscription")


@pytest.fixture
def owner(county: County) -> int:
    county.telegram.owners.add((GROUP, OWNER))
    return OWNER


async def test_who_runs_a_group_chooses_by_buttons(county: County, owner: int) -> None:
    [said] = await writes(county, owner, "/alarme")
    assert words(county, "alarms.no-subscriptions") in said.text
    await taps(county, owner, label(county, "alarms.button-subscribe"))
    await taps(county, owner, "Köthen (Anhalt)")
    await taps(county, owner, label(county, "devices.type-gauge"))
    await taps(county, owner, label(county, "alarms.severity-watch"))
    [said] = await taps(county, owner, label(county, "alarms.step-second"))
    assert words(county, "alarms.subscribed") in said.text
    assert "Köthen (Anhalt), Pegel, ab Schwere 2" in said.text
    [row] = await stored(county)
    assert row["step"] == 1
    assert row["thread_id"] is None
    matcher = Matcher.of(row["matcher"])
    assert (matcher.area, matcher.type) == ("150820180180", "gauge")
    assert matcher.at_least is Severity.WATCH


async def test_a_topic_of_a_forum_hears_on_its_own(county: County, owner: int) -> None:
    topic = {"message_thread_id": 7, "is_topic_message": True}
    await writes(county, owner, "/alarme", **topic)
    sent = county.telegram.log[-1]
    assert getattr(sent, "message_thread_id", None) == 7
    everything = ChooseAlarms(area="*", type="*", severity=0, step=0)
    await presses(county, owner, everything.pack(), **topic)
    [row] = await stored(county)
    assert row["thread_id"] == 7
    assert row["matcher"] == {}


async def test_nobody_else_changes_what_a_group_hears(county: County, owner: int) -> None:
    everything = ChooseAlarms(area="*", type="*", severity=0, step=0)
    [said] = await writes(county, MEMBER, "/alarme")
    assert said.text == words(county, "alarms.only-admins")
    [said] = await presses(county, MEMBER, everything.pack())
    assert said.text == words(county, "alarms.only-admins")
    assert await stored(county) == []
    await presses(county, owner, everything.pack())
    [row] = await stored(county)
    await presses(county, MEMBER, EndAlarms(subscription=row["id"]).pack())
    assert len(await stored(county)) == 1
    await presses(county, owner, EndAlarms(subscription=row["id"]).pack())
    assert await stored(county) == []


async def test_whoever_loses_a_group_loses_the_right(county: County, owner: int) -> None:
    await writes(county, owner, "/alarme")
    county.telegram.owners.clear()
    county.worker.ahead.administrators.forget()
    [said] = await writes(county, owner, "/alarme")
    assert said.text == words(county, "alarms.only-admins")


async def test_an_anonymous_administrator_writes_as_the_group(county: County) -> None:
    group = {"id": GROUP, "type": "group", "title": "Planted-Group"}
    other = {"id": -100777, "type": "channel", "title": "Planted-Channel"}
    [said] = await writes(county, 1087968824, "/alarme", sender_chat=group)
    assert words(county, "alarms.here") in said.text
    [said] = await writes(county, 136817688, "/alarme", sender_chat=other)
    assert said.text == words(county, "alarms.only-admins")


async def test_twice_the_same_is_once(county: County, owner: int) -> None:
    everything = ChooseAlarms(area="*", type="*", severity=0, step=0).pack()
    await presses(county, owner, everything)
    [said] = await presses(county, owner, everything)
    assert words(county, "alarms.already-subscribed") in said.text
    assert len(await stored(county)) == 1


async def test_staff_route_for_every_group(county: County, owner: int) -> None:
    await presses(county, owner, ChooseAlarms(area="*", type="*", severity=0, step=0).pack())
    operator = await county.staff(2001, Role.OPERATOR)
    said = await operator.says("/alarme")
    assert words(county, "alarms.everywhere") in said
    [row] = await stored(county)
    await operator.presses(EndAlarms(subscription=row["id"]).pack())
    assert await stored(county) == []
    await operator.presses(ListAlarms(groups=True).pack())
    await operator.taps(f"Chat {row['chat_id']}")
    await operator.taps("Ganzer Kreis: Landkreis Testkreis")
    await operator.taps(label(county, "alarms.all-types"))
    await operator.taps(label(county, "alarms.severity-guard"))
    await operator.taps(label(county, "alarms.step-first"))
    [routed] = await stored(county)
    assert routed["chat_id"] == row["chat_id"]
    acts = [one["action"] for one in await rows_of(county.application, "audit_entry")]
    assert acts[-2:] == ["alarms.unsubscribe", "alarms.subscribe"]


async def test_a_clerk_of_one_town_does_not_route_the_county(county: County, owner: int) -> None:
    await writes(county, owner, "/alarme")
    clerk = await county.staff(2002, Role.OPERATOR, area="150820430430")
    said = await clerk.presses(ListAlarms(groups=True).pack())
    assert "Landkreis Testkreis" in said
    assert await stored(county) == []


async def test_nonsense_is_asked_again(county: County, owner: int) -> None:
    [said] = await presses(
        county, owner, ChooseAlarms(area="99", type="*", severity=0, step=0).pack()
    )
    assert said.text == words(county, "alarms.ask-area")
    [said] = await presses(
        county, owner, ChooseAlarms(area="*", type="ship", severity=0, step=0).pack()
    )
    assert said.text == words(county, "alarms.ask-type")
    assert await stored(county) == []


async def test_text_alone_or_with_picture_and_place(county: County, owner: int) -> None:
    for area in ("150820180180", "150820430430"):
        chosen = ChooseAlarms(area=area, type="*", severity=1, step=0)
        [said] = await presses(county, owner, chosen.pack())
    assert words(county, "alarms.with-picture") in said.text
    [said] = await taps(county, owner, label(county, "alarms.button-text-only"))
    assert words(county, "alarms.text-only") in said.text
    assert [row["matcher"].get(TEXT_ONLY) for row in await stored(county)] == [True, True]
    [said] = await presses(county, owner, chosen.pack())
    assert words(county, "alarms.already-subscribed") in said.text
    more = chosen.model_copy(update={"severity": 3})
    await presses(county, owner, more.pack())
    assert [row["matcher"].get(TEXT_ONLY) for row in await stored(county)] == [True] * 3
    assert Matcher.of((await stored(county))[2]["matcher"]).at_least is Severity.GUARD
    [said] = await taps(county, owner, label(county, "alarms.button-with-picture"))
    assert words(county, "alarms.with-picture") in said.text
    assert not any(TEXT_ONLY in row["matcher"] for row in await stored(county))


async def test_only_who_runs_the_group_or_staff_choose_that_and_staff_leave_a_trace(
    county: County, owner: int
) -> None:
    await presses(county, owner, ChooseAlarms(area="*", type="*", severity=1, step=0).pack())
    choice = AttachAlarms(text_only=True).pack()
    [said] = await presses(county, MEMBER, choice)
    assert said.text == words(county, "alarms.only-admins")
    assert not any(TEXT_ONLY in row["matcher"] for row in await stored(county))
    sabine = await county.staff(2001, Role.OPERATOR)
    await presses(county, sabine.id, choice)
    await presses(county, sabine.id, choice)
    assert [row["matcher"].get(TEXT_ONLY) for row in await stored(county)] == [True]
    traces = await rows_of(county.application, "audit_entry")
    [trace] = [one for one in traces if one["action"] == "alarms.text-only"]
    assert trace["after"][TEXT_ONLY]


async def test_a_topic_chooses_for_itself(county: County, owner: int) -> None:
    chosen = ChooseAlarms(area="*", type="*", severity=1, step=0).pack()
    for thread in (7, 8):
        await presses(county, owner, chosen, message_thread_id=thread, is_topic_message=True)
    choice = AttachAlarms(text_only=True).pack()
    await presses(county, owner, choice, message_thread_id=8, is_topic_message=True)
    found = {row["thread_id"]: row["matcher"].get(TEXT_ONLY) for row in await stored(county)}
    assert found == {7: None, 8: True}
