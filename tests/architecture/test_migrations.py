"""The migrations build exactly the tables of the models, and can be taken back."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, inspect, make_url
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import create_async_engine

import services.tables  # noqa: F401 - fills the metadata
from bot.migrate import config, is_ours, upgrade
from services.db import Base, Database, open_database


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    if request.param == "postgresql":
        return make_url(request.getfixturevalue("migrated_postgresql"))
    return make_url(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")


@pytest.fixture
async def empty(address: URL) -> AsyncIterator[Database]:
    """A database of its own in which nothing is yet."""
    if address.get_backend_name() == "sqlite":
        database = open_database(str(address))
        yield database
        await database.close()
        return
    name = f"abibot_migrations_{uuid4().hex[:12]}"
    server = create_async_engine(address, isolation_level="AUTOCOMMIT")
    async with server.connect() as connection:
        await connection.execute(sql(f"CREATE DATABASE {name}"))
    database = open_database(address.set(database=name).render_as_string(hide_password=False))
    try:
        yield database
    finally:
        await database.close()
        async with server.connect() as connection:
            await connection.execute(sql(f"DROP DATABASE {name}"))
        await server.dispose()


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "include_name": is_ours}
    )
    return list(compare_metadata(context, Base.metadata))


def tables(connection: Connection) -> set[str]:
    found = set(inspect(connection).get_table_names()) - {"alembic_version"}
    return {name for name in found if is_ours(name, "table", None)}


def down(connection: Connection) -> None:
    command.downgrade(config(connection), "base")


async def test_models_equal_migrations(empty: Database) -> None:
    await upgrade(empty)
    async with empty.engine.connect() as connection:
        assert await connection.run_sync(differences) == []
        assert await connection.run_sync(tables) == set(Base.metadata.tables)


async def test_everything_can_be_taken_back_and_built_again(empty: Database) -> None:
    for _ in range(2):
        await upgrade(empty)
        async with empty.engine.begin() as connection:
            await connection.run_sync(down)
            assert await connection.run_sync(tables) == set()
    await upgrade(empty)
    async with empty.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_forgotten_migration_would_be_noticed(empty: Database) -> None:
    await upgrade(empty)
    async with empty.engine.begin() as connection:
        await connection.execute(sql("ALTER TABLE inbox ADD COLUMN forgotten INTEGER"))
        await connection.execute(sql("DROP INDEX ix_outbox_due"))
        found = str(await connection.run_sync(differences))
    assert "forgotten" in found
    assert "ix_outbox_due" in found


async def test_the_migrations_are_one_line() -> None:
    database = open_database("sqlite+aiosqlite://")
    try:
        async with database.engine.connect() as connection:
            script = await connection.run_sync(
                lambda one: ScriptDirectory.from_config(config(one))
            )
    finally:
        await database.close()
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1
