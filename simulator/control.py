"""The people's side over HTTP: /sim/… for the chat page, demonstrations and tests."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from simulator.bot_api import WORLD
from simulator.chats import Chat
from simulator.errors import ApiError
from simulator.events import Subscription

HEARTBEAT = 15
"""Seconds after which a silent stream of events gets a comment line."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answered(body: object) -> web.Response:
    """Return a JSON answer."""
    return web.json_response(body, dumps=lambda value: json.dumps(value, ensure_ascii=False))


def problem(status: int, text: str) -> ApiError:
    """Return the error for a call of the control API."""
    return ApiError(status, text)


@web.middleware
async def explain_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a refused call with {"error": …}."""
    try:
        return await handler(request)
    except ApiError as error:
        return _explained(error.code, error.description.removeprefix("Bad Request: "))
    except web.HTTPException as error:
        if request.path.startswith("/sim/"):
            return _explained(error.status, error.reason)
        if request.path.startswith(("/bot", "/file/")):
            body = ApiError(error.status, error.reason).envelope()
            return web.json_response(body, status=error.status)
        raise


def _explained(status: int, text: str) -> web.Response:
    return web.json_response({"error": text}, status=status)


def person_in(request: web.Request) -> int:
    """Return the id of the person in the path."""
    person_id = _number(request.match_info["person"])
    if person_id not in request.app[WORLD].directory.people:
        raise problem(HTTPStatus.NOT_FOUND, "there is no such person")
    return person_id


def chat_in(request: web.Request) -> Chat:
    """Return the chat in the path, which the person in the path must see."""
    chat = any_chat_in(request)
    if not chat.present(person_in(request)):
        raise problem(HTTPStatus.FORBIDDEN, "the person is not in this chat")
    return chat


def any_chat_in(request: web.Request) -> Chat:
    """Return the chat in the path."""
    chat = request.app[WORLD].directory.chats.get(_number(request.match_info["chat"]))
    if chat is None:
        raise problem(HTTPStatus.NOT_FOUND, "there is no such chat")
    return chat


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise problem(HTTPStatus.NOT_FOUND, "ids are numbers") from error


async def stream_events(request: web.Request) -> web.StreamResponse:
    """Send a person's events as they happen."""
    world = request.app[WORLD]
    person_id = _number(request.query.get("person", ""))
    headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    response = web.StreamResponse(headers=headers)
    page = world.events.subscribe(person_id)
    try:
        await response.prepare(request)
        await response.write(b": connected\n\n")
        while event := await _next_event(page):
            await response.write(event)
    except ConnectionError:
        pass
    finally:
        world.events.unsubscribe(person_id, page)
    return response


async def _next_event(page: Subscription) -> bytes:
    """Return the next event, a comment line after a while of silence, nothing at the end."""
    try:
        async with asyncio.timeout(HEARTBEAT):
            event = await page.get()
    except TimeoutError:
        return b": still here\n\n"
    return event.encoded() if event else b""
