"""Many seeds, several at a time; both databases and both ways in take turns."""

import asyncio
import shutil
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.crash.databases import PostgresqlDatabase, SqliteFile, databases, prepare
from tests.crash.processes import Nursery, nursery
from tests.crash.trial import Outcome, Trial

MEMORY = Path("/dev/shm")  # noqa: S108 - a kill loses nothing that a disk would keep
Place = SqliteFile | PostgresqlDatabase


@dataclass(frozen=True)
class Wanted:
    """What to run."""

    seeds: list[int]
    jobs: int
    kinds: tuple[str, ...]
    postgresql: str = ""
    resets: bool = False
    sabotage: str = ""
    stories: Path = Path("data/crash")


@dataclass
class Report:
    """The sums of a run."""

    seeds: int = 0
    kills: int = 0
    resets: int = 0
    lost: int = 0
    doubled: int = 0
    ambiguous: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    failed: list[int] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        verdict = outcome.verdict
        self.seeds += 1
        self.kills += outcome.kills
        self.resets += outcome.resets
        self.lost += verdict.lost
        self.doubled += verdict.doubled
        self.ambiguous += verdict.ambiguous
        self.hits += outcome.hits

    @property
    def fine(self) -> bool:
        """Nothing lost, nothing doubled, and no more doubts than causes for them."""
        doubts = self.kills + self.resets
        return not (self.failed or self.lost or self.doubled or self.ambiguous > doubts)

    def __str__(self) -> str:
        return (
            f"seeds={self.seeds} kills={self.kills} lost={self.lost}"
            f" doubled={self.doubled} ambiguous={self.ambiguous}"
        )


async def run(wanted: Wanted) -> Report:
    """Run all seeds, print the progress, and return the sums."""
    report = Report()
    queue: asyncio.Queue[int] = asyncio.Queue()
    for seed in wanted.seeds:
        queue.put_nowait(seed)
    async with _slots(wanted) as (home, slots):
        await asyncio.gather(
            *(_work(wanted, home, folder, places, queue, report) for folder, places in slots)
        )
    return report


@asynccontextmanager
async def _slots(
    wanted: Wanted,
) -> AsyncIterator[tuple[Nursery, list[tuple[Path, list[Place]]]]]:
    """Prepare for each job a folder and a database of each kind."""
    with ExitStack() as stack:
        memory = MEMORY if MEMORY.is_dir() else None
        root = Path(stack.enter_context(TemporaryDirectory(prefix="abibot-crash-", dir=memory)))
        folders = [root / str(job) for job in range(wanted.jobs)]
        urls: list[str] = []
        if "postgresql" in wanted.kinds:
            base = wanted.postgresql.rpartition("/")[2].partition("?")[0]
            names = [f"{base}_crash_{job}" for job in range(wanted.jobs)]
            urls = stack.enter_context(databases(wanted.postgresql, names))
        async with nursery() as home:
            slots = []
            for job, folder in enumerate(folders):
                folder.mkdir()
                places: list[Place] = [SqliteFile(folder)] if "sqlite" in wanted.kinds else []
                places += [PostgresqlDatabase(url) for url in urls[job : job + 1]]
                for place in places:
                    await prepare(home, place, folder)
                slots.append((folder, places))
            yield home, slots


async def _work(
    wanted: Wanted,
    home: Nursery,
    folder: Path,
    places: list[Place],
    queue: asyncio.Queue[int],
    report: Report,
) -> None:
    while not queue.empty():
        seed = queue.get_nowait()
        place = places[seed % len(places)]
        own = folder / f"seed-{seed}"
        own.mkdir()
        trial = Trial(seed, home, place, own, wanted.resets, wanted.sabotage)
        try:
            outcome = await trial.run()
        except Exception as error:  # noqa: BLE001 - the other seeds shall run
            report.failed.append(seed)
            trial.story.tell(f"the trial itself failed: {error!r}")
            trial.story.write()
            _keep(wanted, seed, own)
            print(f"seed {seed}: {error!r}", file=sys.stderr, flush=True)
            continue
        report.add(outcome)
        _tell(outcome, place, trial, report)
        if outcome.verdict.lost or outcome.verdict.doubled or len(wanted.seeds) == 1:
            _keep(wanted, seed, own)
        shutil.rmtree(own)


def _tell(outcome: Outcome, place: Place, trial: Trial, report: Report) -> None:
    way = "polling" if trial.polling else "webhook"
    struck = ", ".join(f"{name} {count}" for name, count in outcome.hits.items())
    print(f"seed {outcome.seed} {place.kind} {way} {outcome.seconds:.1f} s [{struck}] {report}",
          flush=True)  # fmt: skip
    for line in outcome.verdict.findings:
        print(f"  {line}", flush=True)


def _keep(wanted: Wanted, seed: int, own: Path) -> None:
    target = wanted.stories / f"seed-{seed}"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(own, target)
    print(f"  the story of seed {seed} stands in {target}", flush=True)
