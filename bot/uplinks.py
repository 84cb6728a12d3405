"""Works off what network servers sent: batches are read, decoded, and written at once.

A message that breaks anything costs the others nothing: the batch is halved until it is alone.
Errors of the database are nobody's fault; the batch is tried again.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from bot.unit_of_work import UnitsOfWork, rest
from bot.wiring import Services
from lorawan.events import NotUnderstoodError
from lorawan.profiles import OWN_FOLDER, Profile, ProfileError, load_profiles, profiles
from services.devices.arrivals import Met
from services.frames.interpreting import SCRIPT
from services.frames.meaning import Interpreter, weigh, weigh_again
from services.frames.reading import heard_in
from services.frames.records import Heard
from services.frames.service import TakenByOthersError
from services.uplinks.service import Raw

log = structlog.get_logger()
LOOK_SECONDS = 0.2
PAUSE_SECONDS = 1.0
BATCH = 500
SLICE_SECONDS = 0.01
"""Others on the event loop wait no longer than this for us."""
OF_THE_DATABASE = (DBAPIError, NoConnectionError, OSError)
OF_A_MESSAGE = (DataError, IntegrityError)
"""What the database says when a row is to blame, and not itself."""


def profiles_of(region_folder: Path) -> Mapping[str, Profile]:
    """Return the profiles of the program and of the county; those of the program in doubt."""
    try:
        return load_profiles(OWN_FOLDER, region_folder / "profiles")
    except ProfileError as error:
        log.error("profiles of the region left out", error=str(error))
        return profiles()


@dataclass
class Breath:
    """Lets others on the event loop come in between, now and then."""

    since: float = field(default_factory=time.monotonic)

    async def __call__(self) -> None:
        if time.monotonic() - self.since > SLICE_SECONDS:
            await asyncio.sleep(0)
            self.since = time.monotonic()


@dataclass
class Read:
    """Messages as they were read; `odd` and `broken` say by number what is wrong with one."""

    heard: list[Heard] = field(default_factory=list)
    odd: dict[int, str] = field(default_factory=dict)
    broken: dict[int, str] = field(default_factory=dict)


class UplinkDesk:
    """Turns raw messages into frames and readings."""

    def __init__(self, work: UnitsOfWork, interpreter: Interpreter) -> None:
        self.work = work
        self.interpreter = interpreter

    async def run(self) -> None:
        """Work until cancelled; a database that is away for a while ends nothing."""
        ruled = False
        while True:
            self.work.uplinks_bell.clear()
            try:
                if not ruled:
                    await self.take_rules_in()
                    ruled = True
                busy = await self.work_off() + await self.decode_again()
            except (*OF_THE_DATABASE, TakenByOthersError) as error:
                log.warning("uplinks wait", error=type(error).__name__)
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            if not busy:
                await rest(self.work.uplinks_bell, LOOK_SECONDS)

    async def take_rules_in(self) -> None:
        """Take the region's rules for alarms in, before the first value is weighed."""
        book = self.work.house.rule_book
        async with self.work.transaction() as services:
            taken = await services.alarms.take_in(book)
        for key in taken.conflicts:
            log.warning("the region's rule differs from that of staff, which holds", rule=key)
        for one in book.problems:
            log.error("rule left out", file=one.file, line=one.line, place=one.place)

    async def work_off(self, limit: int = BATCH) -> int:
        """Work off what waits, at most so many messages; return how many were taken up."""
        async with self.work.reading() as services:
            raws = await services.frames.waiting(limit)
        if raws:
            await self._work_off(raws)
        return len(raws)

    async def decode_again(self, limit: int = BATCH) -> int:
        """Decode some frames anew whose device has another profile now; return how many."""
        async with self.work.reading() as services:
            again = await services.frames.look_again(limit)
            await self._know_scripts(services, [again.met] if again else [])
        if again is None:
            return 0
        meant = await weigh_again(again, self.interpreter, Breath())
        async with self.work.transaction() as services:
            written = await services.frames.write_again(again, meant)
            await services.alarms.evaluate(written.values, written.taken)
        return max(len(again.frames), 1)

    async def _work_off(self, raws: Sequence[Raw]) -> None:
        try:
            await self._together(raws)
        except TakenByOthersError:
            raise
        except Exception as error:
            if isinstance(error, OF_THE_DATABASE) and not isinstance(error, OF_A_MESSAGE):
                raise
            if len(raws) == 1:
                await self._failed(raws[0], type(error).__name__)
                return
            half = len(raws) // 2
            await self._work_off(raws[:half])
            await self._work_off(raws[half:])

    async def _together(self, raws: Sequence[Raw]) -> None:
        """Work off messages in one transaction."""
        breath = Breath()
        read = await self._read(raws, breath)
        async with self.work.reading() as services:
            looked = await services.frames.look(read.heard)
            await self._know_scripts(services, looked.devices.values())
        weighed = await weigh(looked, self.interpreter, breath)
        async with self.work.transaction() as services:
            written = await services.frames.write(weighed, read.odd)
            for failure, count in self.interpreter.failures.items():
                await services.codecs.count_failures(failure.codec_id, count, failure.problem)
            await services.alarms.evaluate(written.values, written.taken)
        self.work.alarms_bell.set()
        self.interpreter.failures.clear()
        self.work.metrics.uplinks.worked_off(len(raws))
        for raw in raws:
            if problem := read.broken.get(raw.id) or weighed.broken.get(raw.id):
                await self._failed(raw, problem)

    async def _read(self, raws: Sequence[Raw], breath: Breath) -> Read:
        """Return what messages say, and of those that say nothing why."""
        read = Read()
        for raw in raws:
            try:
                found = heard_in(raw)
            except NotUnderstoodError as error:
                read.odd[raw.id] = f"{error.problem} {error.where}".strip()
            except Exception as error:  # noqa: BLE001 - one message must not stop the others
                read.broken[raw.id] = type(error).__name__
            else:
                read.heard += found
                if not found:
                    read.odd[raw.id] = "empty"
            await breath()
        return read

    async def _know_scripts(self, services: Services, devices: Iterable[Met]) -> None:
        """Learn which scripts are released, where a device has one."""
        if any(met.profile.startswith(SCRIPT) for met in devices):
            self.interpreter.released = await services.codecs.released()

    async def _failed(self, raw: Raw, problem: str) -> None:
        log.error("uplink failed", message=raw.id, source=raw.source, error=problem)
        async with self.work.transaction() as services:
            await services.uplinks.failed(raw.id, problem, tried=raw.attempts)
