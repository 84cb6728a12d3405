"""A county that understands as a test plans, and notes what it could learn."""

from collections.abc import Iterator

import pytest

from tests.ask.planned import Notebook, Plan, understands_by
from tests.county import County


@pytest.fixture
def plan(county: County) -> Iterator[Plan]:
    plan = Plan()
    understands_by(county, plan)
    yield plan
    county.worker.given["understanders"].close()


@pytest.fixture
def notebook(county: County) -> Notebook:
    notebook = Notebook()
    county.worker.given["learning"] = notebook
    return notebook
