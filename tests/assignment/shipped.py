"""The shipped problems, where they are on this machine."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np

from services.assignment.problem import NOBODY, Problem

FOLDER = Path(__file__).resolve().parents[2] / "data" / "assignment" / "problems"


def read(path: Path) -> Problem:
    """Read a generated problem."""
    raw: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    staff, classes, cases = raw["staff"], raw["classes"], raw["cases"]
    cost = np.zeros((len(classes), len(staff)), np.int64)
    eligible = np.zeros(cost.shape, np.bool_)
    for row, one in enumerate(classes):
        eligible[row, one["eligible"]] = True
        cost[row, one["eligible"]] = one["cost"]
    effort = np.array([one["effort"] for one in classes])
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
        excluded={
            number: frozenset(one["excluded"])
            for number, one in enumerate(cases)
            if one.get("excluded")
        },
        unit_minutes=raw["unit_minutes"],
    )
