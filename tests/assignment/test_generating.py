"""Made-up problems are valid, look like an office's, and come from their seed alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.assignment.checking import judge
from services.assignment.files import problem_of
from services.assignment.generating import LANGUAGES, TYPES, Size, generate
from services.assignment.problem import NOBODY, UNLIMITED


@settings(max_examples=80, deadline=None)
@given(
    size=st.builds(
        Size,
        cases=st.integers(1, 120),
        staff=st.integers(1, 30),
        weeks=st.integers(0, 5),
        limited=st.booleans(),
        held=st.sampled_from([0.0, 0.5, 1.0]),
    ),
    seed=st.integers(0, 2**31 - 1),
)
def test_every_made_up_problem_is_valid_and_can_be_placed(size: Size, seed: int) -> None:
    problem = problem_of(generate(size, seed))
    assert (len(problem.cases), len(problem.staff)) == (size.cases, size.staff)
    assert judge(problem, np.full(size.cases, NOBODY)).bounds["unplaced"] == 0
    assert problem.capacity_until.shape[1] == size.weeks
    assert (problem.most_cases != UNLIMITED).all() == size.limited
    if size.limited:
        assert problem.most_cases.sum() >= size.cases
    if size.held == 1:
        assert (problem.holder != NOBODY).all()


def test_the_seed_alone_decides() -> None:
    size = Size(300, 15, weeks=3, limited=True, held=0.5)
    assert generate(size, 7) == generate(size, 7)
    assert generate(size, 7) != generate(size, 8)


@pytest.mark.parametrize("seed", range(3))
def test_a_made_up_office_has_the_shares_of_a_real_one(seed: int) -> None:
    data = generate(Size(4000, 60), seed)
    problem = problem_of(data)
    n, m = 4000, 60
    kinds = [data["classes"][case["class"]] for case in data["cases"]]
    assert {kind["type"] for kind in kinds} == {name for name, *_ in TYPES}
    assert {kind["district"] for kind in kinds} == set(range(24))
    assert {kind["language"] for kind in kinds} == set(LANGUAGES)
    foreign = sum(kind["language"] is not None for kind in kinds) / n
    assert foreign == pytest.approx(0.08, abs=0.02)
    assert (problem.previous != NOBODY).mean() == pytest.approx(0.15, abs=0.03)
    assert len(problem.excluded) / n == pytest.approx(0.01, abs=0.007)
    work = problem.effort[problem.class_of, 0].sum()
    utilisation = (problem.load.sum() + work) / problem.capacity.sum()
    assert utilisation == pytest.approx(0.85, abs=0.01)
    share = problem.load / problem.capacity
    assert share.min() > 0.19
    assert share.max() < 0.51
    assert len(set(problem.capacity.tolist())) > 1, "some work part time"
    assert len(data["staff"]) == m


@pytest.mark.parametrize(("staff", "districts"), [(12, 3), (40, 6), (200, 24), (500, 60)])
def test_larger_offices_have_more_districts(staff: int, districts: int) -> None:
    data = generate(Size(2000, staff), 1)
    assert max(one["district"] for one in data["classes"]) == districts - 1


@pytest.mark.parametrize(
    "wrong",
    [{"cases": 0}, {"staff": 0}, {"held": 1.1}, {"held": -0.1}, {"weeks": -1}, {"staff": 10**6}],
)
def test_an_impossible_size_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"share|least one"):
        Size(**{"cases": 5, "staff": 2, **wrong})  # type: ignore[arg-type]
