"""Each update in one transaction, each person's updates in their order, one never stops others."""

import asyncio
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import AnswerCallbackQuery, SendChatAction, SendMessage, TelegramMethod
from sqlalchemy import text as sql
from structlog.testing import capture_logs

from bot.tasks import Tasks
from handlers.messages import say
from services.catalogue.service import Catalogue
from services.chats.model import Chat
from services.errors import ServiceError
from services.subscriptions.service import Subscriptions
from tests.county import County
from tests.rigging import (
    eventually,
    group_message,
    inbox,
    outbox,
    pattern,
    rows_of,
    teach,
    words,
)


class Handlers:
    """Handlers that do something and then go wrong, as often as they are told to."""

    def __init__(self, *, failures: int = 0, error: Exception | None = None) -> None:
        self.failures = failures
        self.error = error or RuntimeError("on purpose")
        self.handled: list[str] = []

    async def subscribe(
        self, message: Any, chat: Chat, catalogue: Catalogue, subscriptions: Subscriptions
    ) -> TelegramMethod[Any]:
        await subscriptions.subscribe(chat, "hund-anmelden")
        if self.failures:
            self.failures -= 1
            raise self.error
        return say(chat.telegram_id, "abonniert")

    async def note(self, message: Any, chat: Chat) -> TelegramMethod[Any]:
        self.handled.append(message.text)
        return say(chat.telegram_id, f"notiert: {message.text}")


async def subscriptions(county: County) -> int:
    return len(await rows_of(county.application, "subscription"))


async def test_effects_reply_and_done_commit_together(county: County) -> None:
    teach(county, abo=Handlers().subscribe)
    erika = county.citizen()
    await county.receives(message(county, erika.id, "abo"))
    await county.worker.work_off()
    assert await subscriptions(county) == 1
    assert [row["state"] for row in await inbox(county)] == ["done"]
    assert [row["status"] for row in await outbox(county)] == ["queued"]
    assert county.telegram.said == [], "nothing is sent inside the transaction"


async def test_a_failing_handler_leaves_nothing_behind(county: County) -> None:
    teach(county, abo=Handlers(failures=1).subscribe)
    erika = county.citizen()
    assert await erika.says("abo") == ""
    assert await subscriptions(county) == 0
    assert await rows_of(county.application, "chat") == []
    assert await outbox(county) == []
    [row] = await inbox(county)
    assert (row["state"], row["attempts"]) == ("new", 1)


async def test_it_is_tried_again_a_little_later(county: County) -> None:
    teach(county, abo=Handlers(failures=1).subscribe)
    erika = county.citizen()
    await erika.says("abo")
    county.clock.forward(seconds=1)
    await county.settle()
    assert erika.heard == []
    county.clock.forward(seconds=1)
    await county.settle()
    assert erika.heard == ["abonniert"]
    assert await subscriptions(county) == 1


async def test_after_three_attempts_one_short_apology_with_the_number_of_the_log(
    county: County,
) -> None:
    teach(county, abo=Handlers(failures=99).subscribe)
    erika = county.citizen()
    with capture_logs() as logs:
        await erika.says("abo")
        for _ in range(5):
            county.clock.forward(seconds=10)
            await county.settle()
    [apology] = erika.heard
    found = pattern(county, "error.unknown", number="[0-9a-f]{6}").fullmatch(apology)
    assert found
    assert [entry["attempt"] for entry in logs] == [1, 2, 3]
    assert logs[-1]["number"] == found[1]
    assert await subscriptions(county) == 0
    assert [row["state"] for row in await inbox(county)] == ["failed"]


async def test_the_apology_is_in_the_person_s_language(county: County) -> None:
    teach(county, abo=Handlers(failures=99).subscribe)
    john = county.citizen(language="en-GB")
    await john.says("abo")
    for _ in range(2):
        county.clock.forward(seconds=10)
        await county.settle()
    assert john.heard[0].startswith(words(county, "error.unknown", "en", number="")[:20])


async def test_what_a_person_sent_after_a_failure_waits_others_do_not(county: County) -> None:
    handlers = Handlers(failures=2)
    teach(county, abo=handlers.subscribe, eins=handlers.note, zwei=handlers.note)
    erika, hans = county.citizen(1001), county.citizen(1002)
    await erika.says("abo")
    await erika.says("eins")
    assert await hans.says("zwei") == "notiert: zwei"
    assert erika.heard == []
    county.clock.forward(seconds=2)
    await county.settle()
    assert erika.heard == [], "it failed a second time"
    county.clock.forward(seconds=4)
    await county.settle()
    assert erika.heard == ["abonniert", "notiert: eins"]


