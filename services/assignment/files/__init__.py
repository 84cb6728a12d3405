"""Assignment problems and plans as JSON files; `docs/fallzuweisung.md` describes every field."""

from services.assignment.files.plans import StatedPlan, read_plan
from services.assignment.files.reading import problem_of, read_problem
from services.assignment.files.writing import data_of, write_problem

__all__ = ["StatedPlan", "data_of", "problem_of", "read_plan", "read_problem", "write_problem"]
