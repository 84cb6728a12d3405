"""The limits on sending, each at what is allowed and at one more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.chats import Chat, ChatType
from simulator.clock import ManualClock
from simulator.errors import ApiError
from simulator.limits import Limits
from tests.simulator.telegram import CHANNEL, ERIKA, GROUP, LocalTelegram, Refusal

network = [pytest.mark.network, pytest.mark.enable_socket]


def private(chat_id: int) -> Chat:
    return Chat(chat_id, ChatType.PRIVATE)


def refused_for(limits: Limits, chat: Chat, count: int = 1) -> int:
    """Return retry_after, 0 for a message that left."""
    try:
        limits.before_send(chat, count)
    except ApiError as error:
        refusal = error
    else:
        return 0
    assert refusal.parameters
    seconds = int(refusal.parameters["retry_after"])
    assert refusal.code == 429
    assert refusal.description == f"Too Many Requests: retry after {seconds}"
    return seconds


def test_thirty_a_second_overall() -> None:
    clock = ManualClock()
    limits = Limits(clock, strict=True)
    for number in range(30):
        assert refused_for(limits, private(number)) == 0
    assert refused_for(limits, private(30)) == 1
    clock.advance(0.999)
    assert refused_for(limits, private(30)) == 1
    clock.advance(0.001)
    assert refused_for(limits, private(30)) == 0
    assert limits.refused == 2
    assert (limits.recorder.accepted, limits.recorder.largest_second) == (31, 30)


def test_one_a_second_in_a_private_chat() -> None:
    clock = ManualClock()
    limits = Limits(clock, strict=True)
    assert refused_for(limits, private(1)) == 0
    assert refused_for(limits, private(1)) == 1
    assert refused_for(limits, private(2)) == 0
    clock.advance(1)
    assert refused_for(limits, private(1)) == 0


@pytest.mark.parametrize("kind", [ChatType.GROUP, ChatType.SUPERGROUP, ChatType.CHANNEL])
def test_twenty_a_minute_in_a_group(kind: ChatType) -> None:
    clock = ManualClock()
    limits = Limits(clock, strict=True)
    chat = Chat(-1, kind)
    for _ in range(20):
        assert refused_for(limits, chat) == 0
        clock.advance(0.5)
    assert refused_for(limits, chat) == 50
    clock.advance(49.5)
    assert refused_for(limits, chat) == 1
    clock.advance(0.5)
    assert refused_for(limits, chat) == 0
    assert refused_for(limits, chat) == 1


def test_an_album_counts_each_picture() -> None:
    clock = ManualClock()
    limits = Limits(clock, strict=True)
    group = Chat(-1, ChatType.GROUP)
    assert refused_for(limits, group, 10) == 0
    assert refused_for(limits, group, 10) == 0
    assert refused_for(limits, group) == 60
    assert refused_for(limits, private(1), 10) == 0
    assert refused_for(limits, private(1)) == 1


def test_a_limit_that_is_off_only_counts() -> None:
    limits = Limits(ManualClock())
    for _ in range(100):
        assert refused_for(limits, private(1)) == 0
    assert limits.recorder.largest_second == 100


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0, 0.4)), max_size=200))
def test_no_second_sees_more_than_allowed(steps: list[tuple[int, float]]) -> None:
    clock = ManualClock()
    limits = Limits(clock, strict=True)
    sent: list[tuple[int, float]] = []
    for chat_id, pause in steps:
        clock.advance(pause)
        wait = refused_for(limits, private(chat_id))
        assert 0 <= wait <= 1
        if not wait:
            sent.append((chat_id, clock.now()))
    for chat_id, at in sent:
        within = [one for one, when in sent if at <= when < at + 1]
        assert len(within) <= 30
        assert within.count(chat_id) == 1
    counts = [sum(at <= when < at + 1 for _, when in sent) for _, at in sent]
    assert limits.recorder.largest_second == max(counts, default=0)


class TestOverHttp:
    pytestmark = network

    async def test_the_answer(self, telegram: LocalTelegram) -> None:
        await telegram.starts(ERIKA)
        shown = await telegram.sim("limits", {"strict": True})
        assert shown == {"strict": True, "accepted": 0, "refused": 0, "largest_second": 0}
        await telegram.call("sendMessage", chat_id=ERIKA, text="eins")
        url = f"{telegram.api}/sendMessage"
        body = {"chat_id": ERIKA, "text": "zwei"}
        async with telegram.http.post(url, json=body) as answer:
            assert answer.status == 429
            assert answer.headers["Retry-After"] == "1"
            assert await answer.json() == {
                "ok": False,
                "error_code": 429,
                "description": "Too Many Requests: retry after 1",
                "parameters": {"retry_after": 1},
            }
        counted = await telegram.sim("limits")
        assert (counted["accepted"], counted["refused"]) == (1, 1)

    @pytest.mark.parametrize("chat", [GROUP, CHANNEL])
    async def test_groups_and_channels(self, telegram: LocalTelegram, chat: int) -> None:
        await telegram.sim("limits", {"strict": True})
        for number in range(20):
            await telegram.call("sendMessage", chat_id=chat, text=str(number))
        refusal = await telegram.refused("sendMessage", chat_id=chat, text="21")
        assert refusal == Refusal(429, "Too Many Requests: retry after 60", {"retry_after": 60})
        await telegram.sim("limits", {"strict": False, "reset": True})
        await telegram.call("sendMessage", chat_id=chat, text="21")

    async def test_a_refused_message_costs_nothing(self, telegram: LocalTelegram) -> None:
        await telegram.starts(ERIKA)
        await telegram.sim("limits", {"strict": True})
        await telegram.complaint("sendMessage", chat_id=ERIKA, text="<b>", parse_mode="HTML")
        sent = await telegram.call("sendMessage", chat_id=ERIKA, text="eins")
        assert sent["text"] == "eins"
