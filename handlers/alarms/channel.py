"""The public channel: editors see a post as it would stand there, and decide with one tap."""

from collections.abc import Mapping
from typing import Any

from aiogram.methods import EditMessageText, TelegramMethod
from aiogram.types import CallbackQuery, InlineKeyboardButton
from markupsafe import Markup

from handlers.alarms.wording import Wording
from handlers.buttons.alarms import DecidePost, PostStep
from handlers.messages import Address, Reply, Row, button, replace, say, show
from handlers.readings.quantities import name_of
from services.alarms.heralds import Heralds
from services.alarms.model import AlarmPost, PostState
from services.alarms.posts import Posts
from services.alarms.rules.records import Direction
from services.alarms.sight import Sight
from services.region.service import Region
from services.staff.rules import Actor
from services.text import Text


async def decide(
    query: CallbackQuery,
    callback_data: DecidePost,
    text: Text,
    actor: Actor,
    posts: Posts,
    heralds: Heralds,
    region: Region,
) -> Reply:
    """Release a post, refuse it, or take it back; rights are checked at every press."""
    number = callback_data.post
    if callback_data.step is PostStep.RELEASE:
        await posts.release(actor, number)
    elif callback_data.step is PostStep.DROP:
        await posts.drop(actor, number)
        return show(query, text("alarms.post-dropped"))
    else:
        await posts.withdraw(actor, number)
        return show(query, text("alarms.post-taken-back"))
    found = await _post(heralds, posts, number)
    if found is None:
        return None
    lines = [text("alarms.post-released"), "", words_of(*found, text, region)]
    return show(query, text.lines(lines), [[_withdraw(number, text)]])


async def proposal(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any] | None:
    """Ask an editor; nothing when somebody decided, or the cause is over."""
    found = await _post(services.heralds, services.posts, int(params["post"]))
    if found is None or found[0].state != PostState.PROPOSED:
        return None
    post = found[0]
    words = words_of(*found, text, services.posts.region)
    rows: list[Row] = [
        [
            button(text("alarms.button-release"), DecidePost(post=post.id, step=PostStep.RELEASE)),
            button(text("alarms.button-drop"), DecidePost(post=post.id, step=PostStep.DROP)),
        ]
    ]
    return say(address.telegram_id, text.lines([text("alarms.post-ask"), "", words]), rows)


async def over(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any] | None:
    """Say that the cause of a post is over, with the button that takes it back."""
    found = await _post(services.heralds, services.posts, int(params["post"]))
    if found is None or found[0].state != PostState.RELEASED:
        return None
    words = text("alarms.post-cause-over", name=found[1].alarm.device)
    return say(address.telegram_id, words, [[_withdraw(found[0].id, text)]])


async def for_channel(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any] | None:
    """The post itself; nothing when it was taken back before it left."""
    found = await _post(services.heralds, services.posts, int(params["post"]))
    if found is None or found[0].state != PostState.RELEASED:
        return None
    return say(address.telegram_id, words_of(*found, text, services.posts.region))


async def withdrawn(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any] | None:
    """The post says itself that it holds no more; anew where it cannot be changed."""
    number = int(params["post"])
    found = await _post(services.heralds, services.posts, number)
    queued = await services.outbox.number(services.posts.key(number))
    arrived = await services.outbox.arrived_as(queued) if queued else None
    if found is None or arrived is None:
        return None
    words = words_of(*found, text, services.posts.region)
    lines = [text("alarms.post-void"), "", words]
    method = replace(address.telegram_id, arrived, text.lines(lines))
    return method if isinstance(method, EditMessageText) else None


async def _post(heralds: Heralds, posts: Posts, number: int) -> tuple[AlarmPost, Sight] | None:
    post = await posts.get(number)
    if post is None:
        return None
    found = await heralds.sights([post.alarm_id])
    return (post, found[0]) if found else None


def words_of(post: AlarmPost, one: Sight, text: Text, region: Region) -> Markup:
    """Return the post: a reference value passed, the measurement, and who answers for floods."""
    wording = Wording(text, region)
    above = one.alarm.direction is Direction.ABOVE
    quantity = one.alarm.labels.quantity
    lines: list[str] = [
        text("alarms.public-above" if above else "alarms.public-below", name=one.alarm.device),
        text(
            "alarms.measured",
            quantity=name_of(quantity, one.alarm.channel, text),
            value=wording.value_words(one, post.value),
            moment=text.moment(post.value_at),
        ),
    ]
    if where := wording.place(one):
        lines.append(text.plain(where))
    flood = region.facts.sensors.flood
    if flood is not None and quantity == "water.level":
        lines += ["", text("alarms.public-official", name=flood.name, url=flood.url)]
    return text.lines(lines)


def _withdraw(number: int, text: Text) -> InlineKeyboardButton:
    return button(text("alarms.button-withdraw"), DecidePost(post=number, step=PostStep.WITHDRAW))
