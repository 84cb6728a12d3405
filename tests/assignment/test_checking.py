"""The checker finds what is wrong with a plan, and knows what no plan can do better."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from copy import deepcopy
from itertools import combinations, product
from math import sqrt
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.assignment.checking import judge
from services.assignment.checking.fairness import fairest
from services.assignment.checking.flow import Flow
from services.assignment.checking.work import work_of
from services.assignment.files import problem_of
from services.assignment.generating import Size, generate
from services.assignment.problem import NOBODY, Problem
from tests.assignment.drawing import problems

ROOT = Path(__file__).resolve().parent.parent.parent
Data = dict[str, Any]


def loads(data: Data, plan: tuple[int, ...]) -> list[int]:
    """Return everybody's load, slowly and plainly."""
    found = [row.get("load", 0) for row in data["staff"]]
    for case, person in zip(data["cases"], plan, strict=True):
        if person != NOBODY:
            found[person] += effort(data, case, person)
    return found


def effort(data: Data, case: Data, person: int) -> int:
    kind = data["classes"][case["class"]]
    if isinstance(kind["effort"], int):
        return kind["effort"]
    if person not in kind["eligible"]:
        return 0
    found: int = kind["effort"][kind["eligible"].index(person)]
    return found


def may(data: Data, case: Data) -> set[int]:
    free = set(data["classes"][case["class"]]["eligible"]) - set(case.get("excluded", ()))
    return free & {case["pinned"]} if "pinned" in case else free


def eligible(data: Data, plan: tuple[int, ...]) -> Iterator[bool]:
    for case, person in zip(data["cases"], plan, strict=True):
        yield person == NOBODY or person in data["classes"][case["class"]]["eligible"]


def kept(data: Data, plan: tuple[int, ...]) -> bool:
    """Whether a plan keeps every rule."""
    staff, cases = data["staff"], data["cases"]
    for case, person in zip(cases, plan, strict=True):
        if person == NOBODY and "pinned" in case:
            return False
        if person != NOBODY and person not in may(data, case):
            return False
    total = loads(data, plan)
    for person, row in enumerate(staff):
        if total[person] > max(row["capacity"], row["load"]) and data["hard_capacity"]:
            return False
        if plan.count(person) > row.get("most_cases", len(cases)):
            return False
    return plain_values(data, plan)["moves"] <= data.get("most_moves", len(cases))


def plain_values(data: Data, plan: tuple[int, ...]) -> dict[str, float]:
    staff, cases = data["staff"], data["cases"]
    total = loads(data, plan)
    mean = sum(total) / sum(row["capacity"] for row in staff)
    spread = sum(
        row["capacity"] * (load / row["capacity"] - mean) ** 2
        for row, load in zip(staff, total, strict=True)
    )
    return {
        "unplaced": plan.count(NOBODY),
        "late": sum(late(data, plan, person) for person in range(len(staff))),
        "max_utilisation": max(
            load / row["capacity"] for row, load in zip(staff, total, strict=True)
        ),
        "sigma": 100 * sqrt(spread / sum(row["capacity"] for row in staff)),
        "moves": sum(
            "holder" in case and person not in {NOBODY, case["holder"]}
            for case, person in zip(cases, plan, strict=True)
        ),
        "cost": sum(
            cost(data, case, person)
            for case, person in zip(cases, plan, strict=True)
            if person != NOBODY
        ),
    }


def late(data: Data, plan: tuple[int, ...], person: int) -> int:
    worst = 0
    for week, room in enumerate(data["staff"][person].get("capacity_until", ())):
        work = sum(
            effort(data, case, person)
            for case, one in zip(data["cases"], plan, strict=True)
            if one == person and case.get("due", week + 1) <= week
        )
        worst = max(worst, work - room)
    return worst


def cost(data: Data, case: Data, person: int) -> int:
    kind = data["classes"][case["class"]]
    travel = kind["cost"][kind["eligible"].index(person)] if person in kind["eligible"] else 0
    stranger = case.get("previous", person) != person
    found: int = travel + stranger * data["continuity_cost"]
    return found


def all_plans(data: Data) -> Iterator[tuple[int, ...]]:
    return product(range(-1, len(data["staff"])), repeat=len(data["cases"]))


@settings(max_examples=60, deadline=None)
@given(problems(most_cases=4, own=True))
def test_every_plan_is_judged_as_by_hand(data: Data) -> None:
    problem = problem_of(data)
    for plan in all_plans(data):
        verdict = judge(problem, np.array(plan, int))
        assert verdict.fine == kept(data, plan), (plan, verdict.broken)
        if not all(eligible(data, plan)):
            continue  # what somebody would need for a case that is not for them is nobody's say
        expected = plain_values(data, plan)
        got = {level: verdict.values[level] for level in expected}
        assert got == pytest.approx(expected, abs=1e-9)


