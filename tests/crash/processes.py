"""Children of the nursery, as the trial sees them: started, killed, waited for."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
ADDRESS = re.compile(r"http://127\.0\.0\.1:([0-9]+)/")
START_SECONDS = 20
TOKEN = "42:CRASH"


@dataclass
class Nursery:
    """Gives orders to the fork server, one at a time."""

    process: asyncio.subprocess.Process
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def start(
        self,
        arguments: list[str],
        log: Path,
        environment: Mapping[str, str] | None = None,
        sabotage: str = "",
        trap: Path | None = None,
    ) -> int:
        """Fork a child that runs this command line; return its process id."""
        answer = await self._order(
            {
                "start": arguments,
                "environment": dict(environment or {}),
                "log": str(log),
                "sabotage": sabotage,
                "trap": str(trap or ""),
            }
        )
        return int(answer["pid"])

    async def wait(self, pid: int) -> int:
        """Return the exit code of a child that has ended or is about to."""
        return int((await self._order({"wait": pid}))["exit"])

    async def kill(self, pid: int, number: signal.Signals = signal.SIGKILL) -> int:
        """End a child by a signal; it is gone when this returns."""
        os.kill(pid, number)
        return await self.wait(pid)

    async def _order(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        async with self.turn:
            self.process.stdin.write(json.dumps(order).encode() + b"\n")
            await self.process.stdin.drain()
            line = await self.process.stdout.readline()
        if not line:
            raise RuntimeError("the nursery is gone")
        answer: dict[str, Any] = json.loads(line)
        return answer


@asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    """Keep a fork server while the context is open."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.crash.nursery",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Nursery(process)
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()


async def start_telegram(
    home: Nursery, folder: Path, people: list[int], seed: int, groups: Sequence[int] = ()
) -> tuple[int, str]:
    """Start a local Telegram with these people and groups of the first; return pid and address."""
    world = folder / "world.json"
    described = [{"id": one, "first_name": f"P{one}", "language_code": "de"} for one in people]
    chats = [
        {"id": one, "type": "supergroup", "title": f"G{one}", "members": people[:1]}
        for one in groups
    ]
    world.write_text(json.dumps({"people": described, "chats": chats}), encoding="utf-8")
    log = folder / "telegram.log"
    options = ["--port", "0", "--token", TOKEN, "--world", str(world), "--seed", str(seed)]
    pid = await home.start(["simulator", *options], log)
    async with asyncio.timeout(START_SECONDS):
        while not (found := address_in(log)):  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0.01)
    return pid, found


def address_in(log: Path) -> str:
    """Return where a local Telegram says that it listens; nothing before it does."""
    found = ADDRESS.search(log.read_text(encoding="utf-8")) if log.exists() else None
    return f"http://127.0.0.1:{found[1]}" if found else ""
