"""The shipped problems, and a plan for them that gives each case to the best, largest first."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np

from services.assignment.daily.incoming import of_problem
from services.assignment.daily.ranking import best, keys
from services.assignment.daily.standing import Standing
from services.assignment.problem import NOBODY, Ints, Problem

FOLDER = Path(__file__).resolve().parents[3] / "data" / "assignment" / "problems"


def shipped(name: str) -> Problem:
    """Read a generated problem, e.g. "200x12-1"."""
    raw: dict[str, Any] = json.loads(gzip.decompress((FOLDER / f"{name}.json.gz").read_bytes()))
    staff, classes, cases = raw["staff"], raw["classes"], raw["cases"]
    cost = np.zeros((len(classes), len(staff)), np.int64)
    eligible = np.zeros(cost.shape, np.bool_)
    for row, one in enumerate(classes):
        eligible[row, one["eligible"]] = True
        cost[row, one["eligible"]] = one["cost"]
    effort = np.array([one["effort"] for one in classes])
    barred = {number: frozenset(one.get("excluded", ())) for number, one in enumerate(cases)}
    return Problem(
        staff=tuple(one["id"] for one in staff),
        cases=tuple(one["id"] for one in cases),
        capacity=np.array([one["capacity"] for one in staff]),
        load=np.array([one["load"] for one in staff]),
        class_of=np.array([one["class"] for one in cases]),
        effort=np.broadcast_to(effort[:, None], cost.shape),
        cost=cost,
        eligible=eligible,
        previous=np.array([one.get("previous", NOBODY) for one in cases]),
        continuity_cost=raw["continuity_cost"],
        excluded={number: persons for number, persons in barred.items() if persons},
        unit_minutes=raw["unit_minutes"],
    )


def one_by_one(problem: Problem) -> Ints:
    """Return a plan (n): each case to the best for it, cases few may take and large ones first."""
    standing = Standing(problem, np.full(len(problem.cases), NOBODY))
    few = problem.eligible.sum(axis=1)[problem.class_of]
    for case in np.lexsort((-problem.effort[problem.class_of, 0], few)).tolist():
        asking = of_problem(problem, case)
        person = best(keys(standing, asking), standing.against(asking))
        if person != NOBODY:
            standing.place(case, person)
    return standing.plan
