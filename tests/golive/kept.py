"""What is slow to make and the same for every test is made once: SQL, handlers, the catalogue."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy import text as sql

import bot.run
from bot.application import Application
from bot.dispatcher import dispatcher
from bot.settings import DatabaseSettings, Settings
from services.db import Base, Database
from services.region.service import Region
from services.text import Texts
from tests.conftest import FRIDAY_NOON, ROOT
from tests.county import County, TestClock

KEPT: dict[str, Database] = {}
FILE = {"now": ""}
FOLDER = ROOT / "tests" / "region_folder"
one_dispatcher = cache(dispatcher)


def keep(database: Database) -> Database:
    """Return the engine that was used first for this kind of database, connected to this one.

    What SQL an engine compiled once stays compiled.
    """
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


async def _take_in(application: Application) -> None:
    async with application.transaction() as services:
        report = await services.catalogue.take_in(FOLDER)
        assert not report.refused, report.refused
        assert not report.problems, report.problems


@pytest.fixture(scope="session")
def stocked_sqlite(empty_sqlite: Path, region: Region) -> Path:
    """A database file with the catalogue of the test county; copied for each test."""
    path = empty_sqlite.with_name("stocked.db")
    shutil.copy(empty_sqlite, path)
    database = DatabaseSettings(url=f"sqlite:///{path}")
    settings = Settings(_env_file=None, region=str(FOLDER), database=database)
    asyncio.run(_stock(Application(settings, region, TestClock(FRIDAY_NOON))))
    return path


async def _stock(application: Application) -> None:
    await _take_in(application)
    await application.close()


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


@pytest.fixture
async def county(
    application: Application,
    texts: Texts,
    clock: TestClock,
    stocked_sqlite: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[County]:
    monkeypatch.setattr(bot.run, "dispatcher", one_dispatcher)
    if application.database.engine.dialect.name == "sqlite":
        shutil.copy(stocked_sqlite, FILE["now"])
    else:
        await _take_in(application)
    async with County.open(application, texts, clock) as county:
        yield county
