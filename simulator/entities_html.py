"""HTML markup of messages, read byte by byte as the real server does, with its complaints.

Positions in complaints count bytes of UTF-8, places of entities count UTF-16 units.
"""

from dataclasses import dataclass, replace

from simulator.entities import Entity, FormattedText, valid_emoji
from simulator.errors import ApiError, bad_request
from simulator.links import mentioned_user, valid_link_or_nothing

STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
}
"""Tags that mark a text, and the kind of mark."""
_KINDS = {**STYLES, "span": "spoiler"}
_TAGS = frozenset(_KINDS) | {"a", "tg-emoji", "pre", "code", "blockquote"}
_SPACES = b" \t\r\n\0\v"
_NAMED = {b"lt": 0x3C, b"gt": 0x3E, b"amp": 0x26, b"quot": 0x22}
_LAST_CODE = 0x10FFFF
_LONGEST_REFERENCE = 10
_FOUR_BYTES = 0xF0


def parse_html(text: str) -> FormattedText:
    """Return the text without tags and character references, and the entities of the tags."""
    return _Parser(text.encode("utf-8", "surrogatepass")).parse()


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    begin: int


def _refused(complaint: str) -> ApiError:
    return bad_request(f"can't parse entities: {complaint}")


def _is_space(byte: int) -> bool:
    return byte in _SPACES


