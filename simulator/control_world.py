"""Control API, part two: who there is, files, and the stream of events."""

from http import HTTPStatus
from urllib.parse import quote

from aiohttp import web

from simulator.arguments import Arguments
from simulator.bodies import read_body
from simulator.bot_api import WORLD
from simulator.chats import Chat, ChatType, Person, Status
from simulator.control import answered, any_chat_in, problem, stream_events
from simulator.membership import set_status
from simulator.page_views import chat_view, person_view, world_view
from simulator.world import World

_SHOWN_INLINE = frozenset({"image/png", "image/jpeg"})
_STATUSES = {
    "add": Status.MEMBER,
    "remove": Status.KICKED,
    "promote": Status.ADMINISTRATOR,
    "demote": Status.MEMBER,
}


def add_world_routes(app: web.Application) -> None:
    """Open the calls about the world as a whole."""
    app.router.add_get("/sim/world", _world)
    app.router.add_get("/sim/events", stream_events)
    app.router.add_get("/sim/files/{file}", _file)
    app.router.add_post("/sim/people", _add_person)
    app.router.add_post("/sim/chats", _add_chat)
    app.router.add_post("/sim/chats/{chat}/members", _change_member)


async def _world(request: web.Request) -> web.Response:
    return answered(world_view(request.app[WORLD]))


async def _add_person(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    arguments = Arguments((await read_body(request)).values, {})
    first_name = arguments.text("first_name").strip()
    if not first_name:
        raise problem(HTTPStatus.BAD_REQUEST, "a person needs a first name")
    person = Person(
        id=world.directory.next_person_id(),
        first_name=first_name,
        last_name=arguments.text("last_name") or None,
        username=_free_username(world, arguments),
        language_code=arguments.text("language_code") or "de",
        note=arguments.text("note"),
    )
    world.directory.add_person(person)
    world.events.publish_to_all("world", {})
    return answered(person_view(world, person))


async def _add_chat(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    arguments = Arguments((await read_body(request)).values, {})
    try:
        chat_type = ChatType(arguments.text("type"))
    except ValueError as error:
        reason = "a chat is a group, a supergroup or a channel"
        raise problem(HTTPStatus.BAD_REQUEST, reason) from error
    title = arguments.text("title").strip()
    if chat_type is ChatType.PRIVATE or not title:
        raise problem(HTTPStatus.BAD_REQUEST, "a group or channel needs a title")
    username = _free_username(world, arguments)
    chat_id = world.directory.next_chat_id(chat_type)
    members = _members(world, arguments.lenient("members"))
    chat = world.directory.add_chat(Chat(chat_id, chat_type, title, username, members))
    chat.is_forum = chat_type is ChatType.SUPERGROUP and arguments.flag("is_forum")
    world.events.publish_to_all("world", {})
    return answered(chat_view(world, chat))


def _members(world: World, value: object) -> dict[int, Status]:
    """Return the members; the first one has created the chat."""
    ids = value if isinstance(value, list) else []
    if unknown := [one for one in ids if one not in world.directory.people]:
        raise problem(HTTPStatus.BAD_REQUEST, f"there is nobody with the id {unknown[0]}")
    members = dict.fromkeys(ids, Status.MEMBER)
    if ids:
        members[ids[0]] = Status.CREATOR
    return members


def _free_username(world: World, arguments: Arguments) -> str | None:
    username = arguments.text("username").removeprefix("@").strip()
    if not username:
        return None
    taken = {world.bot.username.lower()}
    if username.lower() in taken or world.directory.person_named(username):
        raise problem(HTTPStatus.CONFLICT, "this username is taken")
    if world.directory.chat_named(username):
        raise problem(HTTPStatus.CONFLICT, "this username is taken")
    return username


async def _change_member(request: web.Request) -> web.Response:
    world, chat = request.app[WORLD], any_chat_in(request)
    arguments = Arguments((await read_body(request)).values, {})
    status = _STATUSES.get(arguments.text("action"))
    if status is None or chat.private:
        raise problem(HTTPStatus.BAD_REQUEST, "members are added, removed, promoted or demoted")
    user_id = world.bot.id if arguments.flag("bot") else arguments.integer("person")
    if user_id != world.bot.id and user_id not in world.directory.people:
        raise problem(HTTPStatus.NOT_FOUND, "there is no such person")
    if status is Status.MEMBER and arguments.text("action") == "add" and chat.present(user_id):
        status = chat.status(user_id)
    actor_id = world.directory.first_administrator(chat) or user_id
    set_status(world, chat, actor_id, user_id, status)
    return answered(chat_view(world, chat))


async def _file(request: web.Request) -> web.StreamResponse:
    world = request.app[WORLD]
    stored = world.files.get(request.match_info["file"])
    if stored is None:
        raise problem(HTTPStatus.NOT_FOUND, "there is no such file")
    inline = stored.content_type in _SHOWN_INLINE
    name = quote(stored.name or "file")
    headers = {
        "Content-Type": stored.content_type or "application/octet-stream",
        "Content-Disposition": f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{name}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return web.FileResponse(world.files.location(stored), headers=headers)
