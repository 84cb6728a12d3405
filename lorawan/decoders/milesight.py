"""Milesight: a channel and a type byte before each value, numbers little endian.

Source: the payload tables of the devices' user guides. Which channel means what differs between
products, so there is a table for each family; "milesight" reads what all of them share.
"""

from collections.abc import Callable, Mapping
from typing import Any

from lorawan.decoders.errors import DecodeError
from lorawan.decoders.fields import Field, one_of, record, scaled, take

Table = Mapping[tuple[int, int], Field]
HISTORY = "history"


def little(divisor: float = 1, *, signed: bool = False) -> Callable[[bytes], float]:
    """Return a reader of one little-endian number; see `scaled`."""
    return scaled(divisor, signed=signed, order="little")


def decoder(table: Table) -> Callable[[bytes, int | None], dict[str, Any]]:
    """Return the decoder of a product with this table of (channel, type)."""

    def decode(payload: bytes, _f_port: int | None) -> dict[str, Any]:
        """Return name -> value; stored measurements as a list under "history".

        A channel the table does not know ends the reading: what stood before it is kept, the rest
        comes as hexadecimal digits under "undecoded". Any port: it can be configured.

        Raises:
            DecodeError: "empty", "too-short", "unknown-type" when nothing could be read.
        """
        if not payload:
            raise DecodeError("empty")
        found: dict[str, Any] = {}
        position = 0
        while position < len(payload):
            channel, kind = take(payload, position, 2)
            field = table.get((channel, kind))
            if field is None:
                return _unknown(found, payload, position)
            _add(found, field, take(payload, position + 2, field.width))
            position += 2 + field.width
        return found

    return decode


def _add(found: dict[str, Any], field: Field, data: bytes) -> None:
    value = field.read(data)
    if field.name == HISTORY:
        found.setdefault(HISTORY, []).append(value)
    elif isinstance(value, dict):
        found.update(value)
    else:
        found[field.name] = value


def _unknown(found: dict[str, Any], payload: bytes, position: int) -> dict[str, Any]:
    if not found:
        channel, kind = payload[position], payload[position + 1]
        where = f"channel {channel:#04x} type {kind:#04x} at position {position}"
        raise DecodeError("unknown-type", where)
    return found | {"undecoded": payload[position:].hex()}


def history(*fields: Field) -> Field:
    """Return the field of a stored measurement: Unix time, then these values."""
    stamped = (Field("timestamp", 4, little()), *fields)
    return Field(HISTORY, sum(field.width for field in stamped), record(*stamped))


LEAK = one_of("normal", "leak")
TEMPERATURE = Field("temperature", 2, little(10, signed=True))
HUMIDITY = Field("humidity", 1, little(2))
DISTANCE = Field("distance", 2, little())
"""Millimetres."""
