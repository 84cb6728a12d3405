"""Builds a world from its description: the default one or a JSON file."""

import json
from pathlib import Path
from typing import TypeVar

from simulator.chats import Bot, Chat, ChatType, Person, Status
from simulator.clock import Clock, SystemClock
from simulator.default_world import DEFAULT_WORLD
from simulator.directory import Directory
from simulator.wire import Json
from simulator.world import World

_Value = TypeVar("_Value")


class WorldError(Exception):
    """The description of a world is wrong; says where."""


def read_world(path: Path | None) -> Json:
    """Return the description in the file, without a file the default one."""
    if path is None:
        return DEFAULT_WORLD
    try:
        description = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WorldError(f"{path}: {error}") from error
    if not isinstance(description, dict):
        raise WorldError(f"{path}: an object with people and chats is expected")
    return description


def build_world(
    description: Json,
    bot: Bot,
    tokens: tuple[str, ...],
    clock: Clock | None = None,
    *,
    seed: int = 0,
) -> World:
    """Return a world with these people and chats in which nothing has been said yet."""
    directory = Directory(bot)
    for item in description.get("people", []):
        directory.add_person(_person(item))
    for item in description.get("chats", []):
        directory.add_chat(_chat(item, directory))
    return World(directory, tokens, clock=clock or SystemClock(), seed=seed)


def _person(item: Json) -> Person:
    return Person(
        id=_given(item, "id", int),
        first_name=_given(item, "first_name", str),
        last_name=item.get("last_name"),
        username=item.get("username"),
        language_code=item.get("language_code", "de"),
        note=item.get("note", ""),
    )


def _chat(item: Json, directory: Directory) -> Chat:
    try:
        chat_type = ChatType(item.get("type", ""))
    except ValueError as error:
        raise WorldError(f"chat {item.get('title')}: {error}") from error
    chat_id = item.get("id") or directory.next_chat_id(chat_type)
    admins = item.get("admins", [])
    members = dict.fromkeys(item.get("members", []), Status.MEMBER)
    members |= dict.fromkeys(admins, Status.ADMINISTRATOR)
    members |= dict.fromkeys(admins[:1], Status.CREATOR)
    if unknown := [one for one in members if one not in directory.people]:
        raise WorldError(f"chat {item.get('title')}: nobody has the id {unknown[0]}")
    if item.get("bot_member", True):
        administers = item.get("bot_admin", False)
        members[directory.bot.id] = Status.ADMINISTRATOR if administers else Status.MEMBER
    return Chat(chat_id, chat_type, _given(item, "title", str), item.get("username"), members)


def _given(item: Json, name: str, kind: type[_Value]) -> _Value:
    value = item.get(name)
    if not isinstance(value, kind):
        raise WorldError(f"{item}: {name} must be given as {kind.__name__}")
    return value
