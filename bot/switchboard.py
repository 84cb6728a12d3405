"""Finds the handlers of a command or a button at once, however many features there are.

aiogram asks the filters of every handler in turn. Here a table says which handlers a command or a
button's payload can concern at all; those are asked as always and in their order, the others not.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.dispatcher.event.telegram import TelegramEventObserver
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackQueryFilter
from aiogram.types import CallbackQuery, Message, TelegramObject

OTHERS = ""
"""Stands for every word no handler asks for."""
SEPARATOR = ":"


class Switchboard(Router):
    """One router in place of those of all features, which must be plain: no routers below them."""

    def __init__(self, routers: Iterable[Router]) -> None:
        super().__init__(name="switchboard")
        features = list(routers)
        if any(feature.sub_routers for feature in features):
            raise ValueError("a feature has one router")
        for name in self.observers:
            handlers = [one for feature in features for one in feature.observers[name].handlers]
            self.observers[name] = Table(self, name, handlers)


class Table(TelegramEventObserver):
    """The handlers of one kind of event, by the word an event must begin with to concern them."""

    def __init__(self, router: Router, event_name: str, handlers: list[HandlerObject]) -> None:
        super().__init__(router, event_name)
        self.handlers = handlers
        self.by_word = self._sorted()

    def _sorted(self) -> Mapping[str, TelegramEventObserver]:
        asked = [(handler, words_of(handler)) for handler in self.handlers]
        table = {}
        for word in {OTHERS}.union(*(words for _, words in asked if words is not None)):
            concerned = table[word] = TelegramEventObserver(self.router, self.event_name)
            concerned.handlers = [one for one, words in asked if words is None or word in words]
        return table

    async def trigger(self, event: TelegramObject, **kwargs: Any) -> Any:
        """Ask the handlers an event can concern, in their order."""
        concerned = self.by_word.get(word_of(event)) or self.by_word[OTHERS]
        return await concerned.trigger(event, **kwargs)


def word_of(event: TelegramObject) -> str:
    """Return the command with its slash, or the prefix of a button's payload."""
    if isinstance(event, CallbackQuery):
        return (event.data or "").partition(SEPARATOR)[0]
    text = (event.text or event.caption) if isinstance(event, Message) else None
    first = text.split(maxsplit=1)[:1] if text else None
    return first[0].partition("@")[0] if first else OTHERS


def words_of(handler: HandlerObject) -> frozenset[str] | None:
    """Return the words one of which an event must begin with; None when any may concern it."""
    for one in handler.filters or ():
        asked = one.callback
        if isinstance(asked, CallbackQueryFilter):
            data = asked.callback_data
            if data.__separator__ == SEPARATOR:
                return frozenset({data.__prefix__})
        if isinstance(asked, Command) and asked.prefix == "/" and not asked.ignore_case:
            names = [name for name in asked.commands if isinstance(name, str)]
            if len(names) == len(asked.commands):
                return frozenset(f"/{name}" for name in names)
    return None
