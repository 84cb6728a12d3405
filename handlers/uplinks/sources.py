"""Who may send sensor data to us and how: the operator's sources.toml.

Secrets never stand in the file itself, only the names of the files that hold them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from handlers.uplinks.access import AUTHORIZATION, Access, Gate, Network
from handlers.uplinks.secrets import SHORTEST, SecretFileError, Secrets, read_secrets
from lorawan.events import Dialect
from services.records import Record
from services.toml_source import read_toml
from services.uplinks.rules import Source
from services.validation import validate
from services.yaml_source import Problem, ProblemsError, SourceError
from services.yaml_source import Source as File

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
SPAN = re.compile(r"([1-9][0-9]{0,3})([smhd])")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
DIRECT = frozenset({"token", "tokens", "password", "secret"})
MQTT_PORT, MQTT_TLS_PORT = 1883, 8883


def _span(written: object) -> timedelta:
    found = SPAN.fullmatch(written) if isinstance(written, str) else None
    if not found:
        raise PydanticCustomError("uplink_span", "not a span of time")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def _network(written: str) -> str:
    try:
        ip_network(written)
    except ValueError:
        raise PydanticCustomError("uplink_network", "not a network") from None
    return written


def _secret_file(path: Path, info: ValidationInfo) -> Path:
    folder, shortest = (info.context or {}).get("folder", Path()), SHORTEST
    path = Path(folder) / path
    try:
        read_secrets(path, 1 if info.data.get("host") else shortest)
    except SecretFileError as error:
        raise PydanticCustomError(
            f"uplink_secret_{error}", "bad secret file", {"path": path.name, "least": SHORTEST}
        ) from None
    return path


def _no_secrets(given: object) -> object:
    """Refuse a secret that stands in the file itself: it would end up in copies and in git."""
    if isinstance(given, dict) and (found := sorted(DIRECT & given.keys())):
        raise PydanticCustomError("uplink_direct", "a secret", {"field": found[0]})
    return given


Span = Annotated[timedelta, BeforeValidator(_span)]
Networks = list[Annotated[str, AfterValidator(_network)]]
SecretPath = Annotated[Path, AfterValidator(_secret_file)]
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,60}$")]
Short = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class MqttTable(Record):
    """`[name.mqtt]`: the broker on which a network server publishes."""

    host: Short
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    tls: bool = False
    user: Short | None = None
    password_file: SecretPath | None = None
    topics: Annotated[list[Short], Field(min_length=1)]
    qos: Literal[0, 1] = 1
    client_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,60}$")] | None = None

    _directly = model_validator(mode="before")(_no_secrets)


class SourceTable(Record):
    """`[name]`: one network server."""

    label: Annotated[str, StringConstraints(max_length=80)] = ""
    dialect: Dialect | None = None
    header: HeaderName = AUTHORIZATION
    token_file: SecretPath | None = None
    user: Short | None = None
    password_file: SecretPath | None = None
    allow: Networks = Field(default_factory=list)
    trusted_proxies: Networks = Field(default_factory=list)
    silent_after: Span | None = None
    mqtt: MqttTable | None = None

    _directly = model_validator(mode="before")(_no_secrets)

    @model_validator(mode="after")
    def _one_way(self) -> "SourceTable":
        basic = self.user is not None and self.password_file is not None
        halfway = (self.user is None) != (self.password_file is None)
        both = basic and self.token_file is not None
        neither = not basic and self.token_file is None and self.mqtt is None
        if halfway or both or neither:
            raise PydanticCustomError("uplink_access", "token or user and password")
        return self


@dataclass(frozen=True)
class Broker:
    """Where a network server publishes, and as whom we listen."""

    host: str
    port: int
    topics: tuple[str, ...]
    client_id: str
    tls: bool = False
    user: str | None = None
    password_file: Path | None = None
    qos: int = 1


@dataclass(frozen=True)
class Sender:
    """A source with what it must show; `access` None: it may not post, only publish."""

    source: Source
    access: Access | None = None
    gate: Gate = field(default_factory=Gate)
    broker: Broker | None = None


def read_sources(path: Path) -> Mapping[str, Sender]:
    """Return the sources of a file by name; raise `ProblemsError` with line, source and key."""
    try:
        file = read_toml(path)
    except SourceError as error:
        raise ProblemsError([error.problem]) from None
    senders: dict[str, Sender] = {}
    problems: list[Problem] = []
    for name, table in file.data.items():
        if found := list(_bad_name(file, name, table)):
            problems += found
            continue
        record, wrong = validate(
            SourceTable, table, file, (name,), context={"folder": path.parent}
        )
        problems += wrong
        if record is not None:
            senders[name] = _sender(name, record)
    if problems:
        raise ProblemsError(problems)
    return senders


def _bad_name(file: File, name: str, table: object) -> Iterator[Problem]:
    if not isinstance(table, dict):
        yield file.problem((name,), "uplinks.problem-no-table")
    elif not NAME.fullmatch(name):
        yield file.problem((name,), "uplinks.problem-name")


def _sender(name: str, table: SourceTable) -> Sender:
    return Sender(
        source=Source(name, table.label, table.dialect, table.silent_after),
        access=_access(table),
        gate=Gate(_networks(table.allow), _networks(table.trusted_proxies)),
        broker=_broker(name, table.mqtt) if table.mqtt else None,
    )


def _networks(written: list[str]) -> tuple[Network, ...]:
    return tuple(ip_network(one) for one in written)


def _access(table: SourceTable) -> Access | None:
    if table.token_file is not None:
        return Access(Secrets(path=table.token_file), table.header)
    if table.password_file is None:
        return None
    return Access(Secrets(path=table.password_file, before=f"{table.user}:"), basic=True)


def _broker(name: str, table: MqttTable) -> Broker:
    return Broker(
        host=table.host,
        port=table.port or (MQTT_TLS_PORT if table.tls else MQTT_PORT),
        topics=tuple(table.topics),
        client_id=table.client_id or f"abibot-{name}",
        tls=table.tls,
        user=table.user,
        password_file=table.password_file,
        qos=table.qos,
    )
