"""Everything goes at a person's word; what proves the acts of staff stays, without the person."""

import re
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import SendMessage

from handlers.buttons.citizens import Erase
from services.chats.model import Chat, Kind
from services.outbox.model import Lane
from services.personal import Erasure, personal_tables
from services.staff.rules import Role
from tests.county import County, Person
from tests.rigging import (
    a_row,
    everything_stored,
    files_of,
    group_message,
    inbox,
    label,
    outbox,
    pattern,
    rows_of,
    words,
)

ERIKA, HANS, GROUP = 7310099881, 7310099882, -1007310099883


async def erases(person: Person) -> str:
    await person.says("/loeschen")
    return await confirms(person)


async def confirms(person: Person) -> str:
    return await person.taps(label(person.county, "privacy.button-erase"))


def receipt(county: County, said: str) -> re.Match[str] | None:
    expected = pattern(county, "privacy.receipt", number="[0-9A-F]{8}", time=".*?", count="[0-9]+")
    return expected.fullmatch(said)


async def forgets(county: County) -> None:
    await county.runs("finish erasures")


async def test_it_takes_two_steps_and_the_second_can_be_refused(county: County) -> None:
    erika = county.citizen(ERIKA)
    await erika.says("/ort")
    await erika.says("/loeschen")
    await forgets(county)
    assert str(ERIKA) in await everything_stored(county.application)
    kept = await erika.taps(label(county, "privacy.button-keep"))
    assert kept == words(county, "privacy.not-erased")
    await forgets(county)
    assert len(await rows_of(county.application, "chat")) == 1


async def test_the_receipt_names_a_number_and_how_much_was_removed(county: County) -> None:
    erika = county.citizen(ERIKA)
    await erika.says("Ich bin nach Köthen gezogen")
    await erika.taps(label(county, "ask.button-subscribe"))
    found = receipt(county, await erases(erika))
    assert found
    [entry] = [
        row
        for row in await rows_of(county.application, "audit_entry")
        if row["action"] == "privacy.erase"
    ]
    assert (entry["subject"], entry["after"]) == (found[1], {"rows": int(found[3])})
    assert entry["staff_id"] is None
    assert int(found[3]) >= 4 + 3 + 1, "updates, messages, the subscription"


async def test_nothing_of_the_person_is_left_once_the_receipt_has_gone(county: County) -> None:
    erika = county.citizen(ERIKA)
    for said in ("/start", "Ich bin nach Köthen gezogen, Geheimnis", "/abos", "/auskunft"):
        await erika.says(said)
    update = group_message(county, GROUP, ERIKA, text="/suche Geheimnis")
    await county.receives({"update_id": next(county.updates), **update})
    await county.settle()
    await erases(erika)
    await forgets(county)
    stored = await everything_stored(county.application)
    assert str(ERIKA) not in stored
    assert "Geheimnis" not in stored
    assert str(-GROUP) in stored, "the group itself is somebody else"


async def test_what_was_erased_is_overwritten_in_the_file(county: County) -> None:
    erika = county.citizen(ERIKA)
    await erika.says("Mein Geheimnis")
    if not files_of(county.application):
        pytest.skip("a server keeps its own files")
    assert b"Mein Geheimnis" in files_of(county.application)
    await erases(erika)
    await forgets(county)
    await county.application.database.close()
    assert b"Mein Geheimnis" not in files_of(county.application)
    assert str(ERIKA).encode() not in files_of(county.application)


async def test_every_table_that_declares_it_is_emptied(county: County) -> None:
    erika, hans = county.citizen(ERIKA), county.citizen(HANS)
    await erika.says("/hilfe")
    await hans.says("/hilfe")
    chats = {row["telegram_id"]: row["id"] for row in await rows_of(county.application, "chat")}
    async with county.application.database.engine.begin() as connection:
        for table, personal in personal_tables():
            if table is not Chat.__table__:
                for owner in chats.values():
                    await a_row(connection, table, **{personal.owner: owner})
    await erases(erika)
    await forgets(county)
    for table, personal in personal_tables():
        rows = await rows_of(county.application, table.name)
        owners = [row[personal.owner] for row in rows]
        assert chats[ERIKA] not in owners, table.name
        assert chats[HANS] in owners, f"{table.name}: somebody else's"
        if personal.erasure is Erasure.UNLINK:
            assert None in owners, table.name


