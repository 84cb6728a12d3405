"""Name, descriptions and menu button of the bot."""

from collections.abc import Callable

from simulator.arguments import Arguments
from simulator.errors import bad_request
from simulator.fields import MalformedError, object_field, text_field
from simulator.methods.chats import read_user_id
from simulator.methods.commands import read_language
from simulator.methods.registry import Call, method
from simulator.wire import Json

_LONGEST = {"name": 64, "description": 512, "short_description": 120}
_METHODS = {
    "name": "MyName",
    "description": "MyDescription",
    "short_description": "MyShortDescription",
}
# The texts are checked by Telegram's closed servers; these are the codes clients know.
_REFUSALS = {
    "name": "BOT_TITLE_INVALID",
    "description": "DESCRIPTION_TOO_LONG",
    "short_description": "ABOUT_TOO_LONG",
}


def _setter(field: str) -> Callable[[Call], bool]:
    def set_text(call: Call) -> bool:
        language = read_language(call.arguments)
        text = call.arguments.text(field)
        if len(text) > _LONGEST[field]:
            raise bad_request(_REFUSALS[field])
        call.world.profile.set(field, language, text)
        call.world.events.publish_to_all("world", {})
        return True

    return set_text


def _getter(field: str) -> Callable[[Call], Json]:
    def get_text(call: Call) -> Json:
        text = call.world.profile.get(field, read_language(call.arguments))
        if field == "name" and not text:
            text = call.world.bot.first_name
        return {field: text}

    return get_text


for _field, _name in _METHODS.items():
    method(f"set{_name}")(_setter(_field))
    method(f"get{_name}")(_getter(_field))


@method("setChatMenuButton")
def set_chat_menu_button(call: Call) -> bool:
    """Set the button beside the input field, for one person or everybody else."""
    button = _read_button(call.arguments)
    person_id = _person_id(call)
    if button["type"] == "default" and person_id:
        call.world.profile.menu_buttons.pop(person_id, None)
    else:
        call.world.profile.menu_buttons[person_id] = button
    return True


@method("getChatMenuButton")
def get_chat_menu_button(call: Call) -> Json:
    """Return the button of one person or of everybody else."""
    buttons = call.world.profile.menu_buttons
    return buttons.get(_person_id(call)) or buttons.get(0) or {"type": "commands"}


def _person_id(call: Call) -> int:
    if not call.arguments.has("chat_id"):
        return 0
    person_id = read_user_id(call.arguments, "chat_id")
    if person_id not in call.world.directory.people:
        raise bad_request("user not found")
    return person_id


def _read_button(arguments: Arguments) -> Json:
    value = arguments.parsed("menu_button", "menu button")
    if value is None:
        return {"type": "default"}
    try:
        return _button(value)
    except MalformedError as fault:
        raise fault.within("can't parse menu button") from fault


def _button(value: object) -> Json:
    if not isinstance(value, dict):
        raise MalformedError("MenuButton must be an Object")
    kind = text_field(value, "type", None)
    if kind in {"default", "commands"}:
        return {"type": kind}
    if kind != "web_app":
        raise MalformedError("MenuButton has unsupported type")
    text = text_field(value, "text", None)
    url = text_field(object_field(value, "web_app"), "url", None)
    return {"type": kind, "text": text, "web_app": {"url": url}}
