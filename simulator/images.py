"""Width and height of a picture, read from its first bytes."""

import struct
from typing import NamedTuple

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_HEADER = 24
_JPEG = b"\xff\xd8"
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STANDALONE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})
_SEGMENT_HEADER = 9


class Dimensions(NamedTuple):
    """Pixels across and down."""

    width: int
    height: int


def dimensions(picture: bytes) -> Dimensions | None:
    """Return the size of a PNG or JPEG picture, None for anything else."""
    if picture.startswith(_PNG) and len(picture) >= _PNG_HEADER:
        return Dimensions(*struct.unpack_from(">II", picture, 16))
    if picture.startswith(_JPEG):
        return _jpeg_dimensions(picture)
    return None


def _jpeg_dimensions(picture: bytes) -> Dimensions | None:
    position = len(_JPEG)
    while position + _SEGMENT_HEADER <= len(picture):
        if picture[position] != 0xFF:  # noqa: PLR2004 - the byte that begins every marker
            return None
        marker = picture[position + 1]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", picture, position + 5)
            return Dimensions(width, height)
        if marker == 0xFF:  # noqa: PLR2004 - padding before a marker
            position += 1
        elif marker in _STANDALONE_MARKERS:
            position += 2
        else:
            (length,) = struct.unpack_from(">H", picture, position + 2)
            position += 2 + length
    return None
