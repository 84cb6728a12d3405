"""How soon the bot understands after its start, what that holds in memory, and how it keeps pace.

    python -m benchmarks.nlu_start [--region FOLDER] [--vectors FOLDER] [--runs 3]

Needs the vectors (`abibot nlu vectors`); the part that has none is not measured here. Every figure
comes from a fresh process. The baseline is the same process with words alone. Seconds of the
processor stand beside those of the clock: a busy machine stretches the clock alone.
"""

import argparse
import asyncio
import gc
import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import bot.run  # noqa: F401 - the whole bot is in memory, as it would be
from handlers.understanding import Options, Understanders
from services.catalogue.reading import read_catalogue
from services.catalogue.rules import Snapshot
from services.region.service import load_region

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "tests" / "nlu" / "questions.jsonl"
MEGABYTE = 1024 * 1024
ASKED = 200
PAGE = 4096
LONGEST = 600


def resident() -> float:
    """Return the resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * PAGE / MEGABYTE


class Lag:
    """Measures by how much the event loop is late at worst."""

    def __init__(self) -> None:
        self.worst = 0.0

    async def watch(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.002)
            self.worst = max(self.worst, time.monotonic() - before - 0.002)

    def take(self) -> float:
        """Return the worst since the last time, in milliseconds."""
        worst, self.worst = self.worst, 0.0
        return round(1000 * worst, 1)


class Stopwatch:
    """Seconds of the clock and of the processor since it was made."""

    def __init__(self) -> None:
        self._clock, self._processor = time.perf_counter(), time.process_time()

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._clock

    @property
    def processor(self) -> float:
        return time.process_time() - self._processor


@dataclass
class Trial:
    """One process that starts, is asked, and has a service edited; its figures."""

    understanders: Understanders
    snapshot: Snapshot
    found: dict[str, float]
    lag: Lag

    async def start(self, encoders: tuple[str, ...]) -> None:
        """Wait until words answer, then until everything does."""
        watch = Stopwatch()
        await self.understanders.understand(self.snapshot, "Hund anmelden")
        self.found["words_s"] = watch.seconds
        assert await self.understanders.ready(self.snapshot, LONGEST)
        self.found |= {"ready_s": watch.seconds, "ready_cpu_s": watch.processor}
        self.found["start_lag_ms"] = self.lag.take()
        gc.freeze()
        state = self.understanders.state()
        assert state["encoders"] == list(encoders), state

    async def ask(self) -> None:
        """Ask what nobody asked before."""
        lines = QUESTIONS.read_text(encoding="utf-8").splitlines()[:ASKED]
        questions = [json.loads(line)["text"] for line in lines]
        watch = Stopwatch()
        for question in questions:
            await self.understanders.understand(self.snapshot, question)
        self.found["questions_per_s"] = len(questions) / watch.seconds
        self.found["questions_per_cpu_s"] = len(questions) / watch.processor
        self.found["asking_lag_ms"] = self.lag.take()
        self.found["understanding_mb"] = resident() - self.found["bot_mb"]

    async def edit(self) -> None:
        """Give a service new words and wait until it is found by them."""
        services = self.snapshot.services
        key = min(services)
        names = ("Lindwurm", "Drachenhaltung", "Ungeheuer")
        edited = services[key].model_copy(update={"synonyms": names})
        second = replace(self.snapshot, revision=2, services={**services, key: edited})
        watch = Stopwatch()
        assert await self.understanders.ready(second, LONGEST)
        understood = await self.understanders.understand(second, "Lindwurm")
        assert key in [one.id for one in understood.candidates], understood
        self.found |= {"edited_s": watch.seconds, "edited_cpu_s": watch.processor}
        self.found["edited_lag_ms"] = self.lag.take()
        self.found["all_mb"] = resident()
        self.found["after_edit_mb"] = self.found["all_mb"] - self.found["bot_mb"]


async def measure(
    region_folder: Path, vectors: Path, encoders: tuple[str, ...]
) -> dict[str, float]:
    """Start the understanding in this process, ask it, edit a service; return the figures."""
    services = {one.record.id: one.record for one in read_catalogue(region_folder).services}
    region = load_region(region_folder)
    found, lag = {"bot_mb": resident()}, Lag()
    watching = asyncio.ensure_future(lag.watch())
    gc.freeze()  # as the bot does it
    understanders = Understanders(region, Options(encoders, vectors, most_waiting=ASKED))
    trial = Trial(understanders, Snapshot(1, services, {}), found, lag)
    await trial.start(encoders)
    await trial.ask()
    await trial.edit()
    watching.cancel()
    understanders.close()
    return found


SHOWN = (
    ("words_s", "words answer after {:.2f} s"),
    ("ready_s", "everything understands after {:.2f} s"),
    ("ready_cpu_s", "of which the processor worked {:.2f} s"),
    ("start_lag_ms", "meanwhile the event loop was late by at most {:.0f} ms"),
    ("questions_per_s", "questions nobody asked before: {:.0f} a second"),
    ("questions_per_cpu_s", "the same for a second of the processor: {:.0f}"),
    ("asking_lag_ms", "meanwhile the event loop was late by at most {:.0f} ms"),
    ("edited_s", "an edited service is found after {:.2f} s"),
    ("edited_cpu_s", "of which the processor worked {:.2f} s"),
    ("edited_lag_ms", "meanwhile the event loop was late by at most {:.0f} ms"),
    ("understanding_mb", "memory of the understanding: {:.0f} MB"),
    ("after_edit_mb", "after a service was edited: {:.0f} MB"),
    ("all_mb", "the whole bot: {:.0f} MB"),
)


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--region", type=Path, default=ROOT / "regions" / "anhalt-bitterfeld")
    parser.add_argument("--vectors", type=Path, default=ROOT / "data" / "vectors")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--child", help="for the program itself: measure these encoders once")
    given = parser.parse_args()
    if given.child is not None:
        encoders = tuple(given.child.split(",")) if given.child else ()
        print(json.dumps(asyncio.run(measure(given.region, given.vectors, encoders))))
        return
    own = ["--region", str(given.region), "--vectors", str(given.vectors)]
    for name, encoders in (("words alone (baseline)", ""), ("use and e5", "use,e5")):
        command = [sys.executable, "-m", "benchmarks.nlu_start", *own, "--child", encoders]
        runs = [
            json.loads(subprocess.check_output(command, cwd=ROOT, text=True))  # noqa: S603
            for _ in range(given.runs)
        ]
        print(f"\n{name} (median of {given.runs})")
        for key, words in SHOWN:
            print("  " + words.format(statistics.median(run[key] for run in runs)), flush=True)


if __name__ == "__main__":
    main()
