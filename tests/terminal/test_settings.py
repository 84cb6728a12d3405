"""Settings: from variables and files; a mistake is one line that names the variable."""

from pathlib import Path

import pytest

from bot.cli import in_words
from bot.settings import REGIONS, Settings, SettingsError, load_settings
from tests.terminal.conftest import REGION, Run

TOKEN = "4242:Planted-Token_x"
GERMAN = "Einstellung"


def wrong(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    """Return the line an operator sees for these variables."""
    for name, value in {"ABIBOT_REGION": REGION, **variables}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return in_words(caught.value)


def right(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in {"ABIBOT_REGION": REGION, **variables}.items():
        monkeypatch.setenv(name, value)
    return load_settings()


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("ABIBOT_LANGUAGE", "fr", "'de', 'en'"),
        ("ABIBOT_LOG_LEVEL", "loud", "'debug', 'info', 'warning', 'error'"),
        ("ABIBOT_LOG_FORMAT", "xml", "'console', 'json'"),
        ("ABIBOT_WEB_PORT", "http", "Zahl"),
        ("ABIBOT_WEB_PORT", "80.5", "Zahl"),
        ("ABIBOT_WEB_PORT", "65536", "65535"),
        ("ABIBOT_WEB_PORT", "-1", "0"),
        ("ABIBOT_LIMITS_PERSON_PER_MINUTE", "0", "1"),
        ("ABIBOT_LIMITS_OVERALL_PER_MINUTE", "viele", "Zahl"),
        ("ABIBOT_GOLIVE_STOP_SECONDS", "3601", "3600"),
        ("ABIBOT_GOLIVE_QUIET_HOURS", "vielleicht", "true"),
        ("ABIBOT_DATABASE_URL", "mysql://127.0.0.1/x", "postgresql://"),
        ("ABIBOT_DATABASE_URL", "abibot.db", "sqlite:///"),
        ("ABIBOT_TELEGRAM_TOKEN", "Planted-Token", "@BotFather"),
        ("ABIBOT_TELEGRAM_TOKEN", "42:", "@BotFather"),
        ("ABIBOT_TELEGRAM_TOKEN", "42:Planted Token", "@BotFather"),
        ("ABIBOT_TELEGRAM_TOKEN_FILE", "no/such/file", "no/such/file"),
        ("ABIBOT_TELEGRAM_TOKEN_FILE", ".", "."),
        ("ABIBOT_TELEGRAM_WEBHOOK_SECRET_FILE", "no/such/file", "no/such/file"),
        ("ABIBOT_TELEGRAM_WEBHOOK_SECRET", "Planted ä", "256"),
        ("ABIBOT_TELEGRAM_WEBHOOK_SECRET", "x" * 257, "256"),
        ("ABIBOT_NLU_ENCODERS", "bert", "'none'"),
        ("ABIBOT_NLU_MOST_WAITING", "0", "1"),
        ("ABIBOT_NLU_ONNX", "no/such/folder", "model.onnx"),
        ("ABIBOT_NLU_RASA_URL", "rasa:5005", "https://"),
        ("ABIBOT_NLU_RASA_URL", "ftp://rasa", "https://"),
        ("ABIBOT_NLU_RASA_URL", "http://name:Planted@rasa:5005", "https://"),
        ("ABIBOT_NLU_RASA_URL", "http://rasa:5005/?token=Planted", "https://"),
        ("ABIBOT_NLU_RASA_TOKEN_FILE", "no/such/file", "no/such/file"),
        ("ABIBOT_REGION", "nirgendwo", str(REGIONS / "nirgendwo")),
        ("ABIBOT_LOG", "debug", ".env.example"),
        ("ABIBOT_TELEGRAM", TOKEN, ".env.example"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, hint: str
) -> None:
    line = wrong(monkeypatch, **{name: value})
    assert line.startswith(f"{GERMAN} {name}: ")
    assert hint in line
    assert "\n" not in line
    assert "Planted" not in line


def test_a_webhook_without_its_secret_is_asked_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    line = wrong(monkeypatch, ABIBOT_TELEGRAM_WEBHOOK_URL="https://bot.example/telegram")
    assert line.startswith(f"{GERMAN} ABIBOT_TELEGRAM_WEBHOOK_SECRET: ")


def test_mistakes_are_named_in_the_language_that_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    english = {"ABIBOT_LANGUAGE": "en"}
    assert wrong(monkeypatch, ABIBOT_WEB_PORT="x", **english).startswith(
        "Setting ABIBOT_WEB_PORT:"
    )
    monkeypatch.delenv("ABIBOT_WEB_PORT")
    assert wrong(monkeypatch, ABIBOT_REGION="nowhere", **english).startswith(
        "Setting ABIBOT_REGION:"
    )
    assert wrong(monkeypatch, ABIBOT_LOG="x", **english).startswith("Setting ABIBOT_LOG:")


def test_the_line_is_all_the_operator_sees(run: Run) -> None:
    result = run("migrate", ABIBOT_WEB_PORT="x")
    assert result.exit_code == 1
    assert len(result.output.strip().splitlines()) == 1
    assert "ABIBOT_WEB_PORT" in result.output


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("sqlite:///data/x.db", "sqlite+aiosqlite:///data/x.db"),
        ("sqlite+aiosqlite:///x.db", "sqlite+aiosqlite:///x.db"),
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
    ],
)
def test_a_database_s_address_may_be_short(
    monkeypatch: pytest.MonkeyPatch, given: str, expected: str
) -> None:
    assert right(monkeypatch, ABIBOT_DATABASE_URL=given).database.url == expected


