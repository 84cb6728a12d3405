"""Brings the database to the newest schema; Alembic is imported here alone."""

import asyncio
from enum import Enum, auto
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.settings import MIGRATIONS
from services.db import Database, lock_key, open_database
from services.readings.rules import is_month

LOCK = lock_key("migration")


class Schema(Enum):
    """How the schema of a database and the code fit together."""

    FITS = auto()
    OLD = auto()
    """`abibot migrate` brings it up to date; also: there is none yet."""
    NEW = auto()
    """A newer version of the program has migrated it."""


def config(connection: Connection) -> Config:
    """Return Alembic's configuration around an open connection."""
    alembic = Config()
    alembic.set_main_option("script_location", str(MIGRATIONS))
    alembic.attributes["connection"] = connection
    return alembic


@cache
def _known() -> tuple[frozenset[str], frozenset[str]]:
    """Return the newest revisions of the code, and all of them."""
    alembic = Config()
    alembic.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(alembic)
    return frozenset(script.get_heads()), frozenset(
        one.revision for one in script.walk_revisions()
    )


async def schema_of(database: Database) -> Schema:
    """Return whether the database's schema is the one this code works with."""
    async with database.engine.connect() as connection:
        current = await connection.run_sync(
            lambda one: frozenset(MigrationContext.configure(one).get_current_heads())
        )
    heads, known = _known()
    if current == heads:
        return Schema.FITS
    return Schema.OLD if current <= known else Schema.NEW


def is_ours(name: str | None, kind: str, _parent: object) -> bool:
    """Whether a table is compared with the models; procrastinate keeps its own.

    Nor are the months of `reading`: they come and go with the values.
    """
    named = name or ""
    return kind != "table" or not (named.startswith("procrastinate_") or is_month(named))


def migrate(url: str) -> None:
    """Create or upgrade the schema; running it again changes nothing."""
    if url.startswith("sqlite"):
        Path(url.split(":///", 1)[1]).parent.mkdir(parents=True, exist_ok=True)
    asyncio.run(_migrate(url))


async def _migrate(url: str) -> None:
    database = open_database(url)
    try:
        await upgrade(database)
    finally:
        await database.close()


async def upgrade(database: Database) -> None:
    """Upgrade an open database, in one transaction; a second process waits and finds it done."""
    async with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> Any:
    command.upgrade(config(connection), "head")
