"""From events to measurements, through the profiles."""

import math
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorawan.decoders import DECODERS
from lorawan.events import Dialect, Event, Kind
from lorawan.measurement import Mark, Measurement
from lorawan.profiles import Measured, Mounting, Profile, Rule, Type, decode, measure, profiles
from lorawan.profiles.paths import parse_path
from lorawan.profiles.profile import Derivation
from lorawan.vocabulary import QUANTITIES, mark
from tests.lorawan.test_decoders import NAMES, SAMPLES, cases, payloads

NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
NOWHERE = Mounting()


def uplink(payload: str | None = None, f_port: int | None = 1, **facts: Any) -> Event:
    data = None if payload is None else bytes.fromhex(payload)
    return Event(
        Dialect.CHIRPSTACK_V4, Kind.UPLINK, "up", time=NOON, f_port=f_port, payload=data, **facts
    )


def read(key: str, event: Event, height: float | None = None, **how: bool) -> Measured:
    profile = profiles()[key]
    decoded, _, _ = decode(event, profile)
    return measure(event, decoded, profile, Mounting(height), **how)


def values(measured: Measured) -> dict[str, float]:
    return {
        one.quantity + (f"#{one.channel}" if one.channel else ""): one.value
        for one in measured.measurements
    }


def made(*rules: Rule, **facts: Any) -> Profile:
    return Profile("test", "", "", Type.OTHER, "server", mapping=rules, **facts)


def rule(path: str, quantity: str, **facts: Any) -> Rule:
    return Rule(parse_path(path), quantity, **facts)


def taken(decoded: dict[str, Any], *rules: Rule) -> Measured:
    return measure(uplink(), decoded, made(*rules), NOWHERE)


