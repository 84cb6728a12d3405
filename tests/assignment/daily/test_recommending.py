"""One new case: the order of proposals, the reasons, and by how much less somebody is first."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from services.assignment.daily.barriers import BARRED, Barrier
from services.assignment.daily.explaining import NEVER
from services.assignment.daily.incoming import incoming, of_problem
from services.assignment.daily.ranking import best, keys, ranked
from services.assignment.daily.recommending import Recommendation, recommend
from services.assignment.daily.standing import Standing
from services.assignment.problem import NOBODY, UNLIMITED, Ints, Problem
from tests.assignment.daily.drawing import allowed, drawn, levels, rules_broken, some_plan

SEEDS = range(100)


def with_open_case(seed: int) -> tuple[Problem, Ints, int]:
    """Return a problem and a plan in which one case waits."""
    problem = drawn(seed)
    case = seed % len(problem.cases)
    if problem.pinned[case] != NOBODY:
        pinned = problem.pinned.copy()
        pinned[case] = NOBODY
        problem = replace(problem, pinned=pinned)
    plan = some_plan(problem, seed)
    plan[case] = NOBODY
    return problem, plan, case


def asked(problem: Problem, plan: Ints, case: int) -> Recommendation:
    return recommend(Standing(problem, plan), of_problem(problem, case), most=99)


def exact_order(problem: Problem, plan: Ints, case: int) -> list[int]:
    """Return who may take a case in the promised order, by fractions and whole plans."""
    limited = replace(problem, most_moves=UNLIMITED)

    def key(person: int) -> tuple[int, Fraction, Fraction, int, int]:
        after = plan.copy()
        after[case] = person
        loads = [
            int(problem.load[one] + sum(problem.effort[problem.class_of[after == one], one]))
            for one in range(len(problem.staff))
        ]
        rooms = problem.capacity.tolist()
        shares = [Fraction(load, room) for load, room in zip(loads, rooms, strict=True) if room]
        squares = [
            Fraction(load * load, room) for load, room in zip(loads, rooms, strict=True) if room
        ]
        _, late, _, _, _, cost = levels(problem, after)
        return late, max(shares), sum(squares, Fraction(0)), cost, person

    def possible(person: int) -> bool:
        after = plan.copy()
        after[case] = person
        return bool(allowed(problem, case)[person]) and not rules_broken(limited, after)

    return sorted(filter(possible, range(len(problem.staff))), key=key)


@pytest.mark.parametrize("seed", SEEDS)
def test_order_is_that_of_whole_plans_in_exact_arithmetic(seed: int) -> None:
    problem, plan, case = with_open_case(seed)
    found = asked(problem, plan, case)
    assert [row.person for row in found.rows] == exact_order(problem, plan, case)


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_say_what_the_team_looks_like_afterwards(seed: int) -> None:
    problem, plan, case = with_open_case(seed)
    _, late, _, _, _, cost = levels(problem, plan)
    for row in asked(problem, plan, case).rows:
        after = plan.copy()
        after[case] = row.person
        _, late_after, highest, _, _, cost_after = levels(problem, after)
        assert (row.late, row.highest, row.cost) == (late_after - late, highest, cost_after - cost)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_quick_best_is_the_first(seed: int) -> None:
    problem, plan, case = with_open_case(seed)
    standing, asking = Standing(problem, plan), of_problem(problem, case)
    found, against = keys(standing, asking), standing.against(asking)
    assert best(found, against) == next(iter(ranked(found, against).tolist()), NOBODY)


def test_at_most_so_many_rows_and_none_without_anybody() -> None:
    problem = drawn(3)
    plan = some_plan(problem, 3)
    standing = Standing(problem, plan)
    everybody = replace(incoming(problem, 0), against=np.zeros(4, np.uint16))
    assert len(recommend(standing, everybody, most=2).rows) <= 2
    nobody = replace(everybody, against=np.full(4, Barrier.NOT_ELIGIBLE, np.uint16))
    found = recommend(standing, nobody)
    assert found.rows == ()
    assert found.repair is None
    assert (found.explanation.minutes == NEVER).all()


def flipped(problem: Problem, plan: Ints, case: int, person: int, code: Barrier) -> Problem:
    """Return the problem with just the one fact changed that a code names."""
    class_ = problem.class_of[case]
    if code == Barrier.NOT_ELIGIBLE:
        eligible = problem.eligible.copy()
        eligible[class_, person] = True
        return replace(problem, eligible=eligible)
    if code == Barrier.EXCLUDED:
        barred = problem.excluded[case] - {person}
        return replace(problem, excluded={**problem.excluded, case: barred})
    if code == Barrier.PINNED_ELSEWHERE:
        pinned = problem.pinned.copy()
        pinned[case] = NOBODY
        return replace(problem, pinned=pinned)
    if code == Barrier.CASE_LIMIT:
        most = problem.most_cases.copy()
        most[person] += 1
        return replace(problem, most_cases=most)
    capacity = problem.capacity.copy()
    if code == Barrier.NOT_THERE:
        capacity[person] = 1
        return replace(problem, capacity=capacity)
    added = sum(problem.effort[problem.class_of[plan == person], person])
    capacity[person] = problem.load[person] + added + problem.effort[class_, person]
    return replace(problem, capacity=capacity)


def test_each_barrier_vanishes_with_just_its_fact() -> None:
    seen = Barrier(0)
    for seed in SEEDS:
        problem, plan, case = with_open_case(seed)
        if seed % 5 == 0:
            problem.pinned[case] = np.flatnonzero(problem.capacity > 0)[0]
        codes = asked(problem, plan, case).explanation.codes
        for person, whole in enumerate(codes.tolist()):
            for code in Barrier(whole) & BARRED:
                other = flipped(problem, plan, case, person, code)
                after = Barrier(int(asked(other, plan, case).explanation.codes[person]))
                assert code not in after
                rest = Barrier(whole) & BARRED & ~code
                assert after & rest & ~Barrier.CAPACITY == rest & ~Barrier.CAPACITY
                seen |= code
    assert seen == BARRED


def test_what_ranks_somebody_lower_vanishes_with_just_its_fact() -> None:
    """Same late units, utilisation, load or cost as the first, and the reason is another one."""
    seen = Barrier(0)
    for seed in range(400):
        problem, plan, case = with_open_case(seed)
        standing, asking = Standing(problem, plan), of_problem(problem, case)
        found = recommend(standing, asking, most=99)
        if not found.rows:
            continue
        first = found.rows[0].person
        for row in found.rows[1:]:
            code = Barrier(int(found.explanation.codes[row.person]))
            lead = found.rows[0]
            pairs = {
                Barrier.TOO_LATE: (lead.late, row.late),
                Barrier.FULLER: (lead.highest, row.highest),
                Barrier.LESS_EVEN: (lead.increase, row.increase),
                Barrier.DEARER: (lead.cost, row.cost),
            }
            smaller = [step for step, (mine, theirs) in pairs.items() if mine != theirs]
            expected = smaller[0] if smaller else Barrier.EQUAL
            assert code == expected
            if code == Barrier.DEARER:
                cost = asking.cost.copy()
                cost[row.person] = cost[first] - 1
                turned = recommend(standing, replace(asking, cost=cost), most=99)
                assert turned.explanation.codes[row.person] != Barrier.DEARER
            if code == Barrier.TOO_LATE:
                turned = recommend(standing, replace(asking, due=UNLIMITED), most=99)
                assert turned.explanation.codes[row.person] != Barrier.TOO_LATE
            seen |= code
    everything = Barrier.TOO_LATE | Barrier.FULLER | Barrier.LESS_EVEN | Barrier.DEARER
    assert seen == everything | Barrier.EQUAL


def lowered(problem: Problem, person: int, units: int) -> Problem:
    load = problem.load.copy()
    load[person] -= units
    return replace(problem, load=load)


def is_first(problem: Problem, plan: Ints, case: int, person: int) -> bool:
    rows = asked(problem, plan, case).rows
    return bool(rows) and rows[0].person == person


def test_so_much_less_makes_first_and_one_unit_more_does_not() -> None:
    turned = never = of_the_fullest = 0
    for seed in range(250):
        problem, plan, case = with_open_case(seed)
        found = asked(problem, plan, case)
        standing = Standing(problem, plan)
        for person, minutes in enumerate(found.explanation.minutes.tolist()):
            if minutes == NEVER:
                whole = int(standing.loads[person])
                assert not is_first(lowered(problem, person, whole), plan, case, person)
                never += 1
                continue
            units, rest = divmod(minutes, problem.unit_minutes)
            assert rest == 0
            assert is_first(lowered(problem, person, units), plan, case, person)
            if units:
                assert not is_first(lowered(problem, person, units - 1), plan, case, person)
                turned += 1
                share = standing.utilisation(standing.loads)
                of_the_fullest += share[person] == standing.highest
    assert min(turned, never, of_the_fullest) > 20


def repairs(problem: Problem, plan: Ints, case: int, first: int) -> list[tuple[float, int]]:
    """Return the highest utilisation and cost after every change of one case of the first."""
    after = plan.copy()
    after[case] = first
    before = levels(problem, after)
    moves_of_new = levels(problem, after)[4] - levels(problem, plan)[4]
    roomy = replace(
        problem,
        most_moves=UNLIMITED
        if problem.most_moves == UNLIMITED
        else problem.most_moves + moves_of_new,
    )
    found = []
    for other in np.flatnonzero(plan == first).tolist():
        for taker in range(len(problem.staff)):
            if taker == first or problem.capacity[taker] <= 0:
                continue
            changed = after.copy()
            changed[other] = taker
            _, late, highest, _, _, cost = levels(problem, changed)
            if late <= before[1] and not rules_broken(roomy, changed):
                found.append((highest, cost - levels(problem, plan)[5]))
    return found


def test_repair_is_the_best_change_of_one_case_and_only_where_it_helps() -> None:
    offered = 0
    for seed in range(400):
        problem, plan, case = with_open_case(seed)
        if problem.capacity_until.shape[1]:
            problem = replace(problem, due=np.full(len(plan), UNLIMITED))
        standing, asking = Standing(problem, plan), of_problem(problem, case)
        found = recommend(standing, asking)
        if not found.rows:
            continue
        first = found.rows[0]
        possible = min(repairs(problem, plan, case, first.person), default=(np.inf, 0))
        if found.repair is None:
            assert possible[0] >= first.highest or first.highest == standing.highest
            continue
        assert (found.repair.highest, found.repair.cost) == possible
        assert possible[0] < first.highest
        assert problem.pinned[found.repair.case] == NOBODY
        assert plan[found.repair.case] == first.person
        offered += 1
    assert offered > 10


def test_standing_follows_single_changes_as_if_counted_anew() -> None:
    for seed in range(60):
        problem = drawn(seed)
        standing = Standing(problem, some_plan(problem, seed))
        chance = np.random.default_rng(seed)
        for _ in range(20):
            case = int(chance.integers(0, len(problem.cases)))
            if standing.plan[case] == NOBODY:
                standing.place(case, int(chance.integers(0, len(problem.staff))))
            else:
                standing.remove(case)
            anew = Standing(problem, standing.plan)
            assert standing.loads.tolist() == anew.loads.tolist()
            assert standing.counts.tolist() == anew.counts.tolist()
            assert standing.due.tolist() == anew.due.tolist()
            assert (standing.moves, standing.highest) == (anew.moves, anew.highest)


def test_a_case_from_outside_counts_from_then_on() -> None:
    problem = drawn(5)
    standing = Standing(problem, some_plan(problem, 5))
    asking = replace(incoming(problem, 0), effort=np.array([7, 7, 7, 7]))
    before = standing.loads.copy()
    standing.take_in(asking, 2)
    assert (standing.loads - before).tolist() == [0, 0, 7, 0]


@pytest.mark.parametrize("plan", [[0], [9] * 8, [-2] * 8])
def test_a_plan_that_cannot_be_is_refused(plan: list[int]) -> None:
    with pytest.raises(ValueError, match="for each case"):
        Standing(drawn(1), np.array(plan))


def one_class(staff: int, cases: int) -> Problem:
    """Return a problem in which everybody may take everything for two units."""
    return Problem(
        staff=tuple(f"s{one}" for one in range(staff)),
        cases=tuple(f"c{one}" for one in range(cases)),
        capacity=np.full(staff, 10),
        load=np.zeros(staff, np.int64),
        class_of=np.zeros(cases, np.int64),
        effort=np.full((1, staff), 2),
        cost=np.zeros((1, staff), np.int64),
        eligible=np.ones((1, staff), np.bool_),
        previous=np.full(cases, NOBODY),
    )


def test_no_repair_that_would_make_work_late() -> None:
    """The first may give a case away, but the other has no time until its week."""
    problem = replace(
        one_class(2, 1), due=np.array([0]), capacity_until=np.array([[9, 9], [0, 9]])
    )
    asking = replace(incoming(problem, 0), effort=np.array([2, 9]))
    free = replace(problem, due=np.array([UNLIMITED]))
    repair = recommend(Standing(free, np.array([0])), asking).repair
    assert repair is not None
    assert (repair.case, repair.taker) == (0, 1)
    assert recommend(Standing(problem, np.array([0])), asking).repair is None


def test_a_case_that_costs_nothing_fits_beside_an_overload_that_was_there() -> None:
    problem = replace(one_class(2, 1), load=np.array([12, 8]), hard_capacity=True)
    standing = Standing(problem, np.array([NOBODY]))
    nothing = replace(incoming(problem, 0), effort=np.array([0, 0]))
    assert standing.against(nothing).tolist() == [0, 0]
    assert standing.against(incoming(problem, 0)).tolist() == [Barrier.CAPACITY, 0]
