import pytest

from tests.alarms.hall import Hall
from tests.county import County
from tests.golive.kept import application, county, stocked_sqlite

__all__ = ["application", "county", "hall", "stocked_sqlite"]


@pytest.fixture
async def hall(county: County) -> Hall:
    """A gauge, a rule, and nobody who hears of it yet."""
    hall = Hall(county)
    await hall.open()
    return hall
