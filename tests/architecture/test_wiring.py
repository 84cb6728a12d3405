"""Every handler gets what it asks for; a forgotten name fails here, not in front of a citizen."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.filters import CommandStart

from bot.dispatcher import follow_ups, jobs, modules, renderers, routers
from handlers.messages import say
from tests.county import County
from tests.rigging import teach

FROM_FILTERS = {"command", "callback_data"}


def handlers() -> Iterator[HandlerObject]:
    for router in routers():
        for observer in router.observers.values():
            yield from observer.handlers


def wanted(callback: Callable[..., Any]) -> set[str]:
    """Return what a handler or filter asks for beside the event."""
    function = callback if inspect.isroutine(callback) else type(callback).__call__
    names = [name for name in inspect.signature(function).parameters if name != "self"]
    return set(names[1:]) - {"args", "kwargs"}


async def test_every_handler_and_filter_parameter_can_be_injected(county: County) -> None:
    offered: set[str] = set()

    async def curious(message: Any, **data: Any) -> Any:
        offered.update(data)
        return say(message.chat.id, "danke")

    teach(county, neugierig=curious)
    assert await county.citizen().says("neugierig") == "danke"
    asked = 0
    for handler in handlers():
        callbacks = [handler.callback, *(one.callback for one in handler.filters or ())]
        for callback in callbacks:
            unknown = wanted(callback) - offered - FROM_FILTERS
            assert not unknown, f"{callback} asks for {unknown}"
            asked += 1
    assert asked > 20, "this looks at the right handlers"


def test_a_parameter_of_a_filter_comes_from_a_filter() -> None:
    for handler in handlers():
        filters = {type(one.callback).__name__ for one in handler.filters or ()}
        asks = wanted(handler.callback)
        if "callback_data" in asks:
            assert "CallbackQueryFilter" in filters, handler.callback
        parameter = inspect.signature(handler.callback).parameters.get("command")
        if parameter is not None and parameter.default is inspect.Parameter.empty:
            assert {"Command", "CommandStart"} & filters, handler.callback


def test_a_router_is_fresh_each_time() -> None:
    assert not {id(one) for one in routers()} & {id(one) for one in routers()}


def test_names_of_routers_jobs_and_renderers_are_unique() -> None:
    for names in (
        [router.name for router in routers()],
        [job.name for job in jobs()],
        [key for module in modules("news") for key in module.RENDERERS],
    ):
        assert len(names) == len(set(names))
    assert renderers()
    assert follow_ups().keys() <= renderers().keys(), "what follows, follows something"


def test_each_command_has_one_handler() -> None:
    """The same word in two places: only the first would ever be reached."""
    seen: dict[tuple[str, ...], str] = {}
    for handler in handlers():
        for one in handler.filters or ():
            for command in getattr(one.callback, "commands", ()):
                if isinstance(one.callback, CommandStart):
                    continue  # told apart by the payload of the link
                key = (str(command), *sorted(_narrowing(handler)))
                assert key not in seen, f"{key}: {seen[key]} and {handler.callback}"
                seen[key] = str(handler.callback)


def _narrowing(handler: HandlerObject) -> Iterator[str]:
    for one in handler.filters or ():
        if not hasattr(one.callback, "commands"):
            yield type(one.callback).__name__
