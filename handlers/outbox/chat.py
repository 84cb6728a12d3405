"""/zustellung: operators see what waits and what did not arrive, and try it again."""

from collections.abc import Sequence

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message
from markupsafe import Markup

from handlers.buttons.staff import DeadLetterStep, DecideDeadLetters, SettlePost, ShowDeliveries
from handlers.filters import OnlyStaff
from handlers.messages import Reply, Row, button, say, show
from handlers.outbox.reasons import LANES, STATUSES, reason
from services.chats.model import Chat
from services.delivery.service import Answer, Deliveries, LaneFigures, Life, Overview
from services.outbox.model import Status
from services.staff.rules import Actor
from services.text import Text

ANSWERS = {
    Answer.AGAIN: "outbox.post-again",
    Answer.ARRIVED: "outbox.post-arrived",
    Answer.SETTLED_BEFORE: "outbox.post-settled",
}
LONGEST_NUMBER = 10


async def deliveries_command(
    message: Message,
    command: CommandObject,
    text: Text,
    chat: Chat,
    actor: Actor,
    deliveries: Deliveries,
) -> Reply:
    """/zustellung: the figures and what did not arrive; with a number: that message's life."""
    number = (command.args or "").strip()
    if not number:
        words, rows = _overview(await deliveries.overview(actor), text)
        return say(chat.telegram_id, words, rows)
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        return say(chat.telegram_id, text("outbox.usage"))
    life = await deliveries.life(actor, int(number))
    if life is None:
        return say(chat.telegram_id, text("outbox.no-message", number=number))
    rows = [_buttons(life, text)] if _is_dead(life) else []
    return say(chat.telegram_id, _life(life, text), rows)


async def turn_page(
    query: CallbackQuery,
    callback_data: ShowDeliveries,
    text: Text,
    actor: Actor,
    deliveries: Deliveries,
) -> Reply:
    """Show another page of what did not arrive."""
    return show(query, *_overview(await deliveries.overview(actor, callback_data.page), text))


async def decide(
    query: CallbackQuery,
    callback_data: DecideDeadLetters,
    text: Text,
    chat: Chat,
    actor: Actor,
    deliveries: Deliveries,
) -> Reply:
    """Send again, or discard; rights are checked again at every press."""
    numbers = [int(one) for one in callback_data.messages.split("-") if one.isdigit()]
    if callback_data.step is DeadLetterStep.RESEND:
        count = await deliveries.resend(actor, numbers)
        said = say(chat.telegram_id, text("outbox.resent", count=count))
    else:
        count = await deliveries.discard(actor, numbers)
        said = say(chat.telegram_id, text("outbox.discarded", count=count))
    return [said, show(query, *_overview(await deliveries.overview(actor), text))]


async def settle_post(
    query: CallbackQuery,
    callback_data: SettlePost,
    text: Text,
    actor: Actor,
    deliveries: Deliveries,
) -> Reply:
    """An editor says whether a post is in the channel."""
    answer = await deliveries.settle_post(actor, callback_data.message, again=callback_data.again)
    return show(query, text(ANSWERS[answer]))


def _overview(overview: Overview, text: Text) -> tuple[str, list[Row]]:
    lanes = text.lines(_lane(one, text) for one in overview.lanes)
    if not overview.letters:
        return text("outbox.overview", lanes=lanes, letters=text("outbox.no-letters")), []
    heading = text("outbox.letters", page=overview.page + 1, pages=overview.pages)
    letters = text.lines([heading, *(_letter(one, text) for one in overview.letters)])
    rows: list[Row] = [_buttons(one, text) for one in overview.letters]
    rows += [_all_buttons(overview.letters, text), _turning(overview, text)]
    return text("outbox.overview", lanes=lanes, letters=letters), rows


def _lane(figures: LaneFigures, text: Text) -> str:
    """Return what there is to say of a lane; zeros only hide the rest."""
    parts = [
        text(key, number=number)
        for key, number in (
            ("outbox.lane-waiting", figures.waiting),
            ("outbox.lane-later", figures.later),
            ("outbox.lane-sent", figures.sent),
            ("outbox.lane-failed", figures.failed),
            ("outbox.lane-unknown", figures.unknown),
            ("outbox.lane-doubtful", figures.doubtful),
        )
        if number
    ]
    if figures.oldest is not None:
        parts[0] = text("outbox.since", waiting=parts[0], time=text.moment(figures.oldest))
    what = Markup(", ").join(parts) or text("outbox.lane-quiet")
    return text("outbox.lane", lane=text(LANES[figures.lane]), what=what)


def _letter(life: Life, text: Text) -> str:
    return text(
        "outbox.letter",
        number=life.id,
        time=text.moment(life.unknown_at or life.due_at),
        lane=text(LANES[life.lane]),
        reason=reason(life, text),
    )


def _buttons(life: Life, text: Text) -> Row:
    return [
        button(text(key, number=life.id), DecideDeadLetters(step=step, messages=str(life.id)))
        for key, step in (
            ("outbox.button-resend", DeadLetterStep.RESEND),
            ("outbox.button-discard", DeadLetterStep.DISCARD),
        )
    ]


def _all_buttons(letters: Sequence[Life], text: Text) -> Row:
    if len(letters) == 1:
        return []
    messages = "-".join(str(one.id) for one in letters)
    return [
        button(text(key), DecideDeadLetters(step=step, messages=messages))
        for key, step in (
            ("outbox.button-resend-all", DeadLetterStep.RESEND),
            ("outbox.button-discard-all", DeadLetterStep.DISCARD),
        )
    ]


def _turning(overview: Overview, text: Text) -> Row:
    before, after = overview.page > 0, overview.page + 1 < overview.pages
    newer = button(text("outbox.button-newer"), ShowDeliveries(page=overview.page - 1))
    older = button(text("outbox.button-older"), ShowDeliveries(page=overview.page + 1))
    return [*([newer] if before else []), *([older] if after else [])]


def _is_dead(life: Life) -> bool:
    return life.status in {Status.FAILED, Status.UNKNOWN}


def _life(life: Life, text: Text) -> str:
    """Show what happened to a message, never what it says or to whom it goes."""
    lines = [
        text(
            "outbox.life",
            number=life.id,
            lane=text(LANES[life.lane]),
            status=text(STATUSES[life.status]),
            created=text.moment(life.created_at),
            due=text.moment(life.due_at),
            attempts=life.attempts,
        )
    ]
    if life.status is Status.QUEUED and life.next_at != life.due_at:
        lines.append(text("outbox.life-next", time=text.moment(life.next_at)))
    if life.sent_at is not None:
        lines.append(text("outbox.life-sent", time=text.moment(life.sent_at)))
    if life.telegram_message_id is not None:
        lines.append(text("outbox.life-telegram", number=life.telegram_message_id))
    if life.unknown_at is not None:
        lines.append(text("outbox.life-unknown", time=text.moment(life.unknown_at)))
    if life.error:
        lines.append(text("outbox.life-reason", reason=reason(life, text)))
    return text.lines(lines)


def router() -> Router:
    """Return a fresh router; a router can join one dispatcher only."""
    router = Router(name="outbox")
    router.message.register(deliveries_command, Command("zustellung"), OnlyStaff())
    router.callback_query.register(turn_page, ShowDeliveries.filter())
    router.callback_query.register(decide, DecideDeadLetters.filter())
    router.callback_query.register(settle_post, SettlePost.filter())
    return router
