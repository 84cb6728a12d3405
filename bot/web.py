"""The web server of a process: Telegram's webhook where the role is `web`, health in each."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.commits import RETRY_AFTER
from bot.health import Health
from bot.settings import WebSettings
from bot.start import StartError

log = structlog.get_logger()
CLOSING_SECONDS = 5.0
IDLE_SECONDS = 120.0
"""A connection without a whole request for so long is closed; senders keep theirs for 90 s."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Discretion(logging.Filter):
    """Says what kind of error a request met; aiohttp would quote the request, secrets and all."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, HttpProcessingError):  # what is no HTTP was answered with 400
            log.error("request failed", error=type(error).__name__)
        return False


DISCREET = logging.getLogger("abibot.web")
DISCREET.addFilter(Discretion())


@asynccontextmanager
async def serving(
    application: web.Application, health: Health, settings: WebSettings, stopping: asyncio.Event
) -> AsyncIterator[int]:
    """Serve an application and the health pages; yield the port.

    Compressed bodies are left as they are: who takes them knows how large they may become.
    """

    @web.middleware
    async def refuse_when_stopping(request: web.Request, handler: Handler) -> web.StreamResponse:
        if stopping.is_set() and request.method == "POST":
            return web.Response(status=503, headers={"Retry-After": RETRY_AFTER})
        return await handler(request)

    application.middlewares.append(refuse_when_stopping)
    application.router.add_routes(health.routes())
    runner = web.AppRunner(
        application,
        access_log=None,
        shutdown_timeout=CLOSING_SECONDS,
        keepalive_timeout=IDLE_SECONDS,
        auto_decompress=False,
        logger=DISCREET,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError:
        await runner.cleanup()
        raise StartError("cli.port-taken", host=settings.host, port=settings.port) from None
    port = runner.addresses[0][1]
    log.info("web server listens", host=settings.host, port=port)
    try:
        yield port
    finally:
        await runner.cleanup()
