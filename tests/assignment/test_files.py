"""Problems and plans as files: what is written is read again, what is wrong is named."""

import gzip
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings

from services.assignment.files import data_of, problem_of, read_plan, read_problem, write_problem
from services.assignment.generating import Size, generate
from services.assignment.mistakes import MOST_MISTAKES, MistakesError
from services.assignment.problem import NOBODY, Problem
from tests.assignment.drawing import problems

Data = dict[str, Any]
GOOD: Data = {
    "unit_minutes": 15,
    "continuity_cost": 8,
    "staff": [
        {"id": "anna", "capacity": 100, "load": 20, "capacity_until": [40, 80]},
        {"id": "bert", "capacity": 50, "most_cases": 2, "capacity_until": [20, 40]},
    ],
    "classes": [
        {"type": "Beratung", "effort": 4, "language": None, "eligible": [0, 1], "cost": [1, 2]},
        {"type": "Bericht", "effort": 16, "district": 3, "eligible": ["anna"], "cost": [2]},
    ],
    "cases": [
        {"id": "c0", "class": 0, "previous": "bert", "due": 1},
        {"id": "c1", "class": 0, "excluded": [1], "holder": 0},
        {"id": "c2", "class": 1, "pinned": 0},
    ],
}


def same(one: Problem, other: Problem) -> bool:
    fields = Problem.__slots__
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in fields)


@settings(deadline=None)
@given(problems(own=True))
def test_what_is_written_is_read_again(data: Data) -> None:
    problem = problem_of(data)
    again = problem_of(orjson.loads(orjson.dumps(data_of(problem))))
    assert same(problem, again)


@pytest.mark.parametrize("name", ["problem.json", "problem.json.gz"])
def test_a_file_is_plain_or_packed(name: str, tmp_path: Path) -> None:
    write_problem(GOOD, tmp_path / name)
    assert same(read_problem(tmp_path / name), problem_of(GOOD))
    packed = (tmp_path / name).read_bytes().startswith(b"\x1f\x8b")
    assert packed == name.endswith(".gz")


def test_every_field_arrives() -> None:
    problem = problem_of({**GOOD, "hard_capacity": True, "most_moves": 1})
    assert problem.staff == ("anna", "bert")
    assert problem.cases == ("c0", "c1", "c2")
    assert problem.capacity.tolist() == [100, 50]
    assert problem.load.tolist() == [20, 0]
    assert problem.class_of.tolist() == [0, 0, 1]
    assert problem.effort.tolist() == [[4, 4], [16, 16]]
    assert problem.cost.tolist() == [[1, 2], [2, 0]]
    assert problem.eligible.tolist() == [[True, True], [True, False]]
    assert problem.previous.tolist() == [1, NOBODY, NOBODY]
    assert problem.excluded == {1: frozenset({1})}
    assert problem.pinned.tolist() == [NOBODY, NOBODY, 0]
    assert problem.holder.tolist() == [NOBODY, 0, NOBODY]
    assert problem.most_cases.tolist() == [-1, 2]
    assert problem.due.tolist() == [1, -1, -1]
    assert problem.capacity_until.tolist() == [[40, 80], [20, 40]]
    assert (problem.continuity_cost, problem.unit_minutes) == (8, 15)
    assert (problem.hard_capacity, problem.most_moves) == (True, 1)
    assert problem.same_for_all


MATRICES: Data = {
    "staff": [{"id": "a", "capacity": 9}, {"id": "b", "capacity": 9}],
    "cases": [{"id": "x"}, {"id": "y"}],
    "effort": [[3, None], [4, 5]],
    "cost": [[7, None], {"a": 1, "b": 2}],
}


def test_matrices_say_for_each_case_and_person() -> None:
    problem = problem_of(MATRICES)
    assert problem.class_of.tolist() == [0, 1]
    assert problem.eligible.tolist() == [[True, False], [True, True]]
    assert problem.effort.tolist() == [[3, 3], [4, 5]]
    assert problem.cost.tolist() == [[7, 0], [1, 2]]
    assert not problem.same_for_all


def test_matrices_beside_classes_take_over_what_they_say() -> None:
    data = {**GOOD, "effort": [[1, 2], [3, 4], [5, 6]]}
    problem = problem_of(data)
    assert problem.effort.tolist() == [[1, 2], [3, 4], [5, 5]]
    assert problem.cost.tolist() == [[1, 2], [1, 2], [2, 0]]
    assert problem.eligible.tolist() == [[True, True], [True, True], [True, False]]


