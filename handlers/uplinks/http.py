"""`POST /hooks/lorawan/<source>`: stored as it came, and only then acknowledged.

Whatever is authentic and well-formed gets a 2xx, understood or not: network servers never come
again, and some switch a hook off that says no too often. Decoding comes later.
"""

import re
import time
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from handlers.uplinks.body import RefusedError, body_of, form_of
from handlers.uplinks.sources import Sender
from handlers.web import WebDesk
from services.uplinks.service import Incoming

log = structlog.get_logger()
PATH = "/hooks/lorawan/{source}"
EVENT = re.compile(r"event=([A-Za-z0-9_-]{1,40})", re.ASCII)
NAME = re.compile(r"[A-Za-z0-9_-]{0,40}", re.ASCII)
RETRY_AFTER = "5"
LOG_SECONDS = 60.0
"""The same refusal of the same source is logged once in this time; the figures count each."""
UNKNOWN = ""
Receive = Callable[[web.Request], Awaitable[web.Response]]


def routes(desk: WebDesk) -> list[web.RouteDef]:
    """Return the hook of all sources."""
    return [web.post(PATH, receiver(desk))]


def receiver(desk: WebDesk) -> Receive:
    """Return what takes messages in."""
    refusals = Refusals(desk)

    async def receive(request: web.Request) -> web.Response:
        began = time.perf_counter()
        name = request.match_info["source"]
        sender = desk.sources.get(name)
        try:
            incoming = await _incoming(request, name, sender)
        except RefusedError as refused:
            return refusals.answer(name if sender else UNKNOWN, refused, sender)
        try:
            await desk.store(incoming)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is not stored
            problem = RefusedError(503, "not-stored", "Not stored. Please send it again.")
            return refusals.answer(name, problem, sender, error=type(error).__name__)
        desk.counted(name, "stored", time.perf_counter() - began)
        return web.Response(status=204)

    return receive


async def _incoming(request: web.Request, name: str, sender: Sender | None) -> Incoming:
    """Return the message of a request, or raise why it is refused."""
    if sender is None or sender.access is None:
        raise RefusedError(404, "unknown", "No such source.")
    if not sender.gate.admits(request.remote, request.headers):
        raise RefusedError(403, "address", "Not from this address.")
    if not sender.access.admits(request.headers):
        raise RefusedError(401, "secret", "The token or password is missing or wrong.")
    body = await body_of(request)
    event = _event(request)
    return Incoming(name, event, form_of(request.headers.get("Content-Type"), body), body)


def _event(request: web.Request) -> str:
    """Return the event of the query, "" when none is named."""
    if found := EVENT.fullmatch(request.rel_url.raw_query_string):
        return found[1]  # as nearly always
    given = request.query.getall("event", [""])
    if len(given) != 1 or not NAME.fullmatch(given[0]):
        raise RefusedError(400, "event", "The query's event must be one short name.")
    return given[0]


class Refusals:
    """Answers that are no: counted each, logged once a minute, without anything secret."""

    def __init__(self, desk: WebDesk) -> None:
        self.desk = desk
        self._quiet_until: dict[tuple[str, str], float] = {}

    def answer(
        self, source: str, refused: RefusedError, sender: Sender | None, **more: str
    ) -> web.Response:
        self.desk.counted(source, refused.reason)
        self._log(source, refused, more)
        headers = {}
        if refused.status == web.HTTPServiceUnavailable.status_code:
            headers["Retry-After"] = RETRY_AFTER
        if refused.status == web.HTTPUnauthorized.status_code and sender and sender.access:
            headers["WWW-Authenticate"] = sender.access.challenge
        return web.Response(status=refused.status, text=f"{refused.line}\n", headers=headers)

    def _log(self, source: str, refused: RefusedError, more: dict[str, str]) -> None:
        now, about = time.monotonic(), (source, refused.reason)
        if now >= self._quiet_until.get(about, 0.0):
            self._quiet_until[about] = now + LOG_SECONDS
            log.warning("uplink refused", source=source, reason=refused.reason, **more)
