"""Rich messages written as Markdown: brought into the blocks a bot could have sent as well."""

import re
from collections.abc import Callable

from simulator.wire import Json

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*")
_RULE = re.compile(r" {0,3}([-*_])(?:\s*\1){2,}\s*")
_FENCE = re.compile(r"(```+|~~~+)\s*(\S*)\s*")
_QUOTE = re.compile(r" {0,3}> ?(.*)")
_ITEM = re.compile(r" {0,3}(?:[-*+]|(\d{1,9})[.)])\s+(?:\[([ xX])\]\s+)?(.*)")
_CELL_RULE = re.compile(r":?-+:?")
# The bounds keep a long text full of openings from taking seconds.
_INLINE = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<ticks>`+)(?P<code>.+?)(?P=ticks)(?!`)"
    r"|\*\*(?P<bold>\S(?:.{0,2000}?\S)?)\*\*"
    r"|\*(?P<italic>[^\s*](?:[^*]*[^\s*])?)\*"
    r"|(?<!\w)_(?P<slanted>[^\s_](?:[^_]*[^\s_])?)_(?!\w)"
    r"|~~(?P<strikethrough>\S(?:.{0,2000}?\S)?)~~"
    r"|\|\|(?P<spoiler>\S(?:.{0,2000}?\S)?)\|\|"
    r"|\[(?P<label>[^\]\n]{0,2000})\]\((?P<url>[^\s)]+)\)"
)

Lines = list[str]


def blocks_in_markdown(markdown: str) -> list[object]:
    """Return the blocks of a message in Markdown as InputRichBlock objects; nothing is wrong."""
    blocks: list[object] = []
    lines = markdown.splitlines()
    while lines:
        if not lines[0].strip():
            del lines[0]
            continue
        taken, block = next(found for read in _READERS if (found := read(lines)))
        blocks.append(block)
        del lines[:taken]
    return blocks


Taken = tuple[int, Json] | None
"""How many lines a block takes, and the block; None if it is of another kind."""


def _heading(lines: Lines) -> Taken:
    found = _HEADING.fullmatch(lines[0])
    return found and (1, {"type": "heading", "size": len(found[1]), "text": _text(found[2])})


def _rule(lines: Lines) -> Taken:
    return (1, {"type": "divider"}) if _RULE.fullmatch(lines[0]) else None


def _fence(lines: Lines) -> Taken:
    opened = _FENCE.fullmatch(lines[0])
    if not opened:
        return None
    end = next((at for at in range(1, len(lines)) if lines[at].strip() == opened[1]), len(lines))
    language = {"language": opened[2]} if opened[2] else {}
    return end + 1, {"type": "pre", "text": "\n".join(lines[1:end])} | language


def _quote(lines: Lines) -> Taken:
    inner = _leading(lines, lambda line: found[1] if (found := _QUOTE.fullmatch(line)) else None)
    if not inner:
        return None
    # Quotes inside quotes stay text, so that no text can be nested without end.
    text = _text("\n".join(inner))
    return len(inner), {"type": "blockquote", "blocks": [{"type": "paragraph", "text": text}]}


def _list(lines: Lines) -> Taken:
    items: list[Json] = []
    for line in lines:
        found = _ITEM.fullmatch(line)
        if not found:
            break
        order = {"value": int(found[1]), "type": "1"} if found[1] else {}
        checked = {"is_checked": True} if found[2] in {"x", "X"} else {}
        box = {"has_checkbox": True} | checked if found[2] else {}
        items.append({"blocks": [{"type": "paragraph", "text": _text(found[3])}]} | order | box)
    return (len(items), {"type": "list", "items": items}) if items else None


def _table(lines: Lines) -> Taken:
    if len(lines) < 2 or "|" not in lines[0]:  # noqa: PLR2004 - a head and its rule
        return None
    rules = _cells(lines[1])
    if not all(map(_CELL_RULE.fullmatch, rules)) or len(rules) != len(_cells(lines[0])):
        return None
    rows = _leading(lines, lambda line: line if "|" in line else None)
    aligned = [_alignment(rule) for rule in rules]
    shown = [rows[0], *rows[2:]]
    cells = [
        [
            {"text": _text(text), "align": align} | ({"is_header": True} if number == 0 else {})
            for text, align in zip(_cells(row), aligned, strict=False)
        ]
        for number, row in enumerate(shown)
    ]
    return len(rows), {"type": "table", "cells": cells}


def _paragraph(lines: Lines) -> Taken:
    others = _READERS[:-1]
    taken = 1
    while (
        taken < len(lines)
        and lines[taken].strip()
        and not any(read(lines[taken : taken + 2]) for read in others)
    ):
        taken += 1
    text = "\n".join(line.strip() for line in lines[:taken])
    return taken, {"type": "paragraph", "text": _text(text)}


_READERS: tuple[Callable[[Lines], Taken], ...] = (
    _heading,
    _rule,
    _fence,
    _quote,
    _list,
    _table,
    _paragraph,
)


def _leading(lines: Lines, read: Callable[[str], str | None]) -> list[str]:
    """Return what is read from the first lines, up to the first that gives nothing."""
    found: list[str] = []
    for line in lines:
        value = read(line)
        if value is None:
            break
        found.append(value)
    return found


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def _alignment(rule: str) -> str:
    if rule.endswith(":"):
        return "center" if rule.startswith(":") else "right"
    return "left"


def _text(source: str) -> object:
    parts: list[object] = []
    position = 0
    for found in _INLINE.finditer(source):
        parts += [source[position : found.start()], _word(found)]
        position = found.end()
    kept = [part for part in [*parts, source[position:]] if part]
    return kept[0] if len(kept) == 1 else kept or ""


def _word(found: re.Match[str]) -> object:
    if found["escaped"]:
        return found["escaped"]
    if found["code"]:
        return {"type": "code", "text": found["code"]}
    if found["url"]:
        return {"type": "url", "text": _text(found["label"]), "url": found["url"]}
    for group, kind in (("slanted", "italic"), *((one, one) for one in _DECORATIONS)):
        if found[group]:
            return {"type": kind, "text": _text(found[group])}
    return found[0]


_DECORATIONS = ("bold", "italic", "strikethrough", "spoiler")
