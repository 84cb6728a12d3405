"""Rich messages written as HTML: brought into the blocks a bot could have sent as well."""

from collections.abc import Callable

from simulator.entities_html import STYLES
from simulator.fields import MalformedError
from simulator.rich_tree import Element, read_tree
from simulator.wire import Json

_INLINE = {
    **STYLES,
    "code": "code",
    "sub": "subscript",
    "sup": "superscript",
    "mark": "marked",
}
_LINKS = {"mailto:": ("email_address", "email_address"), "tel:": ("phone_number", "phone_number")}
_HEADINGS = {f"h{size}": size for size in range(1, 7)}
_TEXTS = {"p": "paragraph", "footer": "footer", "tg-thinking": "thinking"}
_INNER_ONLY = frozenset({"li", "tr", "td", "th", "caption", "summary", "cite", "tbody", "thead"})


def blocks_in_html(html: str) -> list[object]:
    """Return the blocks of a message in HTML as InputRichBlock objects."""
    return _blocks(read_tree(html, _KNOWN).children)


def _blocks(children: list[Element | str]) -> list[object]:
    """Return the blocks among these; loose words between them become paragraphs."""
    blocks: list[object] = []
    loose: list[Element | str] = []
    for child in [*children, None]:
        if isinstance(child, str) or (child is not None and child.tag not in _BLOCKS):
            loose.append(child)
            continue
        if any(not isinstance(one, str) or one.strip() for one in loose):
            blocks.append({"type": "paragraph", "text": _text(loose)})
        loose = []
        if child is not None:
            blocks.append(_BLOCKS[child.tag](child))
    return blocks


def _text(children: list[Element | str], *, verbatim: bool = False) -> object:
    parts = [_inline(child, verbatim=verbatim) for child in children]
    if not verbatim and parts and isinstance(parts[0], str):
        parts[0] = parts[0].lstrip()
    if not verbatim and parts and isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip()
    kept = [part for part in parts if part]
    return kept[0] if len(kept) == 1 else kept or ""


def _inline(child: Element | str, *, verbatim: bool = False) -> object:
    if isinstance(child, str):
        return child if verbatim else _spaced(child)
    if child.tag == "br":
        return "\n"
    if child.tag == "tg-math":
        return {"type": "mathematical_expression", "expression": _words(child)}
    text = _text_inside(child)
    if child.tag in _INLINE:
        return {"type": _INLINE[child.tag], "text": text}
    if child.tag == "a":
        return _link(child, text)
    raise MalformedError(f'Tag "{child.tag}" can\'t stand inside a text')


def _text_inside(element: Element) -> object:
    parts = [_inline(child) for child in element.children]
    return parts[0] if len(parts) == 1 else parts


def _spaced(text: str) -> str:
    """Return the text with each run of blanks as one, as browsers show it."""
    words = " ".join(text.split())
    if not words:
        return " " if text else ""
    return " " * text[:1].isspace() + words + " " * text[-1:].isspace()


def _words(element: Element) -> str:
    return "".join(one if isinstance(one, str) else _words(one) for one in element.children)


def _link(element: Element, text: object) -> Json:
    if "name" in element.attributes:
        return {"type": "anchor", "name": element.attributes["name"]}
    address = element.attributes.get("href", "")
    if address.startswith("#"):
        return {"type": "anchor_link", "text": text, "anchor_name": address[1:]}
    for scheme, (kind, name) in _LINKS.items():
        if address.startswith(scheme):
            return {"type": kind, "text": text, name: address.removeprefix(scheme)}
    return {"type": "url", "text": text, "url": address}


def _heading(element: Element) -> Json:
    return {"type": "heading", "size": _HEADINGS[element.tag], "text": _text(element.children)}


def _plain_block(element: Element) -> Json:
    return {"type": _TEXTS[element.tag], "text": _text(element.children)}


