"""From a row of the outbox to a Telegram method, in the reader's language of this moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiogram.methods import EditMessageText, TelegramMethod

from bot.replies import as_method
from bot.unit_of_work import UnitsOfWork
from handlers.messages import MAX_CAPTION, MAX_TEXT, Address, Renderer, fitting, say
from services.outbox.model import Lane
from services.outbox.reading import Found
from services.outbox.rules import is_repetition, is_stale, kind_of
from services.text import Texts

WORDS = (("text", "entities", MAX_TEXT), ("caption", "caption_entities", MAX_CAPTION))
SEVERAL = ("media", "message_ids")
"""Fields that hold several messages at once: the pictures of an album, messages to copy."""


@dataclass(frozen=True)
class Rendering:
    """Puts messages into words."""

    work: UnitsOfWork
    texts: Texts
    renderers: Mapping[str, Renderer]

    async def method(self, row: Found) -> TelegramMethod[Any] | None:
        """Return what to send; None when there is nothing to say any more."""
        lane, now = Lane(row.lane), self.work.house.clock()
        if is_stale(lane, row.first_due_at or row.not_before, now):
            return None
        method = await self._method(row)
        kind = kind_of(lane=lane, chat_kind=row.kind)
        if method is None or isinstance(method, EditMessageText):
            return method  # an edit that comes twice is the same message once
        if is_repetition(kind, unknown_at=row.unknown_at):
            return repeated(method, self.texts.of(row.language)("outbox.repeated"))
        return method

    async def _method(self, row: Found) -> TelegramMethod[Any] | None:
        if row.method:
            return as_method(row.method, row.payload or {}, row.telegram_id)
        text = self.texts.of(row.language)
        params = row.params or {}
        renderer = self.renderers.get(row.text_key)
        if renderer is None:
            return say(row.telegram_id, text(row.text_key, **params))
        address = Address(row.chat_id, row.telegram_id, row.language)
        async with self.work.reading() as services:
            return await renderer(services, address, text, params)


def repeated(method: TelegramMethod[Any], mark: str) -> TelegramMethod[Any]:
    """Return the method with a mark before its words; without words it stays as it is."""
    for name, entities, most in WORDS:
        if name not in type(method).model_fields:
            continue
        before = f"{mark} "
        words = fitting(before + (getattr(method, name) or ""), most).rstrip()
        moved = [
            entity.model_copy(update={"offset": entity.offset + _units(before)})
            for entity in getattr(method, entities, None) or ()
            if entity.offset + entity.length + _units(before) <= _units(words)
        ]
        return method.model_copy(update={name: words, entities: moved or None})
    return method


def _units(words: str) -> int:
    """Return a length as Telegram counts it, in UTF-16 units."""
    return len(words.encode("utf-16-le")) // 2


def messages_in(payload: Mapping[str, Any] | None) -> int:
    """Return how many messages a method's fields count as: an album is all of its pictures."""
    several = [value for name in SEVERAL if isinstance(value := (payload or {}).get(name), list)]
    return max([1, *map(len, several)])
