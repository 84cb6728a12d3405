"""MarkdownV2 markup of messages, read as the real server reads it, with its complaints."""

from dataclasses import dataclass

from simulator.entities import Entity, FormattedText, valid_emoji
from simulator.errors import ApiError, bad_request
from simulator.links import mentioned_user, valid_link_or_nothing

_RESERVED = frozenset(b"_*[]()~`>#+-=|{}.!\n")
_RESERVED_IN_CODE = frozenset(b"`")
_NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
_MARKS = {
    "bold": b"*",
    "strikethrough": b"~",
    "spoiler": b"||",
    "underline": b"__",
    "code": b"`",
    "pre": b"```",
    "text_link": b"]",
    "custom_emoji": b"]",
}
_SPACES = b" \t\r\n\0\v"
_LAST_ESCAPABLE = 126
_FOUR_BYTES = 0xF0


def parse_markdown(text: str) -> FormattedText:
    """Return the text without its marks, and the entities between them."""
    return _Parser(text.encode("utf-8", "surrogatepass")).parse()


@dataclass(slots=True)
class _Open:
    kind: str
    argument: str
    offset: int
    byte_offset: int
    begin: int

    @property
    def name(self) -> str:
        return "PreCode" if self.kind == "pre" and self.argument else _NAMES[self.kind]


def _refused(complaint: str) -> ApiError:
    return bad_request(f"can't parse entities: {complaint}")


