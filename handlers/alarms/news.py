"""What chats hear unasked of alarms: news, changes of them, digests; what editors are asked."""

from collections.abc import Mapping
from typing import Any

from aiogram.methods import EditMessageText, TelegramMethod

from handlers.alarms.attaching import follow, venue
from handlers.alarms.channel import for_channel, over, proposal, withdrawn
from handlers.alarms.messages import AlarmPages, addressed
from handlers.messages import Address, replace, say
from handlers.readings.declared import cancelled_words, stage_words, where_of
from services.alarms.attaching import PLACE
from services.text import Text


def pages_of(services: Any, text: Text) -> AlarmPages:
    """Return what writes messages about alarms."""
    return AlarmPages(text, services.heralds.region, services.heralds, services.readings)


async def news(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any] | None:
    """A message with what is new, as it stands at this moment."""
    row = await services.heralds.group(int(params["group"]))
    page = await pages_of(services, text).of_group(row, str(params["news"])) if row else None
    if page is None:
        return None
    message = say(address.telegram_id, *page)
    return addressed(message, thread=int(params["thread"]), silently=bool(params["silently"]))


async def edit(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> EditMessageText | None:
    """New values in the newest message; nothing when it is not there, or no longer the newest."""
    row = await services.heralds.group(int(params["group"]))
    number = int(params["message"])
    if row is None or row.message != number:
        return None
    arrived = await services.outbox.arrived_as(number)
    page = await pages_of(services, text).of_group(row, str(params["news"]))
    if arrived is None or page is None:
        return None
    method = replace(address.telegram_id, arrived, *page)
    return method if isinstance(method, EditMessageText) else None


async def digest(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any] | None:
    """What came and went while it was quiet."""
    numbers = [int(number) for number in str(params["alarms"]).split()]
    found = await services.heralds.sights(numbers)
    if not found:
        return None
    wording, count = pages_of(services, text).wording, int(params["count"])
    lines = [text("alarms.digest-head", count=count), *(wording.brief(one) for one in found)]
    if count > len(found):
        lines.append(text("alarms.more", count=count - len(found)))
    message = say(address.telegram_id, text.lines(lines))
    return addressed(message, thread=int(params["thread"]), silently=True)


async def stage_news(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any] | None:
    """A stage was declared, took the place of another, or was cancelled; with who did so."""
    one = await services.stages.get(int(params["stage"]))
    if one is None:
        return None
    lines: list[str] = [text("alarms.stage-head", where=where_of(one, services.heralds.region))]
    if params["over"]:
        lines.append(cancelled_words(one, one.ended_at or one.at, text))
    else:
        before = await services.stages.get(int(params["before"]))
        lines.append(stage_words(one, text))
        lines += [text("alarms.stage-before", what=stage_words(before, text))] if before else []
    message = say(address.telegram_id, text.lines(lines))
    return addressed(message, thread=int(params["thread"]), silently=bool(params["silently"]))


RENDERERS = {
    "alarms.digest": digest,
    "alarms.edit": edit,
    "alarms.news": news,
    PLACE: venue,
    "alarms.post": for_channel,
    "alarms.post-over": over,
    "alarms.post-proposal": proposal,
    "alarms.post-withdrawn": withdrawn,
    "alarms.stage-news": stage_news,
}
FOLLOW_UPS = {"alarms.news": follow}
