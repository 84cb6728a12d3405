"""Messages of network servers over HTTP: acknowledged when durable, refused when not theirs."""

import asyncio
import gzip
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from ipaddress import ip_network

import pytest

from bot.application import Application
from handlers.uplinks.access import Access, Gate
from handlers.uplinks.secrets import Secrets
from handlers.uplinks.sources import Sender
from services.uplinks.rules import Source
from tests.inbox.test_webhook import nobody_else_can_write
from tests.rigging import rows_of
from tests.uplinks.hook import Hook, hook

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]
TOKEN, OLD_TOKEN = "planted-token-0123456789", "planted-old-token-987654"
PASSWORD = "planted-password-4711"
SENDERS = {
    "chirpstack": Sender(Source("chirpstack"), Access(Secrets([TOKEN, OLD_TOKEN]))),
    "tts": Sender(Source("tts"), Access(Secrets([PASSWORD], before="ttn:"), basic=True)),
    "own": Sender(Source("own"), Access(Secrets([TOKEN]), "X-Api-Key")),
    "near": Sender(Source("near"), Access(Secrets([TOKEN])), Gate([ip_network("127.0.0.0/8")])),
    "far": Sender(
        Source("far"),
        Access(Secrets([TOKEN])),
        Gate([ip_network("192.0.2.0/24")], [ip_network("127.0.0.1/32")]),
    ),
    "broker": Sender(Source("broker")),
}
BEARER = {"Authorization": f"Bearer {TOKEN}"}
PATH = "/hooks/lorawan/chirpstack?event=up"


@pytest.fixture
async def open_hook(application: Application) -> AsyncIterator[Hook]:
    async with hook(application, SENDERS) as opened:
        yield opened


def body(number: int = 1) -> bytes:
    return json.dumps({"deduplicationId": str(number), "fCnt": number}).encode()


async def stored(opened: Hook) -> list[tuple[str, str, str, bytes]]:
    rows = await rows_of(opened.application, "raw_uplink")
    return [(row["source"], row["event"], row["form"], row["body"]) for row in rows]


async def test_a_message_is_stored_exactly_as_it_came(open_hook: Hook) -> None:
    odd = b' {"b": 1,\n "a":\t1.50, "b": 2} '
    answer = await open_hook.posts(PATH, odd, BEARER)
    assert (answer.status, answer.body) == (204, b"")
    assert await stored(open_hook) == [("chirpstack", "up", "json", odd)]


async def test_the_acknowledgement_comes_after_the_commit(
    open_hook: Hook, application: Application
) -> None:
    async with nobody_else_can_write(application, "raw_uplink"):
        post = asyncio.ensure_future(open_hook.posts(PATH, body(), BEARER))
        done, _ = await asyncio.wait([post], timeout=0.3)
        assert not done, "nothing is acknowledged while nothing can be committed"
    assert (await post).status == 204
    assert len(await stored(open_hook)) == 1


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/hooks/lorawan/chirpstack", BEARER),
        ("/hooks/lorawan/chirpstack", {"authorization": f"bearer  {OLD_TOKEN}"}),
        ("/hooks/lorawan/chirpstack", {"Authorization": TOKEN}),
        ("/hooks/lorawan/own", {"X-Api-Key": TOKEN}),
        ("/hooks/lorawan/near", BEARER),
        ("/hooks/lorawan/far", {**BEARER, "X-Forwarded-For": "10.0.0.1, 192.0.2.7"}),
        ("/hooks/lorawan/far", {**BEARER, "X-Forwarded-For": "192.0.2.7, 127.0.0.1"}),
        (
            "/hooks/lorawan/tts",
            {"Authorization": "Basic " + b64encode(f"ttn:{PASSWORD}".encode()).decode()},
        ),
    ],
)
async def test_who_shows_what_was_agreed_is_let_in(
    open_hook: Hook, path: str, headers: dict[str, str]
) -> None:
    assert (await open_hook.posts(path, body(), headers)).status == 204
    assert len(await stored(open_hook)) == 1


@pytest.mark.parametrize(
    ("content_type", "content", "form"),
    [
        ("application/json", body(), "json"),
        ("application/json; charset=utf-8", body(), "json"),
        ("text/plain", body(), "json"),
        ("application/octet-stream", b"\x0a\x24abc", "protobuf"),
        ("application/x-protobuf", b"\xff", "protobuf"),
        ("application/octet-stream", body(), "json"),
        ("", body(), "json"),
    ],
)
async def test_json_and_protobuf_are_told_apart(
    open_hook: Hook, content_type: str, content: bytes, form: str
) -> None:
    headers = {**BEARER, **({"Content-Type": content_type} if content_type else {})}
    assert (await open_hook.posts(PATH, content, headers)).status == 204
    assert await stored(open_hook) == [("chirpstack", "up", form, content)]


async def test_gzip_is_unzipped_before_it_is_stored(open_hook: Hook) -> None:
    headers = {**BEARER, "Content-Encoding": "gzip"}
    assert (await open_hook.posts(PATH, gzip.compress(body()), headers)).status == 204
    assert (await open_hook.posts(PATH, body(), BEARER)).status == 204
    assert await stored(open_hook) == [("chirpstack", "up", "json", body())]


@pytest.mark.parametrize(
    ("query", "event"),
    [
        ("", ""),
        ("?event=join", "join"),
        ("?event=new_kind-2", "new_kind-2"),
        ("?integration=x&event=up", "up"),
        ("?event=", ""),
        ("?event=%75p", "up"),
    ],
)
async def test_events_are_stored_known_or_not(open_hook: Hook, query: str, event: str) -> None:
    path = f"/hooks/lorawan/chirpstack{query}"
    assert (await open_hook.posts(path, body(), BEARER)).status == 204
    assert [row[1] for row in await stored(open_hook)] == [event]


async def test_many_at_once_are_stored_and_repeats_are_not(open_hook: Hook) -> None:
    posts = [open_hook.posts(PATH, body(number % 50), BEARER) for number in range(200)]
    assert {answer.status for answer in await asyncio.gather(*posts)} == {204}
    assert sorted(row[3] for row in await stored(open_hook)) == sorted(map(body, range(50)))


async def test_figures_count_what_was_taken_and_refused(open_hook: Hook) -> None:
    await open_hook.posts(PATH, body(), BEARER)
    await open_hook.posts(PATH, body(), {"Authorization": "Bearer wrong"})
    await open_hook.posts("/hooks/lorawan/planted-name", body(), BEARER)
    figures = (await open_hook.posts("/metrics", b"", method="GET")).body.decode()
    assert 'abibot_uplinks_total{outcome="stored",source="chirpstack"} 1.0' in figures
    assert 'abibot_uplinks_total{outcome="secret",source="chirpstack"} 1.0' in figures
    assert 'abibot_uplinks_total{outcome="unknown",source=""} 1.0' in figures
    assert "abibot_uplinks_waiting 1.0" in figures
    assert 'abibot_source_heard_seconds{source="chirpstack"} 0.0' in figures
    assert "planted" not in figures