EXPECTED: list[tuple[str, int, str, dict[str, float], dict[str, float]]] = [
    ("decentlab-dl-pr26", 1, "02016700036000 6180 0c80",
     {"water.depth": 2.5493, "water.temperature.current": 26.8}, {"volt": 3.2}),
    ("decentlab-dl-5tm", 1, "02023b000303e802710c60",
     {"soil.moisture": 34.54, "soil.temperature": 22.5}, {"volt": 3.168}),
    ("decentlab-dl-smtp", 1, "020b500001" + "13888ae8" * 2 + "00000000" * 6,
     {"soil.moisture": 5, "soil.temperature": 27.92, "soil.moisture#1": 5,
      "soil.temperature#1": 27.92}, {}),
    ("decentlab-dl-tbrg", 1, "0202f800030004 0258 409a 0000 0c54",
     {"rain.amount": 0.4, "rain.cumulative": 1653.8}, {"volt": 3.156}),
    ("decentlab-dl-pm", 1, "021b50000f0c25002500250027002701f50107012c012d012d012d67bd618dbd10",
     {"air.pm1": 3.7, "air.pm2_5": 3.7, "air.pm10": 3.9, "air.temperature": 24.35660461425781,
      "air.relativeHumidity": 41.63221740722656, "air.pressure": 968}, {"volt": 3.109}),
    ("decentlab-dl-alb", 1, "0252850003a71083e80bd3",
     {"radiation.incoming": 1000, "radiation.reflected": 100}, {"volt": 3.027}),
    ("dragino-ldds75", 2, "0b450b050001051", {}, {}),
    ("dragino-ldds75", 2, "0b450b050001 0501", {"water.distance": 2.821}, {"volt": 2.885}),
    ("dragino-ldds75", 2, "0b45001400", {}, {"volt": 2.885}),
    ("dragino-lse01", 2, "0e2900f107a5099b6e2890",
     {"soil.moisture": 19.57, "soil.temperature": 24.59, "soil.ec": 28.2}, {"volt": 3.625}),
    ("dragino-lwl01", 10, "8b88010000070000 0a00",
     {"action.contactState": 0, "action.open.count": 7}, {"volt": 2.952}),
    ("dragino-lwl01", 10, "4b8802000007 00000a00", {"water.leak": 1}, {"volt": 2.952}),
    ("dragino-lht65", 2, "cbf60b0d0376010add7fff",
     {"air.temperature": 28.29, "air.relativeHumidity": 88.6, "air.temperature#1": 27.81},
     {"volt": 3.062}),
    ("browan-tbdw100", 100, "00cb3500008a3a00",
     {"action.contactState": 1, "action.open.count": 14986, "device.temperature": 21},
     {"volt": 3.6}),
    ("browan-tbwl100", 106, "110b362836",
     {"water.leak": 1, "air.temperature": 22, "air.relativeHumidity": 40,
      "device.temperature": 22}, {"volt": 3.6}),
    ("netvox-r311w", 6, "0106019e00010000000000", {"water.leak": 0, "water.leak#1": 1},
     {"volt": 3.0}),
    ("netvox-ra02a", 6, "010a011e010104b0000000",
     {"smoke.detected": 1, "heat.detected": 1, "air.temperature": 120}, {"volt": 3.0}),
    ("netvox-ra02a", 6, "010a006415202008110000", {}, {}),
    ("nwave-nps310sm", 1, "01", {"parking.occupied": 1}, {}),
    ("nwave-nps310sm", 2, "00", {"parking.occupied": 0}, {}),
    ("noah-trashbin", 1, "007c1027007e", {"waste.fillLevel": 25, "device.temperature": 50},
     {"volt": 1}),
    ("adeunis-temp", 1, "579601b3ff9c01f4ffff14aba3e9",
     {"air.temperature": 43.5, "air.temperature#1": -10}, {}),
    ("mclimate-co2", 2, "010271027384ed",
     {"air.co2": 625, "air.temperature": 22.7, "air.relativeHumidity": 51.56}, {"volt": 3.5}),
    ("tektelic-t0006129", 10, "0000010067015a",
     {"action.shock.detected": 1, "device.temperature": 34.6}, {}),
    ("elsys", 5, "0100e202290400270506060308 070e4c",
     {"air.temperature": 22.6, "air.relativeHumidity": 41, "air.lightIntensity": 39,
      "action.motion.count": 6, "air.co2": 776}, {"volt": 3.66}),
    ("elsys", 5, "0e07d0 1900fa", {"object.distance": 2, "air.temperature#2": 25}, {}),
    ("elsys", 5, "1900fa 19ff9c", {"air.temperature#2": 25, "air.temperature#3": -10}, {}),
    ("elsys-ers-sound", 5, "0100e2 153c28",
     {"air.temperature": 22.6, "noise.laeq": 40, "noise.lamax": 60}, {}),
    ("milesight-em300-mld", 85, "01755c050001", {"water.leak": 1}, {"charge": 92}),
    ("milesight-em500-swl", 85, "0175640377fa00", {"water.depth": 2.5}, {"charge": 100}),
    ("milesight-em500-smtc", 85, "03671901046873057ff000",
     {"soil.temperature": 28.1, "soil.moisture": 57.5, "soil.ec": 0.24}, {}),
    ("milesight-ws301", 85, "030001", {"action.contactState": 0}, {}),
    ("milesight-ws302", 85, "055b053f02da016a02",
     {"noise.la": 57.5, "noise.laeq": 47.4, "noise.lamax": 61.8}, {}),
    ("milesight-em400", 85, "0367f80004820101050001",
     {"waste.distance": 0.257, "action.tilt.detected": 1, "device.temperature": 24.8}, {}),
    ("cayenne-lpp", 1, "0167ffd702687b0373276c",
     {"air.temperature#1": -4.1, "air.relativeHumidity#2": 61.5, "air.pressure#3": 1009.2}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("key", "f_port", "payload", "expected", "battery"), EXPECTED)
def test_payloads_become_measurements(
    key: str, f_port: int, payload: str, expected: dict[str, float], battery: dict[str, float]
) -> None:
    payload = payload.replace(" ", "")
    measured = read(key, uplink(payload[: len(payload) // 2 * 2], f_port))
    if payload == "0b450b050001051":  # cut off in the middle: seven bytes have no probe flag
        expected, battery = {"water.distance": 2.821}, {"volt": 2.885}
    assert values(measured) == pytest.approx(expected, abs=1e-9)
    assert measured.battery == battery.get("charge")
    assert measured.battery_volt == pytest.approx(battery.get("volt"))
    assert measured.warnings == ()


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["codec"])
def test_published_objects_are_mapped_whoever_decoded_them(case: dict[str, Any]) -> None:
    """The network server's object and our decoder's give the same measurements."""
    published = f"{case['vendor']} {case['codec']}"
    decoder = NAMES.get(published, published.replace(" ", "-"))
    key = "elsys-ers-sound" if case["codec"] == "ers-sound" else decoder
    own = uplink(case["bytes_hex"], case["f_port"])
    theirs = replace(own, payload=None, decoded=case["expected"].get("data"))
    assert read(key, own) == read(key, theirs)
    if "errors" not in case["expected"] or "data" in case["expected"]:
        assert not read(key, own).warnings
        startup = "SWver" in case["expected"]["data"]
        nothing = case["expected"]["data"] == {"distance": "No Sensor"}
        measured = read(key, own)
        something = measured.measurements or measured.battery_volt is not None
        assert bool(something) is not (startup or nothing)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared payload examples are missing")
def test_recorded_measurements_from_before_carry_their_own_time() -> None:
    (payload,) = payloads("AM103")
    measured = read("milesight-am103", replace(uplink(f_port=85), payload=payload))
    before = [one for one in measured.measurements if one.time]
    assert {one.quantity for one in before} == {
        "air.temperature", "air.relativeHumidity", "air.co2",
    }  # fmt: skip
    assert {one.time for one in before} == {datetime(2023, 10, 31, 15, 17, 12, tzinfo=UTC)}
    assert len(measured.measurements) == 6


def test_a_level_is_the_height_above_the_zero_less_the_distance() -> None:
    measured = read("milesight-em500-udl", uplink("0382d007", 85), height=4.5)
    assert values(measured) == pytest.approx({"water.distance": 2.0, "water.level": 2.5})
    level = measured.measurements[1]
    assert level.marks is Mark.DERIVED


def test_a_level_below_the_zero_is_kept() -> None:
    measured = read("milesight-em500-udl", uplink("03829411", 85), height=4.0)
    assert measured.measurements[1] == Measurement("water.level", -0.5, marks=Mark.DERIVED)


def test_an_impossible_distance_makes_an_impossible_level() -> None:
    measured = read("milesight-em500-udl", uplink("0382ffff", 85), height=4.0)
    distance, level = measured.measurements
    assert distance.marks is Mark.OUT_OF_RANGE
    assert level.marks == Mark.OUT_OF_RANGE | Mark.DERIVED


def test_a_probe_s_depth_is_added_to_its_height() -> None:
    measured = read("milesight-em500-swl", uplink("0377fa00", 85), height=-0.4)
    assert values(measured)["water.level"] == pytest.approx(2.1)


def test_how_full_a_bin_is_follows_from_its_depth() -> None:
    event = uplink("0482f401", 85)
    assert values(read("milesight-em400", event, height=2))["waste.fillLevel"] == 75
    assert "waste.fillLevel" not in values(read("milesight-em400", event, height=0))
    assert "waste.fillLevel" not in values(read("milesight-em400", event))


def test_a_level_the_device_gives_itself_is_not_derived_again() -> None:
    profile = made(
        rule("d", "water.distance"), rule("l", "water.level"),
        derive=(Derivation.LEVEL_FROM_DISTANCE,),
    )  # fmt: skip
    measured = measure(uplink(), {"d": 1.0, "l": 3.0}, profile, Mounting(5.0))
    assert values(measured) == {"water.distance": 1.0, "water.level": 3.0}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (24.1, 24.1), ("24.1", 24.1), (" -3 ", -3.0), ("1e2", 100.0), ("2821 mm", 2821.0),
        ("2821mm", 2821.0), (True, 1.0), (None, None), ("No Sensor", None), (-999, None),
        (-999.0, None), (".5", 0.5),
    ],
)  # fmt: skip
def test_numbers_are_understood_as_devices_write_them(value: Any, expected: float | None) -> None:
    one = rule("x", "object.distance", suffix="mm", absent=("no sensor", "-999"))
    measured = taken({"x": value}, one)
    assert [one.value for one in measured.measurements] == ([] if expected is None else [expected])
    assert measured.warnings == ()


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("high", "not-a-number"), ("", "not-a-number"), ("1_000", "not-a-number"),
        ("2.8 m", "not-a-number"), ("nan", "not-a-number"), ("inf", "not-a-number"),
        ("9" * 5000, "not-a-number"), ("1e999", "not-finite"), (math.nan, "not-finite"),
        (math.inf, "not-finite"), (10**400, "not-finite"), ([1], "wrong-type"),
        ({"value": 1}, "wrong-type"), (b"1", "wrong-type"),
    ],
)  # fmt: skip
def test_a_value_that_is_none_is_left_out_with_a_warning_and_the_others_stay(
    value: Any, problem: str
) -> None:
    rules = rule("a.x", "object.distance", suffix="mm"), rule("y", "air.co2")
    measured = taken({"a": {"x": value}, "y": 400}, *rules)
    assert values(measured) == {"air.co2": 400}
    assert measured.warnings == (f"{problem}: a.x",)


