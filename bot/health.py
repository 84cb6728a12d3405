"""What machines ask a running bot: does it live, can it work, what are its figures.

/healthz, /readyz and /metrics are for the inner network; a proxy lets only /telegram through.
"""

import asyncio
import time

import structlog
from aiohttp import web

from bot.duties import WELL, Duties
from bot.figures import Figures
from bot.unit_of_work import UnitsOfWork
from handlers.understanding import Understanders

log = structlog.get_logger()
ANSWER_SECONDS = 3.0
LAG_SECONDS = 0.5
METRICS_TYPE = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}


class Health:
    """Answers for one process."""

    def __init__(
        self, work: UnitsOfWork, duties: Duties, understanders: Understanders | None = None
    ) -> None:
        self.work = work
        self.duties = duties
        self.understanders = understanders
        self.figures = Figures(work)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/healthz", self.lives),
            web.get("/readyz", self.ready),
            web.get("/metrics", self.metrics),
        ]

    async def lives(self, _request: web.Request) -> web.Response:
        """200 as long as the event loop answers; and how well questions are understood here."""
        body: dict[str, object] = {"lives": True}
        if self.understanders is not None:
            body["understanding"] = self.understanders.state()
        return web.json_response(body)

    async def ready(self, _request: web.Request) -> web.Response:
        """200 when database, schema and roles are well; else 503, naming what is not."""
        database = await self._database()
        stopping = self.duties.stopping.is_set()
        roles = {name: str(standing) for name, standing in self.duties.standing.items()}
        well = all(standing in WELL for standing in self.duties.standing.values())
        fine = database == "fine" and well and not stopping
        body = {"ready": fine, "stopping": stopping, "database": database, "roles": roles}
        return web.json_response(body, status=200 if fine else 503)

    async def _database(self) -> str:
        from bot.migrate import Schema, schema_of  # noqa: PLC0415 - Alembic: only when asked

        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                schema = await schema_of(self.work.database)
        except Exception as error:  # noqa: BLE001 - whatever it is, we are not ready
            log.warning("database not reachable", error=type(error).__name__)
            return "not reachable"
        return {Schema.FITS: "fine", Schema.OLD: "schema too old", Schema.NEW: "schema too new"}[
            schema
        ]

    async def metrics(self, _request: web.Request) -> web.Response:
        """Return our own figures, and the queues' as long as the database answers."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                queues = await self.figures.read()
        except Exception as error:  # noqa: BLE001 - our own figures matter all the more
            log.warning("queues not counted", error=type(error).__name__)
            queues = b""
        return web.Response(body=self.work.metrics.text() + queues, headers=METRICS_TYPE)

    async def watch_the_loop(self) -> None:
        """Measure how late the event loop is, until cancelled."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(LAG_SECONDS)
            self.work.metrics.late(max(0.0, time.monotonic() - before - LAG_SECONDS))
