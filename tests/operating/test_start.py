"""What must be true before the bot runs; each refusal is one clear line."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.application import Application
from bot.migrate import Schema, migrate, schema_of, upgrade
from bot.roles import ALL_ROLES, Role
from bot.start import StartError, alone_where_needed
from services.db import open_database
from services.inbox import store
from tests.rigging import files_of
from tests.terminal.conftest import Run, nothing_set, quiet_afterwards, run

__all__ = ["nothing_set", "quiet_afterwards", "run"]
TOKEN = "42:TEST"


def refusal(run: Run, *arguments: str, **variables: str) -> str:
    result = run("run", *arguments, ABIBOT_TELEGRAM_TOKEN=TOKEN, **variables)
    assert result.exit_code == 1
    assert len(result.output.strip().splitlines()) == 1
    return result.output


def test_an_unknown_role_is_refused(run: Run) -> None:
    line = refusal(run, "--roles", "web,cook")
    assert "cook" in line
    assert "delivery" in line


def test_sqlite_takes_all_roles_in_one_process(run: Run) -> None:
    assert "PostgreSQL" in refusal(run, "--roles", "web")


def test_a_database_without_schema_is_refused(run: Run) -> None:
    assert "abibot migrate" in refusal(run)


def test_a_database_of_an_older_or_newer_version_is_refused(run: Run, tmp_path: Path) -> None:
    run("migrate")
    for version, said in (("0001", "abibot migrate"), ("of tomorrow", "neueren Version")):
        connection = sqlite3.connect(tmp_path / "bot.db")
        with connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
        connection.close()
        assert said in refusal(run)


def test_a_second_process_with_the_same_file_is_refused(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    with alone_where_needed(url, ALL_ROLES):
        with pytest.raises(StartError) as raised, alone_where_needed(url, ALL_ROLES):
            pass
        assert raised.value.text_key == "cli.already-running"
    with alone_where_needed(url, ALL_ROLES):
        pass


def test_postgresql_takes_any_number_of_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    url = "postgresql+psycopg:///abibot"
    entered: list[frozenset[Role]] = []
    for roles in (frozenset({Role.WEB}), ALL_ROLES):
        with alone_where_needed(url, roles), alone_where_needed(url, roles):
            entered.append(roles)
    assert len(entered) == 2, "nobody was kept out"
    assert not list(tmp_path.iterdir()), "no file of a lock"


async def test_two_migrations_at_once_are_one(application: Application, tmp_path: Path) -> None:
    url = application.settings.database.url
    if application.database.engine.dialect.name == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path / 'fresh.db'}"
        await asyncio.gather(*(asyncio.to_thread(migrate, url) for _ in range(2)))
        database = open_database(url)
        assert await schema_of(database) is Schema.FITS
        await database.close()
        return
    await upgrade(application.database)
    name = "abibot_two_migrations"
    engine = application.database.engine.execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        await connection.exec_driver_sql(f"CREATE DATABASE {name}")
    fresh = application.database.engine.url.set(database=name)
    databases = [open_database(fresh.render_as_string(hide_password=False)) for _ in range(3)]
    try:
        await asyncio.gather(*(upgrade(database) for database in databases))
        assert await schema_of(databases[0]) is Schema.FITS
    finally:
        for database in databases:
            await database.close()
        async with engine.connect() as connection:
            await connection.exec_driver_sql(f"DROP DATABASE {name}")


async def test_what_was_erased_lingers_nowhere_after_tidying(application: Application) -> None:
    if application.database.engine.dialect.name != "sqlite":
        await application.database.tidy()
        return
    async with application.transaction() as services:
        await services.inbox.put([{"update_id": 1, "message": {"text": "Planted"}}])
    assert b"Planted" in files_of(application)
    async with application.transaction() as services:
        await store.forget_person(services.inbox.session, 0)
    await application.database.tidy()
    assert b"Planted" not in files_of(application)