async def test_after_an_update_was_set_aside_the_person_s_next_ones_are_answered(
    county: County,
) -> None:
    handlers = Handlers(failures=3)
    teach(county, abo=handlers.subscribe, eins=handlers.note)
    erika = county.citizen()
    await erika.says("abo")
    await erika.says("eins")
    for _ in range(2):
        county.clock.forward(seconds=10)
        await county.settle()
    assert pattern(county, "error.unknown", number="[0-9a-f]{6}").fullmatch(erika.heard[0])
    assert erika.heard[1:] == ["notiert: eins"]


async def test_a_message_and_a_button_press_are_handled_in_the_order_they_were_made(
    county: County,
) -> None:
    handlers = Handlers()
    teach(county, eins=handlers.note, zwei=handlers.note, drei=handlers.note)
    await county.receives(message(county, 7, "drei", number=30))
    county.clock.forward(seconds=5)
    await county.receives(message(county, 8, "eins", number=11))
    await county.receives(message(county, 7, "zwei", number=20), press(7, "l:en", number=21))
    await county.receives(message(county, 7, "eins", number=10))
    await county.settle()
    assert county.told(7)[:2] == ["notiert: eins", "notiert: zwei"]
    assert words(county, "welcome.start", "en", county="", examples="")[:5] in county.told(7)[2]
    assert county.told(7)[3] == "notiert: drei"
    assert county.told(8) == ["notiert: eins"]


async def test_an_update_that_comes_twice_is_answered_once(county: County) -> None:
    handlers = Handlers()
    teach(county, eins=handlers.note)
    update = message(county, 7, "eins", number=10)
    await county.receives(update, update)
    await county.settle()
    await county.receives(update)
    await county.settle()
    assert county.told(7) == ["notiert: eins"]


async def test_two_workers_answer_an_update_once(county: County) -> None:
    handlers = Handlers()
    teach(county, eins=handlers.note)
    await county.receives(message(county, 7, "eins"))
    await asyncio.gather(county.worker.work_off(), county.worker.work_off())
    await county.settle()
    assert county.told(7) == ["notiert: eins"]


async def test_two_people_do_not_wait_for_each_other(county: County) -> None:
    if county.application.database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    go_on, there = asyncio.Event(), asyncio.Event()

    async def slow(message: Any, chat: Chat) -> TelegramMethod[Any]:
        there.set()
        await go_on.wait()
        return say(chat.telegram_id, "spät")

    handlers = Handlers()
    teach(county, langsam=slow, eins=handlers.note)
    await county.receives(message(county, 7, "langsam"))
    async with Tasks() as tasks:
        tasks.start(county.worker.run(), "worker")
        await there.wait()
        await county.receives(message(county, 8, "eins"))

        async def answered() -> bool:
            return bool(await outbox(county))

        await eventually(answered)
        go_on.set()
        await eventually(lambda: _count(county, 2))
    await county.settle()
    assert (county.told(7), county.told(8)) == (["spät"], ["notiert: eins"])


async def _count(county: County, expected: int) -> bool:
    return len(await outbox(county)) == expected


async def test_a_broken_rule_becomes_its_text_and_leaves_no_half_effects(county: County) -> None:
    class NotThatError(ServiceError):
        text_key = "staff.not-allowed"

    teach(county, abo=Handlers(failures=1, error=NotThatError(area="Köthen <b>")).subscribe)
    erika = county.citizen()
    answer = await erika.says("abo")
    assert "Köthen &lt;b&gt;" in answer, "shown, and made safe"
    assert await subscriptions(county) == 0
    assert [row["state"] for row in await inbox(county)] == ["done"]
    assert [row["attempts"] for row in await inbox(county)] == [0]


async def test_a_broken_rule_without_its_text_stops_nobody(county: County) -> None:
    class TextlessError(ServiceError):
        text_key = "error.unknown"  # its number is missing

    handlers = Handlers(failures=99, error=TextlessError())
    teach(county, abo=handlers.subscribe, eins=handlers.note)
    erika, hans = county.citizen(1001), county.citizen(1002)
    assert await erika.says("abo") == ""
    assert await hans.says("eins") == "notiert: eins"


RIDDLES: tuple[dict[str, Any], ...] = (
    {},
    {"message": {}},
    {"message": {"from": {"id": 7}, "chat": {"id": 7}, "text": "kaputt"}},
    {"message": None},
    {"message": [[[[]]]]},
    {"brand_new_kind": {"from": {"id": 7}}},
    {"poll": {"id": "1"}},
    {"inline_query": {"id": "1", "from": {"id": 7}, "query": "", "offset": ""}},
)


