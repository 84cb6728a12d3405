"""A bot that dies at a named step of an alarm's way, whenever a trap is set for it there.

The trap is a file that names a point. Whoever comes by that point removes the file and is killed;
the next process passes. Applied in a freshly forked child, before the bot starts.
"""

import os
import signal
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any

import bot.alarms
import bot.delivery
import bot.hooks
import bot.limits
import bot.outcomes
import bot.run
import bot.uplinks
from services.alarms import store
from services.alarms.evaluating import Evaluation
from services.alarms.heralds import Heralds
from services.alarms.rules.notify import Pace
from services.frames.service import Frames
from services.outbox.service import Outbox

Step = Callable[..., Awaitable[Any]]
BEFORE, AFTER = "before", "after"
OTHERS = frozenset({"worker", "heavy", "understanding"})
QUICK = 1_000.0
"""Messages a second: the limits are not what is tried here."""
POINTS: dict[str, tuple[Any, str, str]] = {
    "stored raw, not acknowledged": (bot.hooks.UplinkCommits, "store", AFTER),
    "acknowledged, not decoded": (bot.uplinks.UplinkDesk, "_together", BEFORE),
    "values written": (Frames, "write", AFTER),
    "track kept": (store, "keep_tracks", AFTER),
    "alarm written": (Heralds, "changed", AFTER),
    "weighed, not committed": (Evaluation, "values", AFTER),
    "values and alarm committed": (bot.uplinks.UplinkDesk, "_together", AFTER),
    "heralds begin": (Heralds, "look", BEFORE),
    "groups marked": (Heralds, "route", AFTER),
    "message queued": (Outbox, "tell", AFTER),
    "told, not committed": (Heralds, "look", AFTER),
    "told and committed": (bot.alarms.HeraldDesk, "look", AFTER),
    "claimed, not sent": (bot.delivery.Delivery, "_call", BEFORE),
    "Telegram has it": (bot.delivery.Delivery, "_call", AFTER),
    "noted as sent": (bot.outcomes.Outcomes, "sent", AFTER),
}
"""In the order in which an alarm comes by: whose step it is, and on which side of it to die."""


def lay(trap: Path) -> None:
    """Have this process die at the point the file names, and hurry otherwise."""
    for point, (owner, name, side) in POINTS.items():
        setattr(owner, name, _deadly(getattr(owner, name), trap, point, side))
    _only_what_has_a_part_in_it()
    _, _, *others = Pace.__init__.__defaults__
    Pace.__init__.__defaults__ = (timedelta(0), timedelta(0), *others)
    *_, clock = bot.limits.Limits.__init__.__defaults__
    bot.limits.Limits.__init__.__defaults__ = (QUICK, QUICK, QUICK, clock)


def _only_what_has_a_part_in_it() -> None:
    """Leave out what takes most of a start, and knows nothing of alarms: to understand."""
    for role, duties in list(bot.run.DUTIES.items()):
        bot.run.DUTIES[role] = lambda crew, duties=duties: tuple(
            one for one in duties(crew) if one.name not in OTHERS
        )


def _deadly(step: Step, trap: Path, point: str, side: str) -> Step:
    @wraps(step)
    async def deadly(*arguments: Any, **more: Any) -> Any:
        if side == BEFORE:
            _spring(trap, point)
        found = await step(*arguments, **more)
        if side == AFTER and found is not False:  # False: there was nothing to do
            _spring(trap, point)
        return found

    return deadly


def _spring(trap: Path, point: str) -> None:
    if trap.exists() and trap.read_text(encoding="utf-8") == point:
        trap.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
