"""A test's report: each demand fails for its own reason and for no other."""

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lorawan.measurement import Mark
from services.acceptance.records import Heard, Measured, Report
from services.acceptance.rules import Period, report
from services.devices.model import Device

UNTIL = datetime(2026, 11, 20, 11, tzinfo=UTC)
DAY = Period(UNTIL - timedelta(days=3), UNTIL)
HOUR = timedelta(hours=1)


def gauge(**more: Any) -> Device:
    given = {"type": "gauge", "profile": "x", "ars": "150820430430", "mounting_height": 5.0}
    return Device(**{**given, "latitude": 51.6, "longitude": 12.3, **more})


def frame(number: int, **more: Any) -> Heard:
    given = {
        "kind": "uplink",
        "time": DAY.since + number * HOUR,
        "session": "a",
        "f_cnt": number,
        "copies": 1,
        "rssi": -100.0 - number % 3,
        "snr": 5.0,
        "gateway": "gw",
        "spreading_factor": 7,
    }
    return Heard(**{**given, **more})


def value(number: int, level: float, **more: Any) -> Measured:
    given = {"quantity": "water.level", "channel": 0, "time": DAY.since + number * HOUR}
    return Measured(**{**given, "value": level, "marks": Mark.FINE, **more})


FRAMES = [frame(number) for number in range(72)]
LEVELS = [value(number, 2 + number % 7 / 100) for number in range(72)]
WARMTH = [value(number, 5 + number % 5, quantity="air.temperature") for number in range(72)]
VALUES = [*LEVELS, *WARMTH]


def failed(found: Report) -> set[str]:
    return {one.name for one in found.criteria if not one.passed}


def test_a_good_device_passes() -> None:
    found = report(gauge(), DAY, FRAMES, VALUES)
    assert failed(found) == set()
    assert found.passed
    assert (found.received, found.expected, found.lost) == (72, 72, 0)
    assert (found.interval, found.learned) == (3600, True)
    assert (found.rssi_median, found.rssi_worst) == (-101, -102)
    assert found.spreading == {"7": 1.0}
    assert found.gateways == {"gw": 72}


def test_nothing_heard_fails_everything_that_is_heard() -> None:
    found = report(gauge(), DAY, [], [])
    assert failed(found) == {"frames", "loss", "gap", "values"}
    assert found.loss == 1.0


@pytest.mark.parametrize(
    ("missing", "names"),
    [
        ({"type": ""}, {"type"}),
        ({"profile": ""}, {"profile"}),
        ({"ars": ""}, {"owner"}),
        ({"latitude": None}, {"place"}),
        ({"mounting_height": None}, {"height"}),
        ({"mounting_height": None, "type": "air"}, set()),
    ],
)
def test_what_staff_forgot(missing: dict[str, Any], names: set[str]) -> None:
    assert failed(report(gauge(**missing), DAY, FRAMES, VALUES)) == names


def test_loss_is_counted_by_the_counters() -> None:
    few = [one for one in FRAMES if one.f_cnt not in {10, 20, 30}]
    assert failed(report(gauge(), DAY, few, VALUES)) == set()
    fewer = [one for one in FRAMES if (one.f_cnt or 0) % 10 != 5]
    found = report(gauge(), DAY, fewer, VALUES)
    assert failed(found) == {"loss"}
    assert found.lost == 7


def test_a_rejoin_loses_nothing() -> None:
    again = [frame(n, session="b", f_cnt=n - 40) if n >= 40 else frame(n) for n in range(72)]
    assert report(gauge(), DAY, again, VALUES).lost == 0


def test_a_gap_and_silence_at_the_end() -> None:
    gap = [one for one in FRAMES if not 20 <= (one.f_cnt or 0) < 26]
    assert "gap" in failed(report(gauge(), DAY, gap, VALUES))
    ended = FRAMES[:60]
    found = report(gauge(), DAY, ended, VALUES)
    assert failed(found) == {"gap"}
    assert found.longest_gap == 13 * 3600


def test_a_given_interval_counts_before_a_learned_one() -> None:
    found = report(gauge(interval_seconds=600), DAY, FRAMES, VALUES)
    assert (found.expected, found.learned) == (432, False)
    assert failed(found) == {"gap"}


def test_too_few_frames() -> None:
    assert "frames" in failed(report(gauge(), DAY, FRAMES[-23:], VALUES))


def test_values_that_cannot_be() -> None:
    odd = [one._replace(marks=Mark.OUT_OF_RANGE) for one in LEVELS[:2]]
    found = report(gauge(), DAY, FRAMES, [*odd, *LEVELS[2:], *WARMTH])
    assert failed(found) == {"range"}


def test_a_sensor_that_stands_still_while_others_move() -> None:
    still = [one._replace(value=2.0) for one in LEVELS]
    assert failed(report(gauge(), DAY, FRAMES, [*still, *WARMTH])) == {"stuck"}
    assert failed(report(gauge(), DAY, FRAMES, still)) == set(), "nothing else moves"
    dry = [one._replace(quantity="water.leak", value=0.0) for one in LEVELS]
    assert failed(report(gauge(), DAY, FRAMES, [*dry, *WARMTH])) == set(), "yes and no may rest"


def test_jumps_beyond_nature() -> None:
    wild = [one._replace(value=2.0 + 4 * (n % 2)) for n, one in enumerate(LEVELS)]
    assert failed(report(gauge(), DAY, FRAMES, [*wild, *WARMTH])) == {"jumps"}
    flood = [one._replace(value=2.0 + 0.13 * n) for n, one in enumerate(LEVELS)]
    assert failed(report(gauge(), DAY, FRAMES, [*flood, *WARMTH])) == set()


@given(some.randoms(use_true_random=False))
def test_order_changes_nothing(chance: random.Random) -> None:
    frames, values = list(FRAMES), list(VALUES)
    chance.shuffle(frames)
    chance.shuffle(values)
    assert report(gauge(), DAY, frames, values) == report(gauge(), DAY, FRAMES, VALUES)


def test_it_is_plain_json() -> None:
    found = report(gauge(), DAY, FRAMES, VALUES).as_json()
    assert json.loads(json.dumps(found)) == found
    assert found["passed"] is True
