"""Assembles what the feature folders offer: chat routers, renderers, jobs, heavy work, hooks."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import ModuleType

from aiogram import Dispatcher, Router
from aiohttp import web

import handlers
from bot.switchboard import Switchboard
from handlers.heavy import HeavyWork
from handlers.messages import FollowUp, Renderer
from handlers.schedule import Job
from handlers.web import WebDesk

LAST = "ask"
"""Free text comes last: whatever no other feature wanted is a question."""


def modules(name: str) -> Iterator[ModuleType]:
    """Yield `handlers.<feature>.<name>` of every feature that has one; questions come last."""
    features = sorted(
        (module.name for module in iter_modules(handlers.__path__) if module.ispkg),
        key=lambda feature: (feature == LAST, feature),
    )
    for feature in features:
        if find_spec(f"handlers.{feature}.{name}"):
            yield import_module(f"handlers.{feature}.{name}")


def routers() -> Iterator[Router]:
    """Yield a fresh chat router of every feature; a router can join one dispatcher only."""
    for module in modules("chat"):
        yield module.router()


def dispatcher() -> Dispatcher:
    """Return a dispatcher that serves all features; what was said before is in the database."""
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.include_router(Switchboard(routers()))
    return dispatcher


def renderers() -> dict[str, Renderer]:
    """Return who puts which unasked news into words, by text key."""
    found: dict[str, Renderer] = {}
    for module in modules("news"):
        found |= module.RENDERERS
    return found


def follow_ups() -> dict[str, FollowUp]:
    """Return what follows once unasked news have arrived, by text key."""
    found: dict[str, FollowUp] = {}
    for module in modules("news"):
        found |= getattr(module, "FOLLOW_UPS", {})
    return found


def heavy_work() -> dict[str, HeavyWork]:
    """Return who does which heavy work, by the name it is deferred under."""
    found: dict[str, HeavyWork] = {}
    for module in modules("heavy"):
        found |= module.HEAVY
    return found


def routes(desk: WebDesk) -> list[web.RouteDef]:
    """Return where others may post to, of every feature."""
    return [route for module in modules("http") for route in module.routes(desk)]


def jobs() -> list[Job]:
    """Return what every feature does by the clock."""
    return [job for module in modules("jobs") for job in module.JOBS]
