"""Whether the bot's memory stays flat and its queues empty under hours of load with faults.

    python benchmarks/soak.py --minutes 30 [--database postgresql://…] [--rate 10] [--seed 1]

Bot and local Telegram run as processes of their own. The load (questions, commands, buttons) is
steady and seeded; calls are late, refused with 5xx and 429, and cut off before or after they were
carried out; updates come twice. The baseline of the same run is a second bot to which nobody
writes. It ends with code 1 when something was lost or doubled, or when the memory is not flat.
"""

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.crash.databases import at_server, driver
from tests.crash.ledger import Ledger
from tests.crash.processes import TOKEN, address_in
from tests.crash.telegram import LocalTelegram, local_telegram

ROOT = Path(__file__).resolve().parent.parent
REGION = ROOT / "regions" / "anhalt-bitterfeld"
PEOPLE = range(5001, 5301)
QUESTIONS = (
    "Ich bin umgezogen",
    "Personalausweis abgelaufen",
    "Hund anmelden",
    "Wohngeld",
    "asdf",
)
COMMANDS = ("/hilfe", "/abos", "/menu", "/ort")
PRESSED = ("s:", "m:", "sub:")
SAMPLE_SECONDS = 10
WARM_UP_MINUTES = 5
START_SECONDS = 30
QUIET_SECONDS = 120
FLAT = 0.05
FAULTS = {
    "latency": {"share": 0.1, "seconds": 0.2},
    "server_error": {"share": 0.02},
    "too_many_requests": {"share": 0.002, "retry_after": 2},
    "reset_before": {"share": 0.002, "methods": ["sendMessage", "editMessageText"]},
    "reset_after": {"share": 0.002, "methods": ["sendMessage", "editMessageText"]},
    "duplicate": {"share": 0.02},
    "reorder": {"share": 0.02},
    "delay": {"share": 0.02, "seconds": 0.5},
}


