"""What the chat page gets to see, as JSON of the control API."""

import math

from simulator.chats import Chat, ChatType, Person
from simulator.entities_render import to_html
from simulator.messages import Message
from simulator.reactions import counted
from simulator.rich_plain import plain_text
from simulator.views import message_json
from simulator.wire import Json
from simulator.world import World


def world_view(world: World) -> Json:
    """Return the bot, all people and all groups and channels."""
    bot = world.bot
    name = world.profile.name("") or bot.first_name
    shown = {"id": bot.id, "first_name": name, "username": bot.username}
    chats = world.directory.chats.values()
    return {
        "bot": shown | {"running": world.bot_running},
        "people": [person_view(world, one) for one in world.directory.people.values()],
        "chats": [chat_view(world, one) for one in chats if not one.private],
    }


def person_view(world: World, person: Person) -> Json:
    """Return a person."""
    names = {"last_name": person.last_name, "username": person.username}
    return {
        "id": person.id,
        "first_name": person.first_name,
        **{field: value for field, value in names.items() if value},
        "language_code": person.language_code,
        "note": person.note,
        "blocked": world.directory.blocked(person.id),
        "deactivated": person.deactivated,
    }


def chat_view(world: World, chat: Chat) -> Json:
    """Return a chat as everybody sees it."""
    view: Json = {"id": chat.id, "type": chat.type.value}
    if chat.private:
        name = world.profile.name(world.directory.people[chat.id].language_code)
        view["first_name"] = name or world.bot.first_name
        view["username"] = world.bot.username
    else:
        view["title"] = chat.title
        if chat.username:
            view["username"] = chat.username
    view["members"] = world.directory.people_in(chat)
    view["admins"] = [one for one in view["members"] if chat.status(one).administers]
    view["bot_member"] = chat.present(world.bot.id)
    view["bot_admin"] = chat.status(world.bot.id).administers
    return view


def chat_view_for(world: World, chat: Chat, person_id: int) -> Json:
    """Return a chat as one person sees it, with its last message."""
    last = world.messages.latest(chat.id)
    return chat_view(world, chat) | {
        "last_message": page_message(world, last, person_id) if last else None,
        "can_send": can_send(world, chat, person_id),
        "started": chat.started if chat.private else True,
        "keyboard": chat.keyboards.get(person_id),
    }


def can_send(world: World, chat: Chat, person_id: int) -> bool:
    """Tell whether the person may write here."""
    if world.directory.people[person_id].deactivated or chat.migrated_to:
        return False
    if chat.private:
        return not world.directory.blocked(person_id)
    status = chat.status(person_id)
    return status.administers if chat.type is ChatType.CHANNEL else status.present


def history_view(
    world: World, chat: Chat, person_id: int, *, before: float | None, limit: int
) -> list[Json]:
    """Return up to `limit` messages and the person's ephemeral ones among them, oldest first."""
    history = world.messages.history(chat.id, before=before, limit=limit)
    begin = history[0].place if len(history) == limit else 0
    end = before or math.inf
    shown = {one.place: one for one in history}
    # One that stands in place of another message has that one's place.
    shown |= {
        one.place: one
        for one in world.ephemeral.of(chat.id, person_id)
        if begin <= one.place < end
    }
    return [page_message(world, shown[place], person_id) for place in sorted(shown)]


def page_message(world: World, message: Message, person_id: int) -> Json:
    """Return the Message object with what the page needs to show it to this person."""
    shown = message_json(world, message)
    text = shown.get("text") or shown.get("caption") or ""
    entities = shown.get("entities") or shown.get("caption_entities") or []
    own = person_id in (message.sender_id, message.author_id)
    shown["message_id"] = message.place
    shown["sim"] = {"outgoing": own, "html": to_html(text, entities)}
    if message.receiver_id:
        shown["sim"]["ephemeral"] = True
    if "rich_message" in shown:
        shown["sim"]["plain"] = plain_text(shown["rich_message"]["blocks"])
    if message.reactions:
        mine = message.reactions.get(person_id, [])
        shown["sim"] |= {"reactions": counted(message), "own_reactions": mine}
    if poll := world.polls.at(message.chat_id, message.id):
        shown["sim"]["chosen"] = poll.votes.get(person_id, [])
        if poll.hides_results and not poll.is_closed:
            shown["sim"]["results_hidden"] = True
    return shown