def test_nothing_set_is_long_polling_without_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = right(monkeypatch)
    assert settings.telegram.token is None
    assert settings.telegram.webhook_url is None
    assert settings.language == "de"


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = right(
        monkeypatch,
        ABIBOT_TELEGRAM_TOKEN="",
        ABIBOT_TELEGRAM_TOKEN_FILE="",
        ABIBOT_TELEGRAM_WEBHOOK_URL="",
        ABIBOT_WEB_PORT="",
        ABIBOT_GOLIVE_STOP_SECONDS="",
    )
    assert settings.telegram.token is None
    assert settings.telegram.webhook_url is None
    assert settings.web.port == 8080
    assert settings.golive.stop_seconds is None


def test_secrets_come_from_files_and_lose_the_line_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    token, secret = tmp_path / "token", tmp_path / "secret"
    token.write_text(f"{TOKEN}\n")
    secret.write_text("Geheim_42\r\n")
    telegram = right(
        monkeypatch,
        ABIBOT_TELEGRAM_TOKEN_FILE=str(token),
        ABIBOT_TELEGRAM_WEBHOOK_SECRET_FILE=str(secret),
        ABIBOT_TELEGRAM_WEBHOOK_URL="https://bot.example/telegram",
    ).telegram
    assert telegram.token
    assert telegram.webhook_secret
    assert telegram.token.get_secret_value() == TOKEN
    assert telegram.webhook_secret.get_secret_value() == "Geheim_42"


def test_the_address_of_the_database_may_come_from_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "database_url"
    file.write_text("postgresql://abibot:Planted@database/abibot\n")
    url = right(monkeypatch, ABIBOT_DATABASE_URL_FILE=str(file)).database.url
    assert url == "postgresql+psycopg://abibot:Planted@database/abibot"
    file.write_text("mysql://Planted")
    line = wrong(monkeypatch, ABIBOT_DATABASE_URL_FILE=str(file))
    assert "ABIBOT_DATABASE_URL" in line
    assert "Planted" not in line


def test_a_secret_given_directly_counts_before_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    telegram = right(
        monkeypatch, ABIBOT_TELEGRAM_TOKEN=TOKEN, ABIBOT_TELEGRAM_TOKEN_FILE="no/such/file"
    ).telegram
    assert telegram.token
    assert telegram.token.get_secret_value() == TOKEN


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"Planted-Token"])
def test_a_file_without_a_secret_is_a_mistake_that_is_not_quoted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "token"
    file.write_bytes(content)
    line = wrong(monkeypatch, ABIBOT_TELEGRAM_TOKEN_FILE=str(file))
    assert line.startswith(f"{GERMAN} ABIBOT_TELEGRAM_TOKEN")
    assert "Planted" not in line


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = right(
        monkeypatch, ABIBOT_TELEGRAM_TOKEN=TOKEN, ABIBOT_TELEGRAM_WEBHOOK_SECRET="Planted-Secret"
    )
    shown = (
        f"{settings!r} {settings} {settings.telegram.model_dump()} {settings.model_dump_json()}"
    )
    assert "Planted" not in shown


def test_a_region_is_a_name_or_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    assert right(monkeypatch).region_folder == Path(REGION)
    named = right(monkeypatch, ABIBOT_REGION="anhalt-bitterfeld")
    assert named.region_folder == REGIONS / "anhalt-bitterfeld"


def test_an_onnx_encoder_without_its_packages_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).touch()
    monkeypatch.setattr("bot.settings.find_spec", lambda name: None)
    line = wrong(monkeypatch, ABIBOT_NLU_ONNX=str(tmp_path))
    assert "ABIBOT_NLU_ONNX" in line
    assert "abibot[onnx]" in line
    monkeypatch.setattr("bot.settings.find_spec", lambda name: name)
    found = right(monkeypatch, ABIBOT_NLU_ONNX=str(tmp_path), ABIBOT_NLU_ONNX_QUERY="none")
    assert found.nlu.names == ("use", "e5", "onnx")
    assert (found.nlu.onnx_query, found.nlu.onnx_passage) == ("", "passage: ")


@pytest.mark.parametrize(
    "address",
    ["http://rasa:5005", "https://rasa.example", "http://[::1]:5005/nlu/", "http://127.0.0.1"],
)
def test_the_address_of_a_rasa_server(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    settings = right(monkeypatch, ABIBOT_NLU_RASA_URL=address)
    assert settings.nlu.rasa_url == address


def test_no_rasa_server_is_asked_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert right(monkeypatch).nlu.rasa_url is None
