"""Payloads of real devices, as their makers publish them."""

import json
import math
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lorawan.decoders import DECODERS, DecodeError
from tests.conftest import SHARED

SAMPLES = SHARED / "data" / "lorawan"
NAMES = {
    "adeunis temp": "adeunis-temp",
    "decentlab dl-pr26-0-1": "decentlab-dl-pr26",
    "decentlab dl-tbrg-01": "decentlab-dl-tbrg",
    "elsys elt-2": "elsys",
    "elsys ers-co2": "elsys",
    "elsys ers-sound": "elsys",
    "mclimate co2-sensor": "mclimate-co2",
    "milesight-iot em300-mld": "milesight-em300-mld",
    "noah trashbin-sensor": "noah-trashbin",
}
"""Our names of codecs that are called otherwise in the published examples."""
SLOWEST = 0.005


def cases() -> list[dict[str, Any]]:
    path = SAMPLES / "codec_examples.json"
    return json.loads(path.read_text(encoding="utf-8"))["cases"] if path.exists() else []


def same(ours: object, theirs: object) -> bool:
    """Whether two decoded objects are equal, numbers within a billionth."""
    if isinstance(theirs, bool) or isinstance(ours, bool):
        return ours is theirs
    if isinstance(theirs, int | float) and isinstance(ours, int | float):
        return math.isclose(ours, theirs, rel_tol=1e-9)
    if isinstance(theirs, dict) and isinstance(ours, dict):
        return ours.keys() == theirs.keys() and all(same(ours[key], theirs[key]) for key in ours)
    if isinstance(theirs, list) and isinstance(ours, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    return ours == theirs


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared payload examples are missing")
def test_there_are_published_examples() -> None:
    assert len(cases()) >= 37


@pytest.mark.parametrize(
    "case", cases(), ids=lambda case: f"{case['codec']}-{case['f_port']}-{case['bytes_hex']}"
)
def test_published_examples_are_decoded_as_published(case: dict[str, Any]) -> None:
    published = f"{case['vendor']} {case['codec']}"
    decode = DECODERS[NAMES.get(published, published.replace(" ", "-"))]
    payload, expected = bytes.fromhex(case["bytes_hex"]), case["expected"]
    if "data" not in expected:
        with pytest.raises(DecodeError, match=expected["errors"][0]):
            decode(payload, case["f_port"])
        return
    decoded = decode(payload, case["f_port"])
    assert same(decoded, expected["data"]), decoded


def value(decoded: dict[str, Any], name: str) -> float:
    return decoded[name]["value"]


VECTORS: list[tuple[str, int, str, dict[str, Any]]] = [
    (
        "cayenne-lpp",
        1,
        "0167ff d7 02687b 0373276c 0402fe0c",
        {
            "temperature_1": -4.1,
            "relative_humidity_2": 61.5,
            "barometric_pressure_3": 1009.2,
            "analog_in_4": -5.0,
        },
    ),
    (
        "cayenne-lpp",
        1,
        "0188 06765f f2960a 0003e8 0271 04d2fb2e0000 0582 000009c4 068e01",
        {
            "gps_1": {"latitude": 42.3519, "longitude": -87.9094, "altitude": 10.0},
            "accelerometer_2": {"x": 1.234, "y": -1.234, "z": 0.0},
            "distance_5": 2.5,
            "switch_6": 1,
        },
    ),
    ("elsys", 5, "0e 07d0 1c 0064 12 01 19 00fa 19 ff9c", {
        "distance": 2000, "tvoc": 100, "waterleak": 1, "externalTemperature2": [25.0, -10.0],
    }),
    ("elsys", 5, "0700 10 81 000e 00d7", {"vdd": 16, "earlier": [
        {"offset": 14, "temperature": 21.5},
    ]}),
    ("elsys", 5, "0100e2 2a01", {"temperature": 22.6, "undecoded": "2a01"}),
    ("elsys", 5, "09 90ed0a 20ea02 10 00d2 ff38", {
        "lat": 71.6176, "long": 19.1008,
        "irInternalTemperature": 21.0, "irExternalTemperature": -20.0,
    }),
    ("milesight-em300-mld", 85, "01755c 050001", {"battery": 92, "leakage_status": "leak"}),
    ("milesight-em500-udl", 85, "017564 03821e00", {"battery": 100, "distance": 30}),
    ("milesight-em500-swl", 85, "017564 03770200", {"battery": 100, "water_level": 2}),
    ("milesight-em500-smtc", 85, "03671901 046873 057ff000", {
        "temperature": 28.1, "moisture": 57.5, "ec": 240,
    }),
    ("milesight-ws201", 85, "017564 03823e00 04d645", {
        "battery": 100, "distance": 62, "remaining": 69,
    }),
    ("milesight-am104", 85, "056a4900 06651c0079001400 077de704 087d0700 09733f27", {
        "activity": 73, "illumination": 28, "infrared_and_visible": 121, "infrared": 20,
        "co2": 1255, "tvoc": 7, "pressure": 1004.7,
    }),
    ("milesight-am300", 85, "050001 06cb02 087d2500 0a7d0400 0b7d2000 0c7d3000", {
        "pir": "trigger", "light_level": 2, "tvoc_iaq": 0.37, "hcho": 0.04, "pm2_5": 32,
        "pm10": 48,
    }),
    ("milesight-em300-di", 85, "20ce9e7446631001 5d020000010000", {"history": [{
        "timestamp": 1665561758, "temperature": 27.2, "humidity": 46.5, "gpio_type": 2,
        "gpio": 0, "pulse": 256,
    }]}),
    ("milesight-em300-mcs", 85, "060001", {"magnet_status": "open"}),
    ("milesight-em310-udl", 85, "03824408 040001", {"distance": 2116, "position": "tilt"}),
    ("milesight-em400", 85, "8367e80001 8482410601", {
        "temperature": 23.2, "temperature_alarm": 1, "distance": 1601, "distance_alarm": 1,
    }),
    ("milesight-ws202", 85, "030001 040000", {"pir": "trigger", "daylight": "dark"}),
    ("milesight-ws301", 85, "030001 040001", {"state": "open", "install": "no"}),
    ("milesight-ws302", 85, "055b053f02da016a02", {"LAF": 57.5, "LAeq": 47.4, "LAFmax": 61.8}),
    ("milesight-em400", 85, "017564 0367f800 04820101 050001", {
        "battery": 100, "temperature": 24.8, "distance": 257, "position": "tilt",
    }),
    ("milesight", 85, "ff166329c42503920003 ff0f00 036718ff f0f0", {
        "serial": "6329c42503920003", "device_class": 0, "temperature": -23.2,
        "undecoded": "f0f0",
    }),
    ("milesight-em300-th", 85, "20ce 781a4165 df00 6e", {"history": [
        {"timestamp": 1698765432, "temperature": 22.3, "humidity": 55.0},
    ]}),
    ("dragino-ldds75", 2, "0b45 0b05 00 0105 01", {
        "Bat": 2.885, "distance": 2821, "Interrupt": 0, "TempC_DS18B20": 26.1, "Sensor_flag": 1,
    }),
    ("dragino-ldds75", 2, "0b45 0014 00", {
        "Bat": 2.885, "distance": "Invalid Reading", "Interrupt": 0,
    }),
    ("dragino-lse01", 2, "0d2a 7fff 0fa0 f830 01f4 10", {
        "Bat": 3.37, "TempC_DS18B20": "3276.7", "water_SOIL": "40", "temp_SOIL": "-20",
        "conduct_SOIL": 500,
    }),
    ("dragino-lwl01", 10, "4b88 02 000007 00000a 00", {
        "BAT_V": 2.952, "MOD": 2, "WATER_LEAK_STATUS": 1, "WATER_LEAK_TIMES": 7,
        "LAST_WATER_LEAK_DURATION": 10,
    }),
    ("dragino-lht65", 2, "cbf6 ff9c 0250 05 03e8 7fff", {
        "BatV": 3.062, "Bat_status": 3, "TempC_SHT": -1.0, "Hum_SHT": 59.2,
        "Ext_sensor": "Illumination Sensor", "ILL_lx": 1000,
    }),
    ("browan-tbdw100", 100, "01 0a 34 0500 070000", {
        "status": 1, "battery": 3.5, "temperatureBoard": 20, "time": 5, "count": 7,
    }),
    ("browan-tbwl100", 106, "20 0b 36 32 30", {
        "status": 0, "temperatureChanged": 1, "humidityChanged": 0, "battery": 3.6,
        "temperatureBoard": 22, "humidity": 50, "temperature": 16,
    }),
    ("browan-tbhh100", 103, "10 0b 1e 4b ffffffff", {
        "status": 2, "battery": 3.6, "temperature": -2, "humidity": 75,
    }),
    ("netvox-r311w", 6, "0106019d 0100 0000000000", {
        "Device": "R311W", "Volt": 2.9, "LowBattery": True,
        "WaterLeak_1": "Leak", "WaterLeak_2": "NoLeak",
    }),
    ("netvox-ra02a", 6, "010a011e 0000 ffce 000000", {
        "Device": "RA02A", "Volt": 3.0, "FireAlarm": "NoAlarm", "HighTempAlarm": "NoAlarm",
        "Temp": -5.0,
    }),
    ("nwave-nps310sm", 3, "010203 02 01", {
        "type": "startup", "firmware_version": "1.2.3", "reset_cause": "power_on",
        "occupied": True,
    }),
    ("noah-trashbin", 1, "007c 1027 007e", {"temp": 50.0, "voltage": 10000, "level": 75.0}),
    ("adeunis-temp", 1, "57 20 00fa 00f0", {"bytes": {
        "type": "0x57 Temp 4 periodic data",
        "status": {
            "frameCounter": 1, "hardwareError": False, "configurationDone": False,
            "lowBattery": False, "timestamp": False, "configurationInconsistency": False,
            "configuration2ChannelsActivated": False,
        },
        "decodingInfo": "values: [t=0, t-1, t-2, ...]",
        "temperatures": [{"name": "temperature 1", "unit": "°C", "values": [25.0, 24.0]}],
    }}),
    ("mclimate-co2", 2, "01 0320 026c 80 f0", {
        "CO2": 800, "sensorTemperature": 22.0, "relativeHumidity": 50.0, "batteryVoltage": 3.52,
    }),
    ("tektelic-t0006129", 10, "01ba64 0088 3e8fa0 075bcd15 00c8", {
        "port": "10", "raw": "[01, BA, 64, 00, 88, 3E, 8F, A0, 07, 5B, CD, 15, 00, C8]",
        "sensor_data": {
            "battery1_status": {"voltage": 3.5, "eos_alert": 0},
            "coordinates": {"latitude": 51.25, "longitude": 12.3456789, "altitude": 100.0},
        },
    }),
]  # fmt: skip
"""Decoder, port, payload, result; computed by hand from the makers' payload descriptions."""


@pytest.mark.parametrize(("name", "f_port", "payload", "expected"), VECTORS)
def test_each_maker_s_format(
    name: str, f_port: int, payload: str, expected: dict[str, Any]
) -> None:
    decoded = DECODERS[name](bytes.fromhex(payload), f_port)
    assert same(decoded, expected), decoded


DECENTLAB: list[tuple[str, str, dict[str, float]]] = [
    ("decentlab-dl-pr26", "02 0167 0003 6000 6180 0c80", {
        "pressure": 0.25, "temperature": 26.8, "battery_voltage": 3.2,
    }),
    ("decentlab-dl-pr26-0-3", "02 0167 0003 6000 6180 0c80", {"pressure": 0.75}),
    ("decentlab-dl-pr26-0-10", "02 0167 0001 c000 0180", {"pressure": 10, "temperature": -50}),
    ("decentlab-dl-pr26-0-30", "02 0167 0001 c000 0180", {"pressure": 30}),
    ("decentlab-dl-5tm", "02 023b 0003 03e8 0271 0c60", {
        "dielectric_permittivity": 20, "volumetric_water_content": 0.3454,
        "soil_temperature": 22.5, "battery_voltage": 3.168,
    }),
    ("decentlab-dl-alb", "02 5285 0003 a710 83e8 0bd3", {
        "incoming_radiation": 1000, "reflected_radiation": 100, "battery_voltage": 3.027,
    }),
    ("decentlab-dl-smtp", "02 0b50 0001" + "1388 8ae8" * 8, {
        "soil_moisture_at_depth_0": 5, "soil_temperature_at_depth_7": 27.92,
    }),
    ("decentlab-dl-tbrg", "02 02f8 0003 0004 0258 409a 0001 0c54", {
        "precipitation": 0.4, "precipitation_interval": 600, "cumulative_precipitation": 8207.4,
    }),
    ("decentlab-dl-tbrg-0-2", "02 02f8 0001 0004 0258 000a 0000", {
        "precipitation": 0.8, "cumulative_precipitation": 2,
    }),
    ("decentlab-dl-pm", "02 1b50 0008 bd10", {"barometric_pressure": 96800}),
    ("decentlab-dl-mbx", "02 012f 0003 04d2 0001 0bb1", {
        "distance": 1234, "number_of_valid_samples": 1, "battery_voltage": 2.993,
    }),
]  # fmt: skip


@pytest.mark.parametrize(("name", "payload", "expected"), DECENTLAB)
def test_decentlab_s_devices(name: str, payload: str, expected: dict[str, float]) -> None:
    decoded = DECODERS[name](bytes.fromhex(payload), 1)
    assert {key: value(decoded, key) for key in expected} == pytest.approx(expected, abs=1e-9)


REFUSED: list[tuple[str, int | None, str, str]] = [
    ("cayenne-lpp", 1, "", "empty"),
    ("cayenne-lpp", 1, "01670110 02f000", "unknown-type: type 240 at position 5"),
    ("cayenne-lpp", 1, "016701", "too-short: 1 bytes missing at position 2"),
    ("elsys", 5, "2a0100", "unknown-type: type 0x2a at position 0"),
    ("elsys", 5, "01", "too-short"),
    ("elsys", 5, "", "empty"),
    ("milesight", 85, "f0f000", "unknown-type: channel 0xf0 type 0xf0 at position 0"),
    ("milesight", 85, "0175", "too-short"),
    ("decentlab-dl-5tm", 1, "01023b00020c60", "wrong-version: protocol version 1"),
    ("decentlab-dl-5tm", 1, "02023b00040c60", "unknown-type: flags 0x0004"),
    ("decentlab-dl-5tm", 1, "02023b000200", "too-short"),
    ("netvox-r311w", 6, "010a011e0000ffce000000", "wrong-device: device type 10 instead of 6"),
    ("netvox-r311w", 6, "0106051e0000ffce000000", "unknown-frame: report type 5"),
    ("netvox-r311w", None, "0106011e00010000000000", "unknown-port"),
    ("nwave-nps310sm", 9, "00", "unknown-port"),
    ("mclimate-co2", 2, "5100", "unknown-frame: command 0x51"),
    ("adeunis-temp", 1, "2f00", "unknown-frame: frame 0x2f"),
    ("adeunis-temp", 1, "570400", "too-short"),
    ("dragino-lwl01", 10, "0b8809", "unknown-frame: mode 9"),
    ("tektelic-t0006129", 10, "ff0100", "unknown-type"),
]


@pytest.mark.parametrize(("name", "f_port", "payload", "problem"), REFUSED)
def test_what_is_no_such_payload_is_refused_saying_why(
    name: str, f_port: int | None, payload: str, problem: str
) -> None:
    with pytest.raises(DecodeError) as refused:
        DECODERS[name](bytes.fromhex(payload), f_port)
    assert str(refused.value).startswith(problem)


@pytest.mark.parametrize("name", sorted(DECODERS))
@settings(deadline=None)  # measured below, without what other processes take
@given(payload=st.binary(max_size=255), f_port=st.none() | st.integers(0, 255))
@example(payload=b"", f_port=None)
@example(payload=bytes(255), f_port=1)
@example(payload=bytes(255), f_port=2)
@example(payload=b"\x03\x67\x00" * 85, f_port=85)
@example(payload=b"\xff" * 255, f_port=10)
def test_any_bytes_give_an_object_or_a_decode_error(
    name: str, payload: bytes, f_port: int | None
) -> None:
    def seconds() -> float:
        began = time.thread_time()
        with suppress(DecodeError):
            assert isinstance(DECODERS[name](payload, f_port), dict)
        return time.thread_time() - began

    # Three tries: collecting the garbage of a thousand other tests may take longer than decoding.
    assert any(seconds() < SLOWEST for _ in range(3))


def payloads(device: str) -> list[bytes]:
    path = SAMPLES / "payloads_by_dialect.json"
    found = json.loads(path.read_text(encoding="utf-8"))["payloads"] if path.exists() else []
    return [bytes.fromhex(one["truth"]["payload_hex"]) for one in found if one["device"] == device]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared payload examples are missing")
def test_recorded_payloads_decode_sensibly() -> None:
    for payload in payloads("DL-5TM"):
        decoded = DECODERS["decentlab-dl-5tm"](payload, 1)
        assert decoded["device_id"] == 571
        assert value(decoded, "battery_voltage") == pytest.approx(3.168)
        assert decoded.get("soil_temperature", {"value": 22.5})["value"] == pytest.approx(22.5)
    for payload in payloads("DL-ALB"):
        decoded = DECODERS["decentlab-dl-alb"](payload, 1)
        assert value(decoded, "battery_voltage") == pytest.approx(3.027)
        if "incoming_radiation" in decoded:
            assert value(decoded, "incoming_radiation") == pytest.approx(15.3)
            assert value(decoded, "reflected_radiation") == pytest.approx(3.4)
    for device, name in {
        "AM102": "milesight-am102", "AM103": "milesight-am103", "AM104": "milesight-am104",
    }.items():  # fmt: skip
        (payload,) = payloads(device)
        decoded = DECODERS[name](payload, 85)
        assert 10 < decoded["temperature"] < 35
        assert 20 < decoded["humidity"] < 80
        assert "undecoded" not in decoded
    (payload,) = payloads("EM300-MLD")
    assert DECODERS["milesight-em300-mld"](payload, 85)["leakage_status"] == "normal"