async def test_messages_that_wait_are_gone_and_never_sent(county: County) -> None:
    erika = county.citizen(ERIKA)
    await erika.says("/hilfe")
    async with county.application.transaction() as services:
        chat = await services.chats.meet(ERIKA, "private", "de")
        later = services.chats.clock().replace(hour=20)
        await services.outbox.tell(
            chat.id, "golive.dropped", dedup_key="x", not_before=later, lane=Lane.BROADCAST
        )
    heard = await erases(erika)
    county.clock.forward(hours=12)
    await county.settle()
    assert erika.heard[-1] == heard


async def test_updates_that_wait_go_too_and_stop_nobody(county: County) -> None:
    erika = county.citizen(ERIKA)
    await erika.says("/loeschen")
    before = len(erika.heard)
    press = {
        "id": "1",
        "from": {"id": ERIKA, "is_bot": False, "first_name": "Erika"},
        "chat_instance": "1",
        "data": Erase(sure=True).pack(),
        "message": {"message_id": 1, "date": 1, "chat": {"id": ERIKA, "type": "private"}},
    }
    chat = {"id": ERIKA, "type": "private"}
    message = {"message_id": 2, "date": 1, "chat": chat, "from": press["from"], "text": "/hilfe"}
    await county.receives(
        {"update_id": next(county.updates), "callback_query": press},
        {"update_id": next(county.updates), "message": message},
    )
    await county.settle()
    await county.settle()
    assert len(erika.heard) == before + 1
    await forgets(county)
    assert {row["state"] for row in await inbox(county)} == {"done"}
    assert str(ERIKA) not in await everything_stored(county.application)
    assert await county.citizen(HANS).says("/hilfe")


async def test_the_address_stays_until_the_receipt_has_left(county: County) -> None:
    erika = county.citizen(ERIKA)
    await erika.says("/loeschen")
    await county.receives(
        {
            "update_id": 1,
            "callback_query": {
                "id": "1",
                "from": {"id": ERIKA, "is_bot": False, "first_name": "Erika"},
                "chat_instance": "1",
                "data": Erase(sure=True).pack(),
                "message": {"message_id": 1, "date": 1, "chat": {"id": ERIKA, "type": "private"}},
            },
        }
    )
    await county.worker.work_off()
    async with county.application.transaction() as services:
        assert await services.privacy.finish_erasures() == 0
    await county.settle()
    assert receipt(county, erika.heard[-1])
    async with county.application.transaction() as services:
        assert await services.privacy.finish_erasures() == 1
        assert await services.privacy.finish_erasures() == 0
    assert await rows_of(county.application, "chat") == []
    assert await outbox(county) == []


async def test_who_blocks_the_bot_right_after_is_forgotten_all_the_same(county: County) -> None:
    erika = county.citizen(ERIKA)
    await erases(erika)
    await erika.blocks()
    await forgets(county)
    assert str(ERIKA) not in await everything_stored(county.application)


async def test_who_blocks_before_the_receipt_leaves_is_forgotten_all_the_same(
    county: County,
) -> None:
    erika = county.citizen(ERIKA)
    await erika.says("/loeschen")
    county.telegram.blocked.add(ERIKA)
    await confirms(erika)
    await forgets(county)
    assert str(ERIKA) not in await everything_stored(county.application)


