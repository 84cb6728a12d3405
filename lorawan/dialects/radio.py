"""Who heard a frame, best first, and where that was."""

import re
from collections.abc import Iterable
from math import inf

from lorawan.dialects.fields import EUI, Part
from lorawan.events import Reception

LONGEST_GATEWAY = 40
KILOHERTZ = 1000
MEGAHERTZ = 1_000_000

DATA_RATE = re.compile(r"SF(?P<factor>\d{1,2}) ?BW(?P<kilohertz>\d{2,4})(?: .*)?", re.ASCII)


def best_first(receptions: Iterable[Reception]) -> tuple[Reception, ...]:
    """Sort by SNR, then RSSI, both highest first; unknown ones last."""
    return tuple(sorted(receptions, key=_quality, reverse=True))


def _quality(reception: Reception) -> tuple[float, float]:
    return (
        -inf if reception.snr is None else reception.snr,
        -inf if reception.rssi is None else reception.rssi,
    )


def left_out_snr(part: Part) -> float | None:
    """Return `snr` of a proto3 message, where 0 dB is left out; the RSSI beside never is 0."""
    if part.has("snr") or not part.has("rssi"):
        return part.number("snr")
    return 0.0


def place(
    latitude: float | None, longitude: float | None
) -> tuple[float, float] | tuple[None, None]:
    """Return a place on earth, or two None; 0/0 is what gateways without a place report."""
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None, None
    if abs(latitude) > 90 or abs(longitude) > 180:  # noqa: PLR2004 - degrees of the earth
        return None, None
    return latitude, longitude


def gateway_name(name: str) -> str:
    """Return a gateway's id, in lower case where it is an EUI: servers write it either way."""
    return name.lower() if EUI.fullmatch(name) else name[:LONGEST_GATEWAY]


def data_rate(text: str) -> tuple[int | None, int | None]:
    """Return spreading factor and bandwidth (Hz) of "SF7 BW125 4/5"."""
    match = DATA_RATE.fullmatch(text)
    if match is None:
        return None, None
    return spreading_factor(int(match["factor"])), int(match["kilohertz"]) * KILOHERTZ


def spreading_factor(factor: float | None) -> int | None:
    """Return a spreading factor that LoRa has, else None."""
    lowest, highest = 5, 12
    return int(factor) if factor is not None and lowest <= factor <= highest else None


def percent(share: float | None) -> float | None:
    """Return a share from 0 to 100, else None."""
    return share if share is not None and 0 <= share <= 100 else None  # noqa: PLR2004 - percent


def battery_percent(level: float | None) -> float | None:
    """Return percent of the battery level a device reports of itself.

    Source: LoRaWAN 1.0.4, DevStatusAns: 1 is empty, 254 is full; 0 means mains power and 255 that
    the device cannot tell.
    """
    empty, full = 1, 254
    if level is None or not empty <= level <= full:
        return None
    return round((level - empty) / (full - empty) * 100, 1)
