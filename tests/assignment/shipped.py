"""The shipped problems, where they are on this machine."""

import pytest

from services.assignment.files import read_problem
from services.assignment.problem import Problem
from tests.conftest import SHARED

FOLDER = SHARED / "data" / "assignment" / "problems"
needs_data = pytest.mark.skipif(not FOLDER.is_dir(), reason="the shipped problems are missing")


def problem(name: str) -> Problem:
    """Return a problem by its name, as "200x12-1"."""
    return read_problem(FOLDER / f"{name}.json.gz")
