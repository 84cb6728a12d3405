"""What a doubt means for each kind of message, how long to wait, and when it is over."""

from datetime import UTC, datetime, timedelta

import pytest

from services.chats.model import Kind as ChatKind
from services.outbox.model import Lane
from services.outbox.rules import (
    FRESH,
    GIVE_UP,
    LONGEST_PAUSE,
    Kind,
    Verdict,
    is_over,
    is_repetition,
    is_stale,
    judge,
    kind_of,
    pause_after,
)

NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        (Kind.REPLY, Verdict.RESEND, Verdict.LEAVE),
        (Kind.NOTICE, Verdict.RESEND, Verdict.LEAVE),
        (Kind.ALARM, Verdict.RESEND_MARKED, Verdict.LEAVE),
        (Kind.POST, Verdict.ASK_EDITORS, Verdict.ASK_EDITORS),
        (Kind.BROADCAST, Verdict.REPORT, Verdict.REPORT),
    ],
)
def test_each_kind_has_its_policy(kind: Kind, first: Verdict, second: Verdict) -> None:
    assert judge(kind, first=True) is first
    assert judge(kind, first=False) is second


def test_the_kind_follows_from_the_lane_but_a_channel_s_message_is_a_post() -> None:
    kinds = [kind_of(lane=lane, chat_kind=ChatKind.PRIVATE) for lane in Lane]
    assert kinds == [Kind.REPLY, Kind.ALARM, Kind.NOTICE, Kind.BROADCAST, Kind.NOTICE]
    assert {kind_of(lane=lane, chat_kind=ChatKind.CHANNEL) for lane in Lane} == {Kind.POST}


def test_only_an_alarm_that_may_be_there_already_is_marked() -> None:
    marked = [kind for kind in Kind if is_repetition(kind, unknown_at=NOON)]
    assert marked == [Kind.ALARM]
    assert not any(is_repetition(kind, unknown_at=None) for kind in Kind)


def test_pauses_double_up_to_five_minutes() -> None:
    assert [pause_after(n).total_seconds() for n in range(1, 11)] == [
        *(1, 2, 4, 8, 16, 32, 64, 128, 256),
        300,
    ]
    assert pause_after(10_000) == LONGEST_PAUSE


def test_after_a_day_it_is_over() -> None:
    assert not is_over(NOON, NOON + GIVE_UP - timedelta(seconds=1))
    assert is_over(NOON, NOON + GIVE_UP)


def test_only_pictures_and_places_grow_stale() -> None:
    due = NOON
    late, in_time = due + FRESH + timedelta(seconds=1), due + FRESH
    assert is_stale(Lane.ATTACHMENT, due, late)
    assert not is_stale(Lane.ATTACHMENT, due, in_time)
    others = set(Lane) - {Lane.ATTACHMENT}
    assert not any(is_stale(lane, due, late + timedelta(days=1)) for lane in others)
