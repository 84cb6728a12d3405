"""The bot's side over HTTP: /bot<token>/<method> and /file/bot<token>/<path>."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from simulator.arguments import Arguments
from simulator.bodies import read_arguments
from simulator.errors import ApiError, refusal
from simulator.faults import ResetError
from simulator.files import LARGEST_DOWNLOAD
from simulator.methods import Answer, Call, perform
from simulator.wire import Json, encode
from simulator.world import World

logger = logging.getLogger(__name__)

WORLD = web.AppKey("world", World)

_JSON = {"Content-Type": "application/json; charset=utf-8"}


def add_bot_routes(app: web.Application) -> None:
    """Open the Bot API on this application."""
    app.router.add_route("*", "/bot{token}/{method}", _handle)
    app.router.add_get("/file/bot{token}/{path:.+}", _download)


async def execute(world: World, method: str, values: Mapping[str, object]) -> None:
    """Carry out a method an endpoint put into its reply; nobody learns the result."""
    try:
        await perform(method, Call(world, Arguments(values, {})))
    except ApiError as error:
        logger.info("method %s in a webhook reply was refused: %s", method, error)


async def _handle(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    try:
        _check_token(world, request.match_info["token"])
        call = Call(world, await read_arguments(request))
        answer = await _performed(world, request.match_info["method"], call)
    except ApiError as error:
        return _refused(error)
    except ResetError:
        return _cut_off(request)
    except Exception:
        logger.exception("method %s failed", request.match_info["method"])
        return _refused(ApiError(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal Server Error"))
    return _json(_success(answer), HTTPStatus.OK)


async def _performed(world: World, method: str, call: Call) -> Answer:
    """Carry out the method, with whatever is to go wrong on the way."""
    if not world.faults.active:
        return await perform(method, call)
    await world.faults.before_call(method.lower())
    answer = await perform(method, call)
    world.faults.after_call(method.lower())
    return answer


def _cut_off(request: web.Request) -> web.Response:
    """Hang up; the response goes nowhere."""
    if request.transport:
        request.transport.abort()
    return web.Response()


def _success(answer: Answer) -> Json:
    body: Json = {"ok": True, "result": answer.result}
    if answer.description:
        body["description"] = answer.description
    return body


def _refused(error: ApiError) -> web.Response:
    response = _json(error.envelope(), error.code)
    retry_after = (error.parameters or {}).get("retry_after")
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _json(body: Json, status: int) -> web.Response:
    return web.Response(body=encode(body).encode(), status=status, headers=_JSON)


def _check_token(world: World, token: str) -> None:
    if token in world.tokens:
        return
    bot_id, separator, _ = token.partition(":")
    if not separator or not bot_id.isdecimal() or token.startswith("0"):
        raise refusal(HTTPStatus.UNAUTHORIZED, "invalid token specified")
    raise refusal(HTTPStatus.UNAUTHORIZED)


async def _download(request: web.Request) -> web.StreamResponse:
    world = request.app[WORLD]
    try:
        _check_token(world, request.match_info["token"])
        stored = world.files.at(request.match_info["path"])
        if stored is None or stored.size > LARGEST_DOWNLOAD:
            raise refusal(HTTPStatus.NOT_FOUND)
    except ApiError as error:
        return _refused(error)
    headers = {"Content-Type": "application/octet-stream"}
    return web.FileResponse(world.files.location(stored), headers=headers)
