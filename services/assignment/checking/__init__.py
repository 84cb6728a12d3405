"""Checks a plan without anything that made it: no solver, no score of the engine's own."""

from services.assignment.checking.values import LEVELS
from services.assignment.checking.verdict import Verdict, judge

__all__ = ["LEVELS", "Verdict", "judge"]