def test_words_are_numbers_by_the_profile_or_the_vocabulary() -> None:
    leak = rule("leak", "water.leak", words={"noleak": 0.0, "leak": 1.0})
    door = rule("door", "action.contactState")
    assert values(taken({"leak": "Leak", "door": "Closed"}, leak, door)) == {
        "water.leak": 1, "action.contactState": 1,
    }  # fmt: skip
    assert values(taken({"leak": False, "door": "open"}, leak, door)) == {
        "water.leak": 0, "action.contactState": 0,
    }  # fmt: skip
    assert taken({"leak": "drip", "door": "ajar"}, leak, door).warnings == (
        "unknown-word: leak", "not-a-number: door",
    )  # fmt: skip


def test_a_condition_decides_whether_a_field_means_something() -> None:
    payload = "4b8802000007 00000a00".replace(" ", "")
    assert "action.contactState" not in values(read("dragino-lwl01", uplink(payload, 10)))


def test_where_two_rules_give_the_same_the_first_counts() -> None:
    rules = rule("a", "air.co2"), rule("b", "air.co2")
    assert values(taken({"b": 500, "a": 400}, *rules)) == {"air.co2": 400}
    assert values(taken({"b": 500}, *rules)) == {"air.co2": 500}
    assert values(taken({"a": "?", "b": 500}, *rules)) == {"air.co2": 500}


