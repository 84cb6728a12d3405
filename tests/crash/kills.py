"""When a bot is killed: by the clock, or in a window that is only milliseconds wide."""

import asyncio
import time
from dataclasses import dataclass
from random import Random

from tests.crash.ledger import Ledger

MOST_KILLS = 3
LONGEST_WATCH = 1.5
PAUSE = 0.0005
WINDOWS = ("any", "any", "any", "deed", "deed", "deed", "stored", "stored", "call", "marked")


@dataclass(frozen=True)
class Kill:
    """One kill: after `seconds`, then when the `window` opens, then after `offset`.

    Windows: `any` (the clock alone), `deed` (somebody has just written or pressed), `call`
    (Telegram has just carried out a call of the bot), `stored` (an update is in the inbox and its
    transaction has not committed), `marked` (a message is marked as being sent).
    """

    window: str
    seconds: float
    offset: float

    async def moment(self, ledger: Ledger, story: list[str]) -> None:
        """Return at the moment; a window that does not open in time is given up."""
        await asyncio.sleep(self.seconds)
        seen, deadline = len(story), time.monotonic() + LONGEST_WATCH
        while not self._open(ledger, story[seen:]) and time.monotonic() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(PAUSE)
        if self.offset:
            await asyncio.sleep(self.offset)

    def _open(self, ledger: Ledger, news: list[str]) -> bool:
        if self.window == "deed":
            return any(" said " in line for line in news)
        if self.window == "call":
            return any(" got " in line for line in news)
        if self.window == "stored":
            return ledger.has("inbox", "state = 'new'")
        if self.window == "marked":
            return ledger.has("outbox", "status = 'sending'")
        return True


def plan(seed: int) -> list[Kill]:
    """Draw a seed's kills: one to three."""
    chance = Random(f"kills:{seed}")  # noqa: S311 - repeatable on purpose
    return [_kill(chance) for _ in range(chance.randint(1, MOST_KILLS))]


def _kill(chance: Random) -> Kill:
    window = chance.choice(WINDOWS)
    offset = chance.uniform(0, 0.015) if window == "deed" else 0.0
    return Kill(window, chance.uniform(0.15, 0.9), offset)
