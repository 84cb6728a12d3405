"""Brings the database to the newest schema; Alembic is imported here alone."""

import asyncio
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from bot.settings import MIGRATIONS
from services.db import Database, open_database


def config(connection: Connection) -> Config:
    """Return Alembic's configuration around an open connection."""
    alembic = Config()
    alembic.set_main_option("script_location", str(MIGRATIONS))
    alembic.attributes["connection"] = connection
    return alembic


def is_ours(name: str | None, kind: str, _parent: object) -> bool:
    """Whether a table is compared with the models; procrastinate keeps its own."""
    return kind != "table" or not (name or "").startswith("procrastinate_")


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
    """Upgrade an open database, in one transaction."""
    async with database.engine.begin() as connection:
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> Any:
    command.upgrade(config(connection), "head")
