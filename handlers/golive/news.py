"""Puts go-live news into words: for people, for the channel, for staff."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from aiogram.methods import TelegramMethod
from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from handlers.buttons.citizens import ShowService, Silence, Why
from handlers.buttons.staff import DecideApproval, DecideGoLive, GoLiveStep
from handlers.messages import Address, Row, button, link, say
from services.catalogue.service import Catalogue
from services.region.service import Region
from services.subscriptions.model import EVERYTHING
from services.text import Text

MOST_LISTED = 25
MOST_BUTTONS = 3


class NewsItem(Protocol):
    """What an item of a batch and a row of somebody's news have in common."""

    service_id: str
    area: str
    url: str | None
    online: bool


async def describe(
    items: Sequence[NewsItem], text: Text, region: Region, catalogue: Catalogue
) -> Markup:
    """Return one line for each service: name, area, link."""
    lines = []
    for item in items[:MOST_LISTED]:
        found = await catalogue.find(item.service_id)
        name = found[0].name.of(text.language) if found else item.service_id
        key = "golive.item-online" if item.online else "golive.item-offline"
        if item.online and not item.url:
            key = "golive.item-online-no-link"
        lines.append(text(key, name=name, area=region.area_name(item.area), url=item.url or ""))
    if len(items) > MOST_LISTED:
        lines.append(text("golive.item-more", count=len(items) - MOST_LISTED))
    return text.lines(lines)


async def for_person(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any] | None:
    """One message with everything new that this person wanted to hear of."""
    bundle = str(params["bundle"])
    items = await services.golive.news(address.chat_id, bundle)
    if not items:
        return None
    region = services.golive.region
    words = text(
        "golive.news" if any(item.online for item in items) else "golive.news-offline",
        count=len(items),
        news=await describe(items, text, region, services.catalogue),
    )
    why = button(text("golive.button-why"), Why(bundle=bundle.replace(":", "=")))
    causes = list(dict.fromkeys(item.because for item in items))[:MOST_LISTED]
    if len(causes) == 1:
        off: list[Row] = [[why, button(text("golive.button-off"), Silence(because=causes[0]))]]
    else:
        off = [[why], *[[(await cause(one, text, services.catalogue))[1]] for one in causes]]
    return say(address.telegram_id, words, [*_links(items, text), *off])


async def cause(
    because: str, text: Text, catalogue: Catalogue
) -> tuple[Markup, InlineKeyboardButton]:
    """Return which wish caused a piece of news, and the button that ends it."""
    silence = Silence(because=because)
    if because == EVERYTHING:
        label = text("golive.button-silence-everything")
        return text("golive.why-everything"), button(label, silence)
    found = await catalogue.find(because)
    name = found[0].name.of(text.language) if found else because
    label = text("golive.button-silence", name=name)
    return text("golive.why-service", name=name), button(label, silence)


def _links(items: Iterable[Any], text: Text) -> Iterable[Row]:
    shown = [item for item in items if item.online and item.url][:MOST_BUTTONS]
    if len(shown) == 1:
        yield [link(text("ask.button-online"), shown[0].url)]
        yield [button(text("golive.button-card"), ShowService(service_id=shown[0].service_id))]


async def for_channel(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any] | None:
    """The channel's post of a day."""
    items = await services.golive.channel_items(str(params["bundle"]))
    if not items:
        return None
    news = await describe(items, text, services.golive.region, services.catalogue)
    return say(address.telegram_id, text("golive.channel-post", count=len(items), news=news))


async def preview_for_staff(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any]:
    """The preview after the link was tried."""
    from handlers.golive.chat import preview  # noqa: PLC0415 - chat.py uses this module's words

    words, rows = await preview(
        int(params["batch"]), text, services.golive.region, services.catalogue, services.golive
    )
    return say(address.telegram_id, words, rows)


async def link_failed(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any]:
    """Why a link cannot be announced."""
    [item, *_] = await services.golive.items(int(params["batch"]))
    words = text("golive.link-failed", url=item.url or "", problem=text(str(params["problem"])))
    return say(address.telegram_id, words)


async def import_notice(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any]:
    """Tell staff what an import is about to announce, with the button that stops it."""
    batch = await services.golive.batch(int(params["batch"]))
    items = await services.golive.items(batch.id)
    news = await describe(items, text, services.golive.region, services.catalogue)
    words = text(
        "golive.import-notice", news=news, count=batch.recipients, time=text.moment(batch.tell_at)
    )
    return say(address.telegram_id, words, [[stop_button(batch.id, text)]])


async def approval_request(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any]:
    """Ask the second person."""
    batch = await services.golive.batch(int(params["subject"]))
    items = await services.golive.items(batch.id)
    news = await describe(items, text, services.golive.region, services.catalogue)
    approval = int(params["approval"])
    rows = [
        [
            button(text("approvals.button-yes"), DecideApproval(approval=approval, approve=True)),
            button(text("approvals.button-no"), DecideApproval(approval=approval, approve=False)),
        ]
    ]
    return say(
        address.telegram_id, text("approvals.request", news=news, count=batch.recipients), rows
    )


def decision_buttons(batch_id: int, text: Text) -> list[Row]:
    """Return the buttons under a preview."""
    return [
        [
            button(
                text("golive.button-confirm"),
                DecideGoLive(batch=batch_id, step=GoLiveStep.CONFIRM),
            ),
            button(text("golive.button-drop"), DecideGoLive(batch=batch_id, step=GoLiveStep.DROP)),
        ]
    ]


def stop_button(batch_id: int, text: Text) -> InlineKeyboardButton:
    """Return the button that takes news back."""
    return button(text("golive.button-stop"), DecideGoLive(batch=batch_id, step=GoLiveStep.STOP))


RENDERERS = {
    "approvals.request": approval_request,
    "golive.channel-post": for_channel,
    "golive.import-notice": import_notice,
    "golive.link-failed": link_failed,
    "golive.news": for_person,
    "golive.preview": preview_for_staff,
}
