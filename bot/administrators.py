"""Whether somebody runs a group: asked of Telegram before the transaction that needs to know.

The answer is remembered for a minute, in memory: who runs which group is nobody's business later.
"""

import json
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from aiogram import Bot
from aiogram.enums import ChatMemberStatus
from aiogram.exceptions import TelegramAPIError

RUNS = {ChatMemberStatus.CREATOR, ChatMemberStatus.ADMINISTRATOR}
GROUPS = {"group", "supergroup"}
KEPT_SECONDS = 60.0
KEPT = 1_000
ASK_SECONDS = 5
COMMANDS = ("/alarme", "/alarms")
BUTTONS = ("as:", "ae:")
"""Payloads that change what a group hears (`handlers.buttons.alarms`)."""
Membership = tuple[int, int]
"""Telegram's ids of a group and of somebody who may belong to it."""


@dataclass
class Administrators:
    """What Telegram said lately about who runs which group."""

    bot: Bot
    _known: OrderedDict[Membership, tuple[bool, float]] = field(default_factory=OrderedDict)

    def asked(self, body: str) -> Membership | None:
        """Return whose standing must be known to handle an update, unless it is already."""
        wanted = _membership(body)
        return None if wanted is None or self.runs(*wanted) is not None else wanted

    def runs(self, group: int, person: int) -> bool | None:
        """Whether somebody runs a group; None: Telegram has not said so lately."""
        found = self._known.get((group, person))
        if found is None or found[1] < time.monotonic():
            return None
        return found[0]

    def forget(self) -> None:
        """Forget what Telegram said."""
        self._known.clear()

    async def ask(self, membership: Membership) -> None:
        """Ask Telegram; where it does not answer, nobody runs anything for the next minute."""
        group, person = membership
        try:
            member = await self.bot.get_chat_member(group, person, request_timeout=ASK_SECONDS)
            runs = member.status in RUNS
        except TelegramAPIError:
            runs = False
        self._known[membership] = (runs, time.monotonic() + KEPT_SECONDS)
        self._known.move_to_end(membership)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)


def _membership(body: str) -> Membership | None:
    """Return group and person of an update that wants to change what the group hears."""
    try:
        update: dict[str, Any] = json.loads(body)
        query = update.get("callback_query")
        message = query["message"] if query else update["message"]
        said = (query.get("data") if query else message.get("text")) or ""
        chat, person = message["chat"], (query or message)["from"]["id"]
        concerns = said.startswith(BUTTONS if query else COMMANDS)
        if concerns and chat["type"] in GROUPS:
            return int(chat["id"]), int(person)
    except (ValueError, LookupError, AttributeError, TypeError):
        return None
    return None
