"""What tests use to look behind the counter: stored values, and handlers that misbehave."""

import asyncio
import itertools
import re
import string
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiogram import Dispatcher, Router
from aiogram.filters import BaseFilter
from aiogram.types import Message
from sqlalchemy import JSON, Boolean, Date, DateTime, Float, LargeBinary, String, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.application import Application
from bot.dispatcher import routers
from services.db import Base
from services.outbox.model import OutboxMessage
from tests.county import County

NUMBERS = itertools.count(70_001)
SOME_DAY = datetime(2026, 11, 20, 11, tzinfo=UTC)


async def rows_of(application: Application, table: str) -> list[dict[str, Any]]:
    """Return all rows of a table as they are now."""
    async with application.database.engine.connect() as connection:
        return await _rows(connection, Base.metadata.tables[table])


async def _rows(connection: AsyncConnection, table: Table) -> list[dict[str, Any]]:
    rows = await connection.execute(select(table).order_by(*table.primary_key))
    return [dict(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


async def everything_stored(application: Application) -> str:
    """Return every value of every column of every table."""
    async with application.database.engine.connect() as connection:
        found = [
            f"{table.name}: {row}"
            for table in Base.metadata.sorted_tables
            for row in await _rows(connection, table)
        ]
    return "\n".join(found)


def files_of(application: Application) -> bytes:
    """Return what the database's files hold, the journal too; nothing for a server."""
    path = application.database.engine.url.database or ""
    if application.database.engine.dialect.name != "sqlite":
        return b""
    return b"".join(
        file.read_bytes() for file in (Path(path), Path(path + "-wal")) if file.exists()
    )


async def outbox(county: County) -> list[dict[str, Any]]:
    return await rows_of(county.application, OutboxMessage.__tablename__)


async def inbox(county: County) -> list[dict[str, Any]]:
    return await rows_of(county.application, "inbox")


async def a_row(connection: AsyncConnection, table: Table, **given: Any) -> None:
    """Add a row with something in every column; rows it refers to are added before."""
    values = dict(given)
    for column in table.columns:
        if column.name in values or (column.primary_key and column.autoincrement is True):
            continue
        if column.foreign_keys and not column.nullable:
            [foreign] = column.foreign_keys
            await a_row(connection, foreign.column.table)
            newest = select(foreign.column).order_by(foreign.column.desc()).limit(1)
            values[column.name] = await connection.scalar(newest)
        elif not column.foreign_keys and not _numbers_itself(table, column.name):
            values[column.name] = _something(column.type)
    keys = [column == values[column.name] for column in table.primary_key if column.name in given]
    if keys:  # one row for each of its owners: ours replaces it
        await connection.execute(table.delete().where(*keys))
    await connection.execute(table.insert().values(values))


def _numbers_itself(table: Table, name: str) -> bool:
    column = table.autoincrement_column
    return column is not None and column.name == name


SOMETHING: tuple[tuple[type, Any], ...] = (
    (JSON, {"some": "thing"}),
    (Boolean, True),
    (LargeBinary, b"x"),
    (Float, 1.5),
    (DateTime, SOME_DAY),
    (Date, SOME_DAY.date()),
)


def _something(kind: Any) -> Any:
    plain = getattr(kind, "impl", kind)
    for known, value in SOMETHING:
        if isinstance(plain, known):
            return value
    number = next(NUMBERS)
    if not isinstance(plain, String):
        return number % 30_000
    return "".join(string.ascii_lowercase[int(digit)] for digit in str(number))[: plain.length]


def words(county: County, key: str, language: str = "de", /, **params: object) -> str:
    """Return what the bot says under this key."""
    return str(county.worker.texts.of(language)(key, **params))


def label(county: County, key: str, language: str = "de", /, **params: object) -> str:
    """Return what stands on a button under this key."""
    return county.worker.texts.of(language)(key, **params).unescape()


def pattern(county: County, key: str, /, **groups: str) -> re.Pattern[str]:
    """Return what the bot says under this key, with an expression for each parameter."""
    marks = {name: f"@{name}@" for name in groups}
    found = re.escape(words(county, key, **marks))
    for name, expression in groups.items():
        found = found.replace(f"@{name}@", f"({expression})")
    return re.compile(found)


class Says(BaseFilter):
    """Exactly these words."""

    def __init__(self, words: str) -> None:
        self.words = words

    async def __call__(self, message: Message) -> bool:
        return message.text == self.words


def teach(county: County, **answers: Callable[..., Awaitable[Any]]) -> None:
    """From now on a message that is only a keyword is answered by its handler."""
    router = Router()
    for words, handler in answers.items():
        router.message.register(handler, Says(words))
    county.worker.dispatcher = Dispatcher(disable_fsm=True)
    county.worker.dispatcher.include_routers(router, *routers())


def group_message(
    county: County, group: int, person: int, **content: Any
) -> dict[str, dict[str, Any]]:
    """Return what happens when somebody writes in a group (without the update's number)."""
    user = {"id": person, "is_bot": False, "first_name": "Erika Planted-Name"}
    return {
        "message": {
            "message_id": next(NUMBERS),
            "date": int(county.clock().timestamp()),
            "chat": {"id": group, "type": "group", "title": "Planted-Group"},
            "from": {**user, "last_name": "Planted-Lastname", "username": "planted_username"},
            **content,
        }
    }


async def slot(county: County) -> None:
    """One look of the delivery at the outbox; returns when what it started is done."""
    await county.delivery.send_due()
    async with asyncio.timeout(5):
        while county.delivery.in_flight:  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(0.001)


async def eventually(check: Callable[[], Awaitable[bool]], seconds: float = 5) -> None:
    """Return once something holds; fail when it never does."""
    async with asyncio.timeout(seconds):
        while not await check():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.005)
