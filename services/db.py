"""The declarative base every table derives from, and how a database is opened."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
SQLITE_PRAGMAS = (
    "PRAGMA busy_timeout=10000",  # first: the others may have to wait
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # an acknowledged update survives a power cut
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # what a person erased is overwritten in the file
)
ALIVE: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 1,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 3000,
    "options": "-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1"
    " -c tcp_keepalives_count=3 -c tcp_user_timeout=5000",
}
"""A machine that is gone is noticed: by us after 4 s, by the server after 5 s, never before us.

What its connections held (rows, advisory locks) is free then. The options are those of the
server's end, for this session alone.
"""


def alive(url: str) -> dict[str, Any]:
    """Return how a connection to PostgreSQL notices that the other machine is gone."""
    own = make_url(url).query.get("options", "")
    return {**ALIVE, "options": f"{ALIVE['options']} {own}".strip()}


LONG = BigInteger().with_variant(Integer, "sqlite")
"""A 64-bit number that counts up by itself: SQLite does that for plain INTEGER alone."""


class Base(DeclarativeBase):
    """Base of all tables; its metadata is what Alembic compares against."""

    metadata = MetaData(naming_convention=NAMES)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - the base class's signature
    ) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC)

    def process_result_value(
        self,
        value: Any,
        dialect: Dialect,  # noqa: ARG002 - the base class's signature
    ) -> datetime | None:
        if value is None:
            return None
        aware: datetime = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC)


@dataclass(frozen=True)
class Database:
    """An open database: `write` sessions take SQLite's write lock at once, `read` ones never."""

    engine: AsyncEngine
    write: async_sessionmaker[AsyncSession]
    read: async_sessionmaker[AsyncSession]

    async def tidy(self) -> None:
        """Empty SQLite's write-ahead log, in which erased text would linger; else do nothing."""
        if self.engine.dialect.name != "sqlite":
            return
        async with self.engine.connect() as connection:
            raw = await connection.get_raw_connection()  # a checkpoint cannot be in a transaction
            driver: Any = raw.driver_connection
            await driver.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        await self.engine.dispose()


def open_database(url: str) -> Database:
    """Open `sqlite+aiosqlite:///file` or `postgresql+psycopg://…`; connects on first use."""
    engine = create_async_engine(
        url,
        connect_args={} if url.startswith("sqlite") else alive(url),
        pool_pre_ping=not url.startswith("sqlite"),
        hide_parameters=True,  # a database's error must not quote what people wrote
    )
    reading = engine
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
        reading = engine.execution_options(sqlite_begin="BEGIN DEFERRED")
    return Database(
        engine=engine,
        write=async_sessionmaker(engine, expire_on_commit=False),
        read=async_sessionmaker(reading, expire_on_commit=False),
    )


def _prepare_sqlite(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:
        # The driver's own transaction handling begins lazily and deferred; we begin ourselves.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in SQLITE_PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Any) -> None:
        # IMMEDIATE: two writers wait for each other instead of failing on upgrade.
        begin = connection.get_execution_options().get("sqlite_begin", "BEGIN IMMEDIATE")
        connection.exec_driver_sql(begin)


def insert_new(session: AsyncSession, table: type[Base]) -> Any:
    """Return an INSERT that can `on_conflict_do_nothing` on either database."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(table)


def stored(moment: datetime) -> str:
    """Return a moment the way `UtcDateTime` writes it into SQLite: for batches of plain rows."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def lock_key(name: str) -> int:
    """Return the number of PostgreSQL's advisory lock for something of ours."""
    digest = sha256(f"abibot {name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
