"""The public channel: editors see a post as it would stand there, and decide with one tap."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiogram.methods import EditMessageText, TelegramMethod
from aiogram.types import CallbackQuery, InlineKeyboardButton
from markupsafe import Markup

from handlers.alarms.wording import Wording
from handlers.buttons.alarms import DecidePost, PostStep
from handlers.messages import Address, Reply, Row, button, replace, say, show
from handlers.readings.declared import stage_words, where_of
from handlers.readings.quantities import name_of
from services.alarms.declared import Declared
from services.alarms.heralds import Heralds
from services.alarms.model import AlarmPost, PostState
from services.alarms.posts import Posts
from services.alarms.rules.records import Direction
from services.alarms.sight import Sight
from services.alarms.stages import Stages
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
    stages: Stages,
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
    found = await _post(heralds, stages, posts, number)
    if found is None:
        return None
    lines = [text("alarms.post-released"), "", found.words(text, posts.region)]
    return show(query, text.lines(lines), [[_withdraw(number, text)]])


async def proposal(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any] | None:
    """Ask an editor; nothing when somebody decided, or the cause is over."""
    found = await _found(services, params)
    if found is None or found.post.state != PostState.PROPOSED:
        return None
    number, words = found.post.id, found.words(text, services.posts.region)
    rows: list[Row] = [
        [
            button(text("alarms.button-release"), DecidePost(post=number, step=PostStep.RELEASE)),
            button(text("alarms.button-drop"), DecidePost(post=number, step=PostStep.DROP)),
        ]
    ]
    return say(address.telegram_id, text.lines([text("alarms.post-ask"), "", words]), rows)


async def over(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any] | None:
    """Say that the cause of a post is over, with the button that takes it back."""
    found = await _found(services, params)
    if found is None or found.post.state != PostState.RELEASED:
        return None
    words = found.over(text, services.posts.region)
    return say(address.telegram_id, words, [[_withdraw(found.post.id, text)]])


async def for_channel(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any] | None:
    """The post itself; nothing when it was taken back before it left."""
    found = await _found(services, params)
    if found is None or found.post.state != PostState.RELEASED:
        return None
    return say(address.telegram_id, found.words(text, services.posts.region))


async def withdrawn(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any] | None:
    """The post says itself that it holds no more; anew where it cannot be changed."""
    found = await _found(services, params)
    queued = await services.outbox.number(services.posts.key(int(params["post"])))
    arrived = await services.outbox.arrived_as(queued) if queued else None
    if found is None or arrived is None:
        return None
    words = found.words(text, services.posts.region)
    lines = [text("alarms.post-void"), "", words]
    method = replace(address.telegram_id, arrived, text.lines(lines))
    return method if isinstance(method, EditMessageText) else None


@dataclass(frozen=True)
class Found:
    """A post and what it is about: an alarm, or a stage that was declared."""

    post: AlarmPost
    about: Sight | Declared

    def words(self, text: Text, region: Region) -> Markup:
        """Return the post as the channel sees it."""
        if isinstance(self.about, Declared):
            return stage_post(self.about, text, region)
        return alarm_post(self.post, self.about, text, region)

    def over(self, text: Text, region: Region) -> Markup:
        """Return that its cause is over."""
        if isinstance(self.about, Declared):
            what, where = stage_words(self.about, text), where_of(self.about, region)
            return text("alarms.post-stage-over", where=where, what=what)
        return text("alarms.post-cause-over", name=self.about.alarm.device)


async def _found(services: Any, params: Mapping[str, Any]) -> Found | None:
    number = int(params["post"])
    return await _post(services.heralds, services.stages, services.posts, number)


async def _post(heralds: Heralds, stages: Stages, posts: Posts, number: int) -> Found | None:
    post = await posts.get(number)
    if post is None:
        return None
    if post.stage_id is not None:
        stage = await stages.get(post.stage_id)
        return Found(post, stage) if stage else None
    found = await heralds.sights([post.alarm_id]) if post.alarm_id is not None else ()
    return Found(post, found[0]) if found else None


def stage_post(stage: Declared, text: Text, region: Region) -> Markup:
    """Return a post about a stage: where, which, and who declared it."""
    where = where_of(stage, region)
    lines: list[str] = [text("alarms.stage-head", where=where), stage_words(stage, text)]
    return text.lines([*lines, *_official(text, region, "alarms.stage-official")])


def alarm_post(post: AlarmPost, one: Sight, text: Text, region: Region) -> Markup:
    """Return the post: a reference value passed, the measurement, and who answers for floods."""
    wording = Wording(text, region)
    above = one.alarm.direction is Direction.ABOVE
    quantity = one.alarm.labels.quantity
    lines: list[str] = [
        text("alarms.public-above" if above else "alarms.public-below", name=one.alarm.device)
    ]
    if post.value is not None and post.value_at is not None:
        name = name_of(quantity, one.alarm.channel, text)
        value, moment = wording.value_words(one, post.value), text.moment(post.value_at)
        lines.append(text("alarms.measured", quantity=name, value=value, moment=moment))
    if where := wording.place(one):
        lines.append(text.plain(where))
    if quantity == "water.level":
        lines += _official(text, region, "alarms.public-official")
    return text.lines(lines)


def _official(text: Text, region: Region, key: str) -> list[str]:
    """Return who measures and warns officially."""
    flood = region.facts.sensors.flood
    if flood is None:
        return []
    return ["", text(key, name=flood.name, url=flood.url)]


def _withdraw(number: int, text: Text) -> InlineKeyboardButton:
    return button(text("alarms.button-withdraw"), DecidePost(post=number, step=PostStep.WITHDRAW))
