"""Who is late, who is gone, and when it is the gateway."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alarms.rules.presence import (
    Expectation,
    Listener,
    Outages,
    Pause,
    Presence,
    outages,
)

NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
HALF_HOUR = Expectation(timedelta(minutes=30))


@pytest.mark.parametrize(
    ("minutes", "presence"),
    [
        (0, Presence.FRESH),
        (75, Presence.FRESH),
        (76, Presence.STALE),
        (150, Presence.STALE),
        (151, Presence.OFFLINE),
    ],
)
def test_two_and_a_half_intervals_are_stale_and_five_are_offline(
    minutes: int, presence: Presence
) -> None:
    assert HALF_HOUR.presence(NOON - timedelta(minutes=minutes), NOON) is presence


def test_patience_is_added_to_offline_alone() -> None:
    patient = Expectation(timedelta(minutes=30), patience=timedelta(hours=1))
    assert patient.presence(NOON - timedelta(minutes=151), NOON) is Presence.STALE
    assert patient.presence(NOON - timedelta(minutes=211), NOON) is Presence.OFFLINE
    assert patient.offline_at(NOON) == NOON + timedelta(minutes=210)


def pause(since: float, until: float) -> Pause:
    return Pause(NOON + timedelta(minutes=since), NOON + timedelta(minutes=until))


@pytest.mark.parametrize(
    ("pauses", "minutes"),
    [
        ([], 0),
        ([pause(10, 20)], 10),
        ([pause(40, 50), pause(10, 20)], 20),
        ([pause(-20, -10)], 0),
        ([pause(-5, 5)], 5),
        ([pause(-60, 60)], 60),
        ([pause(130, 150)], 30),  # 150 - 4 intervals: one is left
    ],
)
def test_a_pause_is_nobody_s_silence(pauses: list[Pause], minutes: int) -> None:
    assert HALF_HOUR.heard(NOON, pauses) == NOON + timedelta(minutes=minutes)


@given(st.lists(st.integers(0, 5_000), max_size=8), st.integers(-5_000, 5_000))
def test_after_a_long_pause_there_is_an_interval_left(ends: list[int], seen: int) -> None:
    bounds = sorted(set(ends))
    pauses = [pause(*each) for each in zip(bounds[::2], bounds[1::2], strict=False)]
    at = NOON + timedelta(minutes=seen)
    heard = HALF_HOUR.heard(at, pauses)
    assert heard >= at
    for one in pauses:
        if one.is_long and one.until > at:
            soon = one.until + HALF_HOUR.interval
            assert HALF_HOUR.presence(heard, soon) is not Presence.OFFLINE


def test_who_was_never_seen_is_offline() -> None:
    assert HALF_HOUR.presence(None, NOON) is Presence.OFFLINE


def devices(
    *silent: bool, gateways: tuple[str, ...] = ("north",), first: int = 0
) -> list[Listener]:
    return [
        Listener(first + number, frozenset(gateways), Presence.OFFLINE if yes else Presence.FRESH)
        for number, yes in enumerate(silent)
    ]


def test_when_nearly_all_are_silent_it_is_the_gateway() -> None:
    found = outages(devices(True, True, True, True, False))
    assert found == Outages({"north": (0, 1, 2, 3)}, frozenset({0, 1, 2, 3}))


def test_half_of_them_are_just_sensors() -> None:
    assert not outages(devices(True, True, False, False)).gateways


def test_two_sensors_are_no_proof() -> None:
    assert not outages(devices(True, True)).gateways


def test_whom_a_living_gateway_heard_too_is_silent_for_a_reason_of_its_own() -> None:
    lonely = devices(True, True, True)
    both = devices(True, gateways=("north", "south"), first=10)
    south = devices(False, False, False, gateways=("south",), first=20)
    found = outages([*lonely, *both, *south])
    assert set(found.gateways) == {"north"}
    assert found.explained == {0, 1, 2}


def test_a_thousand_devices_are_one_outage() -> None:
    found = outages(devices(*[True] * 1000))
    assert set(found.gateways) == {"north"}
    assert len(found.explained) == 1000


@given(st.lists(st.booleans(), max_size=30))
def test_fresh_devices_are_never_explained_away(silent: list[bool]) -> None:
    found = outages(devices(*silent))
    assert all(silent[number] for number in found.explained)
