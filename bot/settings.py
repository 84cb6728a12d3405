"""The one place for settings: environment variables (prefix ABIBOT_), files for secrets."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as UnreadableError

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "locales"
MIGRATIONS = ROOT / "migrations"
REGIONS = ROOT / "regions"


TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
NONE = "none"
ONNX_FILES = ("model.onnx", "tokenizer.json")
ONNX_PACKAGES = ("onnxruntime", "tokenizers")
WEB_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+(/[A-Za-z0-9._~/-]*)?")
"""A host, perhaps a port and a path; no name and password, no query."""
TEXT_KEYS = {
    "bool_parsing": "cli.setting-yes-or-no",
    "database_url": "cli.setting-database",
    "greater_than_equal": "cli.setting-at-least",
    "group": "cli.setting-group",
    "int_parsing": "cli.setting-number",
    "less_than_equal": "cli.setting-at-most",
    "literal_error": "cli.setting-one-of",
    "onnx_files": "cli.setting-onnx-files",
    "onnx_packages": "cli.setting-onnx-packages",
    "secret_file": "cli.setting-secret-file",
    "token": "cli.setting-token",
    "web_address": "cli.setting-web-address",
    "webhook_secret": "cli.setting-webhook-secret",
}
"""What is wrong with a value, by pydantic's type of the error or our own."""


class SettingsError(Exception):
    """A setting is wrong or missing; `name` is the variable, `text_key` says what to do."""

    def __init__(self, name: str, text_key: str, language: str = "", **params: object) -> None:
        super().__init__(name, text_key)
        self.name = name
        self.text_key = text_key
        self.language = language
        self.params = params


def _secret(setting: str, given: SecretStr | None, path: Path | None) -> SecretStr | None:
    """Return a secret given directly or in a file."""
    if given is not None or path is None:
        return given
    try:
        found = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        found = ""
    if not found:
        raise _wrong("secret_file", f"{setting}_FILE", path=str(path))
    return SecretStr(found)


def _wrong(kind: str, setting: str, **params: str) -> PydanticCustomError:
    return PydanticCustomError(kind, "wrong", {"setting": setting, **params})


def _with_driver(url: str) -> str:
    """Return the address with the driver we use."""
    for short, full in (
        ("postgresql://", "postgresql+psycopg://"),
        ("postgres://", "postgresql+psycopg://"),
        ("sqlite:///", "sqlite+aiosqlite:///"),
    ):
        if url.startswith(short):
            return full + url.removeprefix(short)
    if not url.startswith(("postgresql+psycopg://", "sqlite+aiosqlite:///")):
        raise _wrong("database_url", "DATABASE_URL")
    return url


class DatabaseSettings(BaseModel):
    """Where everything is kept; an address in a file counts before one given directly."""

    url: str = f"sqlite+aiosqlite:///{ROOT / 'data' / 'abibot.db'}"
    url_file: Path | None = None

    @field_validator("url")
    @classmethod
    def _known_driver(cls, url: str) -> str:
        return _with_driver(url)

    @model_validator(mode="after")
    def _read_file(self) -> "DatabaseSettings":
        found = _secret("DATABASE_URL", None, self.url_file)
        if found is not None:
            self.url = _with_driver(found.get_secret_value())
        return self


class TelegramSettings(BaseModel):
    """How the bot reaches Telegram, and Telegram the bot."""

    token: SecretStr | None = None
    token_file: Path | None = None
    api_url: str = "https://api.telegram.org"
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    webhook_secret_file: Path | None = None
    channel: str | None = None

    @model_validator(mode="after")
    def _read_secret_files(self) -> "TelegramSettings":
        self.token = _secret("TELEGRAM_TOKEN", self.token, self.token_file)
        self.webhook_secret = _secret(
            "TELEGRAM_WEBHOOK_SECRET", self.webhook_secret, self.webhook_secret_file
        )
        if self.token and not TOKEN.fullmatch(self.token.get_secret_value()):
            raise _wrong("token", "TELEGRAM_TOKEN")
        secret = self.webhook_secret.get_secret_value() if self.webhook_secret else ""
        if (self.webhook_url or secret) and not WEBHOOK_SECRET.fullmatch(secret):
            raise _wrong("webhook_secret", "TELEGRAM_WEBHOOK_SECRET")
        return self


class WebSettings(BaseModel):
    """Where the bot's own web server listens (webhook, health, metrics)."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080


class LimitSettings(BaseModel):
    """How much the bot takes before it asks people to slow down."""

    person_per_minute: Annotated[int, Field(ge=1)] = 20
    overall_per_minute: Annotated[int, Field(ge=1)] = 6000


class InboxSettings(BaseModel):
    """How long the content of incoming messages is kept once they are handled."""

    retention_hours: Annotated[int, Field(ge=1, le=7 * 24)] = 24


class GoLiveSettings(BaseModel):
    """How go-live news leave; the region's values hold where nothing is set here."""

    stop_seconds: Annotated[int, Field(ge=0, le=3600)] | None = None
    quiet_hours: bool = True
    channel_at_once: bool = False
    check_links: bool = True


