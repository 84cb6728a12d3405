"""Command menus of the bot."""

import re

from simulator.access import Right, accessible_chat
from simulator.arguments import Arguments
from simulator.chats import ChatType
from simulator.commands import Scope
from simulator.errors import bad_request
from simulator.fields import MalformedError, integer_field, text_field
from simulator.methods.registry import Call, method
from simulator.wire import Json

MOST_COMMANDS = 100
LONGEST_COMMAND = 32
LONGEST_DESCRIPTION = 256

_COMMAND = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
_GENERAL_SCOPES = frozenset(
    {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
)
_CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})


@method("setMyCommands")
def set_my_commands(call: Call) -> bool:
    """Set the menu for a scope and a language."""
    items = _read_items(call.arguments)
    scope = _read_scope(call)
    language = read_language(call.arguments)
    commands = [_checked(item) for item in items]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    call.world.menus.set(scope, language, commands)
    call.world.events.publish_to_all("commands", {})
    return True


@method("getMyCommands")
def get_my_commands(call: Call) -> list[Json]:
    """Return the menu set for exactly this scope and language."""
    scope = _read_scope(call)
    return call.world.menus.get(scope, read_language(call.arguments))


@method("deleteMyCommands")
def delete_my_commands(call: Call) -> bool:
    """Remove the menu, so that the next wider scope shows."""
    scope = _read_scope(call)
    call.world.menus.set(scope, read_language(call.arguments), [])
    call.world.events.publish_to_all("commands", {})
    return True


def read_language(arguments: Arguments) -> str:
    """Return the language code of a request: two small letters or nothing."""
    language = arguments.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def _read_items(arguments: Arguments) -> list[Json]:
    value = arguments.parsed("commands", "commands")
    if value is None:
        return []
    if not isinstance(value, list):
        raise bad_request("expected an Array of BotCommand")
    try:
        return [_read_item(item) for item in value]
    except MalformedError as fault:
        raise fault.within("can't parse BotCommand") from fault


def _read_item(item: object) -> Json:
    if not isinstance(item, dict):
        raise MalformedError("expected an Object")
    command = text_field(item, "command", None)
    return {"command": command, "description": text_field(item, "description", None)}


def _checked(item: Json) -> Json:
    command = item["command"].strip().removeprefix("/")
    description = item["description"].strip()
    if not command:
        raise bad_request("command must be non-empty")
    if len(command) > LONGEST_COMMAND:
        raise bad_request(f"command length must not exceed {LONGEST_COMMAND}")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > LONGEST_DESCRIPTION:
        raise bad_request(f"command description length must not exceed {LONGEST_DESCRIPTION}")
    if not _COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": command, "description": description}


def _read_scope(call: Call) -> Scope:
    value = call.arguments.parsed("scope", "BotCommandScope")
    if value is None:
        return Scope()
    try:
        kind, chat_id, user_id = _scope_fields(value)
    except MalformedError as fault:
        raise fault.within("can't parse BotCommandScope") from fault
    if not chat_id:
        return Scope(kind)
    chat = accessible_chat(call.world, chat_id, Right.MEMBERS)
    if chat.private and kind != "chat":
        raise bad_request("can't use specified scope in private chats")
    if chat.type is ChatType.CHANNEL:
        raise bad_request("can't change commands in channel chats")
    return Scope(kind, chat.id, user_id)


def _scope_fields(value: object) -> tuple[str, str, int]:
    """Return kind, chat and user of a BotCommandScope."""
    if not isinstance(value, dict):
        raise MalformedError("BotCommandScope must be an Object")
    kind = text_field(value, "type", None)
    if kind in _GENERAL_SCOPES:
        return kind, "", 0
    if kind not in _CHAT_SCOPES:
        raise MalformedError("Unsupported type specified")
    chat_id = text_field(value, "chat_id", None)
    if not chat_id:
        raise MalformedError("Empty chat_id specified")
    user_id = integer_field(value, "user_id", None) if kind == "chat_member" else 0
    if user_id < 0 or (kind == "chat_member" and not user_id):
        raise MalformedError("Invalid user_id specified")
    return kind, chat_id, user_id
