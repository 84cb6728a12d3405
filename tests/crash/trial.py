"""One seed: people write, the bot is killed at moments of the seed's choosing, all is judged."""

import asyncio
import signal
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.crash.databases import REGION, Place, driver
from tests.crash.kills import Kill, plan
from tests.crash.ledger import Ledger
from tests.crash.people import Person
from tests.crash.processes import TOKEN, Nursery, start_telegram
from tests.crash.telegram import LocalTelegram, local_telegram
from tests.crash.verdict import Expected, Found, Verdict, judge

PEOPLE = range(3001, 3010)
LOAD_SECONDS = 1.5
QUIET_SECONDS = 30.0
READY_SECONDS = 20.0
LOOK_SECONDS = 0.05
CALLS = ["sendMessage", "editMessageText", "answerCallbackQuery"]
RESETS = ("reset_before", "reset_after")


@dataclass
class Story:
    """What happened when, for whoever has to find out why a seed failed."""

    path: Path
    began: float = field(default_factory=time.monotonic)
    lines: list[str] = field(default_factory=list)

    def tell(self, line: str) -> None:
        self.lines.append(f"{time.monotonic() - self.began:8.4f} {line}")

    def write(self) -> None:
        self.path.write_text("\n".join(self.lines) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Outcome:
    """What a seed showed."""

    seed: int
    verdict: Verdict
    hits: Counter[str]
    kills: int
    resets: int
    seconds: float


@dataclass
class Trial:
    """The bot of one seed with everything around it."""

    seed: int
    home: Nursery
    place: Place
    folder: Path
    resets: bool = False
    sabotage: str = ""

    def __post_init__(self) -> None:
        self.chance = Random(f"trial:{self.seed}")  # noqa: S311 - repeatable
        self.story = Story(self.folder / "story.txt")
        self.polling = self.seed // 2 % 2 == 1
        self.hits: Counter[str] = Counter()
        self.sending_at_kills: Counter[int] = Counter()
        self.bot = 0

    async def run(self) -> Outcome:
        """Live through the seed and return the judgement; the story is written down."""
        began = time.monotonic()
        self.place.renew()
        self.environment = self._environment()
        try:
            async with self._telegram() as telegram:
                return await self._live(telegram, began)
        finally:
            self.story.write()

    async def _live(self, telegram: LocalTelegram, began: float) -> Outcome:
        ledger = Ledger(driver(self.place.url))
        try:
            async with self._people(telegram) as people:
                await self._start()
                await self._ready(telegram)
                await telegram.break_things(self.seed, self._faults())
                load = asyncio.gather(*(one.live(LOAD_SECONDS) for one in people))
                for kill in plan(self.seed):
                    await self._kill(kill, ledger)
                await load
                await self._quiet(telegram, ledger)
                injected = await telegram.injected()
                resets = sum(injected[kind] for kind in RESETS)
                verdict = await self._judge(telegram, ledger, people)
                await self._end_bot()
        finally:
            ledger.close()
            if self.bot:
                await self.home.kill(self.bot)
        kills = self.hits.total()
        return Outcome(self.seed, verdict, self.hits, kills, resets, time.monotonic() - began)

    # -- the bot

    def _environment(self) -> dict[str, str]:
        return {
            "ABIBOT_DATABASE_URL": self.place.url,
            "ABIBOT_REGION": str(REGION),
            "ABIBOT_NLU_ENCODERS": "none",
            "ABIBOT_TELEGRAM_TOKEN": TOKEN,
            "ABIBOT_WEB_PORT": str(_free_port()),
            "ABIBOT_LIMITS_PERSON_PER_MINUTE": "1000000",
            "ABIBOT_LIMITS_OVERALL_PER_MINUTE": "1000000",
            "ABIBOT_LOG_FORMAT": "json",
        }

    @asynccontextmanager
    async def _telegram(self) -> AsyncIterator[LocalTelegram]:
        pid, address = await start_telegram(self.home, self.folder, list(PEOPLE), self.seed)
        self.environment["ABIBOT_TELEGRAM_API_URL"] = address
        if not self.polling:
            port = self.environment["ABIBOT_WEB_PORT"]
            self.environment["ABIBOT_TELEGRAM_WEBHOOK_URL"] = f"http://127.0.0.1:{port}/telegram"
            self.environment["ABIBOT_TELEGRAM_WEBHOOK_SECRET"] = "crash"
        try:
            async with local_telegram(address) as telegram:
                yield telegram
        finally:
            await self.home.kill(pid)

    async def _start(self) -> None:
        self.bot = await self.home.start(
            ["run"], self.folder / "bot.log", self.environment, self.sabotage
        )
        self.story.tell(f"bot {self.bot} starts, {'polling' if self.polling else 'webhook'}")

    async def _ready(self, telegram: LocalTelegram) -> None:
        async with asyncio.timeout(READY_SECONDS):
            while not await telegram.running():  # noqa: ASYNC110 - nobody tells us
                await asyncio.sleep(0.02)

    async def _kill(self, kill: Kill, ledger: Ledger) -> None:
        await kill.moment(ledger, self.story.lines)
        await self._end_bot()
        await ledger.left_alone()
        standing = ledger.standing()
        self.hits[standing.hit] += 1
        self.sending_at_kills.update(standing.sending)
        self.story.tell(f"KILL ({kill}) struck {standing.hit}: {standing}")
        await asyncio.sleep(self.chance.uniform(0, 0.15))
        await self._start()

    async def _end_bot(self) -> None:
        """Kill the bot; it must not have ended by itself before."""
        pid, self.bot = self.bot, 0
        exit_code = await self.home.kill(pid)
        if exit_code != -signal.SIGKILL:
            raise RuntimeError(f"the bot ended by itself with exit code {exit_code}")

    # -- the world around it

    def _faults(self) -> dict[str, Any]:
        chance = Random(f"faults:{self.seed}")  # noqa: S311 - repeatable
        known: dict[str, Any] = {
            "latency": {"share": 0.1, "seconds": 0.01, "methods": CALLS},
            "server_error": {"share": 0.05, "times": 1, "methods": CALLS},
            "too_many_requests": {"share": 0.03, "times": 1, "methods": CALLS},
            "duplicate": {"share": 0.2},
            "delay": {"share": 0.1, "seconds": 0.05},
            "reorder": {"share": 0.2},
            "webhook_unreachable": {"share": 0.05, "times": 2},
        }
        chosen = {kind: fault for kind, fault in known.items() if chance.random() < 0.6}
        if self.resets:
            for kind in RESETS:
                chosen[kind] = {"share": 0.08, "times": 3, "methods": ["sendMessage"]}
        self.story.tell(f"faults {chosen}")
        return chosen

    @asynccontextmanager
    async def _people(self, telegram: LocalTelegram) -> AsyncIterator[list[Person]]:
        chances = {one: Random(f"{self.seed}:{one}") for one in PEOPLE}  # noqa: S311 - see above
        people = [Person(one, telegram, chances[one], self.story.tell) for one in PEOPLE]
        async with AsyncExitStack() as stack:
            for one in people:
                task = asyncio.ensure_future(one.watch(self.story.tell))
                stack.push_async_callback(_end, task)
            yield people

    async def _quiet(self, telegram: LocalTelegram, ledger: Ledger) -> None:
        """Return when nothing waits anywhere, or when it is clear that this never comes."""
        calm, deadline = 0, time.monotonic() + QUIET_SECONDS
        looks = 0
        while calm < 3:
            if time.monotonic() > deadline:
                self.story.tell(f"never quiet: {ledger.standing()}")
                return
            await asyncio.sleep(LOOK_SECONDS)
            looks += 1
            owed = await telegram.owed()
            calm = calm + 1 if not owed and ledger.standing().quiet else 0
            if owed and looks % 10 == 0:
                await telegram.forward(5)
        self.story.tell("quiet")

    async def _judge(
        self, telegram: LocalTelegram, ledger: Ledger, people: list[Person]
    ) -> Verdict:
        chats = {}
        for one in people:
            messages = await telegram.messages(one.id)
            chats[one.id] = frozenset(
                each["message_id"] for each in messages if each["from"]["is_bot"]
            )
        questions, new_wishes = ledger.usage()
        found = Found(
            owed=await telegram.owed(),
            updates=ledger.updates(),
            outbox=ledger.outbox(),
            questions=questions,
            new_wishes=new_wishes,
            wishes=ledger.wishes(),
            chats=chats,
        )
        expected = {
            one.id: Expected(one.deeds, one.replies, one.questions, one.wishes) for one in people
        }
        verdict = judge(expected, found, self.sending_at_kills, resets=self.resets)
        for line in verdict.findings:
            self.story.tell(f"FINDING {line}")
        return verdict


async def _end(task: asyncio.Future[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError, OSError):
        await task


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