def _pre(element: Element) -> Json:
    inner = element.parts("code")
    language = inner[0].attributes.get("class", "").removeprefix("language-") if inner else ""
    children = inner[0].children if inner else element.children
    text = _text(children, verbatim=True)
    return {"type": "pre", "text": text} | ({"language": language} if language else {})


def _quote(element: Element) -> Json:
    credit = _part(element, "cite", "credit")
    children = element.without("cite")
    if "collapsed" in element.attributes or "expandable" in element.attributes:
        return {"type": "expandable_blockquote", "text": _text(children)} | credit
    return {"type": "blockquote", "blocks": _blocks(children)} | credit


def _aside(element: Element) -> Json:
    credit = _part(element, "cite", "credit")
    return {"type": "pullquote", "text": _text(element.without("cite"))} | credit


def _part(element: Element, tag: str, name: str) -> Json:
    """Return the words of the first child with this tag as a field, nothing if there is none."""
    parts = element.parts(tag)
    return {name: _text(parts[0].children)} if parts else {}


def _list(element: Element) -> Json:
    items: list[Json] = []
    first = element.attributes.get("start", "1")[:9]
    number = int(first) if first.isdecimal() else 1
    for item in element.parts("li"):
        order: Json = {}
        if element.tag == "ol":
            order = {"value": number, "type": element.attributes.get("type", "1")}
        items.append({"blocks": _blocks(item.children)} | order)
        number += 1
    return {"type": "list", "items": items}


def _table(element: Element) -> Json:
    rows = [[_cell(one) for one in row.parts("td", "th")] for row in element.parts("tr")]
    caption = _part(element, "caption", "caption")
    flags = {f"is_{name}": True for name in ("bordered", "striped") if name in element.attributes}
    return {"type": "table", "cells": rows} | caption | flags


def _cell(element: Element) -> Json:
    names = ("align", "valign", "colspan", "rowspan")
    placed = {name: element.attributes[name] for name in names if name in element.attributes}
    header = {"is_header": True} if element.tag == "th" else {}
    return {"text": _text(element.children)} | placed | header


def _details(element: Element) -> Json:
    summary = element.parts("summary")
    opened = {"is_open": True} if "open" in element.attributes else {}
    return {
        "type": "details",
        "summary": _text(summary[0].children) if summary else "",
        "blocks": _blocks(element.without("summary")),
    } | opened


def _map(element: Element) -> Json:
    names = {"lat": "latitude", "long": "longitude"}
    try:
        place = {name: float(element.attributes[short]) for short, name in names.items()}
    except (KeyError, ValueError) as error:
        raise MalformedError("tg-map needs the attributes lat and long") from error
    sizes = ("zoom", "width", "height")
    shown = {name: element.attributes[name] for name in sizes if name in element.attributes}
    return {"type": "map", "location": place} | shown


def _media(element: Element) -> Json:
    kind = "photo" if element.tag == "img" else "document"
    return {"type": kind, kind: {"type": kind, "media": element.attributes.get("src", "")}}


_BLOCKS: dict[str, Callable[[Element], Json]] = {
    **dict.fromkeys(_HEADINGS, _heading),
    **dict.fromkeys(_TEXTS, _plain_block),
    "pre": _pre,
    "blockquote": _quote,
    "aside": _aside,
    "ul": _list,
    "ol": _list,
    "table": _table,
    "details": _details,
    "hr": lambda _: {"type": "divider"},
    "tg-math-block": lambda one: {"type": "mathematical_expression", "expression": _words(one)},
    "tg-map": _map,
    "img": _media,
    "tg-document": _media,
    "tg-collage": lambda one: {"type": "collage", "blocks": _blocks(one.children)},
    "tg-slideshow": lambda one: {"type": "slideshow", "blocks": _blocks(one.children)},
}
_KNOWN = frozenset({*_BLOCKS, *_INLINE, *_INNER_ONLY, "a", "br", "tg-math"})
