"""Telegram's limits hold whatever comes, and cost no more waiting than they must."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.buckets import Bucket, Window
from bot.limits import BROADCAST_SLOWEST, Limits, Parcel
from services.outbox.records import Kept, KeptChat, KeptRate

ERIKA, HANS, GROUP = 1, 2, -3
MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass
class Seconds:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now

    @property
    def clock(self) -> datetime:
        return MIDNIGHT + timedelta(seconds=self.now)


def parcel(
    number: int, chat: int, *, count: int = 1, is_broadcast: bool = False, is_extra: bool = False
) -> Parcel:
    return Parcel(
        number,
        chat,
        is_group=chat < 0,
        is_broadcast=is_broadcast,
        is_extra=is_extra,
        count=count,
    )


@dataclass
class Sender:
    """Sends as often as it is allowed; calls take a while to arrive."""

    seconds: Seconds = field(default_factory=Seconds)
    latency: float = 0.0
    sent: list[tuple[float, Parcel]] = field(default_factory=list)
    rates: Sequence[KeptRate] = ()
    chats: dict[int, KeptChat] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.limits = Limits(now=self.seconds)

    def send(self, one: Parcel) -> None:
        """Wait as long as it must, and send."""
        self.limits.tidy()
        while (wait := self.limits.wait(one)) > 0:
            self.seconds.now += wait
        self.limits.take(one)
        self.write_down(one)
        self.limits.begins(one)
        self.seconds.now += self.latency
        self.limits.ends(one)
        self.sent.append((self.seconds.now, one))

    def write_down(self, one: Parcel) -> None:
        kept = self.limits.record([one], self.seconds.clock)
        self.rates = kept.rates
        for chat in kept.chats:
            self.chats[chat.chat_id] = replace(chat, is_group=chat.chat_id < 0)

    def restart(self) -> None:
        """Stop, and go on as a new process that knows only what was written down."""
        self.limits = Limits(now=self.seconds)
        self.limits.restore(Kept(self.rates, [*self.chats.values()]), self.seconds.clock)

    def most_within(self, span: float, **wanted: object) -> int:
        """Return how many messages a window of this length holds at most."""
        chosen = [
            (moment, one.count)
            for moment, one in self.sent
            if all(getattr(one, name) == value for name, value in wanted.items())
        ]
        return max(
            [0]
            + [
                sum(count for one, count in chosen if first <= one < first + span - 1e-6)
                for first, _ in chosen
            ]
        )


@pytest.fixture
def sender() -> Sender:
    return Sender()


def test_a_chat_gets_one_message_a_second(sender: Sender) -> None:
    sender.send(parcel(1, ERIKA))
    assert sender.limits.wait(parcel(2, ERIKA)) == pytest.approx(1)
    sender.seconds.now = 0.999
    assert sender.limits.wait(parcel(2, ERIKA)) == pytest.approx(0.001)
    sender.seconds.now = 1
    assert sender.limits.wait(parcel(2, ERIKA)) == 0


def test_the_second_of_a_chat_begins_when_its_message_has_arrived(sender: Sender) -> None:
    sender.latency = 0.7
    sender.send(parcel(1, ERIKA))
    assert sender.limits.wait(parcel(2, ERIKA)) == pytest.approx(1)


def test_one_chat_s_wait_is_not_another_s(sender: Sender) -> None:
    sender.send(parcel(1, ERIKA))
    assert sender.limits.wait(parcel(2, HANS)) == 0
    assert set(sender.limits.waiting()) == {ERIKA}


def test_two_leave_at_once_the_next_waits_whoever_it_is_for(sender: Sender) -> None:
    for chat in range(2):
        sender.send(parcel(chat, chat))
    assert sender.limits.wait(parcel(9, 99)) == pytest.approx((1 - 0.7) / 27)


def test_in_the_long_run_27_a_second_leave_and_25_of_a_broadcast(sender: Sender) -> None:
    for is_broadcast, rate in ((False, 27), (True, 25)):
        start = sender.seconds.now
        for number in range(600):
            sender.send(parcel(number, 1000 + number, is_broadcast=is_broadcast))
        assert 600 / (sender.seconds.now - start) == pytest.approx(rate, rel=0.01)


def test_a_group_may_hear_five_at_once_and_never_more_than_twenty_a_minute(
    sender: Sender,
) -> None:
    for number in range(80):
        sender.send(parcel(number, GROUP))
    assert sender.sent[4][0] < 1 < sender.sent[5][0]
    assert 19 <= sender.most_within(60) <= 20
    assert sender.seconds.now < 60 * 80 / 15 + 1, "and it is not held back more than that"


def test_an_album_counts_as_its_pictures(sender: Sender) -> None:
    sender.send(parcel(1, ERIKA, count=10))
    assert sender.limits.wait(parcel(2, ERIKA)) == pytest.approx(10)
    sender.seconds.now = 100
    sender.send(parcel(3, GROUP))
    assert sender.limits.wait_for_chat(parcel(4, GROUP, count=10)) == pytest.approx(24)


ARRIVALS = st.lists(
    st.tuples(
        st.floats(0, 3, allow_nan=False),
        st.sampled_from([ERIKA, HANS, GROUP, GROUP - 1, *range(100, 160)]),
        st.booleans(),
        st.sampled_from([1, 1, 1, 1, 5, 10]),
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(ARRIVALS, st.floats(0, 0.2), st.sets(st.integers(0, 59), max_size=3))
def test_no_second_and_no_minute_ever_holds_too_many(
    arrivals: list[tuple[float, int, bool, int]], latency: float, restarts: set[int]
) -> None:
    sender = Sender(latency=latency)
    for number, (pause, chat, is_broadcast, count) in enumerate(arrivals):
        sender.seconds.now += pause if pause > 1 else 0.0
        sender.send(parcel(number, chat, count=count, is_broadcast=is_broadcast))
        if number in restarts:
            sender.restart()
    assert sender.most_within(1) <= 30
    for chat in {one.chat_id for _, one in sender.sent}:
        if chat < 0:
            assert sender.most_within(60, chat_id=chat) <= 20
        else:
            assert sender.most_within(1, chat_id=chat, count=1) <= 1


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.booleans(), min_size=40, max_size=150),
    st.sets(st.integers(0, 149), max_size=4),
    st.floats(0, 0.1),
)
def test_single_messages_keep_the_limits_across_restarts_at_any_point(
    broadcasts: list[bool], restarts: set[int], latency: float
) -> None:
    sender = Sender(latency=latency)
    for number, is_broadcast in enumerate(broadcasts):
        sender.send(parcel(number, number, is_broadcast=is_broadcast))
        if number in restarts:
            sender.restart()
    assert sender.most_within(1) <= 30
    if any(broadcasts):
        assert sender.most_within(1, is_broadcast=True) <= 25 + 5


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 0.24), st.booleans()), min_size=60, max_size=120))
def test_however_the_network_shifts_messages_no_second_of_the_receiver_holds_more(
    delays: list[tuple[float, bool]],
) -> None:
    """Many calls under way at once; each arrives at its own time, some answers come late."""
    seconds = Seconds()
    limits = Limits(overall=1000, now=seconds)  # the pace alone would allow far more
    limits.window = Window(30)
    arrived: list[float] = []
    under_way: list[tuple[float, Parcel]] = []
    for number, (delay, late) in enumerate(delays):
        one = parcel(number, number)
        while (wait := limits.wait(one)) > 0:
            seconds.now += min(wait, 0.01)
            for end, done in [each for each in under_way if each[0] <= seconds.now]:
                limits.ends(done)
                under_way.remove((end, done))
        limits.take(one)
        limits.begins(one)
        arrived.append(seconds.now + delay)
        under_way.append((seconds.now + delay + (5 if late else 0), one))
    assert max(sum(1 for one in arrived if first <= one < first + 1) for first in arrived) <= 30


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 5, allow_nan=False), min_size=1, max_size=30))
def test_forgetting_full_buckets_changes_no_answer(pauses: list[float]) -> None:
    seconds = Seconds()
    tidy, untidy = Limits(now=seconds), Limits(now=seconds)
    for number, pause in enumerate(pauses):
        seconds.now += pause
        tidy.tidy()
        one = parcel(number, number % 3 - 1, count=1 + 9 * (number % 2))
        assert tidy.wait_for_chat(one) == pytest.approx(untidy.wait_for_chat(one), abs=1e-6)
        for limits in (tidy, untidy):
            limits.take(one)
            limits.ends(one)


def test_full_buckets_are_forgotten(sender: Sender) -> None:
    for chat in range(20):
        sender.send(parcel(chat, chat))
    sender.seconds.now = 20
    sender.limits.tidy()
    assert sender.limits.chats == {}
    assert sender.limits.window.arrivals == {}


@pytest.mark.parametrize(("chat", "pause"), [(ERIKA, 35.0), (GROUP, 35.0), (ERIKA, 0.5)])
def test_a_pause_is_kept_to_the_second_and_tidying_does_not_end_it(
    sender: Sender, chat: int, pause: float
) -> None:
    sender.limits.too_many(parcel(1, chat), pause)
    sender.limits.tidy()
    assert sender.limits.wait(parcel(2, chat)) == pytest.approx(pause)
    assert sender.limits.waiting() == {chat: pytest.approx(pause)}
    assert sender.limits.wait(parcel(3, HANS)) == 0
    sender.seconds.now = pause
    assert sender.limits.wait(parcel(2, chat)) == 0
    assert sender.limits.waiting() == {}


def test_two_chats_asked_to_wait_at_once_mean_the_bot(sender: Sender) -> None:
    sender.limits.too_many(parcel(1, ERIKA), 5)
    sender.limits.too_many(parcel(2, ERIKA), 5)
    assert sender.limits.wait_for_all() == 0, "that was one chat twice"
    sender.limits.too_many(parcel(3, HANS), 3)
    assert sender.limits.wait(parcel(4, 99)) == pytest.approx(5)
    sender.write_down(parcel(3, HANS))
    sender.restart()
    assert sender.limits.wait(parcel(4, 99)) == pytest.approx(5)


def test_a_second_request_to_wait_after_the_first_pause_is_one_chat_s_again(
    sender: Sender,
) -> None:
    sender.limits.too_many(parcel(1, ERIKA), 5)
    sender.seconds.now = 5
    sender.limits.too_many(parcel(2, HANS), 3)
    assert sender.limits.wait_for_all() == 0


def test_broadcasts_become_slower_when_asked_to_wait_and_slowly_faster_again(
    sender: Sender,
) -> None:
    def pace() -> float:
        start = sender.seconds.now
        for number in range(20):
            sender.send(parcel(number, int(start * 1000) + 100 + number, is_broadcast=True))
        return 20 / (sender.seconds.now - start)

    assert pace() > 24
    for _ in range(3):
        sender.limits.too_many(parcel(1, ERIKA), 0.0)
    assert pace() == pytest.approx(12.5, rel=0.15), "the same second counts once"
    for _ in range(20):
        sender.seconds.now += 1
        sender.limits.too_many(parcel(1, ERIKA), 0.0)
    assert sender.limits.broadcast.rate == BROADCAST_SLOWEST
    sender.seconds.now += 120
    sender.send(parcel(1, HANS, is_broadcast=True))
    assert sender.limits.broadcast.rate == pytest.approx(13, rel=0.05)
    sender.restart()
    assert sender.limits.broadcast.rate == pytest.approx(13, rel=0.05)


def test_while_telegram_cannot_be_reached_the_pauses_grow(sender: Sender) -> None:
    waits = []
    for _ in range(7):
        sender.limits.unreachable()
        sender.limits.unreachable()  # a call that began at the same time
        waits.append(sender.limits.wait_for_all())
        sender.seconds.now += waits[-1]
    assert waits == pytest.approx([1, 2, 4, 8, 16, 30, 30])
    sender.limits.reached()
    sender.limits.unreachable()
    assert sender.limits.wait_for_all() == pytest.approx(1)


def test_a_clock_that_steps_back_lets_nobody_send_more(sender: Sender) -> None:
    sender.seconds.now = 100
    sender.send(parcel(1, ERIKA))
    kept = sender.limits.record([parcel(1, ERIKA)], sender.seconds.clock)
    sender.seconds.now = 50
    assert sender.limits.wait(parcel(2, ERIKA)) == pytest.approx(1)
    fresh = Limits(now=sender.seconds)
    fresh.restore(kept, sender.seconds.clock)
    assert fresh.wait(parcel(2, ERIKA)) == pytest.approx(1)


def test_a_window_counts_a_call_until_a_second_after_its_arrival() -> None:
    window = Window(2)
    window.expect(1, 1)
    window.expect(2, 1)
    assert window.wait(0, 1) == 1, "nobody knows when it arrives"
    window.arrives(1, 0.25)
    assert window.wait(0, 1) == 1
    assert window.wait(1, 1) == pytest.approx(0.25)
    assert window.wait(1, 2) == 1
    window.drop(2)
    assert window.wait(1, 1) == 0
    window.tidy(1.25)
    assert window.arrivals == {}


def test_a_bucket_counts_more_than_it_holds_as_time_it_was_left_alone() -> None:
    bucket = Bucket(1, 2)
    bucket.take(10)
    assert bucket.wait(10, 1) == 0
    assert bucket.wait(10, 5) == pytest.approx(4)
    assert not bucket.is_idle(18)
    assert bucket.is_idle(19)


def test_pictures_leave_a_group_the_room_for_two_messages_at_once() -> None:
    sender = Sender()
    sender.send(parcel(1, GROUP))
    for number in range(2, 12):
        sender.send(parcel(number, GROUP, is_extra=True))
        urgent = parcel(100, GROUP)
        assert sender.limits.wait_for_chat(urgent) == 0
        sender.limits.take(parcel(101, GROUP))
        assert sender.limits.wait_for_chat(urgent) == 0
        sender.limits.chats[GROUP].tokens += 1
    assert sender.seconds.now > 30, "they wait themselves instead"


def test_a_person_has_no_such_reserve() -> None:
    sender = Sender()
    sender.send(parcel(1, ERIKA))
    sender.send(parcel(2, ERIKA, is_extra=True))
    assert sender.seconds.now == pytest.approx(1, abs=0.1)


def test_a_broadcast_leaves_slots_for_what_stands_behind_it() -> None:
    """Whatever is less urgent than a broadcast still leaves while it goes on."""
    seconds = Seconds(now=100.0)
    limits, extra = Limits(now=seconds), parcel(1, GROUP, is_extra=True)
    people = (parcel(number, number, is_broadcast=True) for number in range(2, 10_000))
    person = next(people)
    while seconds.now < 110.0:
        limits.tidy()
        while limits.wait(person) <= 0:
            limits.take(person)
            limits.begins(person)
            limits.ends(person)
            person = next(people)
        if limits.wait(extra) <= 0:
            return
        seconds.now += 0.01
    pytest.fail("it never had a turn")