class _Parser:
    """Walks over the bytes; a zero byte stands behind the end."""

    def __init__(self, text: bytes) -> None:
        self._text = text + b"\0\0\0"
        self._size = len(text)
        self._position = 0
        self._result = bytearray()
        self._units = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def parse(self) -> FormattedText:
        while self._position < self._size:
            byte = self._text[self._position]
            if byte == ord("&") and self._take_reference(self._result):
                continue
            if byte == ord("<"):
                self._take_tag()
            else:
                self._result.append(byte)
                self._position += 1
                if byte & 0xC0 != 0x80:  # noqa: PLR2004 - the first byte of a character
                    self._units += 1 + (byte >= _FOUR_BYTES)
        if self._open:
            tag = self._open[-1].tag
            raise _refused(f'Can\'t find end tag corresponding to start tag "{tag}"')
        return FormattedText(self._decoded(), _without_code_languages(self._entities))

    def _decoded(self) -> str:
        try:
            return self._result.decode()
        except UnicodeDecodeError as error:
            raise _refused(
                "Text contains invalid Unicode characters after decoding HTML entities,"
                " check for unmatched surrogate code units"
            ) from error

    def _take_reference(self, target: bytearray) -> bool:
        code, end = _reference(self._text, self._position)
        if not code:
            return False
        target += chr(code).encode("utf-8", "surrogatepass")
        if target is self._result:
            self._units += 1 + (code > 0xFFFF)  # noqa: PLR2004 - beyond one UTF-16 unit
        self._position = end
        return True

    def _take_tag(self) -> None:
        begin = self._position
        self._position += 1
        if self._text[self._position] == ord("/"):
            self._take_end_tag(begin)
        else:
            self._take_start_tag(begin)

    def _skip_spaces(self) -> None:
        while self._text[self._position] and _is_space(self._text[self._position]):
            self._position += 1

    def _take_until(self, stops: bytes) -> bytes:
        begin = self._position
        while not _is_space(self._text[self._position]) and (
            self._text[self._position] not in stops
        ):
            self._position += 1
        return self._text[begin : self._position]

    def _take_start_tag(self, begin: int) -> None:
        tag = _lower(self._take_until(b">"))
        if self._text[self._position] == 0:
            raise _refused(f"Unclosed start tag at byte offset {begin}")
        if tag not in _TAGS:
            raise _refused(f'Unsupported start tag "{tag}" at byte offset {begin}')
        argument = ""
        while self._text[self._position] != ord(">"):
            self._skip_spaces()
            if self._text[self._position] == ord(">"):
                break
            argument = self._take_attribute(tag, begin, argument)
        if tag == "span" and argument != "spoiler":
            raise _refused(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self._position += 1
        self._open.append(_Open(tag, argument, self._units, len(self._result)))

    def _take_attribute(self, tag: str, begin: int, argument: str) -> str:
        """Return the argument of the tag after this attribute."""
        name = self._take_until(b"=>/\"'").decode("utf-8", "replace")
        if not name:
            raise _refused(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
        self._skip_spaces()
        if self._text[self._position] != ord("="):
            self._require_more(tag, begin)
            return "1" if (tag, name) == ("blockquote", "expandable") else argument
        self._position += 1
        self._skip_spaces()
        self._require_more(tag, begin)
        value = self._take_value()
        if self._text[self._position] == 0:
            raise _refused(f"Unclosed start tag at byte offset {begin}")
        meant = _argument(tag, name, value)
        return argument if meant is None else meant

    def _require_more(self, tag: str, begin: int) -> None:
        if self._text[self._position] == 0:
            raise _refused(f'Unclosed start tag "{tag}" at byte offset {begin}')

    def _take_value(self) -> str:
        quote = self._text[self._position]
        if quote not in b"'\"":
            return self._take_token()
        self._position += 1
        value = bytearray()
        while self._text[self._position] not in (quote, 0):
            if self._text[self._position] == ord("&") and self._take_reference(value):
                continue
            value.append(self._text[self._position])
            self._position += 1
        if self._text[self._position] == quote:
            self._position += 1
        return value.decode("utf-8", "replace")

    def _take_token(self) -> str:
        begin = self._position
        while chr(self._text[self._position]).isascii() and (
            chr(self._text[self._position]).isalnum() or self._text[self._position] in b".-"
        ):
            self._position += 1
        following = self._text[self._position]
        if not _is_space(following) and following != ord(">"):
            raise _refused(f"Unexpected end of name token at byte offset {begin}")
        return _lower(self._text[begin : self._position])

    def _take_end_tag(self, begin: int) -> None:
        if not self._open:
            raise _refused(f"Unexpected end tag at byte offset {begin}")
        self._position += 1
        found = _lower(self._take_until(b">"))
        self._skip_spaces()
        if self._text[self._position] != ord(">"):
            raise _refused(f"Unclosed end tag at byte offset {begin}")
        self._position += 1
        opened = self._open.pop()
        if found not in {"", opened.tag}:
            raise _refused(
                f"Unmatched end tag at byte offset {begin},"
                f' expected "</{opened.tag}>", found "</{found}>"'
            )
        if self._units > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        length = self._units - opened.offset
        if opened.tag in _KINDS:
            self._entities.append(Entity(_KINDS[opened.tag], opened.offset, length))
        elif opened.tag == "a":
            self._close_link(opened, length)
        elif opened.tag in {"pre", "code"}:
            self._close_code(opened, length)
        elif opened.tag == "blockquote":
            kind = "expandable_blockquote" if opened.argument else "blockquote"
            self._entities.append(Entity(kind, opened.offset, length))
        elif not valid_emoji(opened.argument):
            raise _refused("Invalid custom emoji identifier specified")
        else:
            emoji = Entity("custom_emoji", opened.offset, length, opened.argument)
            self._entities.append(emoji)

    def _close_link(self, opened: _Open, length: int) -> None:
        url = opened.argument or self._result[opened.begin :].decode("utf-8", "replace")
        if user_id := mentioned_user(url):
            mention = Entity("text_mention", opened.offset, length, user_id=user_id)
            self._entities.append(mention)
        elif link := valid_link_or_nothing(url):
            self._entities.append(Entity("text_link", opened.offset, length, link))

    def _close_code(self, opened: _Open, length: int) -> None:
        entity = Entity(opened.tag, opened.offset, length, opened.argument)
        inner = self._entities[-1] if self._entities else None
        if inner and (inner.offset, inner.length) == (entity.offset, entity.length):
            # <pre><code class="language-…"> and the other way round mean one block.
            if entity.kind == "pre" and inner.kind == "code" and inner.argument:
                self._entities[-1] = replace(inner, kind="pre")
                return
            if entity.kind == "code" and inner.kind == "pre" and entity.argument:
                self._entities[-1] = replace(inner, argument=entity.argument)
                return
        self._entities.append(entity)


def _lower(name: bytes) -> str:
    return name.lower().decode("utf-8", "replace")


def _argument(tag: str, name: str, value: str) -> str | None:
    """Return what the attribute tells about the entity, None if nothing."""
    if (tag, name) in {("a", "href"), ("tg-emoji", "emoji-id")}:
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, name) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return "1" if (tag, name) == ("blockquote", "expandable") else None


def _without_code_languages(entities: list[Entity]) -> list[Entity]:
    return [replace(one, argument="") if one.kind == "code" else one for one in entities]


def _reference(text: bytes, position: int) -> tuple[int, int]:
    """Return code and end of the character reference at `position`; code 0 if there is none."""
    end = position + 1
    if text[end] == ord("#"):
        hexadecimal = text[end + 1] == ord("x")
        begin = end = end + 1 + hexadecimal
        digits = b"0123456789abcdefABCDEF" if hexadecimal else b"0123456789"
        while text[end] in digits:
            end += 1
        if end == begin or end - position >= _LONGEST_REFERENCE:
            return 0, position
        code = int(text[begin:end], 16 if hexadecimal else 10)
        if not 0 < code < _LAST_CODE:
            return 0, position
    else:
        while bytes([text[end]]).isalpha():
            end += 1
        code = _NAMED.get(text[position + 1 : end], 0)
    return code, end + (text[end] == ord(";"))