def test_the_vocabulary_s_own_names_need_no_mapping() -> None:
    decoded = {
        "water": {"level": 2.4, "temperature": {"current": 8}, "leak": "no"},
        "air.co2": 410,
        "soil": {"moisture": [20, None, 22]},
        "battery": 3.6,
        "device": {"charge": 90},
        "note": "x",
    }
    measured = read("vocabulary", uplink(decoded=decoded), verbose=True)
    assert values(measured) == {
        "air.co2": 410, "soil.moisture": 20, "soil.moisture#2": 22, "water.leak": 0,
        "water.level": 2.4, "water.temperature.current": 8,
    }  # fmt: skip
    assert (measured.battery, measured.battery_volt) == (90, 3.6)
    assert measured.warnings == ("unknown-field: note",)


def test_what_the_network_server_normalised_counts_where_nothing_is_mapped() -> None:
    normalized = (
        {"time": "2026-11-20T10:00:00Z", "air": {"temperature": 20}},
        {"air": {"temperature": 21, "location": "outdoor"}},
        {"soil": {"depth": 10, "moisture": 30}},
        {"soil": {"depth": 20, "moisture": 35}, "battery": 3.5},
    )
    event = uplink(decoded={"tmp": 20}, normalized=normalized)
    decoded, decoder, problem = decode(event, None)
    measured = measure(event, decoded, None, NOWHERE)
    assert (decoder, problem) == ("server", None)
    assert [(one.quantity, one.channel, one.value) for one in measured.measurements] == [
        ("air.location", 0, 1), ("air.temperature", 0, 20), ("air.temperature", 0, 21),
        ("soil.depth", 0, 10), ("soil.depth", 1, 20),
        ("soil.moisture", 0, 30), ("soil.moisture", 1, 35),
    ]  # fmt: skip
    assert measured.measurements[1].time == NOON - timedelta(hours=1)
    assert measured.battery_volt == 3.5
    mapped = measure(event, {"t": 5}, made(rule("t", "air.temperature")), NOWHERE)
    assert values(mapped) == {"air.temperature": 5}


