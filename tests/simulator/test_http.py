"""The Bot API as HTTP: ways to pass arguments, wrong tokens, broken bodies; the command line."""

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.chats import Bot
from simulator.methods import method_names
from simulator.world_file import WorldError, build_world, read_world
from tests.simulator.telegram import ERIKA, TOKEN, LocalTelegram

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

ROOT = Path(__file__).parents[2]


async def test_every_way_to_pass_arguments(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    url = f"{telegram.api}/SENDmessage"
    values = {"chat_id": str(ERIKA), "text": "ä"}
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    nested = json.dumps(markup)
    for request in (
        telegram.http.get(url, params=values | {"reply_markup": nested}),
        telegram.http.post(url, data=values | {"reply_markup": nested}),
        telegram.http.post(url, json=values | {"reply_markup": nested}),
        telegram.http.post(url, json=values | {"reply_markup": markup}),
        telegram.http.post(url, params=values, data={"text": "spät", "reply_markup": nested}),
    ):
        async with request as response:
            result = (await response.json())["result"]
            assert result["text"] == "ä"
            assert result["reply_markup"] == markup


async def test_unknown_methods(telegram: LocalTelegram) -> None:
    assert await telegram.answer("sendSmoke") == {
        "ok": False,
        "error_code": 404,
        "description": "Not Found: method not found",
    }


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("bot42:WRONG/getMe", 401, "Unauthorized"),
        ("botnonsense/getMe", 401, "Unauthorized: invalid token specified"),
        ("bot0:x/getMe", 401, "Unauthorized: invalid token specified"),
        (f"bot{TOKEN}", 404, "Not Found"),
    ],
)
async def test_wrong_addresses(
    telegram: LocalTelegram, path: str, status: int, description: str
) -> None:
    async with telegram.http.get(f"{telegram.address}/{path}") as response:
        assert response.status == status
        body = {"ok": False, "error_code": status, "description": description}
        assert await response.json() == body


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("[]", "JSON object expected"),
        ("x", "JSON object expected"),
        ("{", "expected parameter name"),
        ("{1:2}", "can't parse parameter name: Opening '\"' expected"),
        ('{"a', "can't parse parameter name: Closing '\"' not found"),
        ('{"a" 1}', "can't parse object, ':' expected"),
        ('{"a":}', "can't parse parameter value: Unexpected symbol '}'"),
        ('{"a":tru}', "can't parse parameter value: Starts with 't' -- true expected"),
        ('{"a":"b', "can't parse parameter value: Closing '\"' not found"),
        ('{"a":', "can't parse parameter value: Unexpected end"),
        ('{"a":1 "b":2}', "expected next field or object end"),
        ('{"a":1} x', "unexpected data after object end"),
    ],
)
async def test_broken_json(telegram: LocalTelegram, body: str, complaint: str) -> None:
    headers = {"Content-Type": "application/json"}
    async with telegram.http.post(f"{telegram.api}/getMe", data=body, headers=headers) as answer:
        assert answer.status == 400
        assert (await answer.json())["description"] == f"Bad Request: {complaint}"


async def test_hostile_values(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    headers = {"Content-Type": "application/json"}
    many = "9" * 5000
    deep = "[" * 100_000
    for method, body in (
        ("sendMessage", r'{"chat_id":1001,"text":"\ud800"}'),
        ("sendMessage", rf'{{"chat_id":1001,"text":"a","reply_markup":"{deep}"}}'),
        ("sendMessage", f'{{"chat_id":"{many}","text":"a"}}'),
        ("sendMessage", f'{{"chat_id":1001,"text":{deep}}}'),
        ("deleteMessage", f'{{"chat_id":1001,"message_id":"{many}"}}'),
        ("deleteMessages", f'{{"chat_id":1001,"message_ids":["{many}"]}}'),
        ("getChatMember", f'{{"chat_id":1001,"user_id":"{many}"}}'),
        ("setWebhook", f'{{"url":"http://a.de:{many}/"}}'),
    ):
        url = f"{telegram.api}/{method}"
        async with telegram.http.post(url, data=body, headers=headers) as answer:
            assert answer.status == 400, await answer.text()
            assert (await answer.json())["description"].startswith("Bad Request: ")
    harmless = f"<a href='tg://user?id={many}'>x</a><a href='&#{many};'>y</a>"
    sent = await telegram.call("sendMessage", chat_id=ERIKA, text=harmless, parse_mode="HTML")
    assert [one["type"] for one in sent["entities"]] == ["text_link"]
    place = await telegram.call("sendLocation", chat_id=ERIKA, latitude="nan", longitude="inf")
    assert place["location"] == {"latitude": 0.0, "longitude": 0.0}


async def test_an_empty_body_is_fine(telegram: LocalTelegram) -> None:
    headers = {"Content-Type": "application/json"}
    async with telegram.http.post(f"{telegram.api}/getMe", data=b"", headers=headers) as answer:
        assert (await answer.json())["result"]["username"] == "test_bot"


async def test_a_fault_of_the_simulator_is_a_500(
    telegram: LocalTelegram, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(telegram.world, "profile", None)
    refusal = await telegram.refused("getMe")
    assert (refusal.code, refusal.description) == (500, "Internal Server Error")
    assert "getme" in caplog.text.lower()


def test_the_methods() -> None:
    assert len(method_names()) == 59
    assert "sendmessage" in method_names()


def test_a_world_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    description = {
        "people": [{"id": 7, "first_name": "Ana", "last_name": "B", "note": "x"}],
        "chats": [
            {
                "type": "supergroup",
                "title": "Stab",
                "members": [7],
                "admins": [7],
                "bot_admin": True,
            }
        ],
    }
    path.write_text(json.dumps(description), encoding="utf-8")
    world = build_world(read_world(path), Bot(1, "x", "x_bot"), ("1:x",))
    (supergroup,) = (chat for chat in world.directory.chats.values() if not chat.private)
    assert supergroup.id == -1_001_000_000_001
    assert supergroup.status(7).administers
    assert supergroup.status(1).administers
    world.files.close()


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"people": [{"id": "x", "first_name": "y"}]}',
        '{"chats": [{"type": "party", "title": "y"}]}',
        '{"chats": [{"type": "group", "title": "y", "members": [5]}]}',
    ],
)
def test_a_wrong_world(tmp_path: Path, text: str) -> None:
    path = tmp_path / "world.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WorldError):
        build_world(read_world(path), Bot(1, "x", "x_bot"), ("1:x",))


def start(*options: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "simulator", "--port", "0", *options]
    pipe = subprocess.PIPE
    return subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True
    )


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_command_starts_fast_and_stops_cleanly(stop: signal.Signals) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with start(
        "--token", "7:A", "--token", "7:B", "--name", "Kreis", "--username", "@k_bot"
    ) as server:
        assert server.stdout
        line = server.stdout.readline()
        assert line.startswith("Local Telegram of @k_bot on http://127.0.0.1:")
        os.kill(server.pid, stop)
        _, complaints = server.communicate(timeout=5)
        assert (server.returncode, complaints) == (0, "")
    # Processor time, so that a busy machine does not count.
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime < 1.5


@pytest.mark.parametrize(
    "options", [("--token", "nonsense"), ("--world", "/nowhere.json"), ("--host", "192.0.2.1")]
)
def test_the_command_complains_in_one_line(options: tuple[str, ...]) -> None:
    with start(*options) as server:
        _, complaint = server.communicate(timeout=5)
        assert server.returncode == 1
        assert complaint.startswith("simulator: ")
        assert complaint.count("\n") == 1
