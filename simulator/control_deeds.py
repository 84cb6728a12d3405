"""Control API, part four: votes, reactions, inline questions, deleted accounts, grown groups."""

from http import HTTPStatus

from aiohttp import web

from simulator import deeds, voting
from simulator.access import accessible_message
from simulator.arguments import Arguments
from simulator.bodies import read_body
from simulator.bot_api import WORLD
from simulator.chats import ChatType
from simulator.control import answered, any_chat_in, chat_in, person_in, problem
from simulator.membership import upgrade
from simulator.methods.reactions import read_reactions
from simulator.page_views import chat_view, page_message, person_view
from simulator.reactions import react

LONGEST_QUERY = 256

_IN_CHAT = "/sim/people/{person}/chats/{chat}"


def add_deed_routes(app: web.Application) -> None:
    """Open the calls for the rarer things people do."""
    app.router.add_post(f"{_IN_CHAT}/vote", _vote)
    app.router.add_post(f"{_IN_CHAT}/react", _react)
    app.router.add_post(f"{_IN_CHAT}/choose", _choose)
    app.router.add_post("/sim/people/{person}/inline", _ask)
    app.router.add_get("/sim/people/{person}/inline/{query}", _inline_answer)
    app.router.add_post("/sim/people/{person}/deactivate", _deactivate)
    app.router.add_post("/sim/chats/{chat}/upgrade", _upgrade)


async def _arguments(request: web.Request) -> Arguments:
    return Arguments((await read_body(request)).values, {})


async def _vote(request: web.Request) -> web.Response:
    world, chat, person_id = request.app[WORLD], chat_in(request), person_in(request)
    arguments = await _arguments(request)
    message = accessible_message(world, chat, arguments.integer("message_id"))
    poll = world.polls.at(chat.id, message.id)
    if poll is None:
        raise problem(HTTPStatus.BAD_REQUEST, "this message is no poll")
    chosen = arguments.lenient("option_ids")
    if not isinstance(chosen, list) or not all(type(one) is int for one in chosen):
        raise problem(HTTPStatus.BAD_REQUEST, "option_ids is a list of numbers")
    voting.vote(world, poll, person_id, chosen)
    return answered(page_message(world, message, person_id))


async def _react(request: web.Request) -> web.Response:
    world, chat, person_id = request.app[WORLD], chat_in(request), person_in(request)
    arguments = await _arguments(request)
    message = accessible_message(world, chat, arguments.integer("message_id"))
    react(world, chat, message, person_id, read_reactions(arguments))
    return answered(page_message(world, message, person_id))


async def _ask(request: web.Request) -> web.Response:
    arguments = await _arguments(request)
    query = arguments.text("query")
    if len(query) > LONGEST_QUERY:
        raise problem(HTTPStatus.BAD_REQUEST, f"a query has at most {LONGEST_QUERY} characters")
    world, person_id = request.app[WORLD], person_in(request)
    asked = deeds.ask_inline(world, person_id, query, arguments.text("offset"))
    return answered({"inline_query_id": asked.id})


async def _inline_answer(request: web.Request) -> web.Response:
    asked = request.app[WORLD].inline.get(request.match_info["query"])
    if asked is None or asked.person_id != person_in(request):
        raise problem(HTTPStatus.NOT_FOUND, "there is no such query")
    return answered(asked.answer or {"inline_query_id": asked.id, "results": None})


async def _choose(request: web.Request) -> web.Response:
    world, chat, person_id = request.app[WORLD], chat_in(request), person_in(request)
    arguments = await _arguments(request)
    asked = world.inline.get(arguments.text("inline_query_id"))
    results = (asked.answer or {}).get("results", []) if asked else []
    wanted = arguments.text("result_id")
    result = next((one for one in results if str(one["id"]) == wanted), None)
    if asked is None or asked.person_id != person_id or result is None:
        raise problem(HTTPStatus.NOT_FOUND, "there is no such result")
    message = deeds.choose_result(world, chat, asked, result)
    return answered(page_message(world, message, person_id))


async def _deactivate(request: web.Request) -> web.Response:
    world, arguments = request.app[WORLD], await _arguments(request)
    person = world.directory.people[person_in(request)]
    person.deactivated = not arguments.has("deactivated") or arguments.flag("deactivated")
    world.events.publish_to_all("world", {})
    return answered(person_view(world, person))


async def _upgrade(request: web.Request) -> web.Response:
    world, chat = request.app[WORLD], any_chat_in(request)
    actor_id = world.directory.first_administrator(chat)
    if chat.type is not ChatType.GROUP or chat.migrated_to or actor_id is None:
        raise problem(HTTPStatus.BAD_REQUEST, "only a basic group can be upgraded, once")
    return answered(chat_view(world, upgrade(world, chat, actor_id)))