class _Parser:
    """Walks over the bytes; zero bytes stand behind the end."""

    def __init__(self, text: bytes) -> None:
        self._text = text + b"\0\0\0\0"
        self._size = len(text)
        self._position = 0
        self._result = bytearray()
        self._units = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []
        self._quoting = False
        self._line_begins = True

    def parse(self) -> FormattedText:
        while self._position < self._size:
            self._take()
        self._end_quote_with_text()
        if self._open:
            raise self._unended(self._open[-1])
        return FormattedText(self._result.decode("utf-8", "replace"), self._entities)

    def _take(self) -> None:
        byte = self._text[self._position]
        if byte == ord("\\") and 0 < self._text[self._position + 1] <= _LAST_ESCAPABLE:
            self._position += 1
            self._keep(self._text[self._position])
        elif byte not in self._reserved():
            self._keep(byte)
        elif self._ends_here(byte):
            self._end(byte)
        else:
            self._begin(byte)

    def _reserved(self) -> frozenset[int]:
        verbatim = self._open and self._open[-1].kind in {"code", "pre"}
        return _RESERVED_IN_CODE if verbatim else _RESERVED

    def _keep(self, byte: int) -> None:
        self._result.append(byte)
        self._position += 1
        if byte & 0xC0 != 0x80:  # noqa: PLR2004 - the first byte of a character
            self._units += 1 + (byte >= _FOUR_BYTES)
            if byte != ord("\r"):
                self._line_begins = byte == ord("\n")

    def _at(self, mark: bytes) -> bool:
        return self._text.startswith(mark, self._position)

    def _ends_here(self, byte: int) -> bool:
        if not self._open:
            return False
        if self._quoting and byte == ord("\n") and self._text[self._position + 1] != ord(">"):
            return True
        kind = self._open[-1].kind
        if kind == "italic":
            return self._at(b"_") and not self._at(b"__")
        return kind in _MARKS and self._at(_MARKS[kind])

    def _begin(self, byte: int) -> None:
        if byte == ord("\n"):
            self._keep(byte)
        elif byte == ord(">") and self._line_begins:
            if not self._quoting:
                self._quoting = True
                self._start("blockquote", 1)
            else:
                self._position += 1
        elif byte == ord("`"):
            self._begin_code()
        else:
            self._begin_marked(byte)

    def _begin_marked(self, byte: int) -> None:
        for kind, mark in (
            ("underline", b"__"),
            ("italic", b"_"),
            ("bold", b"*"),
            ("strikethrough", b"~"),
            ("spoiler", b"||"),
            ("text_link", b"["),
            ("custom_emoji", b"!["),
        ):
            if self._at(mark):
                self._start(kind, len(mark))
                return
        raise _refused(
            f"Character '{chr(byte)}' is reserved and must be escaped with the preceding '\\'"
        )

    def _begin_code(self) -> None:
        if not self._at(b"```"):
            self._start("code", 1)
            return
        self._start("pre", 3)
        end = self._position
        while self._text[end] not in _SPACES + b"`":
            end += 1
        if end != self._position and end < self._size and self._text[end] != ord("`"):
            language = self._text[self._position : end]
            self._open[-1].argument = language.decode("utf-8", "replace")
            self._position = end
        self._skip_line_break()

    def _skip_line_break(self) -> None:
        first, second = self._text[self._position], self._text[self._position + 1]
        if first in b"\r\n":
            self._position += 2 if second in b"\r\n" and first != second else 1

    def _start(self, kind: str, width: int) -> None:
        opened = _Open(kind, "", self._units, self._position, len(self._result))
        self._open.append(opened)
        self._position += width

    def _end(self, byte: int) -> None:
        if byte == ord("\n"):
            self._end_quote_with_line()
            return
        opened = self._open.pop()
        self._position += 1 if opened.kind == "italic" else len(_MARKS[opened.kind])
        if opened.kind == "custom_emoji":
            self._end_emoji(opened)
        elif opened.kind == "text_link":
            self._end_link(opened)
        elif self._units != opened.offset:
            self._add(opened.kind, opened, opened.argument)

    def _end_link(self, opened: _Open) -> None:
        if self._text[self._position] == ord("("):
            url = self._taken_url()
        else:
            url = self._result[opened.begin :].decode("utf-8", "replace")
        if self._units == opened.offset:
            return
        if user_id := mentioned_user(url):
            length = self._units - opened.offset
            mention = Entity("text_mention", opened.offset, length, user_id=user_id)
            self._entities.append(mention)
        elif link := valid_link_or_nothing(url):
            self._add("text_link", opened, link)

    def _end_emoji(self, opened: _Open) -> None:
        if self._text[self._position] != ord("("):
            raise _refused("The entity must contain a tg://emoji or tg://time URL")
        prefix, _, emoji = self._taken_url().partition("?id=")
        if prefix != "tg://emoji" or not valid_emoji(emoji):
            raise _refused("Invalid tg://emoji or tg://time URL specified")
        if self._units != opened.offset:
            self._add("custom_emoji", opened, emoji)

    def _taken_url(self) -> str:
        self._position += 1
        begin = self._position
        url = bytearray()
        while self._position < self._size and self._text[self._position] != ord(")"):
            following = self._text[self._position + 1]
            if self._at(b"\\") and 0 < following <= _LAST_ESCAPABLE:
                self._position += 1
            url.append(self._text[self._position])
            self._position += 1
        if self._text[self._position] != ord(")"):
            raise _refused(f"Can't find end of a URL at byte offset {begin}")
        self._position += 1
        return url.decode("utf-8", "replace")

    def _end_quote_with_line(self) -> None:
        kind = self._quote_ending_at(self._position)
        opened = self._open.pop()
        if opened.kind != "blockquote":
            raise self._unended(opened)
        self._keep(ord("\n"))
        self._quoting = False
        self._add(kind, opened)

    def _end_quote_with_text(self) -> None:
        if not self._quoting:
            return
        kind = self._quote_ending_at(self._size)
        if self._open[-1].kind == "blockquote":
            opened = self._open.pop()
            if self._units != opened.offset:
                self._add(kind, opened)

    def _quote_ending_at(self, position: int) -> str:
        """Return the kind of the quote; one that can be folded ends with an empty spoiler."""
        last = self._open[-1]
        if last.kind == "spoiler" and last.byte_offset == position - 2:
            self._open.pop()
            return "expandable_blockquote"
        return "blockquote"

    def _add(self, kind: str, opened: _Open, argument: str = "") -> None:
        length = self._units - opened.offset
        self._entities.append(Entity(kind, opened.offset, length, argument))

    def _unended(self, opened: _Open) -> ApiError:
        return _refused(
            f"Can't find end of {opened.name} entity at byte offset {opened.byte_offset}"
        )
