"""Asking over HTTP: whatever the server does, people get an answer, and it is counted."""

import asyncio
import gzip
import json

import pytest
from pydantic import SecretStr

import bot.rasa
from bot.breaker import FAILURES, PAUSE_SECONDS
from bot.metrics import Metrics
from bot.rasa import MOST_BYTES, rasa_of
from bot.settings import NluSettings
from nlu.understanding import Decision, Entry
from tests.rasa.recorded import NAMES, recorded
from tests.rasa.server import rasa_server, rude_server

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]
NO_ANSWERS = [name for name in NAMES if recorded(name).status != 200]


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less long than citizens would."""
    monkeypatch.setattr(bot.rasa, "TIMEOUT", bot.rasa.ClientTimeout(total=0.2))


async def test_a_recorded_answer_is_understood():
    async with rasa_server() as server:
        found = await server.understand("hund anmelden")
        assert found is not None
        assert found.decision is Decision.ANSWER
        assert found.candidates[0].id == "hund-anmelden"
        assert server.asked == [{"text": "hund anmelden"}]
        assert server.queries == [{}]
        assert server.counted() == {"answered": 1}


async def test_the_token_goes_where_rasa_expects_it():
    async with rasa_server(SecretStr("ge&heim")) as server:
        await server.understand()
        assert server.queries == [{"token": "ge&heim"}]


async def test_no_wait_is_longer_than_two_seconds():
    assert bot.rasa.TIMEOUT.total == 2


async def test_an_unsure_rasa_has_no_say():
    async with rasa_server() as server:
        server.plays("unsure")
        assert await server.understand("ich hab da mal eine frage") is None
        assert server.counted() == {"unsure": 1}


@pytest.mark.parametrize("question", ["mein vater atmet nicht mehr", "danke", "", "/", "\ud800"])
async def test_what_is_not_rasa_s_to_decide_is_never_sent(question: str):
    async with rasa_server() as server:
        assert await server.understand(question) is None
        assert server.asked == []
        assert server.counted() == {}


@pytest.mark.parametrize("name", NO_ANSWERS)
async def test_a_recorded_refusal_falls_back(name: str):
    async with rasa_server() as server:
        server.plays(name)
        assert await server.understand() is None
        assert server.counted() == {"status": 1}


async def test_a_redirect_is_not_followed():
    async with rasa_server() as server, rasa_server() as elsewhere:
        server.status = 307
        server.headers = {"Location": elsewhere.rasa._url}  # noqa: SLF001
        assert await server.understand() is None
        assert elsewhere.asked == []
        assert server.counted() == {"status": 1}


async def test_a_model_of_another_catalogue_falls_back():
    async with rasa_server() as server:
        found = await server.rasa.understand("hund anmelden", (Entry("anderes", ("Anderes",)),))
        assert found is None
        assert server.counted() == {"strange": 1}


async def test_a_new_catalogue_is_noticed():
    async with rasa_server() as server:
        assert await server.rasa.understand("hund", (Entry("anderes", ("Anderes",)),)) is None
        found = await server.rasa.understand("hund", (Entry("hund-anmelden", ("Neuer Name",)),))
        assert found is not None
        assert found.candidates[0].why == "Neuer Name"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"intent_ranking": "none"}',
        recorded("clear").body.encode("utf-16"),
        gzip.compress(recorded("clear").body.encode()),
    ],
)
async def test_what_is_no_answer_falls_back(body: bytes):
    async with rasa_server() as server:
        server.body = body
        assert await server.understand() is None
        assert server.counted() == {"unreadable": 1}


async def test_a_packed_answer_is_never_unpacked():
    async with rasa_server() as server:
        server.body = gzip.compress(b" " * 50 * MOST_BYTES)
        server.headers = {"Content-Encoding": "gzip"}
        assert await server.understand() is None
        assert server.counted() == {"unreadable": 1}


async def test_a_huge_answer_is_dropped():
    async with rasa_server() as server:
        padding = " " * MOST_BYTES
        server.body = json.dumps({"intent_ranking": [], "padding": padding}).encode()
        assert await server.understand() is None
        assert server.counted() == {"too-large": 1}


async def test_a_slow_server_falls_back(hurry: None):
    async with rasa_server() as server:
        server.slow = 5
        async with asyncio.timeout(1):
            assert await server.understand() is None
        assert server.counted() == {"late": 1}


async def test_a_server_that_trickles_falls_back(hurry: None):
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b" " * 100_000
    async with rude_server(answer, pause=0.05) as server, asyncio.timeout(1):
        assert await server.understand() is None
        assert server.counted() == {"late": 1}


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"hello\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
    ],
)
async def test_a_server_that_breaks_the_protocol_falls_back(answer: bytes):
    async with rude_server(answer) as server:
        assert await server.understand() is None
        assert server.counted() == {"unreachable": 1}


async def test_nobody_there_falls_back():
    async with rasa_server() as server:
        pass
    assert await server.understand() is None
    assert server.counted() == {"unreachable": 1}


async def test_a_failing_server_is_left_in_peace_and_tried_again():
    async with rasa_server() as server:
        server.status = 500
        for _ in range(FAILURES + 2):
            assert await server.understand() is None
        assert len(server.asked) == FAILURES
        assert server.counted() == {"status": FAILURES, "paused": 2}
        server.status = 200
        assert await server.understand() is None
        server.clock.now += PAUSE_SECONDS
        assert await server.understand() is not None
        assert await server.understand() is not None


async def test_only_so_many_wait_for_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bot.rasa, "MOST_AT_ONCE", 2)
    async with rasa_server() as server:
        server.slow = 0.2
        found = await asyncio.gather(*(server.understand() for _ in range(4)))
        assert [one is not None for one in found] == [True, True, False, False]
        assert server.counted() == {"answered": 2, "busy": 2}


def test_without_an_address_there_is_no_rasa():
    assert rasa_of(NluSettings(), Metrics().understanding) is None
    assert (
        rasa_of(NluSettings(rasa_url="http://127.0.0.1:5005"), Metrics().understanding) is not None
    )


async def test_neither_the_question_nor_the_token_stands_in_the_log(
    capsys: pytest.CaptureFixture[str],
):
    async with rasa_server(SecretStr("geheimes")) as server:
        server.status = 500
        await server.understand("hund von erika")
        await server.understand("noch eine frage")
    logged = "".join(capsys.readouterr())
    assert "rasa gave no answer" in logged
    assert "erika" not in logged
    assert "geheimes" not in logged
