"""Conflicts: nothing in them is beside the point, and the way out is as short as it says."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from services.assignment.daily.conflicts import Conflict, find_conflict
from services.assignment.daily.facts import Fact, Rule, facts_of
from services.assignment.problem import NOBODY, UNLIMITED, Problem
from tests.assignment.daily.drawing import drawn

SEEDS = range(250)


def can_hold(problem: Problem, facts: Iterable[Fact], more: dict[Fact, int] | None = None) -> bool:
    """Return by trying all plans whether facts can hold together."""
    among, more = list(facts), more or {}
    cases = [fact.case for fact in among if fact.rule is Rule.PLACED]
    return any(
        all(_holds(problem, fact, dict(zip(cases, plan, strict=True)), more) for fact in among)
        for plan in product(range(len(problem.staff)), repeat=len(cases))
    )


def _holds(problem: Problem, fact: Fact, plan: dict[int, int], more: dict[Fact, int]) -> bool:
    person = plan.get(fact.case, NOBODY)
    if fact.rule is Rule.ELIGIBLE and person != NOBODY:
        may = problem.eligible[problem.class_of[fact.case], person]
        return bool(may and problem.capacity[person] > 0)
    if fact.rule is Rule.EXCLUDED:
        return person != fact.person
    if fact.rule is Rule.PINNED:
        return person in {NOBODY, fact.person}
    own = [case for case, who in plan.items() if who == fact.person]
    if fact.rule is Rule.MOST_CASES:
        return len(own) <= problem.most_cases[fact.person] + more.get(fact, 0)
    if fact.rule is Rule.CAPACITY:
        added = sum(int(problem.effort[problem.class_of[case], fact.person]) for case in own)
        room = problem.capacity[fact.person] - problem.load[fact.person] + more.get(fact, 0)
        return added == 0 or added <= room
    return True


def tight(seed: int) -> Problem:
    """Return a small problem in which pins may break rules and limits are close."""
    problem = drawn(seed, cases=5, staff=3)
    chance = np.random.default_rng(seed + 1000)
    pinned = np.where(chance.random(5) < 0.2, chance.integers(0, 3, 5), NOBODY)
    most = np.where(chance.random(3) < 0.5, chance.integers(0, 3, 3), UNLIMITED)
    return replace(problem, pinned=pinned, most_cases=most)


@pytest.fixture(scope="module")
def found() -> list[tuple[Problem, Conflict | None]]:
    return [(problem, find_conflict(problem)) for problem in map(tight, SEEDS)]


Found = list[tuple[Problem, Conflict | None]]


def test_there_is_a_conflict_exactly_where_no_plan_places_all_cases(found: Found) -> None:
    for problem, conflict in found:
        assert (conflict is None) == can_hold(problem, facts_of(problem))
    assert 30 < sum(conflict is None for _, conflict in found) < 220


def test_without_any_one_fact_the_others_hold(found: Found) -> None:
    rules = set()
    for problem, conflict in found:
        if conflict is None:
            continue
        assert conflict.smallest
        assert not can_hold(problem, conflict.facts)
        for fact in conflict.facts:
            assert can_hold(problem, [one for one in conflict.facts if one != fact])
            rules.add(fact.rule)
    assert rules == set(Rule)


def test_a_way_out_is_enough_and_one_less_is_not(found: Found) -> None:
    seen = set()
    for problem, conflict in found:
        for way in conflict.relaxations if conflict else ():
            facts = facts_of(problem)
            if way.fact.rule not in {Rule.MOST_CASES, Rule.CAPACITY}:
                assert way.amount == 0
                assert way.enough == can_hold(problem, [one for one in facts if one != way.fact])
                continue
            unit = problem.unit_minutes if way.fact.rule is Rule.CAPACITY else 1
            amount = way.amount // unit
            among = facts if way.enough or conflict is None else conflict.facts
            assert can_hold(problem, among, {way.fact: amount})
            assert not can_hold(problem, among, {way.fact: amount - 1})
            if not way.enough:
                assert not can_hold(problem, facts, {way.fact: 1000})
            seen.add((way.fact.rule, way.enough, amount > 1))
    assert {(Rule.CAPACITY, True, True), (Rule.MOST_CASES, True, False)} < seen


def test_nobody_is_asked_to_lift_an_exclusion_or_a_qualification(found: Found) -> None:
    proposed = {way.fact.rule for _, one in found if one for way in one.relaxations}
    assert proposed == {Rule.MOST_CASES, Rule.CAPACITY, Rule.PINNED, Rule.PLACED}


def test_ways_that_are_enough_come_first(found: Found) -> None:
    for _, conflict in found:
        enough = [way.enough for way in conflict.relaxations] if conflict else []
        assert enough == sorted(enough, reverse=True)


def hard_to_pack(cases: int) -> Problem:
    """Return cases of 3 units for persons with 5 each: by volume they fit, whole they do not."""
    persons = cases - 1
    return Problem(
        staff=tuple(f"s{one}" for one in range(persons)),
        cases=tuple(f"c{one}" for one in range(cases)),
        capacity=np.full(persons, 5),
        load=np.zeros(persons, np.int64),
        class_of=np.arange(cases),
        effort=np.full((cases, persons), 3),
        cost=np.zeros((cases, persons), np.int64),
        eligible=np.ones((cases, persons), np.bool_),
        previous=np.full(cases, NOBODY),
        hard_capacity=True,
    )


def test_whole_cases_are_searched_and_not_only_volumes() -> None:
    conflict = find_conflict(hard_to_pack(5))
    assert conflict is not None
    assert conflict.smallest
    assert len([fact for fact in conflict.facts if fact.rule is Rule.PLACED]) == 5
    way = conflict.relaxations[0]
    assert (way.fact.rule, way.amount, way.enough) == (Rule.CAPACITY, 15, True)


def test_where_the_search_gives_up_another_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.assignment.daily.searching.MOST_SEARCHED", 3)
    problem = hard_to_pack(5)
    assert find_conflict(problem) is None
    asked = []

    def whole_cases(question: Problem) -> bool:
        asked.append(len(question.cases))
        return bool((question.capacity // 3).sum() >= len(question.cases))

    conflict = find_conflict(problem, whole_cases)
    assert conflict is not None
    assert conflict.smallest
    assert set(asked) == {4, 5}


def test_the_search_forgets_no_dead_end() -> None:
    """Eight alike persons can be tried in more than a hundred million orders."""
    conflict = find_conflict(hard_to_pack(9))
    assert conflict is not None
    assert conflict.smallest
