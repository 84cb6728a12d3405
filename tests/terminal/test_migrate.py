"""The schema: up again changes nothing, one mistake and nothing has happened."""

import asyncio
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect
from sqlalchemy import text as sql

from bot import migrate as module
from bot.migrate import config, migrate, upgrade
from services.db import Database, open_database


async def tables(database: Database) -> set[str]:
    async with database.engine.connect() as connection:
        return set(await connection.run_sync(lambda one: inspect(one).get_table_names()))


def test_what_is_stored_survives_migrating_again(empty_sqlite: Path, tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'x.db'}"
    migrate(url)

    async def store() -> None:
        database = open_database(url)
        async with database.engine.begin() as connection:
            await connection.execute(
                sql("INSERT INTO statistic_key (month, key) VALUES ('2026-11', x'00')")
            )
        await database.close()

    async def stored() -> int:
        database = open_database(url)
        async with database.engine.connect() as connection:
            found = await connection.scalar(sql("SELECT count(*) FROM statistic_key"))
        await database.close()
        return int(found or 0)

    asyncio.run(store())
    migrate(url)
    assert asyncio.run(stored()) == 1


async def test_a_migration_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path / 'x.db'}")

    def fails_late(connection) -> None:
        command.upgrade(config(connection), "head")
        raise RuntimeError

    monkeypatch.setattr(module, "_upgrade", fails_late)
    try:
        with pytest.raises(RuntimeError):
            await upgrade(database)
        assert await tables(database) == set()
        monkeypatch.undo()
        await upgrade(database)
        assert "inbox" in await tables(database)
    finally:
        await database.close()
