"""Chooses who works heavy jobs off: one process alone, or one worker among several."""

from typing import Protocol

from bot.application import Application
from bot.dispatcher import heavy_work
from bot.heavy import OneProcessRunner, Workshop
from bot.heavy_pool import Pool
from bot.settings import ROOT
from services.heavy.service import OneProcess
from services.text import Texts

LIBRARIES = {"MPLCONFIGDIR": str(ROOT / "data" / "matplotlib")}
"""Where matplotlib keeps its list of fonts; else it looks for a home, which a server has not."""


class Runner(Protocol):
    """Works heavy jobs off."""

    async def run(self) -> None:
        """Work until cancelled; then the processes are ended, and what they did is repeated."""
        ...


def heavy_runner(application: Application, texts: Texts) -> Runner:
    """Return what runs heavy work in this process; no process is started before the first job."""
    workshop = Workshop(application.work, heavy_work(), Pool(environment=LIBRARIES), texts)
    queue = application.work.house.queue
    if isinstance(queue, OneProcess):
        return OneProcessRunner(workshop)
    from bot.heavy_queue import ManyMachines, ManyMachinesRunner  # noqa: PLC0415 - see there

    if not isinstance(queue, ManyMachines):
        raise TypeError(type(queue).__name__)
    return ManyMachinesRunner(queue, workshop)
