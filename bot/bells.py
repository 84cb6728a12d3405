"""Wakes the workers and the delivery of all processes: an answer does not wait for the next look.

PostgreSQL itself rings (triggers on `inbox` and `outbox`) when a transaction that stored something
commits, whoever wrote it. Looking now and then remains the safety net.
"""

import asyncio

import structlog

from bot.leadership import connect
from bot.unit_of_work import UnitsOfWork

log = structlog.get_logger()
AGAIN_SECONDS = 1.0
INBOX, OUTBOX = "abibot_inbox", "abibot_outbox"


async def listen(work: UnitsOfWork) -> None:
    """Ring our bells when another process stored something; until cancelled."""
    url = work.database.engine.url
    if url.get_backend_name() == "sqlite":
        return  # one process: its own transactions ring
    from psycopg import Error  # noqa: PLC0415 - SQLite needs no driver of PostgreSQL

    address = url.render_as_string(hide_password=False)
    bells = {INBOX: work.inbox_bell, OUTBOX: work.outbox_bell}
    while True:
        try:
            await _listen(address, bells)
        except (Error, OSError) as error:
            log.warning("bells not heard", error=type(error).__name__)
        await asyncio.sleep(AGAIN_SECONDS)


async def _listen(address: str, bells: dict[str, asyncio.Event]) -> None:
    async with await connect(address, "bells") as connection:
        for channel in bells:
            await connection.execute(f"LISTEN {channel}".encode())
        for bell in bells.values():
            bell.set()  # whatever was stored while nobody listened
        async for ring in connection.notifies():
            bells[ring.channel].set()
