"""Blocked and back, into a group and out of it, a group that becomes a supergroup."""

from typing import Any

from aiogram.types import ChatMemberRestricted

from tests.county import County
from tests.rigging import group_message, label, rows_of

GROUP, SUPERGROUP, ERIKA = -7310099883, -1007310099883, 7310099881


async def membership(county: County, old: str, new: str, kind: str = "group") -> list[str]:
    """Change the bot's place in a group; return what it said there."""
    before = len(county.told(GROUP))

    def member(status: str) -> dict[str, Any]:
        user = {"id": 42, "is_bot": True, "first_name": "Bot"}
        rights = {name: True for name in ChatMemberRestricted.model_fields if name[:4] == "can_"}
        return {"status": status, "user": user, "until_date": 0, "is_member": True, **rights}

    event = {
        "chat": {"id": GROUP, "type": kind, "title": "Planted-Group"},
        "from": {"id": ERIKA, "is_bot": False, "first_name": "Erika"},
        "date": 1,
        "old_chat_member": member(old),
        "new_chat_member": member(new),
    }
    await county.receives({"update_id": next(county.updates), "my_chat_member": event})
    await county.settle()
    return county.told(GROUP)[before:]


async def says_in_group(county: County, **content: Any) -> None:
    update = group_message(county, GROUP, ERIKA, **content)
    await county.receives({"update_id": next(county.updates), **update})
    await county.settle()


async def test_a_group_is_greeted_when_the_bot_joins_and_only_then(county: County) -> None:
    assert len(await membership(county, "left", "member")) == 1
    assert await membership(county, "member", "restricted") == []
    assert await membership(county, "restricted", "member") == []
    assert await membership(county, "member", "kicked") == []
    assert len(await membership(county, "kicked", "member", "supergroup")) == 1


async def test_a_channel_is_not_greeted(county: County) -> None:
    assert await membership(county, "left", "member", "channel") == []


async def test_a_group_that_threw_the_bot_out_is_paused_until_it_is_back(county: County) -> None:
    await membership(county, "left", "member")
    await membership(county, "member", "left")
    [chat] = await rows_of(county.application, "chat")
    assert chat["state"] == "blocked"
    await membership(county, "left", "member")
    [chat] = await rows_of(county.application, "chat")
    assert chat["state"] == "active"


async def test_who_blocks_is_paused_and_goes_on_when_back_with_all_wishes(county: County) -> None:
    erika = county.citizen(ERIKA)
    await erika.says("Ich bin nach Köthen gezogen")
    await erika.taps(label(county, "ask.button-subscribe"))
    said = len(erika.heard)
    await erika.blocks()
    [chat] = await rows_of(county.application, "chat")
    assert chat["state"] == "blocked"
    await erika.blocks(back=True)
    [chat] = await rows_of(county.application, "chat")
    assert chat["state"] == "active"
    assert len(erika.heard) == said, "coming back is answered with silence"
    assert len(await rows_of(county.application, "subscription")) == 1


async def test_what_waited_for_somebody_who_blocked_is_not_sent_when_back(county: County) -> None:
    erika = county.citizen(ERIKA)
    await erika.says("/hilfe")
    async with county.application.transaction() as services:
        chat = await services.chats.meet(ERIKA, "private", "de")
        later = services.chats.clock().replace(hour=20)
        await services.outbox.tell(chat.id, "golive.dropped", dedup_key="x", not_before=later)
    await erika.blocks()
    await erika.blocks(back=True)
    county.clock.forward(hours=12)
    await county.settle()
    assert len(erika.heard) == 1


async def test_writing_also_ends_the_pause(county: County) -> None:
    erika = county.citizen(ERIKA)
    await erika.blocks()
    county.telegram.blocked.clear()
    assert await erika.says("/hilfe")
    [chat] = await rows_of(county.application, "chat")
    assert chat["state"] == "active"


async def test_a_group_that_becomes_a_supergroup_keeps_its_place_here(county: County) -> None:
    await membership(county, "left", "member")
    [before] = await rows_of(county.application, "chat")
    await says_in_group(county, migrate_to_chat_id=SUPERGROUP)
    [after] = await rows_of(county.application, "chat")
    assert (after["id"], after["telegram_id"]) == (before["id"], SUPERGROUP)
    assert len(county.told(GROUP)) == 1
    assert county.told(SUPERGROUP) == []


async def test_in_a_group_only_commands_are_answered(county: County) -> None:
    await says_in_group(county, text="Ich bin umgezogen")
    await says_in_group(county, text="/start")
    await says_in_group(county, text="/auskunft")
    await says_in_group(county, text="/loeschen")
    await says_in_group(county, photo=[])
    assert county.told(GROUP) == []
    await says_in_group(county, text="/datenschutz")
    await says_in_group(county, text="/suche umgezogen")
    assert len(county.told(GROUP)) == 2