@pytest.mark.parametrize(
    "time",
    [
        "yesterday",
        "2026-11-20T10:00:00",
        0,
        1e20,
        -1,
        True,
        [],
        "2026-11-20T13:00:00Z",
        "1970-01-01",
    ],
)
def test_a_value_whose_own_time_cannot_be_is_left_out(time: Any) -> None:
    event = uplink(normalized=({"time": time, "air": {"temperature": 20}},))
    assert measure(event, None, None, NOWHERE) == Measured(warnings=("bad-time: time",))
    stamped = rule("h[*].v", "air.co2", time=parse_path("h[*].t"))
    decoded = {"h": [{"v": 400, "t": time}, {"v": 401, "t": 1795168800}, {"v": 402}]}
    measured = taken(decoded, stamped)
    assert [one.value for one in measured.measurements] == [401]
    assert measured.warnings == ("bad-time: h[0].v", "bad-time: h[2].v")


def test_simulated_frames_and_unread_bytes_are_told() -> None:
    measured = read("elsys", uplink("0100e22a01", simulated=True))
    assert measured.measurements[0].marks is Mark.SIMULATED
    assert measured.warnings == ("undecoded-bytes: 2a01",)


def test_verbose_names_the_fields_nobody_asked_for() -> None:
    measured = read("browan-tbdw100", uplink("00cb3500008a3a00", 100), verbose=True)
    assert measured.warnings == ("unknown-field: time",)


SERVER = {"distance": 1500}


@pytest.mark.parametrize(
    ("key", "event", "decoder", "problem"),
    [
        ("milesight-em500-udl", uplink("0382d007", 85, decoded=SERVER), "server", None),
        ("milesight-em500-udl", uplink("0382d007", 85), "python:milesight-em500-udl", None),
        ("milesight-em500-udl", uplink("0382d007", 85, decoded={"dst": 7}),
         "python:milesight-em500-udl", None),
        ("milesight-em500-udl", uplink("0382d007", 85, decoded={"battery": 7}),
         "python:milesight-em500-udl", None),
        ("milesight-em500-udl", uplink("f0", 85, decoded={"dst": 7}), "server", "too-short"),
        ("milesight-em500-udl", uplink("f0f0", 85), "", "unknown-type"),
        ("milesight-em500-udl", uplink(None, None), "", "no-payload"),
        ("milesight-em500-udl", uplink(None, 85, encrypted=True), "", "encrypted"),
        ("dragino-lse01", uplink("00", 9), "", "unknown-port"),
        ("vocabulary", uplink("00", decoded={"water.level": 1}), "server", None),
        ("vocabulary", uplink("00", decoded={"x": 1}), "server", "nothing-mapped"),
        ("vocabulary", uplink("00"), "", "no-object"),
        ("vocabulary", uplink(None, encrypted=True), "", "encrypted"),
        ("dragino-ldds75", uplink("0b450b0500", 2, decoded=SERVER), "python:dragino-ldds75", None),
        ("dragino-ldds75", uplink("0b", 2, decoded=SERVER), "", "too-short"),
        (None, uplink("00"), "", "no-profile"),
        (None, uplink("00", decoded={"x": 1}), "server", "no-profile"),
    ],
)  # fmt: skip
def test_who_decodes_and_what_is_wrong(
    key: str | None, event: Event, decoder: str, problem: str | None
) -> None:
    decoded, label, found = decode(event, profiles()[key] if key else None)
    assert (label, found) == (decoder, problem)
    assert (decoded is None) is (decoder == "")


