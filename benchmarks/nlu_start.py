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
from dataclasses import replace
from pathlib import Path
from typing import Any

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


async def measure(region_folder: Path, vectors: Path, encoders: tuple[str, ...]) -> dict[str, Any]:
    """Start the understanding in this process, ask it, edit a service; return the figures."""
    import bot.run  # noqa: F401, PLC0415 - the whole bot is in memory, as it would be
    from handlers.understanding import Options, Understanders  # noqa: PLC0415
    from services.catalogue.reading import read_catalogue  # noqa: PLC0415
    from services.catalogue.rules import Snapshot  # noqa: PLC0415
    from services.region.service import load_region  # noqa: PLC0415

    services = {one.record.id: one.record for one in read_catalogue(region_folder).services}
    snapshot, region = Snapshot(1, services, {}), load_region(region_folder)
    found: dict[str, Any] = {"bot_mb": resident()}
    lag = Lag()
    watching = asyncio.ensure_future(lag.watch())
    gc.freeze()  # as the bot does it
    clock, processor = time.perf_counter(), time.process_time()
    options = Options(encoders, vectors, most_waiting=ASKED)
    understanders = Understanders(region, options)
    await understanders.understand(snapshot, "Hund anmelden")
    found["words_s"] = time.perf_counter() - clock
    assert await understanders.ready(snapshot, LONGEST)
    found["ready_s"] = time.perf_counter() - clock
    found["ready_cpu_s"] = time.process_time() - processor
    found["start_lag_ms"] = lag.take()
    gc.freeze()
    assert understanders.state()["encoders"] == list(encoders), understanders.state()

    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()[:ASKED]
    questions = [json.loads(line)["text"] for line in lines]
    clock, processor = time.perf_counter(), time.process_time()
    for question in questions:
        await understanders.understand(snapshot, question)
    found["questions_per_s"] = len(questions) / (time.perf_counter() - clock)
    found["questions_per_cpu_s"] = len(questions) / (time.process_time() - processor)
    found["asking_lag_ms"] = lag.take()
    found["understanding_mb"] = resident() - found["bot_mb"]

    key = min(services)
    edited = services[key].model_copy(
        update={"synonyms": ("Lindwurm", "Drachenhaltung", "Ungeheuer")}
    )
    second = replace(snapshot, revision=2, services={**services, key: edited})
    clock, processor = time.perf_counter(), time.process_time()
    assert await understanders.ready(second, LONGEST)
    understood = await understanders.understand(second, "Lindwurm")
    assert key in [one.id for one in understood.candidates], understood
    found["edited_s"] = time.perf_counter() - clock
    found["edited_cpu_s"] = time.process_time() - processor
    found["edited_lag_ms"] = lag.take()
    found["after_edit_mb"] = resident() - found["bot_mb"]
    found["all_mb"] = resident()
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
