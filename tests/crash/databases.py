"""Fresh databases for trials: migrated and with the catalogue in it once, then reset cheaply."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy
from sqlalchemy import make_url, text

from tests.crash.processes import ROOT, Nursery

REGION = ROOT / "tests" / "region_folder"


class SqliteFile:
    """A file, copied from a prepared one for each trial."""

    kind = "sqlite"

    def __init__(self, folder: Path, template: Path) -> None:
        self.template = template
        self.path = folder / "trial.db"
        self.url = f"sqlite:///{self.path}"

    def keep(self) -> None:
        """Take what is there now as what each trial begins with."""
        self.path.rename(self.template)

    def renew(self) -> None:
        """Make it as it was before the first update."""
        for old in self.path.parent.glob(f"{self.path.name}*"):
            old.unlink()
        shutil.copy(self.template, self.path)


class PostgresqlDatabase:
    """A database of its own; what the trials fill is emptied before each."""

    kind = "postgresql"

    def __init__(self, url: str, filled: tuple[str, ...] = ()) -> None:
        self.url = url
        self.filled = filled

    def keep(self) -> None:
        """Remember which tables are empty now: those are emptied again."""
        with _begin(self.url) as connection:
            self.filled = tuple(
                name
                for name in sqlalchemy.inspect(connection).get_table_names()
                if not connection.execute(text(f'SELECT 1 FROM "{name}" LIMIT 1')).first()  # noqa: S608
            )

    def renew(self) -> None:
        """Make it as it was before the first update."""
        names = ", ".join(f'"{name}"' for name in self.filled)
        with _begin(self.url) as connection:
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


Place = SqliteFile | PostgresqlDatabase


class Server:
    """Makes databases beside the given one; they are dropped in the end."""

    def __init__(self, url: str) -> None:
        self._engine = sqlalchemy.create_engine(driver(url), isolation_level="AUTOCOMMIT")
        self._url = self._engine.url.set(drivername="postgresql")
        self._names: list[str] = []

    def create(self, template: PostgresqlDatabase | None = None) -> PostgresqlDatabase:
        """Return an empty database, or a copy of a prepared one."""
        name = f"{self._url.database}_crash_{len(self._names)}"
        source = f' TEMPLATE "{make_url(template.url).database}"' if template else ""
        self._names.append(name)
        with self._engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            connection.execute(text(f'CREATE DATABASE "{name}"{source}'))
            # A killed client loses nothing by this; only a power cut would.
            connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
        url = self._url.set(database=name).render_as_string(hide_password=False)
        return PostgresqlDatabase(url, template.filled if template else ())

    def close(self) -> None:
        with self._engine.connect() as connection:
            for name in self._names:
                connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        self._engine.dispose()


@contextmanager
def at_server(url: str) -> Iterator[Server]:
    """Give a maker of databases that live as long as the context."""
    server = Server(url)
    try:
        yield server
    finally:
        server.close()


@contextmanager
def _begin(url: str) -> Iterator[sqlalchemy.Connection]:
    engine = sqlalchemy.create_engine(driver(url))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def driver(url: str) -> str:
    """Return the address as SQLAlchemy's own engines want it."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


async def prepare(home: Nursery, place: Place, folder: Path) -> None:
    """Migrate and import the test county through the command line, as an operator does."""
    environment = {"ABIBOT_DATABASE_URL": place.url, "ABIBOT_REGION": str(REGION)}
    log = folder / "prepare.log"
    for arguments in (["migrate"], ["catalogue", "import", str(REGION)]):
        pid = await home.start(arguments, log, environment)
        if await home.wait(pid) != 0:
            raise RuntimeError(log.read_text(encoding="utf-8"))
    place.keep()