@settings(deadline=None)
@given(
    value=st.floats(-1e6, 1e6),
    factor=st.floats(-1e3, 1e3),
    offset=st.floats(-1e3, 1e3),
    quantity=st.sampled_from(sorted(set(QUANTITIES) - {"battery", "device.charge"})),
)
def test_a_mapping_is_linear_and_marks_by_the_range(
    value: float, factor: float, offset: float, quantity: str
) -> None:
    measured = taken({"x": value}, rule("x", quantity, factor=factor, offset=offset))
    (one,) = measured.measurements
    assert one.value == pytest.approx(value * factor + offset, rel=1e-11)
    assert one.marks is mark(quantity, one.value)
    assert one.quantity == quantity


@given(numbers=st.sets(st.integers(0, 9999), min_size=1, max_size=20), first=st.integers(0, 9))
@settings(deadline=None)
def test_stars_number_the_channels(numbers: set[int], first: int) -> None:
    decoded = {f"t_{number}": float(number) for number in numbers}
    measured = taken(decoded, rule("t_*", "electricity.power", channel=first))
    expected = {number + first: number for number in numbers if number + first <= 9999}
    assert {one.channel: one.value for one in measured.measurements} == expected


@given(seed=st.integers(0, 2**32))
@settings(deadline=None, max_examples=30)
def test_the_order_of_fields_changes_nothing(seed: int) -> None:
    decoded = DECODERS["elsys"](bytes.fromhex("0100e20229040027050606030814000f6950070e4c"), 5)
    shuffled = list(decoded.items())
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - not for secrets
    event = uplink()
    profile = profiles()["elsys"]
    first = measure(event, decoded, profile, NOWHERE)
    assert measure(event, dict(shuffled), profile, NOWHERE) == first
    assert len(first.measurements) == 6


FIELDS = st.sampled_from(["water", "level", "history", "x", "\x00", "co2"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(FIELDS, children)
    ),
    max_leaves=12,
)  # fmt: skip


@given(
    decoded=st.dictionaries(st.sampled_from(["water", "distance", "history", "battery"]), JSON),
    key=st.sampled_from(["vocabulary", "milesight-em500-udl", "milesight-am103", "cayenne-lpp"]),
)
@settings(deadline=None)
def test_any_object_gives_finite_measurements_and_storable_warnings(
    decoded: dict[str, Any], key: str
) -> None:
    event = uplink(decoded=decoded, normalized=(decoded,))
    measured = measure(event, decoded, profiles()[key], Mounting(3.0), verbose=True)
    assert all(math.isfinite(one.value) for one in measured.measurements)
    assert len({(one.quantity, one.channel, one.time) for one in measured.measurements}) == len(
        measured.measurements
    )
    assert all(len(one) <= 120 and one.isprintable() for one in measured.warnings)
    decode(event, profiles()[key])


def test_a_flood_of_fields_is_bounded() -> None:
    measured = measure(
        uplink(),
        {"air": {"co2": [None] * 20_000 + [1] + [2] * 100}, "water": {"level": list(range(900))}},
        profiles()["vocabulary"],
        NOWHERE,
    )
    assert len(measured.measurements) == 500
    assert max(one.channel for one in measured.measurements) == 499
    wrong = taken({f"x_{number}": "?" for number in range(100)}, rule("x_*", "air.co2"))
    assert len(wrong.warnings) == 20