def test_an_effort_that_is_the_same_for_all_who_may_is_the_same_for_all() -> None:
    data = deepcopy(GOOD)
    data["classes"][0]["effort"] = [4, 4]
    assert problem_of(data).same_for_all
    data["classes"][0]["effort"] = [4, 5]
    assert not problem_of(data).same_for_all


def put(*steps: Any) -> Callable[[Data], None]:
    """Return what sets a value at the end of a path, or takes a field out (`...`)."""
    *path, last, value = steps

    def change(data: Data) -> None:
        target: Any = data
        for step in path:
            target = target[step]
        if value is ...:
            del target[last]
        else:
            target[last] = value

    return change


WRONG = [
    (put("extra", 1), "extra", "unknown-field"),
    (put("staff", 0, "name", "Anna"), "staff[0] (anna).name", "unknown-field"),
    (put("cases", 1, "reason", "…"), "cases[1] (c1).reason", "unknown-field"),
    (put("classes", 0, "x", 1), "classes[0].x", "unknown-field"),
    (put("staff", ...), "staff", "missing"),
    (put("staff", []), "staff", "nobody"),
    (put("cases", {}), "cases", "not-list"),
    (put("cases", 1, 7), "cases[1]", "not-object"),
    (put("classes", ...), "classes", "missing"),
    (put("cases", 1, "id", "c0"), "cases[1] (c0).id", "double-id"),
    (put("staff", 1, "id", "anna"), "staff[1] (anna).id", "double-id"),
    (put("cases", 1, "id", 7), "cases[1].id", "no-id"),
    (put("cases", 1, "class", 2), "cases[1] (c1).class", "unknown-class"),
    (put("cases", 1, "class", -1), "cases[1] (c1).class", "range"),
    (put("cases", 1, "class", ...), "cases[1] (c1).class", "missing"),
    (put("cases", 0, "previous", 2), "cases[0] (c0).previous", "unknown-person"),
    (put("cases", 0, "previous", "cleo"), "cases[0] (c0).previous", "unknown-person"),
    (put("cases", 0, "previous", True), "cases[0] (c0).previous", "unknown-person"),
    (put("cases", 1, "holder", -1), "cases[1] (c1).holder", "unknown-person"),
    (put("cases", 1, "excluded", 1), "cases[1] (c1).excluded", "not-list"),
    (put("cases", 1, "excluded", [1, 1]), "cases[1] (c1).excluded", "double-person"),
    (put("cases", 2, "excluded", [0]), "cases[2] (c2).pinned", "pinned-excluded"),
    (put("cases", 2, "pinned", 1), "cases[2] (c2).pinned", "pinned-not-eligible"),
    (put("cases", 0, "due", 2), "cases[0] (c0).due", "week"),
    (put("classes", 0, "effort", -4), "classes[0].effort", "range"),
    (put("classes", 0, "effort", 4.5), "classes[0].effort", "not-whole"),
    (put("classes", 0, "effort", True), "classes[0].effort", "not-whole"),
    (put("classes", 0, "effort", 10**30), "classes[0].effort", "range"),
    (put("classes", 0, "effort", ...), "classes[0].effort", "missing"),
    (put("classes", 0, "effort", [4]), "classes[0].effort", "length"),
    (put("classes", 0, "cost", [1]), "classes[0].cost", "length"),
    (put("classes", 0, "cost", [1, -1]), "classes[0].cost", "range"),
    (put("classes", 0, "cost", [1, 10**30]), "classes[0].cost", "range"),
    (put("classes", 0, "eligible", [0, 2]), "classes[0].eligible", "unknown-person"),
    (put("classes", 0, "eligible", [0, 0]), "classes[0].eligible", "double-person"),
    (put("classes", 0, "eligible", ...), "classes[0].eligible", "not-list"),
    (put("classes", 0, "type", []), "classes[0].type", "not-text"),
    (put("staff", 0, "capacity", 0), "staff[0] (anna).capacity", "no-capacity"),
    (put("staff", 0, "capacity", ...), "staff[0] (anna).capacity", "missing"),
    (put("staff", 0, "load", -1), "staff[0] (anna).load", "range"),
    (put("staff", 0, "most_cases", 0), "staff[0] (anna).most_cases", "pinned-too-many"),
    (put("staff", 0, "capacity_until", [40]), "staff[0] (anna).capacity_until", "length"),
    (put("staff", 0, "capacity_until", [40, 39]), "staff[0] (anna).capacity_until", "weeks-fall"),
    (put("continuity_cost", "8"), "continuity_cost", "not-whole"),
    (put("unit_minutes", 0), "unit_minutes", "range"),
    (put("hard_capacity", 1), "hard_capacity", "not-flag"),
    (put("most_moves", -1), "most_moves", "range"),
    (put("effort", [[1, 1]]), "effort", "length"),
    (put("effort", [[1, 1], [1], [1, 1]]), "effort[1] (c1)", "length"),
    (put("effort", [[1, 1], [1, -2], [1, 1]]), "effort[1] (c1)[1]", "range"),
    (put("effort", [[1, 1], {"cleo": 1}, [1, 1]]), "effort[1] (c1)", "unknown-person"),
    (put("cost", 7), "cost", "not-list"),
]


