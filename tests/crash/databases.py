"""Fresh databases for trials: migrated and with the catalogue in it once, then reset cheaply."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import sqlalchemy
from sqlalchemy import text

from tests.crash.processes import ROOT, Nursery

REGION = ROOT / "tests" / "region_folder"


class Place(Protocol):
    """Where the bot of a slot keeps everything."""

    kind: str
    url: str

    def renew(self) -> None:
        """Make it as it was before the first update."""


class SqliteFile:
    """A file, copied from a prepared one for each trial."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.template = folder / "template.db"
        self.path = folder / "trial.db"
        self.url = f"sqlite:///{self.template}"

    def keep(self) -> None:
        """Take what is there now as what each trial begins with."""
        self.url = f"sqlite:///{self.path}"

    def renew(self) -> None:
        for old in self.path.parent.glob(f"{self.path.name}*"):
            old.unlink()
        shutil.copy(self.template, self.path)


class PostgresqlDatabase:
    """A database of its own; what the trials fill is emptied before each."""

    kind = "postgresql"

    def __init__(self, url: str) -> None:
        self.url = url
        self._filled: list[str] = []

    def keep(self) -> None:
        """Remember which tables are empty now: those are emptied again."""
        with self._begin() as connection:
            names = sqlalchemy.inspect(connection).get_table_names()
            self._filled = [
                name
                for name in names
                if not connection.execute(text(f'SELECT 1 FROM "{name}" LIMIT 1')).first()  # noqa: S608
            ]

    def renew(self) -> None:
        names = ", ".join(f'"{name}"' for name in self._filled)
        with self._begin() as connection:
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))

    @contextmanager
    def _begin(self) -> Iterator[sqlalchemy.Connection]:
        engine = sqlalchemy.create_engine(driver(self.url))
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()


def driver(url: str) -> str:
    """Return the address as SQLAlchemy's own engines want it."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@contextmanager
def databases(base: str, names: list[str]) -> Iterator[list[str]]:
    """Create databases on the server of this address for a while; give their addresses."""
    engine = sqlalchemy.create_engine(driver(base), isolation_level="AUTOCOMMIT")
    server = engine.url.set(drivername="postgresql")
    try:
        with engine.connect() as connection:
            for name in names:
                connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
                connection.execute(text(f'CREATE DATABASE "{name}"'))
                # A killed client loses nothing by this; only a power cut would.
                connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
            yield [server.set(database=one).render_as_string(False) for one in names]
            for name in names:
                connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    finally:
        engine.dispose()


async def prepare(home: Nursery, place: SqliteFile | PostgresqlDatabase, folder: Path) -> None:
    """Migrate and import the test county through the command line, as an operator does."""
    environment = {"ABIBOT_DATABASE_URL": place.url, "ABIBOT_REGION": str(REGION)}
    log = folder / "prepare.log"
    for arguments in (["migrate"], ["catalogue", "import", str(REGION)]):
        pid = await home.start(arguments, log, environment)
        if await home.wait(pid) != 0:
            raise RuntimeError(log.read_text(encoding="utf-8"))
    place.keep()
