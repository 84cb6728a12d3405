"""Control API, part three: what a bot is put to the test with."""

from http import HTTPStatus

from aiohttp import web

from simulator.arguments import Arguments
from simulator.bodies import read_body
from simulator.bot_api import WORLD
from simulator.control import answered, problem
from simulator.wire import Json
from simulator.world import World

LONGEST_JOURNEY = 10 * 365 * 86_400


def add_trial_routes(app: web.Application) -> None:
    """Open the calls about limits, faults and the clock."""
    app.router.add_get("/sim/limits", _limits)
    app.router.add_post("/sim/limits", _set_limits)
    app.router.add_get("/sim/faults", _faults)
    app.router.add_post("/sim/faults", _set_faults)
    app.router.add_delete("/sim/faults", _clear_faults)
    app.router.add_get("/sim/clock", _clock)
    app.router.add_post("/sim/clock", _travel)


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


async def _faults(request: web.Request) -> web.Response:
    return answered(request.app[WORLD].faults.as_json())


async def _set_faults(request: web.Request) -> web.Response:
    faults = request.app[WORLD].faults
    arguments = Arguments((await read_body(request)).values, {})
    wanted = arguments.lenient("faults")
    if not isinstance(wanted, dict):
        raise problem(HTTPStatus.BAD_REQUEST, "faults is an object: {kind: {share, …}}")
    faults.plan(arguments.integer("seed"), wanted)
    return answered(faults.as_json())


async def _clear_faults(request: web.Request) -> web.Response:
    faults = request.app[WORLD].faults
    faults.clear()
    return answered(faults.as_json())


async def _clock(request: web.Request) -> web.Response:
    return answered({"now": request.app[WORLD].clock.now()})


async def _travel(request: web.Request) -> web.Response:
    clock = request.app[WORLD].clock
    seconds = Arguments((await read_body(request)).values, {}).integer("forward")
    if not 0 < seconds <= LONGEST_JOURNEY:
        raise problem(HTTPStatus.BAD_REQUEST, "time goes forward by 1 second to 10 years")
    clock.advance(seconds)
    return answered({"now": clock.now()})
