"""Fields of a message, each read as what it must be, with its path for whoever must mend it.

Two manners, on purpose. What identifies a frame or is its content (EUI, counter, port, payload,
decoded object) is strict: a wrong type is an error that names the field. What merely accompanies
it (signal strength, names, labels) is lenient: unusable means unknown, because a water level must
not be lost over a gateway's odd coordinate.
"""

import binascii
import re
from collections.abc import Mapping
from typing import Any

from lorawan.events import NotUnderstoodError

LONGEST_PAYLOAD = 255
"""Bytes; the length of a LoRaWAN frame is one byte."""
HIGHEST_COUNTER = 2**32 - 1
HIGHEST_PORT = 255
LONGEST_TEXT = 200
LONGEST_NAME = 59
"""Of a device or an application: both together, with a stroke, are the address of a device that
has no EUI. LONGEST_SESSION and these are what the tables of frames and devices hold."""
LONGEST_SESSION = 40
MOST_LABELS = 50
HUGE = 1e12
"""Nothing that accompanies a frame is so large (frequencies in Hz have ten digits)."""

EUI = re.compile(r"[0-9a-fA-F]{16}", re.ASCII)
DIGITS = re.compile(r"[0-9]{1,10}", re.ASCII)
NOTHING: Mapping[str, Any] = {}


class Part:
    """An object inside a message, knowing where it stands."""

    __slots__ = ("path", "values")

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        self.values = values
        self.path = path

    def where(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def has(self, key: str) -> bool:
        """Say whether the field is there; null counts as missing, as in proto3."""
        return self.values.get(key) is not None

    def part(self, key: str) -> "Part":
        """Return an object of the message, an empty one where it is missing.

        Raises:
            NotUnderstoodError: "wrong-type" when something else stands there.
        """
        return Part(self.object(key) or NOTHING, self.where(key))

    def object(self, key: str) -> Mapping[str, Any] | None:
        """Return an object as it is; raises like `part`."""
        value = self.values.get(key)
        if value is None or isinstance(value, dict):
            return value
        raise NotUnderstoodError("wrong-type", self.where(key))

    def loose(self, key: str) -> "Part":
        """Return an accompanying object, an empty one for anything else."""
        value = self.values.get(key)
        return Part(value if isinstance(value, dict) else NOTHING, self.where(key))

    def parts(self, key: str) -> list["Part"]:
        """Return the objects of an accompanying list; a single object is a list of one."""
        value = self.values.get(key)
        found = value if isinstance(value, list) else [value]
        where = self.where(key)
        return [Part(one, where) for one in found if isinstance(one, dict)]

    def text(self, key: str, longest: int = LONGEST_TEXT) -> str:
        """Return an accompanying text; whole numbers count as texts (ids of old servers)."""
        value = self.values.get(key)
        if isinstance(value, str):
            return value[:longest]
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return ""

    def name(self, key: str) -> str:
        """Return the name or id of a device or an application."""
        return self.text(key, LONGEST_NAME)

    def session(self, key: str) -> str:
        """Return a device address, in lower case, which changes with every join."""
        return self.text(key, LONGEST_SESSION).lower()

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key)
        found = value if isinstance(value, list) else []
        return tuple(one[:LONGEST_TEXT] for one in found if isinstance(one, str))

    def labels(self, key: str) -> dict[str, str]:
        value = self.values.get(key)
        found = value.items() if isinstance(value, dict) else ()
        labels = {name: label for name, label in found if isinstance(label, str)}
        return dict(list(labels.items())[:MOST_LABELS])

    def yes(self, key: str) -> bool:
        return self.values.get(key) is True

    def number(self, key: str) -> float | None:
        """Return an accompanying number; also one written as a text."""
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return None
        try:
            number = float(value)
        except (ValueError, OverflowError):
            return None
        return number if abs(number) < HUGE else None  # NaN is smaller than nothing

    def rounded(self, key: str) -> int | None:
        number = self.number(key)
        return None if number is None else round(number)

    def counter(self, key: str) -> int | None:
        """Return a frame counter, 0 to 2^32 - 1; None where it is missing."""
        return self._whole(key, HIGHEST_COUNTER)

    def port(self, key: str) -> int | None:
        """Return a LoRaWAN port; None for 0 (network commands only) and where it is missing."""
        return self._whole(key, HIGHEST_PORT) or None

    def _whole(self, key: str, highest: int) -> int | None:
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, str) and DIGITS.fullmatch(value):
            value = int(value)  # ThingPark's "untyped" JSON
        return check_whole(value, highest, self.where(key))

    def eui(self, key: str) -> str | None:
        """Return an EUI in lower case; None where it is missing.

        Raises:
            NotUnderstoodError: "bad-eui" for anything but 16 hexadecimal digits.
        """
        value = self.values.get(key)
        if value is None or value == "":
            return None
        if isinstance(value, str) and EUI.fullmatch(value):
            return value.lower()
        raise NotUnderstoodError("bad-eui", self.where(key))

    def base64(self, key: str) -> bytes | None:
        """Return bytes written as base64; None where there are none.

        Raises:
            NotUnderstoodError: "wrong-type", "bad-base64" (also blanks and the alphabet for
                addresses), "payload-too-long".
        """
        text = self._encoded(key, LONGEST_PAYLOAD * 4 // 3 + 4)
        try:
            payload = binascii.a2b_base64(text, strict_mode=True)
        except ValueError:
            raise NotUnderstoodError("bad-base64", self.where(key)) from None
        return check_payload(payload, self.where(key))

    def hexadecimal(self, key: str) -> bytes | None:
        """Return bytes written as hexadecimal digits; None where there are none.

        Raises:
            NotUnderstoodError: "wrong-type", "bad-hex", "payload-too-long".
        """
        text = self._encoded(key, LONGEST_PAYLOAD * 2 + 2)
        try:
            payload = binascii.unhexlify(text)
        except ValueError:
            raise NotUnderstoodError("bad-hex", self.where(key)) from None
        return check_payload(payload, self.where(key))

    def _encoded(self, key: str, longest: int) -> str:
        value = self.values.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise NotUnderstoodError("wrong-type", self.where(key))
        if len(value) > longest:
            raise NotUnderstoodError("payload-too-long", self.where(key))
        return value


def check_whole(value: Any, highest: int, where: str) -> int:
    """Return a whole number from 0 to `highest`; a huge one reaches us as a float."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotUnderstoodError("wrong-type", where)
    if not 0 <= value <= highest:
        raise NotUnderstoodError("out-of-range", where)
    if not isinstance(value, int):
        raise NotUnderstoodError("wrong-type", where)
    return value


def check_payload(payload: bytes, where: str) -> bytes | None:
    """Return the payload, None for an empty one; refuse one no frame can carry."""
    if len(payload) > LONGEST_PAYLOAD:
        raise NotUnderstoodError("payload-too-long", where)
    return payload or None
