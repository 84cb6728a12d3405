"""sources.toml: read with its secrets in files; each mistake is told with line, source and key."""

import os
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from bot.settings import LorawanSettings, Settings
from handlers.uplinks import secrets as secrets_module
from handlers.uplinks.secrets import Secrets
from handlers.uplinks.sources import Sender, read_sources
from lorawan.events import Dialect
from services.yaml_source import Problem, ProblemsError
from tests.uplinks.test_http import TOKEN

WHOLE = """
[chirpstack]
label = "ChirpStack Bitterfeld"
dialect = "chirpstack-v4"
token_file = "token"
allow = ["192.0.2.0/24", "2001:db8::7"]
trusted_proxies = ["127.0.0.1"]
silent_after = "30m"

[chirpstack.mqtt]
host = "mqtt.example.org"
tls = true
user = "abibot"
password_file = "short"
topics = ["application/+/device/+/event/+"]

[tts]
user = "ttn"
password_file = "token"

[quiet.mqtt]
host = "mqtt.example.org"
port = 1884
topics = ["v3/+/devices/+/up"]
qos = 0
client_id = "county"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "token").write_text(f"{TOKEN}\n\n  second-token-0123456  \n", encoding="utf-8")
    (tmp_path / "short").write_text("short\n", encoding="utf-8")
    (tmp_path / "empty").write_text("\n\n", encoding="utf-8")
    (tmp_path / "binary").write_bytes(b"\xff\xfe" * 20)
    (tmp_path / "large").write_text("x" * 70_000, encoding="utf-8")
    return tmp_path


def read(folder: Path, text: str) -> Mapping[str, Sender]:
    file = folder / "sources.toml"
    file.write_text(text, encoding="utf-8")
    return read_sources(file)


def header(value: str) -> CIMultiDictProxy[str]:
    return CIMultiDictProxy(CIMultiDict({"Authorization": value}))


def test_a_whole_file_is_read(folder: Path) -> None:
    senders = read(folder, WHOLE)
    one, tts, quiet = senders["chirpstack"], senders["tts"], senders["quiet"]
    assert (one.source.label, one.source.dialect) == (
        "ChirpStack Bitterfeld",
        Dialect.CHIRPSTACK_V4,
    )
    assert one.source.silent_after == timedelta(minutes=30)
    assert one.gate.allowed == (ip_network("192.0.2.0/24"), ip_network("2001:db8::7/128"))
    assert one.broker is not None
    assert (one.broker.port, one.broker.client_id) == (8883, "abibot-chirpstack")
    assert one.access is not None
    assert one.access.admits(header(f"Bearer {TOKEN}"))
    assert one.access.admits(header("second-token-0123456"))
    assert tts.access is not None
    assert tts.access.basic
    assert not tts.access.admits(header(TOKEN))
    assert quiet.access is None
    assert quiet.broker is not None
    assert (quiet.broker.port, quiet.broker.qos, quiet.broker.client_id) == (1884, 0, "county")


@pytest.mark.parametrize(
    ("lines", "line", "place", "key"),
    [
        ('[a]\ntoken_file = "none"', 2, "a.token_file", "secret-unreadable"),
        ('[a]\ntoken_file = "binary"', 2, "a.token_file", "secret-unreadable"),
        ('[a]\ntoken_file = "."', 2, "a.token_file", "secret-unreadable"),
        ('[a]\n\ntoken_file = "empty"', 3, "a.token_file", "secret-empty"),
        ('[a]\ntoken_file = "short"', 2, "a.token_file", "secret-short"),
        ('[a]\ntoken_file = "large"', 2, "a.token_file", "secret-large"),
        ('[a]\ntoken = "planted"', 1, "a", "direct"),
        ('[a.mqtt]\nhost = "x"\npassword = "planted"', 1, "a.mqtt", "direct"),
        ("[a]", 1, "a", "access"),
        ('[a]\nuser = "x"', 1, "a", "access"),
        ('[a]\npassword_file = "token"', 1, "a", "access"),
        ('[a]\nuser = "x"\npassword_file = "token"\ntoken_file = "token"', 1, "a", "access"),
        ('[a]\ntoken_file = "token"\nallow = ["10.0.0.1/8"]', 3, "a.allow.0", "network"),
        ('[a]\ntoken_file = "token"\nsilent_after = "soon"', 3, "a.silent_after", "span"),
        ('[a]\ntoken_file = "token"\nsilent_after = 30', 3, "a.silent_after", "span"),
        ('[A]\ntoken_file = "token"', 1, "A", "name"),
        ('a = "token"', 1, "a", "no-table"),
    ],
)
def test_each_mistake_is_told_where_it_stands(
    folder: Path, lines: str, line: int, place: str, key: str
) -> None:
    with pytest.raises(ProblemsError) as caught:
        read(folder, lines)
    [problem] = caught.value.problems
    assert (problem.line, problem.place) == (line, place)
    assert problem.text_key == f"uplinks.problem-{key}"
    assert "planted" not in str(problem)


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        ("[a", "catalogue.not-toml"),
        ('[a]\ntoken_file = "token"\ncolour = "red"', "catalogue.problem-unknown-field"),
        ('[a]\ntoken_file = "token"\nheader = "X Y"', "catalogue.problem-pattern"),
        ('[a]\ntoken_file = "token"\ndialect = "klingon"', "catalogue.problem-other"),
        ('[a.mqtt]\nhost = "x"\nport = 0\ntopics = ["x"]', "catalogue.problem-other"),
        ('[a.mqtt]\nhost = "x"\ntopics = []', "catalogue.problem-empty"),
        ('[a.mqtt]\ntopics = ["x"]', "catalogue.problem-missing"),
    ],
)
def test_usual_mistakes_have_the_usual_words(folder: Path, lines: str, key: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        read(folder, lines)
    assert [problem.text_key for problem in caught.value.problems] == [key]


def test_all_mistakes_are_told_at_once_and_a_missing_file_too(folder: Path) -> None:
    with pytest.raises(ProblemsError) as caught:
        read(folder, '[a]\n[b]\ntoken_file = "short"\nallow = ["x"]\n')
    assert len(caught.value.problems) == 3
    with pytest.raises(ProblemsError) as missing:
        read_sources(folder / "none.toml")
    [problem] = missing.value.problems
    assert isinstance(problem, Problem)
    assert problem.text_key == "catalogue.unreadable"


def test_secrets_change_without_a_restart(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets_module, "LOOK_SECONDS", 0.0)
    path = folder / "token"
    secrets = Secrets(path=path)
    old, both, new = b"old-token-0123456789", f"{TOKEN}\n", b"new-token-0123456789"
    path.write_bytes(old)
    assert secrets.admits(old)
    replace_file(path, old + b"\n" + both.encode() + new)
    assert all(secrets.admits(one) for one in (old, TOKEN.encode(), new))
    replace_file(path, new)
    assert not secrets.admits(old)
    assert secrets.admits(new)


@pytest.mark.parametrize("content", [b"", b"short", b"\xff\xfe" * 20, None])
def test_half_a_rotation_locks_nobody_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    monkeypatch.setattr(secrets_module, "LOOK_SECONDS", 0.0)
    path = folder / "token"
    secrets = Secrets(path=path)
    assert secrets.admits(TOKEN.encode())
    if content is None:
        path.unlink()
    else:
        replace_file(path, content)
    assert secrets.admits(TOKEN.encode())
    assert not secrets.admits(b"short")
    assert not secrets.admits(b"")
    replace_file(path, b"new-token-0123456789")
    assert secrets.admits(b"new-token-0123456789")
    assert not secrets.admits(TOKEN.encode())


def replace_file(path: Path, content: bytes) -> None:
    """Put a file in place as a secret store does: in one step, at any time."""
    fresh = path.with_name("fresh")
    fresh.write_bytes(content)
    os.replace(fresh, path)  # noqa: PTH105 - as such stores do


def test_the_region_s_own_file_counts_where_no_other_is_named(folder: Path) -> None:
    settings = Settings(_env_file=None, region=str(folder))
    assert settings.sources_file is None
    usual = folder / "sources.toml"
    usual.write_text("", encoding="utf-8")
    assert settings.sources_file == usual
    other = Settings(
        _env_file=None, region=str(folder), lorawan=LorawanSettings(sources=folder / "x")
    )
    assert other.sources_file == folder / "x"
