"""The methods of the Bot API this Telegram knows."""

from simulator.methods import (
    callbacks,
    chats,
    commands,
    copies,
    edits,
    files,
    media,
    messages,
    pins,
    places,
    profile,
    updates,
)
from simulator.methods.registry import Answer, Call, method_names, perform

__all__ = [
    "Answer",
    "Call",
    "callbacks",
    "chats",
    "commands",
    "copies",
    "edits",
    "files",
    "media",
    "messages",
    "method_names",
    "perform",
    "pins",
    "places",
    "profile",
    "updates",
]
