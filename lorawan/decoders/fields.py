"""Reading numbers out of bytes, for decoders that are tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lorawan.decoders.errors import DecodeError

Order = Literal["big", "little"]


@dataclass(frozen=True, slots=True)
class Field:
    """What stands behind a type byte: its name in the result, its width, how it is read."""

    name: str
    width: int
    read: Callable[[bytes], Any]


def scaled(
    divisor: float = 1, *, signed: bool = False, order: Order = "big"
) -> Callable[[bytes], float]:
    """Return a reader of one whole number, divided where the maker sends tenths or hundredths."""

    def read(data: bytes) -> float:
        number = int.from_bytes(data, order, signed=signed)
        return number if divisor == 1 else number / divisor

    return read


def axes(names: str, divisor: float, *, width: int = 2) -> Callable[[bytes], dict[str, float]]:
    """Return a reader of several signed numbers of equal width, one for each letter."""
    number = scaled(divisor, signed=True)

    def read(data: bytes) -> dict[str, float]:
        return {
            name: number(data[index * width : (index + 1) * width])
            for index, name in enumerate(names)
        }

    return read


def one_of(*words: str) -> Callable[[bytes], str]:
    """Return a reader of a byte that stands for a word; "unknown" beyond the last one."""
    return lambda data: words[data[0]] if data[0] < len(words) else "unknown"


def record(*fields: Field) -> Callable[[bytes], dict[str, Any]]:
    """Return a reader of several fields that follow each other; bytes named "" are skipped."""

    def read(data: bytes) -> dict[str, Any]:
        found: dict[str, Any] = {}
        start = 0
        for field in fields:
            if field.name:
                found[field.name] = field.read(data[start : start + field.width])
            start += field.width
        return found

    return read


def take(data: bytes, start: int, width: int) -> bytes:
    """Return `width` bytes from `start`; raise `DecodeError` naming the position if too few."""
    if start + width > len(data):
        missing = start + width - len(data)
        raise DecodeError("too-short", f"{missing} bytes missing at position {start}")
    return data[start : start + width]


def bits(byte: int, names: Mapping[int, str]) -> dict[str, bool]:
    """Return which of the named bits are set."""
    return {name: bool(byte >> bit & 1) for bit, name in names.items()}


def keep(found: dict[str, Any], name: str, value: Any) -> None:
    """Add a value; a name that comes again becomes a list in the order of the payload."""
    if name not in found:
        found[name] = value
    elif isinstance(found[name], list):
        found[name].append(value)
    else:
        found[name] = [found[name], value]