@dataclass
class Bot:
    """A running bot and how its memory went: minutes and MB."""

    process: subprocess.Popen[bytes]
    samples: list[tuple[float, float]] = field(default_factory=list)

    def sample(self, minutes: float) -> float:
        """Note the resident memory in MB, and return it."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        [line] = [line for line in status.splitlines() if line.startswith("VmRSS")]
        self.samples.append((minutes, int(line.split()[1]) / 1024))
        return self.samples[-1][1]

    def curve(self, warm_up: float) -> tuple[float, float, float]:
        """Return MB after the warm-up, MB at the end (each over a minute), and MB an hour."""
        later = [one for one in self.samples if one[0] >= warm_up]
        first = statistics.fmean(mb for at, mb in later if at <= later[0][0] + 1)
        last = statistics.fmean(mb for at, mb in later if at >= later[-1][0] - 1)
        slope = statistics.linear_regression(*zip(*later, strict=True)).slope
        return first, last, slope * 60


@dataclass
class Load:
    """Seeded people who each cause exactly one reply with whatever they do."""

    telegram: LocalTelegram
    chance: Random
    rate: float
    deeds: int = 0

    async def run(self, until: float) -> None:
        """Keep to the rate on average until the time is over."""
        due = time.monotonic()
        while due < until:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            await self._deed()
            due += self.chance.expovariate(self.rate)

    async def _deed(self) -> None:
        person = self.chance.choice(PEOPLE)
        [kind] = self.chance.choices(("press", "command", "question"), weights=(3, 2, 5))
        place = await self._button(person) if kind == "press" else None
        self.deeds += 1
        if place is not None:
            await self.telegram.press(person, *place)
        else:
            texts = COMMANDS if kind == "command" else QUESTIONS
            await self.telegram.say(person, self.chance.choice(texts))

    async def _button(self, person: int) -> tuple[int, int, int] | None:
        found = [
            (message["message_id"], row, column)
            for message in (await self.telegram.messages(person))[-3:]
            for row, buttons in enumerate(
                message.get("reply_markup", {}).get("inline_keyboard", [])
            )
            for column, button in enumerate(buttons)
            if button.get("callback_data", "").startswith(PRESSED)
        ]
        return self.chance.choice(found) if found else None


class Stage:
    """Starts processes that end with it, and prepares databases."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self.stack = stack

    def telegram(self, name: str, seed: int) -> str:
        """Start a local Telegram and return its address."""
        world = self.folder / "world.json"
        people = [{"id": one, "first_name": f"P{one}", "language_code": "de"} for one in PEOPLE]
        world.write_text(json.dumps({"people": people, "chats": []}), encoding="utf-8")
        log = self.folder / f"{name}.log"
        options = ["--port", "0", "--token", TOKEN, "--world", str(world), "--seed", str(seed)]
        self._child(["-m", "simulator", "--load", *options], log, {})
        deadline = time.monotonic() + START_SECONDS
        while not (address := address_in(log)) and time.monotonic() < deadline:
            time.sleep(0.05)
        return address

    def bot(self, name: str, database: str, address: str) -> Bot:
        """Prepare the database and start a bot on it, with a webhook."""
        settings = {"ABIBOT_DATABASE_URL": database, "ABIBOT_REGION": str(REGION)}
        for arguments in (["migrate"], ["catalogue", "import", str(REGION)]):
            command = [sys.executable, "-m", "bot", *arguments]
            subprocess.run(  # noqa: S603 - our own module
                command,
                cwd=ROOT,
                env=_environment(settings),
                check=True,
                stdout=subprocess.DEVNULL,
            )
        port = _free_port()
        settings |= {
            "ABIBOT_TELEGRAM_TOKEN": TOKEN,
            "ABIBOT_TELEGRAM_API_URL": address,
            "ABIBOT_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
            "ABIBOT_TELEGRAM_WEBHOOK_SECRET": "soak",
            "ABIBOT_WEB_PORT": str(port),
            "ABIBOT_LIMITS_PERSON_PER_MINUTE": "1000000",
            "ABIBOT_LIMITS_OVERALL_PER_MINUTE": "1000000",
            "ABIBOT_LOG_FORMAT": "json",
        }
        return Bot(self._child(["-m", "bot", "run"], self.folder / f"{name}.log", settings))

    def _child(
        self, arguments: list[str], log: Path, settings: dict[str, str]
    ) -> subprocess.Popen[bytes]:
        output = self.stack.enter_context(log.open("wb"))
        process = subprocess.Popen(  # noqa: S603 - our own modules
            [sys.executable, *arguments],
            cwd=ROOT,
            env=_environment(settings),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        self.stack.callback(process.wait)
        self.stack.callback(process.terminate)
        return process


def _environment(settings: dict[str, str]) -> dict[str, str]:
    inherited = {
        name: value
        for name, value in os.environ.items()  # noqa: TID251 - for the child
        if not name.startswith("ABIBOT_")
    }
    return {**inherited, **settings}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def two_databases(url: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Give databases for the busy bot and for the idle one."""
    if not url:
        yield f"sqlite:///{folder / 'busy.db'}", f"sqlite:///{folder / 'idle.db'}"
        return
    with at_server(url) as server:
        yield server.create().url, server.create().url


async def soak(options: argparse.Namespace, stage: Stage, urls: tuple[str, str]) -> bool:
    """Run the load and report; return whether everything held."""
    addresses = stage.telegram("telegram-busy", options.seed), stage.telegram("telegram-idle", 0)
    busy = stage.bot("busy", urls[0], addresses[0])
    idle = stage.bot("idle", urls[1], addresses[1])
    ledger = Ledger(driver(urls[0]))
    stage.stack.callback(ledger.close)
    async with local_telegram(addresses[0]) as telegram:
        async with asyncio.timeout(START_SECONDS):
            while not await telegram.running():  # noqa: ASYNC110 - nobody tells us
                await asyncio.sleep(0.1)
        await telegram.break_things(options.seed, FAULTS)
        load = Load(telegram, Random(options.seed), options.rate)  # noqa: S311 - repeatable
        began = time.monotonic()
        writing = asyncio.ensure_future(load.run(began + options.minutes * 60))
        await _watch(busy, idle, ledger, began, writing)
        await writing
        await _quiet(telegram, ledger)
        accepted = await telegram.accepted()
        injected = {kind: count for kind, count in (await telegram.injected()).items() if count}
    print(f"faults injected: {injected}")
    warm_up = min(WARM_UP_MINUTES, options.minutes / 3)
    return _report_memory(busy, idle, warm_up) & _report_messages(ledger, load.deeds, accepted)


async def _watch(
    busy: Bot, idle: Bot, ledger: Ledger, began: float, writing: asyncio.Future[None]
) -> None:
    """Sample while the load runs, and print a line a minute."""
    samples = 0
    while not writing.done():
        minutes = (time.monotonic() - began) / 60
        mine, baseline = busy.sample(minutes), idle.sample(minutes)
        if samples % (60 // SAMPLE_SECONDS) == 0:
            now = ledger.standing()
            print(
                f"minute {minutes:5.1f}  busy {mine:6.1f} MB  idle {baseline:6.1f} MB"
                f"  updates open {now.updates:4}  replies waiting {now.queued:4}"
                f"  sending {len(now.sending)}",
                flush=True,
            )
        samples += 1
        await asyncio.wait([writing], timeout=SAMPLE_SECONDS)


async def _quiet(telegram: LocalTelegram, ledger: Ledger) -> None:
    deadline = time.monotonic() + QUIET_SECONDS
    while await telegram.owed() or not ledger.standing().quiet:
        if time.monotonic() > deadline:
            return
        await asyncio.sleep(0.5)


def _report_memory(busy: Bot, idle: Bot, warm_up: float) -> bool:
    flat = False
    for name, bot in (("idle bot (baseline)", idle), ("busy bot", busy)):
        first, last, slope = bot.curve(warm_up)
        growth = last / first - 1
        flat = growth < FLAT
        print(
            f"{name:20} {first:6.1f} MB after minute {warm_up:.1f}, {last:6.1f} MB at the end"
            f" ({growth:+.1%}), slope {slope:+.1f} MB/h"
        )
    print(f"memory: {'flat' if flat else 'NOT flat'} (growth below {FLAT:.0%} is flat)")
    return flat


def _report_messages(ledger: Ledger, deeds: int, accepted: int) -> bool:
    """Compare what people did with the database and with what Telegram has accepted."""
    states: Counter[str] = Counter()
    for (_, state), count in ledger.updates().items():
        states[state] += count
    rows = ledger.outbox()
    sent = [row for row in rows if row.status == "sent"]
    unknown = sum(row.ambiguous for row in rows)
    unsent = sum(row.status != "sent" and not row.ambiguous for row in rows)
    brought = sum(not row.edits for row in sent)
    lost = max(0, deeds - states["done"]) + max(0, deeds - len(rows)) + unsent
    doubled = max(0, states["done"] - deeds) + max(0, len(rows) - deeds)
    silent = max(0, accepted - brought - unknown)
    print(
        f"updates in {deeds}, replies out {len(sent)}, lost {lost}, doubled {doubled},"
        f" unknown {unknown}, sent twice without being listed {silent}"
    )
    return not (lost or doubled or silent)


def main() -> int:
    """Run it; return 1 when something was lost or doubled or the memory grows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=10, help="updates a second")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="", help="PostgreSQL URL; SQLite without it")
    options = parser.parse_args()
    with (
        TemporaryDirectory(prefix="abibot-soak-") as name,
        two_databases(options.database, Path(name)) as urls,
        ExitStack() as stack,
    ):
        held = asyncio.run(soak(options, Stage(Path(name), stack), urls))
        return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