async def test_an_update_nobody_understands_stops_nobody(county: County) -> None:
    handlers = Handlers()
    teach(county, eins=handlers.note)
    riddles = [{"update_id": number, **body} for number, body in enumerate(RIDDLES)]
    await county.receives(*riddles, message(county, 8, "eins"))
    await county.settle()
    assert county.told(8) == ["notiert: eins"]
    for _ in range(6 * len(RIDDLES)):
        await county.settle()
        county.clock.forward(seconds=10)
    assert {row["state"] for row in await inbox(county)} == {"done", "failed"}
    assert len(county.telegram.said) == 1, "there is nobody to apologise to"


async def test_a_message_forwarded_from_somebody_hidden_is_answered(county: County) -> None:
    erika = county.citizen()
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Planted"}
    [said] = await erika.sends({"text": "umgezogen", "forward_origin": origin})
    assert "Wohnsitz an- oder ummelden" in said.text


async def test_a_press_is_always_answered_at_once_even_when_it_changes_nothing(
    county: County,
) -> None:
    erika = county.citizen()
    await erika.presses("nobody:knows:this")
    await asyncio.sleep(0)
    await eventually(lambda: _answered(county))
    assert erika.heard == []


async def _answered(county: County) -> bool:
    return any(isinstance(one, AnswerCallbackQuery) for one in county.telegram.log)


async def test_a_press_that_is_answered_too_late_harms_nobody(county: County) -> None:
    erika = county.citizen()
    old = TelegramBadRequest(
        AnswerCallbackQuery(callback_query_id="1"), "Bad Request: query is too old"
    )
    county.telegram.errors.append(old)
    await county.receives(press(erika.id, "l:en", number=5))
    await county.worker.work_off()
    await eventually(lambda: _answered(county))
    await county.settle()
    assert words(county, "welcome.start", "en", county="", examples="")[:5] in erika.heard[0]


async def test_what_is_worthless_when_late_does_not_pass_the_outbox(county: County) -> None:
    async def typing(message: Any, chat: Chat) -> list[TelegramMethod[Any]]:
        return [
            SendChatAction(chat_id=chat.telegram_id, action="typing"),
            say(chat.telegram_id, "gleich"),
        ]

    teach(county, eins=typing)
    await county.receives(message(county, 7, "eins"))
    await county.worker.work_off()
    assert [row["method"] for row in await outbox(county)] == ["SendMessage"]
    await county.settle()
    assert [type(one) for one in county.telegram.log if type(one) is not SendMessage] == [
        SendChatAction
    ]


async def test_a_group_s_message_counts_for_the_person_and_is_answered_in_the_group(
    county: County,
) -> None:
    await county.receives(
        {"update_id": 5, **group_message(county, -100200, 7, text="/hilfe@abi_test_bot")}
    )
    await county.settle()
    [row] = await inbox(county)
    assert row["person_id"] == 7
    assert len(county.told(-100200)) == 1
    assert county.told(7) == []


async def test_the_worker_survives_a_database_that_is_away_for_a_while(county: County) -> None:
    handlers = Handlers()
    teach(county, eins=handlers.note)

    async def rename(old: str, new: str) -> None:
        async with county.application.database.engine.begin() as connection:
            await connection.execute(sql(f"ALTER TABLE {old} RENAME TO {new}"))

    await rename("inbox", "away")
    try:
        with capture_logs() as logs:
            async with Tasks() as tasks:
                tasks.start(county.worker.run(), "worker")

                async def noticed() -> bool:
                    return bool(logs)

                await eventually(noticed)
                await rename("away", "inbox")
                await county.receives(message(county, 7, "eins"))
                await eventually(lambda: _count(county, 1))
    except BaseException:
        await rename("away", "inbox")
        raise
    assert logs[0]["event"] == "inbox not worked off"


def message(
    county: County, person: int, words: str, *, number: int | None = None
) -> dict[str, Any]:
    user = {"id": person, "is_bot": False, "first_name": "Erika", "language_code": "de"}
    number = next(county.updates) if number is None else number
    chat = {"id": person, "type": "private", "first_name": "Erika"}
    return {
        "update_id": number,
        "message": {"message_id": number, "date": 1, "chat": chat, "from": user, "text": words},
    }


def press(person: int, data: str, *, number: int) -> dict[str, Any]:
    user = {"id": person, "is_bot": False, "first_name": "Erika", "language_code": "de"}
    shown = {
        "message_id": 1,
        "date": 1,
        "chat": {"id": person, "type": "private", "first_name": "Erika"},
        "text": "…",
    }
    query = {
        "id": str(number),
        "from": user,
        "chat_instance": "1",
        "data": data,
        "message": shown,
    }
    return {"update_id": number, "callback_query": query}
