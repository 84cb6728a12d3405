"""Milesight's products as tables; source of each: the payload table of its user guide."""

from collections.abc import Mapping

from lorawan.decoders.fields import Field, one_of, record
from lorawan.decoders.milesight import (
    DISTANCE,
    HUMIDITY,
    LEAK,
    TEMPERATURE,
    Table,
    history,
    little,
)

_SHARED: Table = {
    (0xFF, 0x01): Field("protocol_version", 1, little()),
    (0xFF, 0x08): Field("serial", 6, bytes.hex),
    (0xFF, 0x09): Field("hardware_version", 2, bytes.hex),
    (0xFF, 0x0A): Field("software_version", 2, bytes.hex),
    (0xFF, 0x0B): Field("power_on", 1, little()),
    (0xFF, 0x0F): Field("device_class", 1, little()),
    (0xFF, 0x16): Field("serial", 8, bytes.hex),
    (0xFF, 0x18): Field("sensor_status", 2, bytes.hex),
    (0xFF, 0xFE): Field("reset", 1, little()),
    (0xFF, 0xFF): Field("tsl_version", 2, bytes.hex),
    (0x01, 0x75): Field("battery", 1, little()),
}
"""What every product tells of itself, mostly once after joining."""
_CLIMATE: Table = {**_SHARED, (0x03, 0x67): TEMPERATURE, (0x04, 0x68): HUMIDITY}
_CO2, _TVOC = Field("co2", 2, little()), Field("tvoc", 2, little())
_LIGHT = record(
    Field("illumination", 2, little()),
    Field("infrared_and_visible", 2, little()),
    Field("infrared", 2, little()),
)
_WITH_LEAK: Table = {
    **_CLIMATE,
    (0x05, 0x00): Field("leakage_status", 1, LEAK),
    (0x06, 0x00): Field("leakage_status", 1, LEAK),
    (0x20, 0xCE): history(TEMPERATURE, HUMIDITY, Field("leakage_status", 1, LEAK)),
}
_MAGNET = Field("magnet_status", 1, one_of("closed", "open"))
_TILT = Field("position", 1, one_of("normal", "tilt"))
_ALARMED_TEMPERATURE = Field("", 3, record(TEMPERATURE, Field("temperature_alarm", 1, little())))
_ALARMED_DISTANCE = Field("", 3, record(DISTANCE, Field("distance_alarm", 1, little())))
_DEPTH = Field("water_level", 2, little())
_SOIL_MOISTURE = Field("moisture", 2, little(100))
_CONDUCTIVITY = Field("ec", 2, little())
_INPUT, _PULSES = Field("gpio", 1, little()), Field("pulse", 4, little())
_LEVELS = record(
    Field("", 1, little()),
    Field("LAF", 2, little(10)),
    Field("LAeq", 2, little(10)),
    Field("LAFmax", 2, little(10)),
)

DEVICES: Mapping[str, Table] = {
    "milesight": _CLIMATE,
    "milesight-am102": {**_CLIMATE, (0x20, 0xCE): history(TEMPERATURE, HUMIDITY)},
    "milesight-am103": {
        **_CLIMATE,
        (0x07, 0x7D): _CO2,
        (0x20, 0xCE): history(TEMPERATURE, HUMIDITY, _CO2),
    },
    "milesight-am104": {
        **_CLIMATE,
        (0x05, 0x6A): Field("activity", 2, little()),
        (0x06, 0x65): Field("", 6, _LIGHT),
        (0x07, 0x7D): _CO2,
        (0x08, 0x7D): _TVOC,
        (0x09, 0x73): Field("pressure", 2, little(10)),
    },
    "milesight-am300": {
        **_CLIMATE,
        (0x05, 0x00): Field("pir", 1, one_of("idle", "trigger")),
        (0x06, 0xCB): Field("light_level", 1, little()),
        (0x07, 0x7D): _CO2,
        (0x08, 0x7D): Field("tvoc_iaq", 2, little(100)),
        (0x08, 0xE6): Field("tvoc", 2, little()),
        (0x09, 0x73): Field("pressure", 2, little(10)),
        (0x0A, 0x7D): Field("hcho", 2, little(100)),
        (0x0B, 0x7D): Field("pm2_5", 2, little()),
        (0x0C, 0x7D): Field("pm10", 2, little()),
        (0x0D, 0x7D): Field("o3", 2, little(100)),
        (0x0E, 0x01): Field("buzzer", 1, little()),
    },
    "milesight-em300-th": {**_CLIMATE, (0x20, 0xCE): history(TEMPERATURE, HUMIDITY)},
    "milesight-em300-mld": _WITH_LEAK,
    "milesight-em300-mcs": {
        **_CLIMATE,
        (0x05, 0x00): _MAGNET,
        (0x06, 0x00): _MAGNET,
        (0x20, 0xCE): history(TEMPERATURE, HUMIDITY, _MAGNET),
    },
    "milesight-em300-di": {
        **_CLIMATE,
        (0x05, 0x00): _INPUT,
        (0x05, 0xC8): _PULSES,
        (0x20, 0xCE): history(
            TEMPERATURE, HUMIDITY, Field("gpio_type", 1, little()), _INPUT, _PULSES
        ),
    },
    "milesight-em310-udl": {**_SHARED, (0x03, 0x82): DISTANCE, (0x04, 0x00): _TILT},
    "milesight-em400": {
        **_SHARED,
        (0x03, 0x67): TEMPERATURE,
        (0x04, 0x82): DISTANCE,
        (0x05, 0x00): _TILT,
        (0x83, 0x67): _ALARMED_TEMPERATURE,
        (0x84, 0x82): _ALARMED_DISTANCE,
    },
    "milesight-em500-udl": {
        **_SHARED,
        (0x03, 0x82): DISTANCE,
        (0x20, 0xCE): history(DISTANCE),
    },
    "milesight-em500-swl": {
        **_SHARED,
        (0x03, 0x77): _DEPTH,
        (0x20, 0xCE): history(_DEPTH),
    },
    "milesight-em500-smtc": {
        **_SHARED,
        (0x03, 0x67): TEMPERATURE,
        (0x04, 0x68): Field("moisture", 1, little(2)),
        (0x04, 0xCA): _SOIL_MOISTURE,
        (0x05, 0x7F): _CONDUCTIVITY,
        (0x20, 0xCE): history(_CONDUCTIVITY, TEMPERATURE, _SOIL_MOISTURE),
    },
    "milesight-ws201": {
        **_SHARED,
        (0x03, 0x82): DISTANCE,
        (0x04, 0xD6): Field("remaining", 1, little()),
    },
    "milesight-ws202": {
        **_SHARED,
        (0x03, 0x00): Field("pir", 1, one_of("normal", "trigger")),
        (0x04, 0x00): Field("daylight", 1, one_of("dark", "light")),
    },
    "milesight-ws301": {
        **_SHARED,
        (0x03, 0x00): Field("state", 1, one_of("close", "open")),
        (0x04, 0x00): Field("install", 1, one_of("yes", "no")),
    },
    "milesight-ws302": {**_SHARED, (0x05, 0x5B): Field("", 7, _LEVELS)},
}
