"""Several processes on PostgreSQL: one holds each role, another one takes over."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from services.db import Base
from tests.conftest import POSTGRESQL
from tests.running.processes import PEOPLE, House, Process, eventually, house

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]
ONE_HOLDER = ("web", "delivery", "schedule", "uplinks", "alarms")


@pytest.fixture
def postgresql_house(tmp_path: Path, migrated_postgresql: str) -> Iterator[House]:
    url = os.environ[POSTGRESQL]  # noqa: TID251 - tests have no settings
    names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE".encode())
    with house(tmp_path, url) as opened:
        yield opened


def holds(process: Process) -> set[str]:
    return {name for name in ONE_HOLDER if process.roles().get(name) == "running"}


def test_another_process_takes_over_and_everybody_is_answered_once(
    postgresql_house: House,
) -> None:
    telegram = postgresql_house.telegram
    first = postgresql_house.start()
    eventually(lambda: first.is_ready() and holds(first) == set(ONE_HOLDER), "the first holds all")
    second = postgresql_house.start()
    eventually(second.is_ready, "the second is ready")
    assert holds(second) == set()
    assert second.roles()["worker"] == "running"
    telegram.says(PEOPLE[0], "/hilfe")
    eventually(lambda: telegram.answers(PEOPLE[0]), "an answer")

    for person in PEOPLE[1:4]:
        telegram.says(person, "/hilfe")
    eventually(lambda: all(telegram.answers(person) for person in PEOPLE[1:4]), "answers")
    killed = time.monotonic()
    assert first.stop(signal.SIGKILL) == -signal.SIGKILL
    telegram.says(PEOPLE[5], "/hilfe")
    eventually(lambda: holds(second) == set(ONE_HOLDER), "the second holds all", 10)
    eventually(lambda: telegram.answers(PEOPLE[5]), "an answer of the second", 10)
    assert time.monotonic() - killed < 10

    third = postgresql_house.start("--roles", "web, delivery,worker")
    eventually(third.is_ready, "the third is ready")
    assert "schedule" not in third.roles()
    telegram.says(PEOPLE[6], "/hilfe")
    assert second.stop() == 0
    rest = {*ONE_HOLDER} - {"schedule"}
    eventually(lambda: holds(third) == rest, "the third holds its roles", 3)
    eventually(lambda: telegram.answers(PEOPLE[6]), "an answer after the hand-over", 10)
    for person in (*PEOPLE[:4], PEOPLE[5], PEOPLE[6]):
        assert len(telegram.answers(person)) == 1
    taken = [json.loads(line) for line in postgresql_house.logs().splitlines()]
    roles = {one["role"] for one in taken if one["event"] == "role taken"}
    assert roles == set(ONE_HOLDER)
    assert len({one["process"] for one in taken}) == 3
