"""One engine for many tests: SQL that was compiled once stays compiled."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy import text as sql

from bot.application import Application
from bot.settings import Settings
from services.db import Base, Database
from services.region.service import Region
from tests.county import TestClock

KEPT: dict[str, Database] = {}
FILE = {"now": ""}


def keep(database: Database) -> Database:
    """Return the engine that was used first for this kind of database, connected to this one."""
    kind = database.engine.dialect.name
    if kind == "sqlite":
        FILE["now"] = database.engine.url.database or ""
    if kind not in KEPT:
        KEPT[kind] = database
        if kind == "sqlite":
            event.listen(database.engine.sync_engine, "do_connect", _to_the_file_of_this_test)
    return KEPT[kind]


def _to_the_file_of_this_test(
    _dialect: object, _record: object, arguments: list[Any], _options: object
) -> None:
    arguments[:] = [FILE["now"]]


@pytest.fixture
async def application(
    settings: Settings, region: Region, clock: TestClock
) -> AsyncIterator[Application]:
    application = Application(settings, region, clock)
    application.database = application.work.database = keep(application.database)
    if application.database.engine.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
        async with application.database.engine.begin() as connection:
            await connection.execute(sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    yield application
    await application.close()
