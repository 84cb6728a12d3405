"""Entities Telegram finds in a text by itself: commands, mentions, hashtags, links."""

import re
from collections.abc import Iterable
from itertools import accumulate

from simulator.entities import Entity

# The real server knows every top-level domain; these are the ones likely in citizens' chats.
_TOP_LEVEL = (
    "app|at|be|berlin|biz|ch|com|cz|de|dev|dk|edu|es|eu|fr|gov|hamburg|info|int|io|it|koeln|lt|lu"
    "|lv|me|mil|name|net|nl|no|org|pl|pro|pt|ro|ru|saarland|se|sh|si|sk|tel|travel|tv|uk|ua|us"
)
_COMMAND = r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>@])"
_DOMAIN = rf"(?:[^\W_](?:[\w-]*[^\W_])?\.)+(?:{_TOP_LEVEL})(?![\w-])"
_IP_ADDRESS = r"(?:\d{1,3}\.){3}\d{1,3}(?![\w.])"
_PATTERNS = {
    "email": re.compile(rf"(?<![\w.+@/-])[\w.+-]+@{_DOMAIN}", re.IGNORECASE),
    "url": re.compile(
        rf"(?<![\w@./-])(?:(?:https?|ftp)://[^\s<>\"«»]+|tg://[^\s<>\"«»]+"
        rf"|(?:{_DOMAIN}|{_IP_ADDRESS})(?::\d+)?(?:[/?#][^\s<>\"«»]*)?)",
        re.IGNORECASE,
    ),
    "bot_command": re.compile(_COMMAND, re.ASCII),
    "mention": re.compile(r"(?<![\w@])@[A-Za-z0-9_]{4,32}(?!\w)"),
    "hashtag": re.compile(r"(?<![\w#])#(?=\w*[^\W\d_])[\w·]{1,256}(?!\w)"),
    "cashtag": re.compile(r"(?<![\w$])\$(?:1INCH|[A-Z]{1,8})(?![\w$])"),
}
_SIGNS = frozenset("/@#$.:")
_TRAILING = ".,:;!?…'`)]}"


def find_entities(text: str) -> list[Entity]:
    """Return what is found, each with its place in UTF-16 units; overlapping finds included."""
    if _SIGNS.isdisjoint(text):
        return []
    places = _places(text)
    return [
        Entity(kind, places[begin], places[end] - places[begin])
        for kind, pattern in _PATTERNS.items()
        for begin, end in _spans(kind, pattern, text)
    ]


def _spans(kind: str, pattern: re.Pattern[str], text: str) -> Iterable[tuple[int, int]]:
    for found in pattern.finditer(text):
        end = found.end()
        if kind == "url":
            end -= len(found[0]) - len(_without_trailing(found[0]))
        yield found.start(), end


def _without_trailing(link: str) -> str:
    while link and link[-1] in _TRAILING:
        if link[-1] == ")" and link.count("(") >= link.count(")"):
            break
        link = link[:-1]
    return link


def _places(text: str) -> list[int]:
    return list(accumulate((1 + (letter > "\uffff") for letter in text), initial=0))
