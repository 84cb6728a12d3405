import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.alarms.hall import FIRE_BRIGADE
from tests.alarms.stories.timeline import BERLIN, FRIDAY, Timeline
from tests.county import County, TestClock

BEFORE_NOON = datetime(FRIDAY.year, FRIDAY.month, FRIDAY.day, 11, 30, tzinfo=BERLIN)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """One database for most stories, both for those that ask for it (`BOTH`)."""
    if getattr(request, "param", "sqlite") == "postgresql":
        url: str = request.getfixturevalue("migrated_postgresql")
        return url
    path = tmp_path / "test.db"
    shutil.copy(request.getfixturevalue("empty_sqlite"), path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
async def quiet(county: County, clock: TestClock) -> Timeline:
    """A gauge, and nobody who hears of it."""
    clock.now = BEFORE_NOON.astimezone(UTC)
    story = Timeline(county)
    await story.rules({})
    await story.gauge()
    return story


@pytest.fixture
async def story(quiet: Timeline) -> Timeline:
    """A gauge that reports every quarter of an hour, and a fire brigade that hears of it."""
    await quiet.group(FIRE_BRIGADE)
    return quiet
