"""Command menus by scope and language, and the texts that introduce the bot."""

from collections import defaultdict
from typing import NamedTuple

from simulator.chats import Chat
from simulator.wire import Json


class Scope(NamedTuple):
    """Whom a command menu is for; kinds are named as in BotCommandScope."""

    kind: str = "default"
    chat_id: int = 0
    user_id: int = 0


class CommandMenus:
    """The lists of commands the bot has set."""

    def __init__(self) -> None:
        self._menus: dict[tuple[Scope, str], list[Json]] = {}

    def set(self, scope: Scope, language_code: str, commands: list[Json]) -> None:
        """Replace the menu; an empty one is the same as none."""
        if commands:
            self._menus[scope, language_code] = commands
        else:
            self._menus.pop((scope, language_code), None)

    def get(self, scope: Scope, language_code: str) -> list[Json]:
        return self._menus.get((scope, language_code), [])

    def shown_to(
        self, chat: Chat, user_id: int, language_code: str, *, administrator: bool
    ) -> list[Json]:
        """Return the menu a person sees: narrowest scope first, in each their language first."""
        for scope in _scopes(chat, user_id, administrator=administrator):
            for language in (language_code, ""):
                if menu := self.get(scope, language):
                    return menu
        return []


def _scopes(chat: Chat, user_id: int, *, administrator: bool) -> list[Scope]:
    if chat.private:
        return [Scope("chat", chat.id), Scope("all_private_chats"), Scope()]
    if not chat.is_group:
        return []
    scopes = [Scope("chat_member", chat.id, user_id)]
    if administrator:
        scopes.append(Scope("chat_administrators", chat.id))
    scopes.append(Scope("chat", chat.id))
    if administrator:
        scopes.append(Scope("all_chat_administrators"))
    return [*scopes, Scope("all_group_chats"), Scope()]


class BotProfile:
    """Name and descriptions of the bot in each language, and its menu buttons."""

    def __init__(self) -> None:
        self._texts: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self.menu_buttons: dict[int, Json] = {}
        """By person; 0 is the button of everybody else."""

    def set(self, field: str, language_code: str, text: str) -> None:
        """Set a text; an empty one makes the language fall back to the general text."""
        if text:
            self._texts[field][language_code] = text
        else:
            self._texts[field].pop(language_code, None)

    def get(self, field: str, language_code: str) -> str:
        """Return the text in this language, otherwise the general one."""
        texts = self._texts[field]
        return texts.get(language_code, texts.get("", ""))

    def name(self, language_code: str) -> str:
        return self.get("name", language_code)
