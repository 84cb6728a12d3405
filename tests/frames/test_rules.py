"""What is lost, late or impossible; what belongs together in whatever order it came."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorawan.events import Kind
from services.frames.rules import (
    LOGGED,
    MAX_GAP,
    ROLLOVER_GAP,
    Counted,
    event_time,
    link_of,
    lost_in,
    value_time,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("counters", "lost"),
    [
        ([], 0),
        ([7], 0),
        ([1, 2, 3], 0),
        ([1, 4], 2),
        ([1, 2, 2, 3], 0),
        ([5, 7, 6, 8], 0),
        ([65533, 65535, 0, 1], 1),
        ([65535, 2], 2),
        ([2**32 - 1, 0], 0),
        ([2**32 - 2, 1], 2),
        ([65536 + 65535, 65536 * 2], 0),
        ([40000, 0, 1], 0),
        ([65535 - ROLLOVER_GAP, 0, 1], 0),
        ([100, 0, 1, 2], 0),
        ([0, 1, 2, 0, 1, 2], 0),
        ([0, 1, 2, 0, 3], 2),
        ([1, 1 + MAX_GAP], MAX_GAP - 1),
        ([1, 2 + MAX_GAP], 0),
    ],
)
def test_lost_frames_are_gaps_within_a_session(counters: Sequence[int], lost: int) -> None:
    assert lost_in(counters) == lost


@given(
    first=st.integers(0, 2**32 - 1),
    missing=st.sets(st.integers(1, 98), max_size=40),
    bits=st.sampled_from([16, 32]),
)
def test_any_gaps_count_once_wherever_the_counter_goes_round(
    first: int, missing: set[int], bits: int
) -> None:
    size = 1 << bits
    sent = [(first + step) % size for step in range(100) if step not in missing]
    assert lost_in(sent) == len(missing)


def counted(minutes: int, f_cnt: int | None, session: str = "a", **more: object) -> Counted:
    values = {"kind": Kind.UPLINK, "copies": 1, "rssi": -90.0, "snr": 5.0, "gateway": "one"}
    values |= more
    time = NOON + timedelta(minutes=minutes)
    return Counted(time=time, session=session, f_cnt=f_cnt, **values)  # type: ignore[arg-type]


def test_the_link_tells_what_was_heard_and_how() -> None:
    link = link_of(
        [
            counted(1, 10, copies=3),
            counted(2, 12, rssi=-110.0, snr=-3.0, gateway="two"),
            counted(3, 0, "b", rssi=-80.0, snr=None),
            counted(4, 1, "b"),
            counted(5, None, "b", kind=Kind.STATUS, rssi=None, snr=None),
        ]
    )
    assert (link.received, link.lost, link.copies, link.loss) == (4, 1, 2, 0.2)
    assert (link.best_rssi, link.median_rssi) == (-80, -90)
    assert (link.best_snr, link.median_snr) == (5, 5)
    assert link.gateways == {"one": 3, "two": 1}


def test_nothing_heard_is_no_loss() -> None:
    link = link_of([])
    assert (link.received, link.lost, link.loss, link.best_rssi) == (0, 0, 0.0, None)


def test_a_join_begins_anew_where_the_network_server_names_no_session() -> None:
    frames = [
        counted(1, 100, ""),
        counted(2, None, "", kind=Kind.JOIN),
        counted(3, 103, ""),
        counted(4, 104, ""),
    ]
    assert link_of(frames).lost == 0
    assert link_of([frames[0], *frames[2:]]).lost == 2


@given(st.permutations([counted(n, n * 2, "a" if n < 5 else "b") for n in range(10)]))
def test_the_link_does_not_depend_on_the_order(frames: list[Counted]) -> None:
    assert link_of(frames) == link_of(sorted(frames))
    assert link_of(frames).lost == 8


def test_times_that_cannot_be_become_those_of_the_frame_or_its_arrival() -> None:
    assert event_time(None, NOON) == NOON
    assert event_time(NOON + timedelta(days=1), NOON) == NOON + timedelta(days=1)
    assert event_time(NOON + timedelta(days=1, seconds=1), NOON) == NOON
    assert event_time(NOON - timedelta(days=900), NOON) == NOON - timedelta(days=900)
    assert value_time(None, NOON) == NOON
    assert value_time(NOON - LOGGED, NOON) == NOON - LOGGED
    assert value_time(NOON - LOGGED - timedelta(seconds=1), NOON) == NOON
    assert value_time(NOON + timedelta(seconds=1), NOON) == NOON
