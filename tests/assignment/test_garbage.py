"""Whatever stands in a file or a team: it is usable, or somebody is told what to mend."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from services.assignment.checking import judge
from services.assignment.domain.compiling import compile_team
from services.assignment.domain.team import team_of
from services.assignment.files import data_of, problem_of, read_plan
from services.assignment.mistakes import MistakesError
from services.assignment.problem import NOBODY
from services.text import Texts
from tests.assignment.drawing import Data, problems
from tests.assignment.test_domain import team

FIELDS = (
    *("id", "class", "effort", "cost", "eligible", "previous", "excluded", "pinned", "holder"),
    *("due", "capacity", "load", "most_cases", "capacity_until", "staff", "cases", "classes"),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 5),
    st.sampled_from([10**9, 10**9 + 1, 2**63, -(2**63), 10**25, 0.5, 1.0, "p0", "c0", "", "ä"]),
)
GARBAGE = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(FIELDS), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each container with a key of it: where something can be replaced."""
    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in pairs:
        yield data, key
        if isinstance(value, (dict, list)):
            yield from places(value)


@st.composite
def spoiled(draw: st.DrawFn, source: Any) -> Data:
    """Return JSON in which up to three things are replaced, added or taken out."""
    data: Data = deepcopy(draw(source))
    for _ in range(draw(st.integers(1, 3))):
        container, key = draw(st.sampled_from(list(places(data))))
        if isinstance(container, dict) and draw(st.integers(0, 3)) == 0:
            del container[key]
        elif isinstance(container, dict) and draw(st.integers(0, 3)) == 0:
            container[draw(st.sampled_from(FIELDS))] = draw(GARBAGE)
        else:
            container[key] = draw(GARBAGE)
        if not data:
            break
    return data


def is_told(error: MistakesError, texts: Texts) -> None:
    assert error.mistakes
    for one in error.mistakes:
        assert texts.of("de")(one.text_key, **one.params)


@settings(max_examples=600, deadline=None)
@given(data=spoiled(problems(own=True)))
def test_a_spoiled_problem_is_usable_or_refused_in_words(data: Data, texts: Texts) -> None:
    try:
        problem = problem_of(data)
    except MistakesError as error:
        is_told(error, texts)
        return
    judge(problem, np.full(len(problem.cases), NOBODY))
    assert problem_of(orjson.loads(orjson.dumps(data_of(problem)))).cases == problem.cases


PLAN = st.just({"plan": {"c0": "p0", "c1": None}, "objective": {"cost": 1}, "bound": {}})


@settings(max_examples=200, deadline=None)
@given(data=st.one_of(spoiled(PLAN), GARBAGE))
def test_a_spoiled_plan_is_usable_or_refused_in_words(
    data: Any, texts: Texts, tmp_path_factory: Any
) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "spoiled-plan.json"
    try:
        path.write_bytes(orjson.dumps(data))
    except TypeError:  # a number that JSON's writer does not know
        return
    problem = problem_of(
        {
            "staff": [{"id": "p0", "capacity": 3}],
            "classes": [{"effort": 1, "eligible": [0], "cost": [0]}],
            "cases": [{"id": "c0", "class": 0}, {"id": "c1", "class": 0}],
        }
    )
    try:
        stated = read_plan(path, problem)
    except MistakesError as error:
        is_told(error, texts)
        return
    judge(problem, stated.plan, objective=stated.objective, bound=stated.bound)


TEAM = team(
    [
        {"languages": ["ar"], "absences": [{"first": "2026-11-30", "last": "2026-12-04"}]},
        {"deputies": ["a"], "started_on": "2026-10-01", "balance": [3, -4], "clients": ["kl-77"]},
    ],
    [
        {"language": "ar", "accepted_by": "a", "client": "kl-77"},
        {"exclusions": [{"person": "b", "bar": "law"}], "deadline": "2026-12-10"},
    ],
)


@settings(max_examples=400, deadline=None)
@given(data=spoiled(st.just(TEAM)))
def test_a_spoiled_team_is_usable_or_refused_in_words(data: Data, texts: Texts) -> None:
    try:
        checked = team_of(data)
    except MistakesError as error:
        is_told(error, texts)
        return
    found = compile_team(checked, date(2026, 11, 23))
    problem_of(data_of(found.problem))