async def test_a_refused_receipt_does_not_keep_the_address(county: County) -> None:
    erika = county.citizen(ERIKA)
    await erika.says("/loeschen")
    refusal = TelegramBadRequest(
        SendMessage(chat_id=ERIKA, text="x"), "Bad Request: message can't be edited"
    )
    county.telegram.refusals[ERIKA] = [refusal]
    await confirms(erika)
    await forgets(county)
    assert str(ERIKA) not in await everything_stored(county.application)


async def test_a_second_press_erases_nothing_more_and_says_so_again(county: County) -> None:
    erika = county.citizen(ERIKA)
    await erases(erika)
    assert receipt(county, await confirms(erika))
    await forgets(county)
    assert str(ERIKA) not in await everything_stored(county.application)


async def test_the_person_can_start_anew(county: County) -> None:
    erika = county.citizen(ERIKA)
    await erika.says("/start")
    await erika.taps(label(county, "welcome.language-name", "en"))
    await erika.says("/delete")
    await erika.taps(label(county, "privacy.button-erase", "en"))
    await forgets(county)
    assert "/datenschutz" in await erika.says("/start"), "no choice is remembered"
    assert await erika.says("/abos") == words(county, "subscriptions.none")
    await forgets(county)
    assert len(await rows_of(county.application, "chat")) == 1


async def test_who_writes_before_it_is_finished_starts_anew_and_keeps_the_new(
    county: County,
) -> None:
    erika = county.citizen(ERIKA)
    await erika.says("Ich bin nach Köthen gezogen")
    await erases(erika)
    await erika.says("Ich bin nach Köthen gezogen")
    await erika.taps(label(county, "ask.button-subscribe"))
    await forgets(county)
    assert len(await rows_of(county.application, "subscription")) == 1


async def test_staff_are_unlinked_and_the_trail_of_what_they_did_stays(county: County) -> None:
    async with county.application.transaction() as services:
        code = await services.staff.invite(None, role=Role.EDITOR, area="15082", label="Platz 3")
    sabine = county.citizen(ERIKA)
    await sabine.says(f"/einschreiben {code}")
    await sabine.says("/online 99102007104000 https://www.koethen-anhalt.de/hund Köthen")
    await sabine.taps(label(county, "golive.button-confirm"))
    [member] = await rows_of(county.application, "staff_member")
    before = await rows_of(county.application, "audit_entry")
    assert member["chat_id"] is not None
    assert "golive.schedule" in {row["action"] for row in before}

    await erases(sabine)
    await forgets(county)

    [after] = await rows_of(county.application, "staff_member")
    assert after == {**member, "chat_id": None}
    assert (await rows_of(county.application, "audit_entry"))[: len(before)] == before
    assert str(ERIKA) not in await everything_stored(county.application)
    answer = await sabine.says("/dienst")
    assert answer == words(county, "ask.unknown-command"), "the role is not theirs any more"


async def test_one_s_data_can_be_erased_only_by_oneself(county: County) -> None:
    async with county.application.transaction() as services:
        await services.chats.meet(GROUP, Kind.SUPERGROUP, None)
    before = len(await rows_of(county.application, "audit_entry"))
    press: dict[str, Any] = {
        "id": "1",
        "from": {"id": ERIKA, "is_bot": False, "first_name": "Erika"},
        "chat_instance": "1",
        "data": Erase(sure=True).pack(),
        "message": {"message_id": 1, "date": 1, "chat": {"id": GROUP, "type": "supergroup"}},
    }
    await county.receives({"update_id": 1, "callback_query": press})
    await county.settle()
    await forgets(county)
    assert [row["telegram_id"] for row in await rows_of(county.application, "chat")] == [GROUP]
    assert len(await rows_of(county.application, "audit_entry")) == before


async def test_the_erasure_of_somebody_unknown_is_a_receipt_too(county: County) -> None:
    answer = await county.citizen(ERIKA).presses(Erase(sure=True).pack())
    assert receipt(county, answer)
    await forgets(county)
    assert str(ERIKA) not in await everything_stored(county.application)
