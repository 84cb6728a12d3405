"""A county for tests: a real database, the real worker and delivery, and a fake Telegram."""

import os
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, make_url, text

from bot.application import Application
from bot.migrate import migrate
from bot.settings import LOCALES, DatabaseSettings, GoLiveSettings, Settings
from services.db import Base
from services.region.service import Region, load_region
from services.text import Texts, load_texts
from tests.county import County, TestClock

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
FRIDAY_NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
POSTGRESQL = "ABIBOT_TEST_DATABASE_URL"


def pytest_configure(config: pytest.Config) -> None:
    """Give each of several test processes a PostgreSQL database of its own."""
    worker = getattr(config, "workerinput", {}).get("workerid")
    url = os.environ.get(POSTGRESQL)  # noqa: TID251 - tests have no settings
    if not worker or not url:
        return
    shared = make_url(DatabaseSettings(url=url).url)
    own = shared.set(database=f"{shared.database}_{worker}")
    engine = create_engine(shared, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{own.database}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{own.database}"'))
    engine.dispose()
    os.environ[POSTGRESQL] = own.set(drivername="postgresql").render_as_string(  # noqa: TID251
        hide_password=False
    )


@pytest.fixture(scope="session")
def region() -> Region:
    return load_region(ROOT / "tests" / "region_folder")


@pytest.fixture(scope="session")
def texts() -> Texts:
    return load_texts(LOCALES, ZoneInfo("Europe/Berlin"))


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file; copied for each test."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgresql() -> str:
    """The address of a migrated database; emptied before each test."""
    url = os.environ.get(POSTGRESQL)  # noqa: TID251 - tests have no settings
    if not url:
        pytest.skip(f"set {POSTGRESQL} to run the storage tests on PostgreSQL too")
    url = DatabaseSettings(url=url).url
    migrate(url)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        url: str = request.getfixturevalue("migrated_postgresql")
        return url
    path = tmp_path / "test.db"
    shutil.copy(request.getfixturevalue("empty_sqlite"), path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def clock() -> TestClock:
    return TestClock(FRIDAY_NOON)


@pytest.fixture
def settings(database_url: str, clean_environment: None) -> Settings:
    return Settings(
        _env_file=None,
        region=str(ROOT / "tests" / "region_folder"),
        database=DatabaseSettings(url=database_url),
        golive=GoLiveSettings(check_links=False),
    )


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's own machine reaches a test."""
    for name in list(os.environ):  # noqa: TID251 - tests have no settings
        if name.startswith("ABIBOT_") and name != POSTGRESQL:
            monkeypatch.delenv(name)


@cache
def emptying() -> str:
    """Return what empties every table of PostgreSQL and lets its numbers begin anew.

    Only what has rows is truncated: that makes new files, which takes milliseconds for each table.
    """
    lines = []
    for table in Base.metadata.sorted_tables:
        name, counted = f'"{table.name}"', table.autoincrement_column
        emptied = f"TRUNCATE {name} RESTART IDENTITY CASCADE;"
        lines.append(f"IF EXISTS (SELECT FROM {name}) THEN {emptied} END IF;")
        if counted is not None:
            sequence = f"pg_get_serial_sequence('{name}', '{counted.name}')"
            lines.append(f"PERFORM setval(s, 1, false) FROM {sequence} s WHERE s IS NOT NULL;")
    return f"DO $$ BEGIN {' '.join(lines)} END $$"


@pytest.fixture
async def application(
    settings: Settings, region: Region, clock: TestClock
) -> AsyncIterator[Application]:
    application = Application(settings, region, clock)
    if application.database.engine.dialect.name == "postgresql":
        async with application.database.engine.begin() as connection:
            await connection.exec_driver_sql(emptying())
    yield application
    await application.close()


@pytest.fixture
async def county(
    application: Application, texts: Texts, clock: TestClock
) -> AsyncIterator[County]:
    async with County.open(application, texts, clock) as county:
        async with application.transaction() as services:
            report = await services.catalogue.take_in(ROOT / "tests" / "region_folder")
            assert not report.refused, report.refused
            assert not report.problems, report.problems
        yield county


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once for each reason how many tests were skipped."""
    reasons = Counter(
        str(report.longrepr[2]).removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple)
    )
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"{count} skipped: {reason}")
