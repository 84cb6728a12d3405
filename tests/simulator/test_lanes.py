"""Lanes of a webhook: one after another inside, side by side across; and its connections."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from simulator.clock import ManualClock
from simulator.connections import Connections
from simulator.tasks import Tasks
from simulator.updates import Lane
from tests.simulator.telegram import (
    AMY,
    ERIKA,
    GROUP,
    JOERG,
    SABINE,
    LocalTelegram,
    eventually,
)

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

KINDS = ["message", "callback_query", "inline_query", "my_chat_member", "message_reaction"]
KINDS += ["poll", "poll_answer"]


class SlowBot:
    """An endpoint that answers nothing until told so."""

    def __init__(self) -> None:
        self.waiting: list[tuple[dict[str, Any], asyncio.Future[None]]] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.append((await request.json(), answered))
        await answered
        return web.Response()

    def kinds(self) -> Counter[str]:
        """Return how many updates of each kind are under way."""
        return Counter(kind for update, _ in self.waiting for kind in update if kind in KINDS)

    def answer(self) -> list[dict[str, Any]]:
        """Answer all that is under way and return it."""
        waiting, self.waiting = self.waiting, []
        for _, answered in waiting:
            answered.set_result(None)
        return [update for update, _ in waiting]


@asynccontextmanager
async def slow_bot(telegram: LocalTelegram, **settings: Any) -> AsyncIterator[SlowBot]:
    bot = SlowBot()
    app = web.Application()
    app.router.add_post("/", bot.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        await telegram.call("setWebhook", url=bot.url, allowed_updates=KINDS, **settings)
        yield bot
    finally:
        await telegram.call("deleteWebhook")
        bot.answer()
        await runner.cleanup()


async def polled(telegram: LocalTelegram) -> int:
    poll = await telegram.call(
        "sendPoll", chat_id=ERIKA, question="?", options=["a", "b"], is_anonymous=False
    )
    return int(poll["message_id"])


async def voted(telegram: LocalTelegram, message_id: int, option: int) -> None:
    body = {"message_id": message_id, "option_ids": [option]}
    await telegram.sim(f"people/{ERIKA}/chats/{ERIKA}/vote", body)


async def all_one_by_one(bot: SlowBot, kinds: set[str], count: int) -> list[dict[str, Any]]:
    """Answer `count` updates of these kinds; never more than one of them may be under way."""
    seen: list[dict[str, Any]] = []
    for _ in range(count):
        await eventually(lambda: bot.waiting)
        await asyncio.sleep(0.01)
        assert sum(bot.kinds()[kind] for kind in kinds) == 1
        seen += bot.answer()
    return seen


async def test_votes_in_one_poll_come_one_after_another(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    async with slow_bot(telegram) as bot:
        poll = await polled(telegram)
        for option in (0, 1):
            await voted(telegram, poll, option)
        seen = await all_one_by_one(bot, {"poll", "poll_answer"}, 4)
    kinds = ["poll", "poll_answer", "poll", "poll_answer"]
    assert [kind for update in seen for kind in update if kind in KINDS] == kinds
    assert [one["poll_answer"]["option_ids"] for one in seen if "poll_answer" in one] == [[0], [1]]


async def test_two_polls_are_brought_side_by_side(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    async with slow_bot(telegram) as bot:
        for poll in [await polled(telegram), await polled(telegram)]:
            await voted(telegram, poll, 0)
        await eventually(lambda: bot.kinds()["poll"] == 2)
        assert bot.kinds()["poll"] == 2, "both wait for an answer at once"


async def reacted(telegram: LocalTelegram, person: int, message_id: int, emoji: str) -> None:
    body = {"message_id": message_id, "reaction": [{"type": "emoji", "emoji": emoji}]}
    await telegram.sim(f"people/{person}/chats/{person}/react", body)


async def test_reactions_in_one_chat_come_one_after_another(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    sent = await telegram.call("sendMessage", chat_id=ERIKA, text="x")
    async with slow_bot(telegram) as bot:
        for emoji in ("👍", "👎", "❤"):
            await reacted(telegram, ERIKA, sent["message_id"], emoji)
        seen = await all_one_by_one(bot, {"message_reaction"}, 3)
    new = [one["message_reaction"]["new_reaction"][0]["emoji"] for one in seen]
    assert new == ["👍", "👎", "❤"]


async def test_inline_queries_of_one_person_come_one_after_another(
    telegram: LocalTelegram,
) -> None:
    async with slow_bot(telegram) as bot:
        for query in ("p", "pa", "pas"):
            await telegram.sim(f"people/{ERIKA}/inline", {"query": query})
        seen = await all_one_by_one(bot, {"inline_query"}, 3)
    assert [one["inline_query"]["query"] for one in seen] == ["p", "pa", "pas"]


async def test_all_lanes_are_served_side_by_side(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    sent = await telegram.call("sendMessage", chat_id=ERIKA, text="x", reply_markup=markup)
    poll = await polled(telegram)
    async with slow_bot(telegram) as bot:
        for text in ("eins", "zwei"):
            await telegram.says(ERIKA, text)
        await telegram.says(AMY, "drei")
        await telegram.presses(ERIKA, sent, 0, 0)
        await telegram.sim(f"people/{ERIKA}/inline", {"query": "p"})
        await reacted(telegram, ERIKA, sent["message_id"], "👍")
        await voted(telegram, poll, 0)
        await telegram.sim(f"people/{ERIKA}/block", {})
        under_way = dict.fromkeys(KINDS, 1) | {"message": 2, "poll_answer": 0}
        await eventually(lambda: len(bot.waiting) == sum(under_way.values()))
        assert all(bot.kinds()[kind] == count for kind, count in under_way.items())


async def test_the_lanes_bear_the_real_servers_numbers(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    sent = await telegram.call("sendMessage", chat_id=GROUP, text="x", reply_markup=markup)
    mine = await telegram.call("sendMessage", chat_id=ERIKA, text="x")
    poll = await polled(telegram)
    await telegram.updates(allowed_updates=KINDS)
    await telegram.presses(JOERG, sent, 0, 0)
    await telegram.sim(f"people/{SABINE}/inline", {"query": "p"})
    await reacted(telegram, ERIKA, mine["message_id"], "👍")
    await voted(telegram, poll, 0)
    await telegram.says(AMY, "x")
    await telegram.sim(f"people/{ERIKA}/block", {})
    waiting = telegram.world.updates.pending()
    poll_id = next(int(one.payload["id"]) for one in waiting if one.kind == "poll")
    assert {one.kind: one.lane for one in waiting} == {
        "callback_query": JOERG + (3 << 33),
        "inline_query": SABINE + (1 << 33),
        "message_reaction": ERIKA + (8 << 33),
        "poll": poll_id,
        "poll_answer": poll_id,
        "message": AMY,
        "my_chat_member": ERIKA + (5 << 33),
    }
    assert Lane.MY_MEMBERSHIP.of(ERIKA) == ERIKA + (5 << 33)


class Line:
    """Connections, and work that holds them until told to let go."""

    def __init__(self, most: int = 40) -> None:
        self.clock = ManualClock()
        self.tasks = Tasks()
        self.connections = Connections(self.clock, self.tasks, most)
        self.held: list[asyncio.Future[None]] = []

    async def hold(self) -> None:
        """Keep a connection until told to let go."""
        async with self.connections.connection():
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.held.append(done)
            await done

    async def wish(self, count: int) -> None:
        """Let so many more deliveries ask for a connection."""
        for number in range(count):
            self.tasks.start(self.hold(), f"delivery {number}")
        await self.settled()

    async def settled(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    async def passes(self, seconds: float) -> None:
        self.clock.advance(seconds)
        await self.settled()

    async def end(self, *, well: bool) -> None:
        """End all deliveries under way."""
        held, self.held = self.held, []
        for one in held:
            if well:
                self.connections.succeeded()
                one.set_result(None)
            else:
                one.cancel()
        await self.settled()


@pytest.fixture
async def line() -> AsyncIterator[Callable[[int], Line]]:
    lines: list[Line] = []

    def open_line(most: int = 40) -> Line:
        lines.append(Line(most))
        return lines[-1]

    yield open_line
    for one in lines:
        await one.tasks.close()


Open = Callable[..., Line]


async def test_ten_new_connections_in_half_a_second(line: Open) -> None:
    one = line()
    await one.wish(25)
    assert len(one.held) == 10
    await one.passes(0.49)
    assert len(one.held) == 10
    await one.passes(0.01)
    assert len(one.held) == 20
    await one.passes(0.5)
    assert len(one.held) == 25


async def test_max_connections_is_the_most_there_ever_are(line: Open) -> None:
    one = line(12)
    await one.wish(30)
    await one.passes(5)
    await one.passes(5)
    assert len(one.held) == 12


async def test_connections_that_have_served_are_used_again_at_once(line: Open) -> None:
    one = line()
    await one.wish(10)
    await one.end(well=True)
    await one.wish(10)
    assert len(one.held) == 10


async def test_a_silent_endpoint_gets_one_connection_and_a_slow_start(line: Open) -> None:
    one = line()
    await one.wish(5)
    await one.end(well=False)
    await one.passes(10.1)
    await one.wish(8)
    assert len(one.held) == 1
    await one.end(well=False)
    assert one.held == []
    await one.passes(1.9)
    assert one.held == []
    await one.passes(0.1)
    assert len(one.held) == 1
    await one.end(well=True)
    assert len(one.held) == 7 - 1
    assert one.connections.healthy


async def test_ten_seconds_after_a_success_the_endpoint_is_still_healthy(line: Open) -> None:
    one = line()
    await one.passes(10)
    await one.wish(3)
    assert len(one.held) == 3


async def test_who_gives_up_waiting_holds_up_nobody(line: Open) -> None:
    one = line(1)
    await one.wish(1)
    task = one.tasks.start(one.hold(), "impatient")
    await one.wish(1)
    task.cancel()
    await one.end(well=True)
    assert len(one.held) == 1