ORDER = ("unplaced", "late", "max_utilisation", "mean_deviation_minutes", "sigma", "moves", "cost")


@settings(max_examples=150, deadline=None)
@given(problems(most_cases=5, own=True))
def test_no_plan_is_better_than_the_bounds(data: Data) -> None:
    """Each bound holds for every plan that places whatever somebody may take."""
    problem = problem_of(data)
    least = sum(not may(data, case) for case in data["cases"])
    verdict = judge(problem, np.full(len(data["cases"]), NOBODY))
    assert verdict.bounds["unplaced"] == least
    for plan in all_plans(data):
        if plan.count(NOBODY) > least or any(
            person != NOBODY and person not in may(data, case)
            for case, person in zip(data["cases"], plan, strict=True)
        ):
            continue
        values = plain_values(data, plan)
        for level, value in values.items():
            assert value >= verdict.bounds[level] - 1e-9, level


@settings(max_examples=200, deadline=None)
@given(problems(most_cases=6))
def test_the_bound_is_that_of_the_tightest_set_of_persons(data: Data) -> None:
    """By Hall: some persons bear what is theirs, and all the work that nobody else may do."""
    persons = range(len(data["staff"]))
    expected = 0.0
    for size in range(1, len(data["staff"]) + 1):
        for group in combinations(persons, size):
            work = sum(data["staff"][one]["load"] for one in group)
            for case in data["cases"]:
                who = may(data, case)
                if who and who <= set(group):
                    work += effort(data, case, group[0])
            expected = max(expected, work / sum(data["staff"][one]["capacity"] for one in group))
    verdict = judge(problem_of(data), np.full(len(data["cases"]), NOBODY))
    assert verdict.bounds["max_utilisation"] == pytest.approx(expected, rel=1e-12)


def poured(problem: Problem, rounds: int = 3000) -> list[float]:
    """Return the fairest loads by pouring: each group of work in turn is spread anew, evenly."""
    work = work_of(problem)
    parts = np.zeros(work.may.shape)
    total = problem.load.astype(float)
    for _ in range(rounds):
        before = total.copy()
        for group, demand in enumerate(work.demand):
            total -= parts[group]
            parts[group] = pour(float(demand), total, problem.capacity, work.may[group])
            total += parts[group]
        if np.abs(total - before).max(initial=0) < 1e-10:
            break
    return total.tolist()  # type: ignore[no-any-return]


def pour(amount: float, total: Any, capacity: Any, who: Any) -> Any:
    """Spread an amount over some persons so that those who get any are level."""
    found = np.zeros(len(total))
    order = sorted(np.flatnonzero(who), key=lambda one: total[one] / capacity[one])
    for count in range(len(order), 0, -1):
        chosen = order[:count]
        level = (amount + total[chosen].sum()) / capacity[chosen].sum()
        if level * capacity[chosen[-1]] >= total[chosen[-1]]:
            found[chosen] = level * capacity[chosen] - total[chosen]
            break
    return found


@settings(max_examples=60, deadline=None)
@given(problems(most_cases=6, most_staff=5))
def test_the_fairest_loads_are_those_of_pouring(data: Data) -> None:
    problem = problem_of(data)
    found = fairest(work_of(problem), problem.capacity, problem.load)
    assert found.loads.tolist() == pytest.approx(poured(problem), abs=1e-3)


