"""Works heavy jobs off: a process does the long part, one transaction the rest."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot.heavy_pool import Pool
from bot.replies import address_of, as_list, as_reply
from bot.trouble import where
from bot.unit_of_work import UnitsOfWork
from bot.wiring import Services
from handlers.heavy import Finishing, HeavyWork
from handlers.messages import Reply, say
from services.errors import ServiceError
from services.heavy.service import Claimed, Fate
from services.outbox.model import Lane
from services.staff.rules import Actor
from services.text import Texts

log = structlog.get_logger()
IDLE_SECONDS = 0.5
NOBODY_S_LANGUAGE = "de"


@dataclass(frozen=True)
class Workshop:
    """Makes one attempt at a job; who calls it, and how often, is the queue's affair."""

    work: UnitsOfWork
    offered: Mapping[str, HeavyWork]
    pool: Pool
    texts: Texts

    async def attempt(self, job_id: int) -> None:
        """Try a job once; a failed attempt is noted and raises nothing.

        An attempt that is cancelled (the bot stops) or dies leaves the job to be repeated.
        """
        async with self.work.transaction() as services:
            job = await services.heavy.claim(job_id)
        if job is None:
            return
        try:
            offered = self.offered[job.name]
            if (ready := await self._prepared(job, offered)) is not None:
                result = await self.pool.run(offered.work, ready.arguments)
                await self._finish(ready, offered, result)
        except Exception as error:  # noqa: BLE001 - one job must never stop the others
            await self._failed(job, error)

    async def _prepared(self, job: Claimed, offered: HeavyWork) -> Claimed | None:
        """Return a job with everything its work needs; one that is done with is ended."""
        if offered.prepare is None:
            return job
        async with self.work.reading() as services:
            more = await offered.prepare(await self._scene(services, job))
        if more is not None:
            return replace(job, arguments={**job.arguments, **more})
        async with self.work.transaction() as services:
            await services.heavy.finish(job.id)
        return None

    async def _finish(self, job: Claimed, offered: HeavyWork, result: Any) -> None:
        """Let the results take effect, or say which rule they break."""
        try:
            async with self.work.transaction() as services:
                if await services.heavy.finish(job.id):
                    scene = await self._scene(services, job)
                    lane = Lane.ATTACHMENT if offered.unasked else Lane.CONVERSATION
                    await _queue(services, await offered.finish(scene, result), lane)
        except ServiceError as error:
            async with self.work.transaction() as services:
                if await services.heavy.finish(job.id):
                    await self._say(services, job, error.text_key, **error.params)

    async def _failed(self, job: Claimed, error: Exception) -> None:
        async with self.work.transaction() as services:
            fate = await services.heavy.failed(job)
            if fate is Fate.SET_ASIDE:
                await services.operators.alarm("heavy.set-aside", number=job.id)
                await self._say(services, job, "heavy.gave-up", number=job.id)
        log.error(
            "heavy job failed",
            number=job.id,
            job=job.name,
            error=type(error).__name__,
            attempt=job.attempts,
            fate=fate.name,
            where=where(error),
        )

    async def _say(self, services: Services, job: Claimed, text_key: str, **params: Any) -> None:
        scene = await self._scene(services, job)
        offered = self.offered.get(job.name)
        if scene.chat is not None and not (offered and offered.unasked):
            words = scene.text(text_key, **params)
            await _queue(services, say(scene.chat.telegram_id, words), Lane.CONVERSATION)

    async def _scene(self, services: Services, job: Claimed) -> Finishing:
        chat = await services.chats.get(job.chat_id) if job.chat_id is not None else None
        return Finishing(
            services=services,
            chat=chat,
            actor=await services.staff.actor(chat.id) if chat else Actor(),
            text=self.texts.of(chat.language if chat else NOBODY_S_LANGUAGE),
            arguments=job.arguments,
        )


async def _queue(services: Services, reply: Reply, lane: Lane) -> None:
    for method in as_list(reply):
        chat = await services.chats.find(address_of(method))
        if chat is not None:
            await services.outbox.reply(chat.id, [as_reply(method)], lane)


class OneProcessRunner:
    """Works the table off where one process does everything (SQLite)."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop

    async def run(self) -> None:
        """Work until cancelled; a database that is away for a while ends nothing."""
        interrupted = True
        try:
            while True:
                try:
                    if interrupted:
                        await self.free_running()
                        interrupted = False
                    worked = await self.work_off()
                except Exception as error:  # noqa: BLE001 - see above
                    log.error("heavy work not worked off", error=type(error).__name__)
                    worked, interrupted = 0, True
                if not worked:
                    await asyncio.sleep(IDLE_SECONDS)
        finally:
            self.workshop.pool.close()

    async def free_running(self) -> None:
        """Let wait again what this process, or the one before it, was interrupted in."""
        async with self.workshop.work.transaction() as services:
            freed = await services.heavy.free_running()
        if freed:
            log.warning("heavy jobs interrupted, repeated now", count=freed)

    async def work_off(self) -> int:
        """Do everything that is due, one after the other; return how many attempts that were."""
        done = 0
        while (job_id := await self._next()) is not None:
            await self.workshop.attempt(job_id)
            done += 1
        return done

    async def _next(self) -> int | None:
        async with self.workshop.work.reading() as services:
            return await services.heavy.next_due()
