"""Puts the parts together: one web application for the bot, the people and the page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from aiohttp import web

from simulator.bot_api import WORLD, add_bot_routes, execute
from simulator.control import explain_errors
from simulator.control_deeds import add_deed_routes
from simulator.control_people import add_people_routes
from simulator.control_trials import add_trial_routes
from simulator.control_world import add_world_routes
from simulator.files import LARGEST_UPLOAD, MEGABYTE
from simulator.pages import add_page_routes
from simulator.world import World

LARGEST_REQUEST = LARGEST_UPLOAD + MEGABYTE


def build_app(world: World) -> web.Application:
    """Return the application that serves this world; it closes the world when it ends."""
    app = web.Application(middlewares=[explain_errors], client_max_size=LARGEST_REQUEST)
    app[WORLD] = world
    world.webhook.execute = partial(execute, world)
    add_bot_routes(app)
    add_people_routes(app)
    add_world_routes(app)
    add_trial_routes(app)
    add_deed_routes(app)
    add_page_routes(app)
    app.on_shutdown.append(_end_streams)
    app.on_cleanup.append(_close)
    return app


@asynccontextmanager
async def serving(world: World, host: str, port: int) -> AsyncIterator[int]:
    """Serve the world while the context is open; gives the port, which port 0 leaves open."""
    runner = web.AppRunner(build_app(world), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


async def _end_streams(app: web.Application) -> None:
    app[WORLD].events.close()
    app[WORLD].end_poll("terminated by shutdown")


async def _close(app: web.Application) -> None:
    await app[WORLD].close()