@pytest.mark.parametrize(("change", "place", "slug"), WRONG)
def test_what_is_wrong_is_named(change: Callable[[Data], None], place: str, slug: str) -> None:
    data = deepcopy(GOOD)
    change(data)
    with pytest.raises(MistakesError) as caught:
        problem_of(data, "cases.json")
    found = [(one.place, one.text_key) for one in caught.value.mistakes]
    assert (place, f"assignment.mistake-{slug}") in found
    assert caught.value.source == "cases.json"


def test_several_mistakes_are_told_at_once() -> None:
    data = deepcopy(GOOD)
    data["staff"][0]["capacity"] = -1
    data["cases"][0]["class"] = 9
    data["cases"][1]["holder"] = "cleo"
    with pytest.raises(MistakesError) as caught:
        problem_of(data)
    assert len(caught.value.mistakes) == 3


def test_of_very_many_mistakes_the_first_are_told_and_the_rest_is_counted() -> None:
    data = deepcopy(GOOD)
    data["cases"] = [{"id": f"c{index}", "class": -1} for index in range(200)]
    with pytest.raises(MistakesError) as caught:
        problem_of(data)
    assert len(caught.value.mistakes) == MOST_MISTAKES
    assert caught.value.left_out == 200 - MOST_MISTAKES


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (b"", "not-json"),
        (b'{"staff": [', "not-json"),
        (b'{"unit_minutes": NaN}', "not-json"),
        (b"[]", "not-object"),
        (b"\xff\xfe", "not-json"),
        (gzip.compress(b"{}" * 50, mtime=0)[:-9], "unreadable"),
        (b"\x1f\x8bnonsense", "unreadable"),
    ],
)
def test_a_file_that_is_no_json_is_refused(content: bytes, slug: str, tmp_path: Path) -> None:
    path = tmp_path / "problem.json"
    path.write_bytes(content)
    with pytest.raises(MistakesError) as caught:
        read_problem(path)
    assert [one.text_key for one in caught.value.mistakes] == [f"assignment.mistake-{slug}"]


def test_a_large_file_is_read_quickly(tmp_path: Path) -> None:
    path = tmp_path / "large.json.gz"
    write_problem(generate(Size(20_000, 200), 1), path)
    before = time.process_time()
    problem = read_problem(path)
    assert len(problem.cases) == 20_000
    assert time.process_time() - before < 1.0


PLAN = {"c0": "anna", "c1": None, "c2": "anna"}


def test_a_plan_is_read_with_what_is_said_of_it(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    stated = {"objective": {"cost": 3, "late": None}, "bound": {"cost": 2.5}}
    path.write_bytes(orjson.dumps({"plan": PLAN, **stated, "gap": 0.2}))
    plan = read_plan(path, problem_of(GOOD))
    assert plan.plan.tolist() == [0, NOBODY, 0]
    assert (plan.objective, plan.bound) == ({"cost": 3.0}, {"cost": 2.5})


def test_a_plan_may_stand_alone(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(orjson.dumps(PLAN))
    assert read_plan(path, problem_of(GOOD)).plan.tolist() == [0, NOBODY, 0]


@pytest.mark.parametrize(
    ("data", "place", "slug"),
    [
        ({"plan": {**PLAN, "c9": "anna"}}, "plan.c9", "plan-case"),
        ({"plan": {**PLAN, "c0": "cleo"}}, "plan.c0", "plan-person"),
        ({"plan": {**PLAN, "c0": 0}}, "plan.c0", "plan-person"),
        ({"plan": {"c0": "anna", "c2": "anna"}}, "plan.c1", "plan-missing"),
        ({"plan": PLAN, "objective": []}, "objective", "not-object"),
        ({"plan": PLAN, "bound": {"cost": "3"}}, "bound.cost", "not-number"),
    ],
)
def test_a_plan_for_something_else_is_refused(
    data: Data, place: str, slug: str, tmp_path: Path
) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(orjson.dumps(data))
    with pytest.raises(MistakesError) as caught:
        read_plan(path, problem_of(GOOD))
    found = [(one.place, one.text_key) for one in caught.value.mistakes]
    assert found == [(place, f"assignment.mistake-{slug}")]
