"""Reads a plan: which case goes to whom, and what is said of its quality."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from services.assignment.files.sources import parsed, read_bytes
from services.assignment.mistakes import Mistakes
from services.assignment.problem import NOBODY, Ints, Problem


@dataclass(frozen=True)
class StatedPlan:
    """A plan (n; `NOBODY` where a case is unplaced), and stated values and bounds by level."""

    plan: Ints
    objective: Mapping[str, float] = field(default_factory=dict)
    bound: Mapping[str, float] = field(default_factory=dict)


def read_plan(path: Path, problem: Problem) -> StatedPlan:
    """Read a plan for a problem; raise `MistakesError` for unknown or missing ids.

    The file is what `abibot assign solve --json` prints, or only its `plan`.
    """
    mistakes = Mistakes(path.name)
    data = parsed(read_bytes(path, mistakes), mistakes)
    whole = isinstance(data.get("plan"), dict)
    plan = _plan(data["plan"] if whole else data, problem, mistakes)
    stated = {
        name: _levels(data.get(name), name, mistakes) if whole else {}
        for name in ("objective", "bound")
    }
    mistakes.refuse_if_any()
    return StatedPlan(plan, stated["objective"], stated["bound"])


def _plan(rows: Mapping[str, Any], problem: Problem, mistakes: Mistakes) -> Ints:
    persons = {name: index for index, name in enumerate(problem.staff)}
    cases = {name: index for index, name in enumerate(problem.cases)}
    plan = np.full(len(problem.cases), NOBODY)
    for case, person in rows.items():
        if case not in cases:
            mistakes.add(f"plan.{case}", "assignment.mistake-plan-case")
        elif isinstance(person, str) and person in persons:
            plan[cases[case]] = persons[person]
        elif person is not None:
            mistakes.add(f"plan.{case}", "assignment.mistake-plan-person", value=person)
    for case in problem.cases:
        if case not in rows:
            mistakes.add(f"plan.{case}", "assignment.mistake-plan-missing")
    return plan


def _levels(rows: object, name: str, mistakes: Mistakes) -> dict[str, float]:
    """Return the numbers by level; a level without a number (null) was not judged."""
    if rows is None:
        return {}
    if not isinstance(rows, dict):
        mistakes.add(name, "assignment.mistake-not-object")
        return {}
    found = {}
    for level, value in rows.items():
        if type(value) in {int, float} and isfinite(value):
            found[level] = float(value)
        elif value is not None:
            mistakes.add(f"{name}.{level}", "assignment.mistake-not-number", value=value)
    return found
