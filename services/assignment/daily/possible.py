"""Whether a selection of a problem's facts can hold together."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np

from services.assignment.daily.facts import Fact, Rule
from services.assignment.daily.searching import FREE, Question, can_be_placed
from services.assignment.problem import NO_EXCLUSIONS, NOBODY, UNLIMITED, Flags, Ints, Problem

Oracle = Callable[[Problem], bool | None]
"""Says whether all cases of a problem can be placed; None if it does not know."""


def hold_together(
    problem: Problem,
    facts: Iterable[Fact],
    oracle: Oracle | None = None,
    more: Mapping[Fact, int] | None = None,
) -> bool | None:
    """Return whether facts can hold together; None if that was not found out.

    `oracle` is asked where the own search gives up. `more` loosens limits: so many cases, or
    units, more than the fact says.
    """
    by_rule: dict[Rule, list[Fact]] = {rule: [] for rule in Rule}
    for fact in facts:
        by_rule[fact.rule].append(fact)
    cases = sorted(fact.case for fact in by_rule[Rule.PLACED])
    if not cases:
        return True
    question = Question(
        _who(problem, cases, by_rule),
        problem.effort[problem.class_of[cases]],
        _most(problem, by_rule[Rule.MOST_CASES], more or {}),
        _room(problem, by_rule[Rule.CAPACITY], more or {}),
    )
    found = can_be_placed(question)
    if found is None and oracle is not None:
        return oracle(_as_problem(problem, cases, question))
    return found


def _who(problem: Problem, cases: list[int], by_rule: Mapping[Rule, list[Fact]]) -> Flags:
    row = np.full(len(problem.cases), NOBODY)
    row[cases] = np.arange(len(cases))
    who = np.ones((len(cases), len(problem.staff)), np.bool_)
    bound = np.array([fact.case for fact in by_rule[Rule.ELIGIBLE]], np.int64)
    bound = bound[row[bound] != NOBODY]
    who[row[bound]] = problem.eligible[problem.class_of[bound]] & (problem.capacity > 0)
    for fact in by_rule[Rule.EXCLUDED]:
        if row[fact.case] != NOBODY:
            who[row[fact.case], fact.person] = False
    for fact in by_rule[Rule.PINNED]:
        if row[fact.case] != NOBODY:
            who[row[fact.case]] &= np.arange(len(problem.staff)) == fact.person
    return who


def _most(problem: Problem, facts: list[Fact], more: Mapping[Fact, int]) -> Ints:
    most = np.full(len(problem.staff), FREE)
    for fact in facts:
        most[fact.person] = problem.most_cases[fact.person] + more.get(fact, 0)
    return most


def _room(problem: Problem, facts: list[Fact], more: Mapping[Fact, int]) -> Ints:
    room = np.full(len(problem.staff), FREE)
    for fact in facts:
        own = problem.capacity[fact.person] - problem.load[fact.person]
        room[fact.person] = own + more.get(fact, 0)
    return room


def _as_problem(problem: Problem, cases: list[int], question: Question) -> Problem:
    """Return the question as a problem in which each case is a class of its own."""
    count, nobody = len(cases), np.full(len(cases), NOBODY)
    return replace(
        problem,
        cases=tuple(problem.cases[case] for case in cases),
        class_of=np.arange(count),
        effort=question.effort,
        cost=np.zeros(question.effort.shape, np.int64),
        eligible=question.may,
        capacity=np.maximum(problem.load + question.room, 0),
        previous=nobody,
        excluded=NO_EXCLUSIONS,
        pinned=nobody,
        holder=nobody,
        most_moves=UNLIMITED,
        most_cases=np.where(question.most >= FREE, UNLIMITED, question.most),
        due=nobody,
        hard_capacity=True,
    )
