"""Control API, part one: what a person does and sees."""

import math
from http import HTTPStatus

from aiohttp import web

from simulator import deeds
from simulator.arguments import Arguments
from simulator.bodies import read_body
from simulator.bot_api import WORLD
from simulator.chats import Chat
from simulator.control import answered, chat_in, person_in, problem
from simulator.media import document_content, photo_content
from simulator.page_views import can_send, chat_view_for, history_view, page_message
from simulator.wire import Json
from simulator.world import World

MOST_MESSAGES = 200
USUAL_MESSAGES = 50

_IN_CHAT = "/sim/people/{person}/chats/{chat}"


def add_people_routes(app: web.Application) -> None:
    """Open the calls of a person."""
    app.router.add_get("/sim/people/{person}/chats", _chats)
    app.router.add_get(f"{_IN_CHAT}/messages", _messages)
    app.router.add_post(f"{_IN_CHAT}/send", _send)
    app.router.add_post(f"{_IN_CHAT}/edit", _edit)
    app.router.add_post(f"{_IN_CHAT}/press", _press)
    app.router.add_get(f"{_IN_CHAT}/commands", _commands)
    app.router.add_get(f"{_IN_CHAT}/profile", _profile)
    app.router.add_post("/sim/people/{person}/block", _block)
    app.router.add_post("/sim/people/{person}/unblock", _unblock)


async def _chats(request: web.Request) -> web.Response:
    world, person_id = request.app[WORLD], person_in(request)
    views = [chat_view_for(world, chat, person_id) for chat in world.directory.chats_of(person_id)]
    views.sort(key=_activity, reverse=True)
    return answered(views)


def _activity(view: Json) -> tuple[int, bool]:
    last = view["last_message"]
    return (last["date"] if last else 0, view["type"] == "private")


async def _messages(request: web.Request) -> web.Response:
    world, chat = request.app[WORLD], chat_in(request)
    query = Arguments(dict(request.query), {})
    before = query.integer("before") or None
    limit = query.integer("limit", USUAL_MESSAGES, least=1, most=MOST_MESSAGES)
    return answered(history_view(world, chat, person_in(request), before=before, limit=limit))


async def _send(request: web.Request) -> web.Response:
    world, chat, person_id = request.app[WORLD], chat_in(request), person_in(request)
    body = await read_body(request)
    arguments = Arguments(body.values, body.files)
    if not can_send(world, chat, person_id):
        reason = "the bot is blocked" if chat.private else "only administrators may write here"
        raise problem(HTTPStatus.FORBIDDEN, reason)
    content = _content(world, chat, person_id, arguments)
    reply_to = arguments.integer("reply_to_message_id") or None
    message = deeds.write(world, chat, person_id, content, reply_to)
    return answered(page_message(world, message, person_id))


def _content(world: World, chat: Chat, person_id: int, arguments: Arguments) -> Json:
    for name, made in (("photo", photo_content), ("document", document_content)):
        if upload := arguments.file(name):
            caption = deeds.caption_content(world, arguments.text("caption"))
            return made(world, upload) | caption
    location = arguments.lenient("location")
    if isinstance(location, dict):
        return {"location": _location(location)}
    if arguments.flag("contact") and chat.private:
        return {"contact": _own_contact(world, person_id)}
    if not arguments.text("text"):
        raise problem(HTTPStatus.BAD_REQUEST, "there is nothing to send")
    return deeds.text_content(world, arguments.text("text"))


def _location(value: Json) -> Json:
    place = {name: value.get(name) for name in ("latitude", "longitude")}
    if not all(isinstance(one, int | float) and math.isfinite(one) for one in place.values()):
        raise problem(HTTPStatus.BAD_REQUEST, "a location has a latitude and a longitude")
    return place


def _own_contact(world: World, person_id: int) -> Json:
    person = world.directory.people[person_id]
    contact: Json = {"phone_number": f"+49155{person_id:08d}", "first_name": person.first_name}
    if person.last_name:
        contact["last_name"] = person.last_name
    return contact | {"user_id": person_id}


async def _edit(request: web.Request) -> web.Response:
    world, chat, person_id = request.app[WORLD], chat_in(request), person_in(request)
    arguments = Arguments((await read_body(request)).values, {})
    message_id = arguments.integer("message_id")
    message = deeds.edit(world, chat, person_id, message_id, arguments.text("text"))
    return answered(page_message(world, message, person_id))


async def _press(request: web.Request) -> web.Response:
    arguments = Arguments((await read_body(request)).values, {})
    deeds.press(request.app[WORLD], chat_in(request), person_in(request), arguments)
    return answered({"ok": True})


async def _commands(request: web.Request) -> web.Response:
    world, chat, person_id = request.app[WORLD], chat_in(request), person_in(request)
    language = world.directory.people[person_id].language_code
    administers = chat.status(person_id).administers
    if not chat.present(world.bot.id):
        return answered([])
    menu = world.menus.shown_to(chat, person_id, language, administrator=administers)
    return answered(menu)


async def _profile(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    language = world.directory.people[person_in(request)].language_code
    return answered(
        {
            "name": world.profile.name(language) or world.bot.first_name,
            "description": world.profile.get("description", language),
            "short_description": world.profile.get("short_description", language),
        }
    )


async def _block(request: web.Request) -> web.Response:
    return _blocked(request, blocked=True)


async def _unblock(request: web.Request) -> web.Response:
    return _blocked(request, blocked=False)


def _blocked(request: web.Request, *, blocked: bool) -> web.Response:
    deeds.set_blocked(request.app[WORLD], person_in(request), blocked=blocked)
    return answered({"blocked": blocked})
