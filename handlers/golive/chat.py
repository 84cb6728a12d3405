"""Staff announce that a service is online (or offline); people ask why they were told."""

from typing import Any

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, Message

from handlers.buttons.citizens import Silence, Why
from handlers.buttons.staff import DecideApproval, DecideGoLive, GoLiveStep
from handlers.filters import OnlyStaff
from handlers.golive.news import cause, decision_buttons, describe, stop_button
from handlers.messages import Reply, Row, say, show
from handlers.understanding import Understanders
from nlu.understanding import Kind
from services.approvals.service import Approvals
from services.catalogue.service import Catalogue
from services.chats.model import Chat
from services.golive.model import Batch, State
from services.golive.service import GoLive
from services.region.service import Region
from services.staff.rules import Actor
from services.text import Text

LINK = "https://"
OFFLINE = "offline"


async def propose(
    message: Message,
    command: CommandObject,
    text: Text,
    chat: Chat,
    actor: Actor,
    region: Region,
    catalogue: Catalogue,
    golive: GoLive,
    understanders: Understanders,
) -> Reply:
    """/online <LeiKa or name> <https-link> [municipality]; /offline likewise, without a link."""
    online = command.command != OFFLINE
    key, url, town = split_arguments(command.args or "")
    if not key or (online and url is None):
        return say(
            chat.telegram_id, text("golive.usage-online" if online else "golive.usage-offline")
        )
    if not online and not town:
        key, town = _town_at_the_end(key, region)
    places = region.gazetteer.find(town) if town else ()
    if (town and not places) or len(places) > 1:
        return say(chat.telegram_id, text("golive.which-town", town=town))
    services = await catalogue.find(key)
    if len(services) != 1:
        return say(chat.telegram_id, await _which_service(key, text, catalogue, understanders))
    area = places[0].ars if places else region.facts.ars
    batch = await golive.propose(
        actor, service_id=services[0].id, area=area, url=url, online=online
    )
    if batch.state == State.CHECKING:
        return say(chat.telegram_id, text("golive.checking"))
    words, rows = await preview(batch.id, text, region, catalogue, golive)
    return say(chat.telegram_id, words, rows)


async def _which_service(
    key: str, text: Text, catalogue: Catalogue, understanders: Understanders
) -> str:
    """Return what to say when a key names no service, or several: the ids to choose from."""
    services = await catalogue.find(key)
    if not services:
        found = await understanders.understand(await catalogue.snapshot(), key)
        offered = [one.id for one in found.candidates if one.kind is Kind.SERVICE]
        services = tuple([await catalogue.get(one) for one in offered])
    if not services:
        return text("golive.no-service", key=key)
    lines = [
        text("golive.service-id", id=one.id, name=one.name.of(text.language)) for one in services
    ]
    return text("golive.several-services", key=key, names=text.lines(lines))


def split_arguments(arguments: str) -> tuple[str, str | None, str]:
    """Return what stands before the link, the link, and what stands behind it."""
    before, found, behind = arguments.partition(LINK)
    if not found:
        return arguments.strip(), None, ""
    link, *town = behind.split(maxsplit=1) or [""]
    return before.strip(), LINK + link, "".join(town).strip()


def _town_at_the_end(key: str, region: Region) -> tuple[str, str]:
    """/offline names no link: a municipality may stand behind the service."""
    words = key.split()
    for count in range(1, len(words)):
        tail = " ".join(words[-count:])
        if region.gazetteer.is_only_a_place(tail):
            return " ".join(words[:-count]), tail
    return key, ""


async def preview(
    batch_id: int, text: Text, region: Region, catalogue: Catalogue, golive: GoLive
) -> tuple[str, list[Row]]:
    """Return the preview with the number of recipients."""
    batch = await golive.batch(batch_id)
    news = await describe(await golive.items(batch_id), text, region, catalogue)
    needs_second = batch.recipients > golive.policy.second_person_above
    second = text("golive.second-person-needed") if needs_second else ""
    words = text("golive.preview", news=news, count=batch.recipients, second=second)
    return words, decision_buttons(batch_id, text)


async def decide(
    query: CallbackQuery,
    callback_data: DecideGoLive,
    text: Text,
    chat: Chat,
    actor: Actor,
    region: Region,
    catalogue: Catalogue,
    golive: GoLive,
) -> Reply:
    """Confirm, drop or stop; rights are checked again at every press."""
    batch_id = callback_data.batch
    if callback_data.step is GoLiveStep.DROP:
        await golive.drop(actor, batch_id)
        return show(query, text("golive.dropped"))
    if callback_data.step is GoLiveStep.STOP:
        taken_back = await golive.stop(actor, batch_id)
        return show(query, text("golive.stopped", count=taken_back))
    decision = await golive.confirm(actor, batch_id)
    if decision.asked:
        return show(query, text("golive.asked", count=decision.asked))
    return await _scheduled(query, decision.batch, text, region, catalogue, golive)


async def _scheduled(
    query: CallbackQuery,
    batch: Batch,
    text: Text,
    region: Region,
    catalogue: Catalogue,
    golive: GoLive,
) -> TelegramMethod[Any]:
    """Show what will be told when, with the button that takes it back."""
    news = await describe(await golive.items(batch.id), text, region, catalogue)
    moment = text.moment(batch.tell_at) if batch.tell_at else ""
    words = text("golive.scheduled", news=news, time=moment, count=batch.recipients)
    return show(query, words, [[stop_button(batch.id, text)]])


async def decide_approval(
    query: CallbackQuery,
    callback_data: DecideApproval,
    text: Text,
    chat: Chat,
    actor: Actor,
    approvals: Approvals,
    region: Region,
    catalogue: Catalogue,
    golive: GoLive,
) -> Reply:
    """The second person agrees or refuses."""
    approval = await approvals.decide(actor, callback_data.approval, approve=callback_data.approve)
    if not callback_data.approve:
        await golive.drop(actor, approval.subject_id)
        return show(query, text("approvals.rejected"))
    batch = await golive.approved(actor, approval.subject_id)
    return await _scheduled(query, batch, text, region, catalogue, golive)


async def why(
    query: CallbackQuery,
    callback_data: Why,
    text: Text,
    chat: Chat,
    catalogue: Catalogue,
    golive: GoLive,
) -> Reply:
    """Say which wish caused a message, with the button that ends it."""
    rows = await golive.news(chat.id, callback_data.bundle.replace("=", ":"))
    wishes = dict.fromkeys(row.because for row in rows)
    if not wishes:
        return say(chat.telegram_id, text("golive.why-unknown"))
    causes = [await cause(because, text, catalogue) for because in wishes]
    words = text.lines(line for line, _ in causes)
    return say(chat.telegram_id, words, [[off] for _, off in causes])


async def silence(
    query: CallbackQuery, callback_data: Silence, text: Text, chat: Chat, golive: GoLive
) -> Reply:
    """One tap off."""
    removed = await golive.silence(chat, callback_data.because)
    key = "golive.silenced" if removed else "golive.silenced-before"
    return say(chat.telegram_id, text(key))


def router() -> Router:
    """Return a fresh router; a router can join one dispatcher only."""
    router = Router(name="golive")
    router.message.register(propose, Command("online", OFFLINE), OnlyStaff())
    router.callback_query.register(decide, DecideGoLive.filter())
    router.callback_query.register(decide_approval, DecideApproval.filter())
    router.callback_query.register(why, Why.filter())
    router.callback_query.register(silence, Silence.filter())
    return router
