"""Decentlab's devices as tables; sources: the decoders and examples the maker publishes."""

from collections.abc import Mapping

from lorawan.decoders.decentlab import Group, Value

CELSIUS, PERCENT, MICROGRAMS, PER_VOLUME = "°C", "%", "µg⋅m⁻³", "1⋅cm⁻³"
BATTERY = Group(1, (Value("battery_voltage", "Battery voltage", 0, (0, 0.001), "V"),))


def _pressure(lowest: float, highest: float) -> tuple[Group, ...]:
    """Return DL-PR26 for a probe of this range in bar (it is part of the order code)."""
    span = (highest - lowest) / 32768
    return (
        Group(
            2,
            (
                Value("pressure", "Pressure", 0, (lowest - 16384 * span, span), "bar"),
                Value("temperature", "Temperature", 1, (-51.2, 0.003125), CELSIUS),
            ),
        ),
        BATTERY,
    )


def _rain(resolution: float) -> tuple[Group, ...]:
    """Return DL-TBRG for a bucket of this many mm a tip."""
    return (
        Group(
            4,
            (
                Value("precipitation", "Precipitation", 0, (0, resolution), "mm"),
                Value("precipitation_interval", "Precipitation interval", 1, (0, 1), "s"),
                Value(
                    "cumulative_precipitation",
                    "Cumulative precipitation",
                    2,
                    (0, resolution),
                    "mm",
                    words=2,
                ),
            ),
        ),
        BATTERY,
    )


def _depth(number: int) -> tuple[Value, Value]:
    return (
        Value(
            f"soil_moisture_at_depth_{number}",
            f"Soil moisture at depth {number}",
            number * 2,
            (-5, 0.002),
        ),
        Value(
            f"soil_temperature_at_depth_{number}",
            f"Soil temperature at depth {number}",
            number * 2 + 1,
            (-327.68, 0.01),
            CELSIUS,
        ),
    )


def _mass(size: str, word: int) -> Value:
    name, label = size.replace(".", "_"), f"PM{size} mass concentration"
    return Value(f"pm{name}_mass_concentration", label, word, (0, 0.1), MICROGRAMS)


def _number(size: str, word: int) -> Value:
    name, label = size.replace(".", "_"), f"PM{size} number concentration"
    return Value(f"pm{name}_number_concentration", label, word, (0, 0.1), PER_VOLUME)


_MASS_SIZES = ("1.0", "2.5", "4", "10")
_NUMBER_SIZES = ("0.5", "1.0", "2.5", "4", "10")
_PARTICLES = Group(
    10,
    (
        *(_mass(size, word) for word, size in enumerate(_MASS_SIZES)),
        Value("typical_particle_size", "Typical particle size", 4, (0, 1), "nm"),
        *(_number(size, word) for word, size in enumerate(_NUMBER_SIZES, 5)),
    ),
)
_AIR = Group(
    2,
    (
        Value("air_temperature", "Air temperature", 0, (-46.85, 175.72 / 65536), CELSIUS),
        Value("air_humidity", "Air humidity", 1, (-6, 125 / 65536), PERCENT),
    ),
)
_BAROMETER = Group(1, (Value("barometric_pressure", "Barometric pressure", 0, (0, 2), "Pa"),))
_SOIL = Group(
    2,
    (
        Value("dielectric_permittivity", "Dielectric permittivity", 0, (0, 0.02)),
        Value(
            "volumetric_water_content",
            "Volumetric water content",
            0,
            (-0.053, 0.0292 / 50, -0.00055 / 50**2, 0.0000043 / 50**3),
            "m³⋅m⁻³",
        ),
        Value("soil_temperature", "Soil temperature", 1, (-40, 0.1), CELSIUS),
    ),
)
_RADIATION = Group(
    2,
    (
        Value("incoming_radiation", "Incoming radiation", 0, (-3276.8, 0.1), "W⋅m⁻²"),
        Value("reflected_radiation", "Reflected radiation", 1, (-3276.8, 0.1), "W⋅m⁻²"),
    ),
)
_ULTRASOUND = Group(
    2,
    (
        Value("distance", "Distance", 0, (0, 1), "mm"),
        Value("number_of_valid_samples", "Number of valid samples", 1, (0, 1)),
    ),
)

DEVICES: Mapping[str, tuple[Group, ...]] = {
    "decentlab-dl-pr26": _pressure(0, 1),
    "decentlab-dl-pr26-0-3": _pressure(0, 3),
    "decentlab-dl-pr26-0-10": _pressure(0, 10),
    "decentlab-dl-pr26-0-30": _pressure(0, 30),
    "decentlab-dl-5tm": (_SOIL, BATTERY),
    "decentlab-dl-alb": (_RADIATION, BATTERY),
    "decentlab-dl-pm": (BATTERY, _PARTICLES, _AIR, _BAROMETER),
    "decentlab-dl-smtp": (
        Group(16, tuple(value for depth in range(8) for value in _depth(depth))),
        BATTERY,
    ),
    "decentlab-dl-tbrg": _rain(0.1),
    "decentlab-dl-tbrg-0-2": _rain(0.2),
    "decentlab-dl-mbx": (_ULTRASOUND, BATTERY),
}
"""By decoder name. A probe's range and a bucket's size are no part of the payload, so each has
a decoder of its own; "decentlab-dl-pr26" is 0 to 1 bar, "decentlab-dl-tbrg" 0.1 mm."""
