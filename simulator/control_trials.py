"""Control API, part three: what a bot is put to the test with."""

from aiohttp import web

from simulator.arguments import Arguments
from simulator.bodies import read_body
from simulator.bot_api import WORLD
from simulator.control import answered
from simulator.wire import Json
from simulator.world import World


def add_trial_routes(app: web.Application) -> None:
    """Open the calls about limits."""
    app.router.add_get("/sim/limits", _limits)
    app.router.add_post("/sim/limits", _set_limits)


async def _limits(request: web.Request) -> web.Response:
    return answered(_limits_view(request.app[WORLD]))


async def _set_limits(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    arguments = Arguments((await read_body(request)).values, {})
    if arguments.has("strict"):
        world.limits.strict = arguments.flag("strict")
    if arguments.flag("reset"):
        world.limits.reset()
    return answered(_limits_view(world))


def _limits_view(world: World) -> Json:
    limits = world.limits
    return {
        "strict": limits.strict,
        "accepted": limits.recorder.accepted,
        "refused": limits.refused,
        "largest_second": limits.recorder.largest_second,
    }
