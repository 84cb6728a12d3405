"""What test jobs do in the other process; imports nothing of the bot, like real ones."""

import os
import signal
import time
from pathlib import Path
from typing import Any


def add(a: int, b: int) -> int:
    return a + b


def who(**_: Any) -> int:
    return os.getpid()


def variable(name: str) -> str | None:
    return os.environ.get(name)  # noqa: TID251 - what libraries look into


def fail(**_: Any) -> None:
    raise ValueError("never works")


def die_once(mark: str) -> str:
    """Be killed in the middle of the first attempt, as by the kernel when memory runs out."""
    if not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "survived"


def hang(mark: str) -> None:
    Path(mark).write_text(str(os.getpid()))
    time.sleep(600)


def compute(seconds: float) -> None:
    """Keep a processor busy."""
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
