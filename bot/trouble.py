"""What the log says about an error: where it happened, never what somebody wrote."""

from collections.abc import Iterator
from pathlib import Path
from traceback import walk_tb
from types import TracebackType

from bot.settings import ROOT

OURS = ("bot", "handlers", "nlu", "services")
SHOWN = 3


def where(error: BaseException) -> str:
    """Return file and line of the innermost frames of our own code, the innermost first."""
    return " < ".join([*_frames(error.__traceback__)][::-1][:SHOWN])


def _frames(traceback: TracebackType | None) -> Iterator[str]:
    for frame, line in walk_tb(traceback):
        path = Path(frame.f_code.co_filename)
        if any(path.is_relative_to(ROOT / folder) for folder in OURS):
            yield f"{path.relative_to(ROOT).as_posix()}:{line}"
