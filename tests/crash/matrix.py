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

from tests.crash.databases import Place, Server, SqliteFile, at_server, prepare
from tests.crash.processes import ROOT, Nursery, nursery
from tests.crash.trial import Outcome, Trial

MEMORY = Path("/dev/shm")  # noqa: S108 - a kill loses nothing that a disk would keep
STORIES = ROOT / "data" / "crash"


@dataclass(frozen=True)
class Slot:
    """What one job works with."""

    folder: Path
    places: list[Place]


@dataclass(frozen=True)
class House:
    """The fork server and the free slots; several matrices may share them."""

    home: Nursery
    free: asyncio.Queue[Slot]


@dataclass(frozen=True)
class Wanted:
    """What to run."""

    seeds: list[int]
    resets: bool = False
    sabotage: str = ""
    keep: bool = True
    """Keep the stories of seeds that failed."""


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
    databases: Counter[str] = field(default_factory=Counter)
    broken: list[int] = field(default_factory=list)
    """Seeds whose trial itself failed."""

    def add(self, outcome: Outcome, database: str) -> None:
        verdict = outcome.verdict
        self.seeds += 1
        self.kills += outcome.kills
        self.resets += outcome.resets
        self.lost += verdict.lost
        self.doubled += verdict.doubled
        self.ambiguous += verdict.ambiguous
        self.hits += outcome.hits
        self.databases[database] += 1

    @property
    def fine(self) -> bool:
        """Nothing lost, nothing doubled, and no more doubts than causes for them."""
        doubts = self.kills + self.resets
        return not (self.broken or self.lost or self.doubled or self.ambiguous > doubts)

    def __str__(self) -> str:
        return (
            f"seeds={self.seeds} kills={self.kills} lost={self.lost}"
            f" doubled={self.doubled} ambiguous={self.ambiguous}"
        )


@asynccontextmanager
async def house(jobs: int, kinds: tuple[str, ...], postgresql: str = "") -> AsyncIterator[House]:
    """Prepare for each job a folder and a database of each kind."""
    with ExitStack() as stack:
        root = Path(stack.enter_context(TemporaryDirectory(prefix="abibot-crash-", dir=_memory())))
        async with nursery() as home:
            templates: list[Place] = []
            server = stack.enter_context(at_server(postgresql)) if "postgresql" in kinds else None
            if "sqlite" in kinds:
                templates.append(SqliteFile(root, root / "template.db"))
            if server:
                templates.append(server.create())
            for template in templates:
                await prepare(home, template, root)
            free: asyncio.Queue[Slot] = asyncio.Queue()
            for job in range(jobs):
                free.put_nowait(_slot(root / str(job), templates, server))
            yield House(home, free)


def _memory() -> Path | None:
    return MEMORY if MEMORY.is_dir() else None


def _slot(folder: Path, templates: list[Place], server: Server | None) -> Slot:
    folder.mkdir()
    places: list[Place] = []
    for template in templates:
        if isinstance(template, SqliteFile):
            places.append(SqliteFile(folder, template.template))
        elif server:
            places.append(server.create(template))
    return Slot(folder, places)


async def run(house: House, wanted: Wanted) -> Report:
    """Run all seeds, print the progress, and return the sums."""
    report = Report()
    await asyncio.gather(*(_seed(house, wanted, seed, report) for seed in wanted.seeds))
    return report


async def _seed(house: House, wanted: Wanted, seed: int, report: Report) -> None:
    slot = await house.free.get()
    own = slot.folder / f"seed-{seed}"
    own.mkdir()
    place = slot.places[seed % len(slot.places)]
    trial = Trial(seed, house.home, place, own, wanted.resets, wanted.sabotage)
    try:
        outcome = await trial.run()
    except Exception as error:  # noqa: BLE001 - the other seeds shall run
        trial.story.tell(f"the trial itself failed: {error!r}")
        trial.story.write()
        report.broken.append(seed)
        _say(f"seed {seed} on {place.kind}: {error!r}")
        _keep(wanted, seed, own)
    else:
        report.add(outcome, place.kind)
        _tell(outcome, trial, report)
        if outcome.verdict.findings or len(wanted.seeds) == 1:
            _keep(wanted, seed, own)
    finally:
        shutil.rmtree(own)
        house.free.put_nowait(slot)


def _tell(outcome: Outcome, trial: Trial, report: Report) -> None:
    way = "polling" if trial.polling else "webhook"
    struck = ", ".join(f"{name} {count}" for name, count in outcome.hits.items())
    seconds = f"{outcome.seconds:.1f} s"
    name = f"seed {outcome.seed} {trial.sabotage}".rstrip()
    _say(f"{name} {trial.place.kind} {way} {seconds} [{struck}] {report}")
    for line in outcome.verdict.findings:
        _say(f"  {line}")


def _keep(wanted: Wanted, seed: int, own: Path) -> None:
    if not wanted.keep:
        return
    target = STORIES / f"seed-{seed}"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(own, target)
    _say(f"  the story of seed {seed} stands in {target}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
