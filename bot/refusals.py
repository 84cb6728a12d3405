"""Telegram's refusals as what they are; above all: did it arrive, surely not, or perhaps?"""

import re
from enum import Enum, auto

from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiohttp import ClientConnectorError, ConnectionTimeoutError

NOTHING_TO_CHANGE = ("message is not modified", "message to edit not found")
QUOTED = re.compile(r"""["'].*["']""", re.DOTALL)
NEVER_CONNECTED = (ClientConnectorError, ConnectionTimeoutError)


class Fate(Enum):
    """What became of a call that brought no result."""

    ARRIVED = auto()
    """The message already is what it was to become, or somebody deleted it."""
    TOO_MANY = auto()
    TOKEN_REFUSED = auto()
    UNREACHABLE = auto()
    """There was no connection: surely not sent, and no other message can be."""
    MOVED = auto()
    GONE = auto()
    """Whoever it was for does not want us, or is no more."""
    LATER = auto()
    """Telegram has trouble: surely not sent."""
    REFUSED = auto()
    UNCLEAR = auto()
    """The request may have been read; its answer was not."""


FATES: tuple[tuple[type[Exception], Fate], ...] = (
    (TelegramRetryAfter, Fate.TOO_MANY),
    (TelegramUnauthorizedError, Fate.TOKEN_REFUSED),
    (TelegramMigrateToChat, Fate.MOVED),
    (TelegramForbiddenError, Fate.GONE),
    (TelegramServerError, Fate.LATER),
    (TelegramEntityTooLarge, Fate.REFUSED),
    (TelegramNetworkError, Fate.UNCLEAR),
    (TelegramAPIError, Fate.REFUSED),
)


def fate(error: Exception) -> Fate:
    """Say what a failed call means; what is not known to be a refusal may have arrived."""
    if isinstance(error, TelegramNetworkError) and isinstance(error.__cause__, NEVER_CONNECTED):
        return Fate.UNREACHABLE
    if isinstance(error, TelegramBadRequest) and _nothing_to_change(error.message):
        return Fate.ARRIVED
    return next((one for kind, one in FATES if isinstance(error, kind)), Fate.UNCLEAR)


def _nothing_to_change(message: str) -> bool:
    return any(words in message for words in NOTHING_TO_CHANGE)


def reason(error: Exception) -> str:
    """Return what may be stored and logged of an error: Telegram may quote what was written."""
    if isinstance(error, TelegramNetworkError) and not isinstance(error, TelegramEntityTooLarge):
        return type(error.__cause__ or error).__name__
    if isinstance(error, TelegramAPIError):
        return QUOTED.sub("…", error.message)
    return type(error).__name__