def test_the_fairest_loads_of_a_case_known_by_hand() -> None:
    """Two share 30 units; the third alone speaks the language and bears all of its 18."""
    data = {
        "staff": [{"id": one, "capacity": 20} for one in "abc"],
        "classes": [
            {"effort": 10, "eligible": [0, 1, 2], "cost": [0, 0, 0]},
            {"effort": 6, "eligible": [2], "cost": [0]},
        ],
        "cases": [{"id": f"c{index}", "class": index // 3} for index in range(6)],
        "unit_minutes": 15,
    }
    problem = problem_of(data)
    found = fairest(work_of(problem), problem.capacity, problem.load)
    assert found.loads.tolist() == pytest.approx([15, 15, 18])
    assert found.highest == 18 / 20
    assert found.bottleneck.tolist() == [False, False, True]
    plan = np.array([0, 0, 1, 2, 2, 2])
    deviation = judge(problem, plan).values["mean_deviation_minutes"]
    assert deviation == pytest.approx((5 + 5) * 15 / 3)


def test_targets_are_whole_seconds() -> None:
    data = {
        "staff": [{"id": one, "capacity": 7} for one in "abc"],
        "classes": [{"effort": 1, "eligible": [0, 1, 2], "cost": [0, 0, 0]}],
        "cases": [{"id": "c", "class": 0}],
        "unit_minutes": 1,
    }
    verdict = judge(problem_of(data), np.array([0]))
    assert verdict.values["mean_deviation_minutes"] * 60 * 3 == pytest.approx(40 + 20 + 20)
    data["unit_minutes"] = 1
    data["classes"][0]["effort"] = 2  # type: ignore[index]
    data["staff"] = [{"id": str(one), "capacity": 7} for one in range(7)]
    data["classes"][0] |= {"eligible": list(range(7)), "cost": [0] * 7}  # type: ignore[index]
    verdict = judge(problem_of(data), np.array([0]))
    assert verdict.values["mean_deviation_minutes"] * 60 * 7 == pytest.approx(120 - 17 + 6 * 17)


def test_work_finds_its_way_through_a_long_chain() -> None:
    """Each group can only be done by two neighbours: room at the far end helps the near one."""
    count = 2500
    may = np.zeros((count, count + 1), bool)
    may[np.arange(count), np.arange(count)] = may[np.arange(count), np.arange(count) + 1] = True
    demand = np.ones(count)
    demand[0] = 2.0
    assert Flow(demand, np.ones(count + 1), may).shortage == 0
    demand[0] = 2.5
    assert Flow(demand, np.ones(count + 1), may).shortage == pytest.approx(0.5)


PROBLEM: Data = {
    "staff": [
        {"id": "a", "capacity": 10, "load": 0, "most_cases": 2},
        {"id": "b", "capacity": 10, "load": 0},
    ],
    "classes": [
        {"effort": 4, "eligible": [0, 1], "cost": [1, 2]},
        {"effort": 4, "eligible": [0], "cost": [1]},
    ],
    "cases": [
        {"id": "x", "class": 0, "excluded": [1]},
        {"id": "y", "class": 0, "pinned": 1},
        {"id": "z", "class": 1, "holder": 0},
        {"id": "w", "class": 0, "holder": 1},
    ],
    "hard_capacity": True,
    "most_moves": 0,
}
BROKEN = [
    ([0, 1, 0, 1], {}, []),
    ([1, 1, 0, 1], {}, [("x", "excluded"), ("b", "capacity")]),
    ([0, 0, 0, 1], {}, [("y", "pinned"), ("a", "capacity"), ("a", "most-cases")]),
    ([0, -1, 0, 1], {}, [("y", "pinned")]),
    ([0, 1, 1, 1], {}, [("z", "not-eligible"), ("b", "capacity"), ("", "moves")]),
    ([0, 1, -1, 0], {}, [("", "moves")]),
    ([0, 1, -1, 1], {}, []),
]


@pytest.mark.parametrize(("plan", "changes", "expected"), BROKEN)
def test_a_broken_rule_is_named(
    plan: list[int], changes: Data, expected: list[tuple[str, str]]
) -> None:
    verdict = judge(problem_of({**PROBLEM, **changes}), np.array(plan))
    found = [(one.place, one.text_key) for one in verdict.broken]
    assert found == [(place, f"assignment.broken-{slug}") for place, slug in expected]


GOOD = np.array([0, 1, 0, 1])
TRUE: Mapping[str, float] = {
    "unplaced": 0,
    "late": 0,
    "max_utilisation": 0.8,
    "mean_deviation_minutes": 0,
    "sigma": 0,
    "moves": 0,
    "cost": 6,
}


def test_true_claims_are_believed() -> None:
    verdict = judge(problem_of(PROBLEM), GOOD, objective=TRUE, bound=TRUE)
    assert verdict.fine
    assert verdict.values == TRUE
    assert verdict.bottleneck == ("a", "b")


@pytest.mark.parametrize("level", TRUE)
def test_a_false_value_is_refused(level: str) -> None:
    stated = {**TRUE, level: TRUE[level] + (0.1 if level == "max_utilisation" else 1)}
    verdict = judge(problem_of(PROBLEM), GOOD, objective=stated)
    assert [one.place for one in verdict.broken] == [level]
    assert verdict.broken[0].text_key == "assignment.broken-value"


@pytest.mark.parametrize("level", TRUE)
def test_a_bound_that_the_plan_undercuts_is_refused(level: str) -> None:
    verdict = judge(problem_of(PROBLEM), GOOD, bound={level: TRUE[level] + 1})
    assert [one.text_key for one in verdict.broken] == ["assignment.broken-bound"]


def test_a_bound_that_the_plan_does_not_reach_may_be_true() -> None:
    low = {level: value / 2 for level, value in TRUE.items()}
    assert judge(problem_of(PROBLEM), GOOD, bound=low).fine


@pytest.mark.parametrize("plan", [[0, 1, 0], [0, 1, 0, 2], [0, 1, 0, -2]])
def test_a_plan_of_another_shape_is_no_plan(plan: list[int]) -> None:
    with pytest.raises(ValueError, match="person's number"):
        judge(problem_of(PROBLEM), np.array(plan))


def test_changing_one_case_of_a_large_plan_is_noticed() -> None:
    problem = problem_of(generate(Size(2000, 40), 3))
    plan = np.array([np.flatnonzero(problem.eligible[kind])[0] for kind in problem.class_of])
    for case, who in problem.excluded.items():
        plan[case] = next(
            one
            for one in np.flatnonzero(problem.eligible[problem.class_of[case]])
            if one not in who
        )
    verdict = judge(problem, plan)
    assert verdict.fine
    case = next(one for one in range(2000) if problem.eligible[problem.class_of[one]].sum() > 1)
    other = np.flatnonzero(problem.eligible[problem.class_of[case]])[-1]
    plan[case] = other
    assert not judge(problem, plan, objective=verdict.values).fine


def test_the_checker_loads_no_solver() -> None:
    code = (
        "import sys, services.assignment.checking, handlers.assignment.cli;"
        "print([name for name in ('ortools', 'scipy', 'services.assignment.scoring',"
        "'services.assignment.rules') if name in sys.modules])"
    )
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert done.stdout == "[]\n"


def bound_of(data: Data) -> dict[str, float]:
    verdict = judge(problem_of(data), np.full(len(data["cases"]), NOBODY))
    return dict(verdict.bounds)


@settings(max_examples=80, deadline=None)
@given(problems(most_cases=6), st.randoms(use_true_random=False))
def test_neither_order_nor_names_change_a_bound(data: Data, random: Random) -> None:
    shuffled = deepcopy(data)
    order = list(range(len(data["staff"])))
    random.shuffle(order)
    place = {old: new for new, old in enumerate(order)}
    shuffled["staff"] = [{**data["staff"][old], "id": f"x{old}"} for old in order]
    for row in shuffled["classes"]:
        row["eligible"] = [place[one] for one in row["eligible"]]
    for row in shuffled["cases"]:
        for field in {"previous", "holder", "pinned"} & row.keys():
            row[field] = place[row[field]]
        if "excluded" in row:
            row["excluded"] = [place[one] for one in row["excluded"]]
    random.shuffle(shuffled["cases"])
    assert bound_of(shuffled) == pytest.approx(bound_of(data))


@settings(max_examples=80, deadline=None)
@given(problems(most_cases=6), st.integers(1, 20))
def test_somebody_more_who_may_do_everything_never_raises_the_bound(
    data: Data, capacity: int
) -> None:
    more = deepcopy(data)
    weeks = [0] * len(data["staff"][0].get("capacity_until", ()))
    more["staff"].append({"id": "new", "capacity": capacity, "capacity_until": weeks})
    for row in more["classes"]:
        if row["eligible"]:
            row["eligible"].append(len(data["staff"]))
            row["cost"].append(9)
    before, after = bound_of(data), bound_of(more)
    assume(before["unplaced"] == 0)  # else there is more work now
    assert after["max_utilisation"] <= before["max_utilisation"] + 1e-12


@settings(max_examples=80, deadline=None)
@given(problems(most_cases=6), st.integers(2, 9))
def test_larger_units_change_no_utilisation(data: Data, factor: int) -> None:
    scaled = deepcopy(data)
    for row in scaled["staff"]:
        row["capacity"] *= factor
        row["load"] *= factor
    for row in scaled["classes"]:
        row["effort"] *= factor
    for level in ("max_utilisation", "sigma"):
        assert bound_of(scaled)[level] == pytest.approx(bound_of(data)[level], abs=1e-9)


def test_a_large_plan_is_checked_quickly() -> None:
    problem = problem_of(generate(Size(20_000, 200), 1))
    plan = problem.eligible.argmax(axis=1)[problem.class_of]
    before = time.process_time()
    judge(problem, plan)
    assert time.process_time() - before < 3
