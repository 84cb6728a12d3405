"""Small problems drawn by chance, in which every rule may occur, and plans that keep the rules."""

import numpy as np

from services.assignment.checking import judge
from services.assignment.problem import NOBODY, UNLIMITED, Flags, Ints, Problem

EFFORTS = (0, 1, 2, 3, 4, 6, 8, 12, 16)


def drawn(seed: int, *, cases: int = 8, staff: int = 4, hard: bool | None = None) -> Problem:
    chance = np.random.default_rng(seed)
    classes = int(chance.integers(1, 5))
    eligible = chance.random((classes, staff)) < 0.7
    effort = chance.choice(EFFORTS, (classes, 1)) + np.zeros((1, staff), np.int64)
    if chance.random() < 0.3:
        effort = chance.choice(EFFORTS, (classes, staff))
    class_of = chance.integers(0, classes, cases)
    anybody = chance.integers(0, staff, (3, cases))
    often = chance.random((5, cases)) < 0.25
    fits = eligible[class_of, anybody]
    previous, holder, pinned = (
        np.where(often[row] & fits[row], anybody[row], NOBODY) for row in range(3)
    )
    excluded = {
        case: frozenset({int(chance.integers(0, staff))})
        for case in np.flatnonzero(often[3] & (pinned == NOBODY)).tolist()
    }
    weeks = int(chance.choice([0, 2]))
    until = np.cumsum(chance.integers(0, 12, (staff, weeks)), axis=1)
    due = chance.integers(0, 2, cases) if weeks else np.full(cases, UNLIMITED)
    most = np.where(chance.random(staff) < 0.3, chance.integers(1, 5, staff), UNLIMITED)
    most = np.where(
        most == UNLIMITED, most, most + np.bincount(pinned + 1, minlength=staff + 1)[1:]
    )
    capacity = chance.integers(10, 40, staff)
    capacity[chance.random(staff) < 0.1] = 0
    load = chance.integers(0, 15, staff)
    fixed = np.flatnonzero(pinned != NOBODY)
    kept = np.bincount(pinned[fixed], effort[class_of[fixed], pinned[fixed]], staff).astype(int)
    capacity = np.where(kept > 0, np.maximum(capacity, load + kept), capacity)
    return Problem(
        staff=tuple(f"s{one}" for one in range(staff)),
        cases=tuple(f"c{one}" for one in range(cases)),
        capacity=capacity,
        load=load,
        class_of=class_of,
        effort=effort,
        cost=chance.integers(0, 4, (classes, staff)),
        eligible=eligible,
        previous=previous,
        continuity_cost=int(chance.integers(0, 4)),
        excluded=excluded,
        pinned=pinned,
        holder=holder,
        most_moves=int(chance.choice([UNLIMITED, 2])),
        most_cases=most,
        due=np.where(often[4], due, UNLIMITED),
        capacity_until=until,
        hard_capacity=bool(chance.random() < 0.4) if hard is None else hard,
    )


def some_plan(problem: Problem, seed: int) -> Ints:
    """Return a plan that keeps every rule, and is not a good one."""
    chance = np.random.default_rng(seed)
    plan = problem.pinned.copy()
    for case in chance.permutation(len(problem.cases)).tolist():
        if plan[case] == NOBODY:
            for person in chance.permutation(len(problem.staff)).tolist():
                plan[case] = person
                if problem.capacity[person] > 0 and not rules_broken(problem, plan):
                    break
                plan[case] = NOBODY
    return plan


def allowed(problem: Problem, case: int) -> Flags:
    """Return who may take a case, whatever they bear."""
    may: Flags = problem.eligible[problem.class_of[case]] & (problem.capacity > 0)
    may[list(problem.excluded.get(case, ()))] = False
    if problem.pinned[case] != NOBODY:
        may &= np.arange(len(may)) == problem.pinned[case]
    return may


def rules_broken(problem: Problem, plan: Ints) -> list[str]:
    """Return what is wrong with a plan; the independent judge must think the same."""
    broken = _broken(problem, plan)
    assert judge(problem, plan).fine == (not broken), broken
    return broken


def _broken(problem: Problem, plan: Ints) -> list[str]:
    """Return it case by case and person by person."""
    pairs = list(enumerate(plan.tolist()))
    broken = [f"{case} stays" for case, who in pairs if problem.pinned[case] not in {NOBODY, who}]
    for case, person in pairs:
        eligible = person == NOBODY or problem.eligible[problem.class_of[case], person]
        if not eligible or person in problem.excluded.get(case, ()):
            broken.append(f"{case} not for {person}")
    for person in range(len(problem.staff)):
        broken += _broken_by(problem, person, [case for case, who in pairs if who == person])
    if problem.most_moves != UNLIMITED and levels(problem, plan)[4] > problem.most_moves:
        broken.append("too many moves")
    return broken


def _broken_by(problem: Problem, person: int, own: list[int]) -> list[str]:
    added = sum(int(problem.effort[problem.class_of[case], person]) for case in own)
    over = problem.load[person] + added > problem.capacity[person]
    limit = int(problem.most_cases[person])
    broken = [f"{person} has too many"] if limit != UNLIMITED and len(own) > limit else []
    if problem.hard_capacity and added and over:
        broken.append(f"{person} above the capacity")
    return broken


def levels(
    problem: Problem, plan: Ints, target: Ints | None = None
) -> tuple[int, int, float, int, int, int]:
    """Return unplaced, late, highest utilisation, seconds from the target, moves, cost."""
    loads, cost, moves = problem.load.astype(int).tolist(), 0, 0
    weeks = problem.capacity_until.shape[1]
    late = [[0] * weeks for _ in loads]
    for case, person in enumerate(plan.tolist()):
        if person == NOBODY:
            continue
        class_ = problem.class_of[case]
        loads[person] += int(problem.effort[class_, person])
        cost += int(problem.cost[class_, person])
        cost += problem.continuity_cost * (problem.previous[case] not in {NOBODY, person})
        moves += problem.holder[case] not in {NOBODY, person}
        for week in range(weeks):
            if problem.due[case] != UNLIMITED and problem.due[case] <= week:
                late[person][week] += int(problem.effort[class_, person])
    worst = 0
    for person, row in enumerate(late):
        over = [units - problem.capacity_until[person, week] for week, units in enumerate(row)]
        worst += max([0, *over])
    highest = max(
        (load / room for load, room in zip(loads, problem.capacity.tolist(), strict=True) if room),
        default=0.0,
    )
    seconds = problem.unit_minutes * 60
    away = 0
    if target is not None:
        pairs = zip(loads, target.tolist(), strict=True)
        away = sum(abs(load * seconds - aim) for load, aim in pairs)
    unplaced = int((plan == NOBODY).sum())
    return unplaced, int(worst), highest, int(away), int(moves), int(cost)
