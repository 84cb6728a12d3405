from pathlib import Path

import pytest

from tests.county import County
from tests.golive.kept import application, county, stocked_sqlite
from tests.golive.town_hall import Feed

__all__ = ["application", "county", "stocked_sqlite"]


@pytest.fixture
def feed(county: County, tmp_path: Path) -> Feed:
    return Feed(county, tmp_path)
