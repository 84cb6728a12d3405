"""Writes an assignment problem in the format that is read."""

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from services.assignment.problem import NOBODY, UNLIMITED, Ints, Problem

Data = dict[str, Any]


def write_problem(data: Mapping[str, Any], path: Path) -> None:
    """Write a problem's JSON; packed, without a date, if the name ends with .gz."""
    content = orjson.dumps(data) + b"\n"
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)


def data_of(problem: Problem) -> Data:
    """Return a problem as JSON values; `problem_of` returns the same problem from them."""
    data: Data = {
        "unit_minutes": problem.unit_minutes,
        "continuity_cost": problem.continuity_cost,
        "staff": _staff(problem),
        "classes": [_class(problem, index) for index in range(len(problem.effort))],
        "cases": _cases(problem),
    }
    if problem.hard_capacity:
        data["hard_capacity"] = True
    if problem.most_moves != UNLIMITED:
        data["most_moves"] = problem.most_moves
    return data


def _staff(problem: Problem) -> list[Data]:
    rows: list[Data] = [
        {"id": name, "capacity": int(capacity), "load": int(load)}
        for name, capacity, load in zip(problem.staff, problem.capacity, problem.load, strict=True)
    ]
    _add(rows, "most_cases", problem.most_cases, UNLIMITED)
    if problem.capacity_until.shape[1]:
        for row, weeks in zip(rows, problem.capacity_until, strict=True):
            row["capacity_until"] = weeks.tolist()
    return rows


def _class(problem: Problem, index: int) -> Data:
    who = problem.eligible[index].nonzero()[0]
    efforts = problem.effort[index]
    alike = len(efforts) == 0 or bool((efforts == efforts[0]).all())
    return {
        "effort": int(efforts[0]) if alike and len(efforts) else efforts[who].tolist(),
        "eligible": who.tolist(),
        "cost": problem.cost[index, who].tolist(),
    }


def _cases(problem: Problem) -> list[Data]:
    rows: list[Data] = [
        {"id": name, "class": kind}
        for name, kind in zip(problem.cases, problem.class_of.tolist(), strict=True)
    ]
    for field, column, blank in (
        ("previous", problem.previous, NOBODY),
        ("pinned", problem.pinned, NOBODY),
        ("holder", problem.holder, NOBODY),
        ("due", problem.due, UNLIMITED),
    ):
        _add(rows, field, column, blank)
    for index, who in sorted(problem.excluded.items()):
        if who:
            rows[index]["excluded"] = sorted(who)
    return rows


def _add(rows: Sequence[Data], field: str, column: Ints, blank: int) -> None:
    for index in np.flatnonzero(column != blank).tolist():
        rows[index][field] = int(column[index])
