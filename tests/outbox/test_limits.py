"""Telegram's limits hold whatever comes, and cost no more waiting than they must."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.limits import Limits

ERIKA, HANS, GROUP = 1, 2, -3


@dataclass
class Seconds:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def limits(seconds: Seconds) -> Limits:
    return Limits(now=seconds)


def send_all(
    limits: Limits, seconds: Seconds, chat: int, until: float, pause: float
) -> list[float]:
    """Send as often as it is allowed; return when."""
    sent = []
    while seconds.now < until:
        if limits.wait(chat) == 0:
            limits.take(chat, is_group=chat < 0)
            sent.append(seconds.now)
        else:
            seconds.now += max(limits.wait(chat), pause)
    return sent


def most_within(moments: list[float], span: float) -> int:
    """Return how many moments a window of this length holds at most."""
    return max(sum(first <= one < first + span - 1e-6 for one in moments) for first in moments)


def test_a_chat_gets_one_message_a_second(limits: Limits, seconds: Seconds) -> None:
    assert limits.wait(ERIKA) == 0
    limits.take(ERIKA, is_group=False)
    assert limits.wait(ERIKA) == pytest.approx(1)
    seconds.now = 0.999
    assert limits.wait(ERIKA) == pytest.approx(0.001)
    seconds.now = 1
    assert limits.wait(ERIKA) == 0


def test_one_chat_s_wait_is_not_another_s(limits: Limits) -> None:
    limits.take(ERIKA, is_group=False)
    assert limits.wait(HANS) == 0
    assert set(limits.waiting()) == {ERIKA}


def test_thirty_leave_at_once_the_next_waits_whoever_it_is_for(
    limits: Limits, seconds: Seconds
) -> None:
    for chat in range(30):
        assert limits.wait(chat) == 0
        limits.take(chat, is_group=False)
    assert limits.wait(99) == pytest.approx(1 / 30)
    seconds.now = 1 / 30
    assert limits.wait(99) == 0


def test_in_the_long_run_thirty_a_second_leave(limits: Limits, seconds: Seconds) -> None:
    sent = 0
    while seconds.now < 60:
        if limits.wait(sent) == 0:
            limits.take(sent, is_group=False)
            sent += 1
        else:
            seconds.now += limits.wait(sent)
    assert 60 * 30 <= sent <= 60 * 30 + 30 + 1


def test_a_group_may_hear_five_at_once_and_never_more_than_twenty_a_minute(
    limits: Limits, seconds: Seconds
) -> None:
    sent = send_all(limits, seconds, GROUP, until=300, pause=0)
    assert sent[:5] == [0] * 5
    assert sent[5] > 0
    assert most_within(sent, 60) <= 20
    assert len(sent) >= 5 * 15, "and it is not held back more than that"


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=60),
    st.sampled_from([ERIKA, GROUP]),
)
def test_no_window_ever_holds_too_many(pauses: list[float], chat: int) -> None:
    seconds = Seconds()
    limits = Limits(now=seconds)
    sent = []
    for pause in pauses:
        seconds.now += pause
        limits.tidy()
        while limits.wait(chat) == 0:
            limits.take(chat, is_group=chat < 0)
            sent.append(seconds.now)
    assert most_within(sent, 60) <= (20 if chat < 0 else 60)
    if chat > 0:
        assert most_within(sent, 1) == 1


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 5, allow_nan=False), min_size=1, max_size=30))
def test_forgetting_full_buckets_changes_no_answer(pauses: list[float]) -> None:
    seconds = Seconds()
    tidy, untidy = Limits(now=seconds), Limits(now=seconds)
    for number, pause in enumerate(pauses):
        seconds.now += pause
        tidy.tidy()
        chat = number % 3 - 1
        assert tidy.wait(chat) == pytest.approx(untidy.wait(chat), abs=1e-6)
        for limits in (tidy, untidy):
            limits.take(chat, is_group=chat < 0)


def test_full_buckets_are_forgotten(limits: Limits, seconds: Seconds) -> None:
    for chat in range(20):
        limits.take(chat, is_group=False)
    seconds.now = 1
    limits.tidy()
    assert limits.chats == {}


@pytest.mark.parametrize(("chat", "pause"), [(ERIKA, 35.0), (GROUP, 35.0), (ERIKA, 0.5)])
def test_a_pause_is_kept_to_the_second_and_tidying_does_not_end_it(
    limits: Limits, seconds: Seconds, chat: int, pause: float
) -> None:
    limits.pause(chat, pause, is_group=chat < 0)
    limits.tidy()
    assert limits.wait(chat) == pytest.approx(pause)
    assert limits.waiting() == {chat: pytest.approx(pause)}
    assert limits.wait(HANS) == 0
    seconds.now = pause
    assert limits.wait(chat) == 0
    assert limits.waiting() == {}


def test_a_clock_that_steps_back_lets_nobody_send_more(limits: Limits, seconds: Seconds) -> None:
    seconds.now = 100
    limits.take(ERIKA, is_group=False)
    seconds.now = 50
    assert limits.wait(ERIKA) == pytest.approx(1)
