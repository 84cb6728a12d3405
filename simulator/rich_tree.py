"""A page of HTML as a tree of its elements; tags out of order are refused."""

from collections.abc import Container
from dataclasses import dataclass, field
from html.parser import HTMLParser

from simulator.fields import MalformedError

DEEPEST = 100
_EMPTY = frozenset({"br", "hr", "img", "tg-map", "tg-document"})


@dataclass
class Element:
    """A tag with what stands between its ends."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    def parts(self, *tags: str) -> list["Element"]:
        """Return the children with these tags, those inside tbody and thead included."""
        found: list[Element] = []
        for child in self.children:
            if isinstance(child, Element) and child.tag in tags:
                found.append(child)
            elif isinstance(child, Element) and child.tag in {"tbody", "thead"}:
                found += child.parts(*tags)
        return found

    def without(self, *tags: str) -> list["Element | str"]:
        """Return the children but those with these tags."""
        return [one for one in self.children if isinstance(one, str) or one.tag not in tags]


def read_tree(html: str, known: Container[str]) -> Element:
    """Return an element that holds everything, or complain of unknown or unclosed tags."""
    reader = _Tree(known)
    reader.feed(html)
    reader.close()
    return reader.finished()


class _Tree(HTMLParser):
    def __init__(self, known: Container[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._known = known
        self._open = [Element("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        if len(self._open) > DEEPEST:
            raise MalformedError("tags are nested too deeply")
        if tag not in self._known:
            raise MalformedError(f'Unsupported start tag "{tag}"')
        self._open[-1].children.append(element)
        if tag not in _EMPTY:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in _EMPTY:
            return
        if self._open[-1].tag != tag:
            raise MalformedError(f'Unexpected end tag "{tag}"')
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def finished(self) -> Element:
        if len(self._open) > 1:
            raise MalformedError(
                f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"'
            )
        return self._open[0]