class NluSettings(BaseModel):
    """How questions are understood: by which encoders, how long one may take, by whom else.

    A Rasa server is asked first where its address is given.
    """

    encoders: Literal["use,e5", "use", "e5", "none"] = "use,e5"
    vectors: Path = ROOT / "data" / "vectors"
    most_waiting: Annotated[int, Field(ge=1)] = 64
    seconds: Annotated[float, Field(gt=0, le=60)] = 2.0
    onnx: Path | None = None
    onnx_query: str = "query: "
    onnx_passage: str = "passage: "
    rasa_url: str | None = None
    rasa_token: SecretStr | None = None
    rasa_token_file: Path | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the encoders."""
        named = self.encoders.split(",") if self.encoders != NONE else []
        return (*named, "onnx") if self.onnx else tuple(named)

    @field_validator("onnx_query", "onnx_passage")
    @classmethod
    def _perhaps_nothing(cls, words: str) -> str:
        return "" if words == NONE else words

    @model_validator(mode="after")
    def _onnx_is_there(self) -> "NluSettings":
        if self.onnx is None:
            return self
        if not all((self.onnx / name).is_file() for name in ONNX_FILES):
            raise _wrong("onnx_files", "NLU_ONNX", path=str(self.onnx))
        if missing := [name for name in ONNX_PACKAGES if not find_spec(name)]:
            raise _wrong("onnx_packages", "NLU_ONNX", packages=", ".join(missing))
        return self

    @model_validator(mode="after")
    def _read_secret_file(self) -> "NluSettings":
        self.rasa_token = _secret("NLU_RASA_TOKEN", self.rasa_token, self.rasa_token_file)
        if self.rasa_url and not WEB_ADDRESS.fullmatch(self.rasa_url):
            raise _wrong("web_address", "NLU_RASA_URL")
        return self


class LorawanSettings(BaseModel):
    """Who may send sensor data, and how long it is kept, from messages as they came to sums.

    A year has 366 days, so that none is cut short.
    """

    sources: Path | None = None
    raw_days: Annotated[int, Field(ge=1, le=3650)] = 30
    frame_days: Annotated[int, Field(ge=1, le=3660)] = 90
    reading_years: Annotated[int, Field(ge=1, le=100)] = 3
    hour_years: Annotated[int, Field(ge=1, le=100)] = 10
    most_waiting: Annotated[int, Field(ge=1)] = 1_000_000


class LogSettings(BaseModel):
    """What is written to the log; never texts or ids of people."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["console", "json"] = "console"


class Settings(BaseSettings):
    """All settings; each has a line in `.env.example`."""

    model_config = SettingsConfigDict(
        env_prefix="ABIBOT_",
        env_nested_delimiter="_",
        env_nested_max_split=1,
        env_file=ROOT / ".env",
        env_ignore_empty=True,
        extra="ignore",
    )

    region: str = "anhalt-bitterfeld"
    language: Literal["de", "en"] = "de"
    database: DatabaseSettings = DatabaseSettings()
    telegram: TelegramSettings = TelegramSettings()
    web: WebSettings = WebSettings()
    limits: LimitSettings = LimitSettings()
    inbox: InboxSettings = InboxSettings()
    golive: GoLiveSettings = GoLiveSettings()
    nlu: NluSettings = NluSettings()
    lorawan: LorawanSettings = LorawanSettings()
    log: LogSettings = LogSettings()

    @property
    def sources_file(self) -> Path | None:
        """Return the file that says who may send sensor data; None: nobody."""
        usual = self.region_folder / "sources.toml"
        return self.lorawan.sources or (usual if usual.is_file() else None)

    @property
    def region_folder(self) -> Path:
        """Return the region's folder: a name below regions/, or a path."""
        path = Path(self.region)
        return path if path.is_dir() else REGIONS / self.region


class _Language(BaseSettings):
    """The language alone: for saying what is wrong with the other settings."""

    model_config = Settings.model_config

    language: str = "de"


def load_settings() -> Settings:
    """Read the settings or raise `SettingsError`, which names the variable."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise _first(error.errors(include_input=False, include_url=False)[0]) from None
    except UnreadableError as error:  # ABIBOT_LOG=debug: the name of a group, not of a setting
        found = re.search(r'field "(\w+)"', str(error))
        group = f"ABIBOT_{found[1] if found else ''}".upper()
        raise SettingsError(group, TEXT_KEYS["group"], _Language().language) from None
    if not settings.region_folder.is_dir():
        folder = str(settings.region_folder)
        raise SettingsError("ABIBOT_REGION", "cli.no-region", settings.language, folder=folder)
    return settings


def _first(error: ErrorDetails) -> SettingsError:
    params = error.get("ctx", {})
    setting = params.get("setting") or "_".join(str(step) for step in error["loc"])
    text_key = TEXT_KEYS.get(error["type"], "cli.setting-other")
    shown = {name: str(value).replace(" or ", ", ") for name, value in params.items()}
    return SettingsError(f"ABIBOT_{setting}".upper(), text_key, _Language().language, **shown)
