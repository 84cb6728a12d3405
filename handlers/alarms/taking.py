"""Staff take alarms on: by the button under a message, or /uebernehmen with the number."""

from typing import Any

from aiogram import Router
from aiogram.filters import BaseFilter, Command, CommandObject
from aiogram.methods import AnswerCallbackQuery, EditMessageText, TelegramMethod
from aiogram.types import CallbackQuery, Message
from markupsafe import Markup

from handlers.alarms.channel import decide
from handlers.alarms.messages import AlarmPages, addressed
from handlers.alarms.wording import SEVERITIES
from handlers.buttons.alarms import DecidePost, HushAlarm, TakeAlarm
from handlers.messages import Reply, replace, say
from services.alarms.acknowledging import Acknowledged, Acknowledgements, Answer
from services.alarms.heralds import Heralds
from services.alarms.rules.records import Severity
from services.chats.model import Chat
from services.clock import Clock
from services.outbox.service import Outbox
from services.readings.service import Readings
from services.region.service import Region
from services.staff.rules import Actor
from services.text import Text

GIVE_BACK = "zurueckgeben"
LONGEST_NUMBER = 9
ANSWERS = {
    Answer.ALREADY: "alarms.taken-before",
    Answer.DONE: "alarms.now-taken",
    Answer.OVER: "alarms.over-before",
    Answer.RISEN: "alarms.risen-before",
}


class StaffHere(BaseFilter):
    """Somebody with a role that holds now, in any chat; for all others the command is none."""

    async def __call__(self, _message: Message, actor: Actor, clock: Clock) -> bool:
        return actor.is_staff(clock())


async def take_by_number(
    message: Message,
    command: CommandObject,
    text: Text,
    chat: Chat,
    actor: Actor,
    acknowledgements: Acknowledgements,
) -> Reply:
    """/uebernehmen 17 and /zurueckgeben 17."""
    number = (command.args or "").strip().removeprefix("#")
    if not number.isascii() or not number.isdigit() or len(number) > LONGEST_NUMBER:
        return _in_topic(message, text("alarms.take-usage"))
    if command.command == GIVE_BACK:
        back = await acknowledgements.withdraw(actor, int(number), chat=chat)
        key = "alarms.given-back" if back else "alarms.nobody-had-it"
        return _in_topic(message, text(key, number=number))
    answer = await acknowledgements.acknowledge(actor, int(number), chat=chat)
    return _in_topic(message, answer_words(answer, text))


async def take(
    query: CallbackQuery,
    callback_data: TakeAlarm,
    text: Text,
    chat: Chat,
    actor: Actor,
    acknowledgements: Acknowledgements,
    heralds: Heralds,
    readings: Readings,
    outbox: Outbox,
    region: Region,
) -> Reply:
    """Take an alarm on, or give it back; the message shows who has it."""
    data = callback_data
    if data.back:
        back = await acknowledgements.withdraw(actor, data.alarm, chat=chat)
        key = "alarms.given-back" if back else "alarms.nobody-had-it"
        words, is_done = text(key, number=data.alarm), back
    else:
        answer = await acknowledgements.acknowledge(
            actor, data.alarm, chat=chat, seen=Severity(min(max(data.severity, 0), 4))
        )
        words, is_done = answer_words(answer, text), answer.answer is Answer.DONE
    heard = AnswerCallbackQuery(
        callback_query_id=query.id,
        text=words.unescape()[:200],
        show_alert=not is_done,  # what is done shows in the message; only a refusal interrupts
    )
    pages = AlarmPages(text, region, heralds, readings)
    return [heard, *await _shown(query, data, chat, pages, outbox)]


async def _shown(
    query: CallbackQuery, data: TakeAlarm, chat: Chat, pages: AlarmPages, outbox: Outbox
) -> list[EditMessageText]:
    """Return the newest message of the group as it is now; an older one stays as it was."""
    row = await pages.heralds.group(data.group)
    if row is None or row.chat_id != chat.id or row.message is None or query.message is None:
        return []
    if await outbox.arrived_as(row.message) != query.message.message_id:
        return []
    page = await pages.of_group(row, row.told.get("news", ""))
    if page is None:
        return []
    method = replace(chat.telegram_id, query.message.message_id, *page)
    return [method] if isinstance(method, EditMessageText) else []


async def hush(
    query: CallbackQuery,
    callback_data: HushAlarm,
    text: Text,
    chat: Chat,
    actor: Actor,
    acknowledgements: Acknowledgements,
) -> Reply:
    """Hear nothing of an alarm for an hour; of its end all the same."""
    reason = text("alarms.hush-reason").unescape()
    until = await acknowledgements.quiet(actor, callback_data.alarm, chat=chat, reason=reason)
    words = text("alarms.hushed", number=callback_data.alarm, time=text.time(until))
    return AnswerCallbackQuery(
        callback_query_id=query.id, text=words.unescape()[:200], show_alert=True
    )


def answer_words(answer: Acknowledged, text: Text) -> Markup:
    """Return what became of it."""
    return text(
        ANSWERS[answer.answer],
        number=answer.number,
        label=answer.taken_by,
        time=text.time(answer.at) if answer.at else "",
        severity=text(SEVERITIES[answer.severity]),
    )


def _in_topic(message: Message, words: str) -> TelegramMethod[Any]:
    thread = message.message_thread_id if message.is_topic_message else None
    return addressed(say(message.chat.id, words), thread=thread or 0)


def register(router: Router) -> None:
    """Add what this file answers."""
    router.message.register(take_by_number, Command("uebernehmen", GIVE_BACK), StaffHere())
    router.callback_query.register(take, TakeAlarm.filter())
    router.callback_query.register(hush, HushAlarm.filter())
    router.callback_query.register(decide, DecidePost.filter())
