"""How far it is from here to a sensor."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS = 6_371_008.8
"""Metres; the mean radius of the ellipsoid GRS 80 (IUGG)."""


def metres(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Return the distance of two places (degrees, WGS 84) as the crow flies, to half a percent."""
    rise = radians(to_latitude - latitude)
    turn = radians(to_longitude - longitude)
    half = (
        sin(rise / 2) ** 2
        + cos(radians(latitude)) * cos(radians(to_latitude)) * sin(turn / 2) ** 2
    )
    return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(half)))
