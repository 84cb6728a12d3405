"""Forks bots and local Telegrams from one process that has imported everything.

A fresh interpreter needs seconds for its imports; a fork of this process needs milliseconds. What
is forked has no event loop, no thread and no open database, so that each child is as much a
process of its own as `abibot run` is: SIGKILL takes it away in the middle of whatever it does.

    python -m tests.crash.nursery

It takes one order a line on standard input (JSON) and answers each with one line:
`{"start": ["run"], "environment": {…}, "log": path, "sabotage": name, "trap": path}` ->
`{"pid": n}`, `{"wait": n}` -> `{"exit": code}`. At the end of its input it kills what still lives.
"""

import gc
import json
import os
import signal
import sys
import threading
import traceback
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import aiosqlite  # noqa: F401 - imported here, so that no child has to
import psycopg  # noqa: F401
from sqlalchemy.dialects.postgresql import psycopg as _psycopg_dialect  # noqa: F401
from sqlalchemy.dialects.sqlite import aiosqlite as _sqlite_dialect  # noqa: F401

import bot.application
import bot.cli
import bot.delivery
import bot.dispatcher
import bot.migrate
import bot.run
import bot.terminal
import bot.uplinks
import simulator.__main__
from bot.settings import LOCALES
from tests.crash import points, sabotage

SIMULATOR = "simulator"
REGION = Path(__file__).resolve().parent.parent / "region_folder"
CALL_SECONDS = 1.0
"""How long a call may take: after half as much again, what hung at a kill counts as unknown."""


def main() -> None:
    """Take orders until the input ends."""
    children: set[int] = set()
    _read_once()
    gc.collect()
    gc.freeze()  # the children share these pages
    try:
        for line in sys.stdin:
            order = json.loads(line)
            sys.stdout.write(json.dumps(_obey(order, children)) + "\n")
            sys.stdout.flush()
    finally:
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)


def _read_once() -> None:
    """Read what every child would read at its start: texts, profiles of sensors, handlers."""
    bot.run.load_texts = bot.terminal.load_texts = cache(bot.run.load_texts)
    bot.run.load_texts(LOCALES, ZoneInfo("Europe/Berlin"))
    bot.uplinks.load_profiles = cache(bot.uplinks.load_profiles)
    bot.uplinks.profiles_of(REGION)
    bot.dispatcher.dispatcher()
    bot.dispatcher.renderers()
    bot.dispatcher.jobs()


def _obey(order: dict[str, Any], children: set[int]) -> dict[str, int]:
    if "wait" in order:
        _, status = os.waitpid(order["wait"], 0)
        children.discard(order["wait"])
        return {"exit": os.waitstatus_to_exitcode(status)}
    assert threading.active_count() == 1, threading.enumerate()
    child = os.fork()
    if child == 0:
        _live(order)
    children.add(child)
    return {"pid": child}


def _live(order: dict[str, Any]) -> NoReturn:
    """Be the child: run the command line with its own environment and log, then end."""
    code = 1
    try:
        _redirect(order["log"])
        for name in [one for one in os.environ if one.startswith("ABIBOT_")]:  # noqa: TID251
            del os.environ[name]  # noqa: TID251 - the child's settings are the order's
        os.environ.update(order["environment"])  # noqa: TID251
        if trap := order.get("trap", ""):
            points.lay(Path(trap))
        code = _run(order["start"], order.get("sabotage", ""))
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - the story of the seed shall show it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _redirect(log: str) -> None:
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, number in ((nothing, 0), (target, 1), (target, 2)):
        os.dup2(source, number)


def _run(arguments: list[str], name: str) -> int:
    if arguments[0] == SIMULATOR:
        sys.argv = arguments
        return simulator.__main__.main()
    _shorten_calls()
    if name:
        sabotage.ALL[name]()
    sys.argv = ["abibot", *arguments]
    bot.cli.main()
    return 0


def _shorten_calls() -> None:
    defaults = bot.delivery.Delivery.__init__.__kwdefaults__ or {}
    if "call_seconds" in defaults:
        defaults["call_seconds"] = CALL_SECONDS


if __name__ == "__main__":
    main()
