"""Noah's waste bin sensor: three little-endian words.

Source: the codec published for the device; two of them are "sflt16" numbers (sign, four bits of
exponent, eleven of mantissa, no hidden bit), fractions that are given in hundredths.
"""

from typing import Any

from lorawan.decoders.fields import take

SIGN, EXPONENT_SHIFT, EXPONENT, MANTISSA = 0x8000, 11, 0xF, 0x7FF


def sflt16(number: int) -> float:
    """Return the fraction, between -1 and 1, that these 16 bits stand for."""
    mantissa = (number & MANTISSA) / (MANTISSA + 1)
    size = mantissa * 2.0 ** ((number >> EXPONENT_SHIFT & EXPONENT) - EXPONENT)
    return -size if number & SIGN and size else size


def trashbin(payload: bytes, _f_port: int | None) -> dict[str, Any]:
    """What is left free in a waste bin, in %; °C; the battery's raw number.

    Raises:
        DecodeError: "too-short".
    """
    data = take(payload, 0, 6)
    temperature, voltage, level = (
        int.from_bytes(data[start : start + 2], "little") for start in (0, 2, 4)
    )
    return {
        "temp": sflt16(temperature) * 100,
        "voltage": voltage,
        "level": sflt16(level) * 100,
    }
