"""Links are tried over HTTP, against a real server that plays the county's websites."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import pytest
from aiohttp import ClientSession, ClientTimeout, UnixConnector, web

import bot.links
from bot.links import REDIRECTS, LinkCheck
from services.region.service import Region

NO_ANSWER = "golive.link-no-answer"
ERROR = "golive.link-error"
LEADS_AWAY = "golive.link-leads-away"
SITE = "https://www.koethen-anhalt.de"
PUBLIC = "93.184.216.34"


class Site:
    """Every website there is; remembers what was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(f"{request.host}{request.path}")
        first, _, rest = request.path.strip("/").partition("/")
        if first == "to":
            raise web.HTTPFound(request.query["url"])
        if first == "hops":
            left = int(rest)
            raise web.HTTPMovedPermanently(f"/hops/{left - 1}" if left > 1 else "/ok")
        if first == "slow":
            await asyncio.sleep(0.2)
        if first == "nowhere":
            return web.Response(status=302)
        return web.Response(status=int(first) if first.isdigit() else 200)


@pytest.fixture
async def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    """A server on a socket file: whatever the name and the port, it is the one that answers."""
    site = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    file = str(tmp_path / "s")
    await web.UnixSite(runner, file).start()

    def session(**more: ClientTimeout) -> ClientSession:
        return ClientSession(connector=UnixConnector(file), **more)

    monkeypatch.setattr(bot.links, "ClientSession", session)
    yield site
    await runner.cleanup()


@pytest.fixture
def addresses(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[str]]]:
    """What names lead to; a public address where a test says nothing else."""
    known: dict[str, list[str]] = {}

    def look_up(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        found = known.get(host, [PUBLIC])
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [(None, None, 0, "", (address, 443)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.fixture
def check(region: Region, site: Site, addresses: dict[str, list[str]]) -> LinkCheck:
    return LinkCheck(region)


@pytest.mark.parametrize("path", ["", "/", "/ok?a=1", "/204", "/to?url=/ok", "/hops/1"])
async def test_a_link_that_answers_has_no_problem(check: LinkCheck, path: str) -> None:
    assert await check.problem(SITE + path) is None


@pytest.mark.parametrize(
    ("status", "problem"),
    [(200, None), (399, None), (400, ERROR), (403, ERROR), (404, ERROR), (500, ERROR)],
)
async def test_an_answer_of_400_or_more_is_an_error(
    check: LinkCheck, status: int, problem: str | None
) -> None:
    assert await check.problem(f"{SITE}/{status}") == problem


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ("https://service.sachsen-anhalt.de/ok", None),
        ("https://koethen-anhalt.de/404", ERROR),
        ("//koethen-anhalt.de/ok", None),
        ("https://evil.example/ok", LEADS_AWAY),
        ("//evil.example/ok", LEADS_AWAY),
        ("https://koethen-anhalt.de.evil.example/ok", LEADS_AWAY),
        ("https://koethen-anhalt.de@evil.example/ok", LEADS_AWAY),
        ("http://www.koethen-anhalt.de/ok", LEADS_AWAY),
        ("https://www.koethen-anhalt.de:8443/ok", LEADS_AWAY),
        ("file:///etc/passwd", LEADS_AWAY),
        ("https://127.0.0.1/ok", LEADS_AWAY),
    ],
)
async def test_a_redirect_is_followed_to_allowed_places_only(
    check: LinkCheck, site: Site, target: str, problem: str | None
) -> None:
    assert await check.problem(f"{SITE}/to?url={target}") == problem
    if problem == LEADS_AWAY:
        assert site.asked == ["www.koethen-anhalt.de/to"], "nobody else was even asked"


@pytest.mark.parametrize("hops", [REDIRECTS - 1, REDIRECTS])
async def test_redirects_come_to_an_end(check: LinkCheck, site: Site, hops: int) -> None:
    problem = await check.problem(f"{SITE}/hops/{hops}")
    assert problem == (None if hops < REDIRECTS else LEADS_AWAY)
    assert len(site.asked) == REDIRECTS


async def test_a_redirect_that_names_no_place_comes_to_an_end(check: LinkCheck) -> None:
    assert await check.problem(f"{SITE}/nowhere") == LEADS_AWAY


@pytest.mark.parametrize(
    "url", ["http://www.koethen-anhalt.de/ok", "https://evil.example/ok", "", "x" * 10_000]
)
async def test_what_is_not_allowed_is_not_tried(check: LinkCheck, site: Site, url: str) -> None:
    assert await check.problem(url) == LEADS_AWAY
    assert site.asked == []


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["192.168.1.1"],
        ["169.254.169.254"],
        ["172.16.0.1"],
        ["0.0.0.0"],  # noqa: S104 - an address nobody may be sent to
        ["::1"],
        ["fe80::1%eth0"],
        ["fd00::1"],
        ["::ffff:127.0.0.1"],
        [PUBLIC, "10.0.0.1"],
        [],
    ],
)
async def test_the_inner_network_is_never_asked(
    check: LinkCheck, site: Site, addresses: dict[str, list[str]], found: list[str]
) -> None:
    addresses["intern.koethen-anhalt.de"] = found
    assert await check.problem("https://intern.koethen-anhalt.de/ok") == NO_ANSWER
    assert site.asked == []
    target = "https://intern.koethen-anhalt.de/ok"
    assert await check.problem(f"{SITE}/to?url={target}") == NO_ANSWER
    assert site.asked == ["www.koethen-anhalt.de/to"]


async def test_a_server_that_is_silent_is_no_answer(
    check: LinkCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.links, "TIMEOUT", ClientTimeout(total=0.05))
    assert await check.problem(f"{SITE}/slow") == NO_ANSWER


async def test_a_server_that_hangs_up_is_no_answer(
    region: Region,
    addresses: dict[str, list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = str(tmp_path / "s")

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_unix_server(hang_up, file)
    connect = partial(ClientSession, connector=UnixConnector(file))
    monkeypatch.setattr(bot.links, "ClientSession", connect)
    async with server:
        assert await LinkCheck(region).problem(SITE) == NO_ANSWER


async def test_where_nobody_listens_there_is_no_answer(
    region: Region,
    addresses: dict[str, list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connect = partial(ClientSession, connector=UnixConnector(str(tmp_path / "nobody")))
    monkeypatch.setattr(bot.links, "ClientSession", connect)
    assert await LinkCheck(region).problem(SITE) == NO_ANSWER
