"""From a team on a day to a problem: every rule of the catalogue, with its counter-example."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.assignment.checking import judge
from services.assignment.domain.capacity import capacity_by_week, due_week, free_by_week
from services.assignment.domain.compiling import Compiled, Remark, compile_team
from services.assignment.domain.deputies import choose_deputies
from services.assignment.domain.kinds import DeadlineRule
from services.assignment.domain.reasons import Reason
from services.assignment.domain.staff import Absence, Person
from services.assignment.domain.team import Policy, team_of
from services.assignment.files import data_of, problem_of
from services.assignment.mistakes import MistakesError
from services.assignment.problem import NOBODY, UNLIMITED

Data = dict[str, Any]
MONDAY = date(2026, 11, 23)
REPORT = {
    "id": "bericht",
    "name": {"de": "Bericht", "en": "Report"},
    "effort": {"least": 8, "default": 24, "most": 48},
    "deadline": {"kind": "court"},
    "qualification": "recht",
}
CERTIFICATE = {
    "id": "beglaubigung",
    "name": {"de": "Beglaubigung", "en": "Certificate"},
    "effort": {"least": 1, "default": 1, "most": 2},
    "deadline": {"kind": "appointment"},
    "signature": True,
}
CAN: Data = {"qualifications": ["recht"], "hours": 40}


def team(staff: list[Data], cases: list[Data], weights: Data | None = None, **policy: Any) -> Data:
    return {
        "types": [REPORT, CERTIFICATE],
        "weights": {"team": "betreuung", "version": 1, **(weights or {})},
        "policy": {"weeks": 4, "reserve": 0, **policy},
        "staff": [{"id": name, **CAN, **row} for name, row in zip("abcdef", staff, strict=False)],
        "cases": [
            {"id": f"F-{index}", "type": "bericht", **row} for index, row in enumerate(cases)
        ],
    }


def compiled(*arguments: Any, **policy: Any) -> Compiled:
    return compile_team(team_of(team(*arguments, **policy)), MONDAY)


def test_a_plain_team_becomes_a_problem() -> None:
    found = compiled([{}, {"hours": 20}], [{}, {"effort": 10}])
    problem = found.problem
    assert (problem.staff, problem.cases) == (("a", "b"), ("F-0", "F-1"))
    assert problem.capacity.tolist() == [4 * 40 * 4, 4 * 20 * 4]
    assert problem.effort[problem.class_of, 0].tolist() == [24, 10]
    assert problem.eligible[problem.class_of].all()
    assert problem.same_for_all
    assert problem.unit_minutes == 15
    assert found.remarks == ()
    assert found.plan_by_id(np.array([1, NOBODY])) == {"F-0": "b", "F-1": None}


def test_agreed_weights_go_before_defaults_and_say_so() -> None:
    agreed = {"agreed_on": "2026-10-01", "agreed_by": "DV 3/2026", "efforts": {"bericht": 30}}
    found = compiled([{}], [{}], {**agreed, "version": 7})
    assert found.problem.effort[0, 0] == 30
    assert (found.agreed, found.weights_version) == (True, 7)
    assert not compiled([{}], [{}]).agreed
    assert not compiled([{}], [{}], {"agreed_on": "2026-10-01"}).agreed


REASONS = [
    ({"qualifications": []}, {}, Reason.QUALIFICATION),
    ({}, {"qualification": "kinder"}, Reason.QUALIFICATION),
    ({}, {"type": "beglaubigung"}, Reason.SIGNATURE),
    ({"started_on": "2026-11-01", "blocked_types": ["bericht"]}, {}, Reason.STILL_NEW),
    ({"absences": [{"first": "2026-11-01", "last": "2026-12-31"}]}, {}, Reason.NOT_THERE),
    ({"hours": 0}, {}, Reason.NOT_THERE),
    ({}, {"exclusions": [{"person": "a", "bar": "law"}]}, Reason.EXCLUDED_BY_LAW),
    (
        {},
        {
            "exclusions": [
                {"person": "a", "bar": "ordered", "order": "V 12", "ordered_on": "2026-11-02"}
            ]
        },
        Reason.EXCLUDED_BY_ORDER,
    ),
    ({}, {"language": "uk"}, Reason.LANGUAGE),
]
ABLE = {"qualifications": ["recht", "kinder"], "may_sign": True, "languages": ["uk"]}


@pytest.mark.parametrize(("person", "case", "reason"), REASONS)
def test_what_stands_against_somebody_is_named_and_holds(
    person: Data, case: Data, reason: Reason
) -> None:
    found = compiled([person, ABLE], [case])
    problem = found.problem
    assert found.reasons.of(0, 0) == reason
    assert found.reasons.of(0, 1) == Reason(0)
    assert judge(problem, np.array([1])).fine
    assert not judge(problem, np.array([0])).fine


@pytest.mark.parametrize(("person", "case", "reason"), REASONS)
def test_without_just_that_fact_nothing_stands_against_them(
    person: Data, case: Data, reason: Reason
) -> None:
    found = compiled([{**ABLE, "hours": 40}, ABLE], [{**case, "exclusions": []}])
    assert found.reasons.of(0, 0) == Reason(0)
    assert judge(found.problem, np.array([0])).fine


def test_somebody_new_may_take_other_types() -> None:
    new = {"started_on": "2026-11-01", "blocked_types": ["beglaubigung"]}
    assert compiled([new], [{}]).reasons.of(0, 0) == Reason(0)


def test_after_the_first_months_nothing_is_blocked() -> None:
    settled = {"started_on": "2026-08-01", "blocked_types": ["bericht"]}
    assert compiled([settled], [{}]).reasons.of(0, 0) == Reason(0)


def test_without_a_speaker_an_interpreter_comes_along() -> None:
    found = compiled([{}, {"languages": ["ar"]}], [{"language": "uk"}, {"language": "ar"}])
    problem = found.problem
    assert found.remarks == ((0, Remark.INTERPRETER),)
    assert problem.effort[problem.class_of, 0].tolist() == [24 + 4, 24]
    assert problem.eligible[problem.class_of].tolist() == [[True, True], [False, True]]


def test_a_speaker_who_must_not_take_the_case_is_no_speaker() -> None:
    case = {"language": "ar", "exclusions": [{"person": "b", "bar": "law"}]}
    found = compiled([{}, {"languages": ["ar"]}], [case, {"language": "ar"}])
    assert found.remarks == ((0, Remark.INTERPRETER),)
    assert judge(found.problem, np.array([0, 1])).fine
    assert not judge(found.problem, np.array([1, 1])).fine


def test_the_speaker_s_capacity_counts() -> None:
    away = [{"first": "2026-11-01", "last": "2026-12-31"}]
    found = compiled([{}, {"languages": ["ar"], "absences": away}], [{"language": "ar"}])
    assert found.remarks == ((0, Remark.INTERPRETER),)


CAPACITIES = [
    ({}, 4 * 160),
    ({"hours": 30}, 4 * 120),
    ({"blocked_hours": 10}, 4 * 120),
    ({"absences": [{"first": "2026-11-23", "last": "2026-11-27"}]}, 3 * 160),
    ({"absences": [{"first": "2026-11-28", "last": "2026-11-29"}]}, 4 * 160),  # a weekend
    ({"started_on": "2026-11-23"}, round(4 * 160 * 0.4)),
    ({"started_on": "2026-10-23"}, round(4 * 160 * 0.6)),
    ({"started_on": "2026-11-30"}, round(3 * 160 * 0.4)),
    ({"started_on": "2025-01-01"}, 4 * 160),
]


@pytest.mark.parametrize(("person", "units"), CAPACITIES)
def test_capacity_is_what_somebody_can_work(person: Data, units: int) -> None:
    row = Person.model_validate({"id": "a", "hours": 40, **person})
    policy = Policy(weeks=4, reserve=0)
    assert capacity_by_week(row, policy, MONDAY)[-1] == units


def test_closed_days_and_the_reserve_are_taken_off() -> None:
    row = Person(id="a", hours=40)
    closed = Policy(weeks=1, reserve=0.1, closed=frozenset({MONDAY + timedelta(days=1)}))
    assert capacity_by_week(row, closed, MONDAY).tolist() == [int(4 * 32 * 0.9)]


@settings(deadline=None)
@given(
    hours=st.floats(0, 60),
    load=st.integers(0, 500),
    gaps=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=4),
)
def test_time_by_week_never_falls_and_never_exceeds_what_is_left(
    hours: float, load: int, gaps: list[tuple[int, int]]
) -> None:
    absences = tuple(
        Absence(first=MONDAY + timedelta(days=start), last=MONDAY + timedelta(days=start + length))
        for start, length in gaps
    )
    row = Person(id="a", hours=hours, absences=absences)
    until = capacity_by_week(row, Policy(weeks=8), MONDAY)
    free = free_by_week(until, load)
    assert (np.diff(until) >= 0).all()
    assert (np.diff(free) >= 0).all()
    assert (free >= 0).all()
    assert free[-1] == max(0, until[-1] - load)


@pytest.mark.parametrize(
    ("days", "week"),
    [(-3, 0), (0, 0), (6, 0), (12, 0), (13, 1), (20, 2), (27, 3), (34, UNLIMITED)],
)
def test_a_case_is_due_in_the_last_week_that_ends_in_time(days: int, week: int) -> None:
    assert due_week(MONDAY + timedelta(days=days), MONDAY, 4) == week


def test_deadlines_bring_weeks_and_without_them_there_are_none() -> None:
    assert compiled([{}], [{}]).problem.capacity_until.shape == (1, 0)
    found = compiled([{"load": 160}], [{"deadline": "2026-12-07"}, {"urgency": "emergency"}])
    assert found.problem.due.tolist() == [1, 0]
    assert found.problem.capacity_until.tolist() == [[120, 240, 360, 480]]


@pytest.mark.parametrize(
    ("case", "due"),
    [
        ({"urgency": "emergency"}, 0),
        ({"urgency": "urgent"}, 1),
        ({"urgency": "urgent", "deadline": "2026-11-24"}, 0),
        ({"urgency": "urgent", "deadline": "2026-12-20"}, 1),
        ({"urgency": "normal", "deadline": "2026-12-20"}, 3),
        ({}, UNLIMITED),
    ],
)
def test_what_is_urgent_is_due_early(case: Data, due: int) -> None:
    assert compiled([{}], [case]).problem.due.tolist() == [due]


def test_an_urgent_case_is_due_within_the_weeks_that_are_looked_at() -> None:
    assert compiled([{}], [{"urgency": "urgent"}], weeks=1).problem.due.tolist() == [0]


@pytest.mark.parametrize(
    ("rule", "since", "until"),
    [
        ({"kind": "service", "days": 10}, date(2026, 11, 25), date(2026, 12, 5)),
        ({"kind": "statutory", "months": 3}, date(2026, 11, 10), date(2027, 2, 10)),
        ({"kind": "statutory", "months": 3}, date(2026, 11, 30), date(2027, 2, 28)),
        ({"kind": "statutory", "months": 12}, date(2026, 12, 31), date(2027, 12, 31)),
        ({"kind": "court"}, date(2026, 11, 10), None),
        ({"kind": "statutory", "months": 3}, date(9999, 12, 31), date.max),
    ],
)
def test_a_computed_deadline_counts_from_the_day_the_case_was_complete(
    rule: Data, since: date, until: date | None
) -> None:
    assert DeadlineRule.model_validate(rule).until(since) == until


def test_a_computed_deadline_brings_its_week_unless_one_is_set() -> None:
    data = team([{}], [{"since": "2026-11-20"}, {"since": "2026-11-20", "deadline": "2026-12-20"}])
    data["types"] = [{**REPORT, "deadline": {"kind": "service", "days": 10}}, CERTIFICATE]
    found = compile_team(team_of(data), MONDAY)
    assert found.problem.due.tolist() == [0, 3]


def test_what_is_overdue_is_due_at_once_and_told() -> None:
    found = compiled([{}], [{"deadline": "2026-11-20"}])
    assert found.problem.due.tolist() == [0]
    assert found.remarks == ((0, Remark.OVERDUE),)


@pytest.mark.parametrize(
    ("balance", "load"),
    [([], 100), ([10, -4], 106), ([500, 500], 164), ([-30], 70), ([-900], 36)],
)
def test_earlier_weeks_count_within_a_tenth_of_the_capacity(balance: list[int], load: int) -> None:
    assert compiled([{"load": 100, "balance": balance}], [{}]).problem.load.tolist() == [load]


def test_a_credit_never_makes_a_load_negative() -> None:
    assert compiled([{"balance": [-50]}], [{}]).problem.load.tolist() == [0]


def test_the_way_to_another_district_costs() -> None:
    staff = [{"districts": ["koethen"]}, {"districts": ["zerbst"]}]
    problem = compiled(staff, [{"district": "zerbst"}, {}]).problem
    assert problem.cost[problem.class_of].tolist() == [[2, 0], [0, 0]]


def test_who_knows_the_client_is_the_previous_person() -> None:
    staff = [{}, {"clients": ["kl-77"]}]
    assert compiled(staff, [{"client": "kl-77"}, {}]).problem.previous.tolist() == [1, NOBODY]


def test_who_has_accepted_a_case_of_the_client_knows_them() -> None:
    cases = [{"client": "kl-77", "accepted_by": "b"}, {"client": "kl-77"}]
    assert compiled([{}, {}], cases).problem.previous.tolist() == [1, 1]


def test_who_knows_the_client_but_must_not_take_the_case_is_nobody() -> None:
    case = {"client": "kl-77", "exclusions": [{"person": "a", "bar": "law"}]}
    assert compiled([{"clients": ["kl-77"]}, {}], [case]).problem.previous.tolist() == [NOBODY]


def test_accepted_cases_stay_and_proposed_ones_may_move() -> None:
    problem = compiled(
        [{}, {}], [{"accepted_by": "b"}, {"proposed_to": "a"}], most_moves=3
    ).problem
    assert problem.pinned.tolist() == [1, NOBODY]
    assert problem.holder.tolist() == [NOBODY, 0]
    assert problem.most_moves == 3


def test_a_person_who_is_not_there_gives_their_cases_back() -> None:
    away = {"absences": [{"first": "2026-11-01", "last": "2026-12-31"}], "load": 50}
    found = compiled([away, {}], [{"accepted_by": "a"}, {"proposed_to": "a"}])
    assert found.remarks == ((0, Remark.RELEASED), (1, Remark.RELEASED))
    assert (found.problem.pinned == NOBODY).all()
    assert found.problem.load.tolist() == [0, 0]
    assert judge(found.problem, np.array([1, 1])).fine


def test_an_exclusion_frees_an_accepted_case() -> None:
    case = {"accepted_by": "a", "exclusions": [{"person": "a", "bar": "law"}]}
    found = compiled([{}, {}], [case])
    assert found.remarks == ((0, Remark.RELEASED),)
    assert judge(found.problem, np.array([1])).fine


def test_who_accepted_a_case_against_the_proposal_keeps_it() -> None:
    found = compiled([{"qualifications": []}, {}], [{"accepted_by": "a"}, {}])
    assert found.remarks == ((0, Remark.OVERRULED),)
    assert found.reasons.of(0, 0) == Reason.QUALIFICATION
    assert judge(found.problem, np.array([0, 1])).fine
    assert not judge(found.problem, np.array([0, 0])).fine
    assert not judge(found.problem, np.array([1, 1])).fine


@pytest.mark.parametrize(
    ("person", "most"),
    [
        ({}, UNLIMITED),
        ({"most_cases": 10, "open_cases": 7}, 3),
        ({"most_new_per_week": 2}, 4),
        ({"most_cases": 10, "open_cases": 7, "most_new_per_week": 0}, 2),
        ({"most_cases": 5, "open_cases": 9}, 1),
    ],
)
def test_the_largest_number_of_cases(person: Data, most: int) -> None:
    cases = [{"accepted_by": "a"}, {"proposed_to": "a"}, {}, {}, {}]
    assert compiled([person, {}], cases).problem.most_cases.tolist() == [most, UNLIMITED]


def test_a_compiled_problem_can_be_written_and_read() -> None:
    cases = [{"deadline": "2026-12-07"}, {"proposed_to": "a"}, {"accepted_by": "b"}]
    found = compiled([{}, {}, {"hours": 0}], cases).problem
    again = problem_of(data_of(found))
    assert judge(again, np.array([0, 0, 1])).fine


def test_a_team_without_cases_has_an_empty_problem() -> None:
    found = compiled([{}, {}], [])
    assert found.problem.cases == ()
    assert judge(found.problem, np.empty(0, int)).fine


def put(*steps: Any) -> Callable[[Data], None]:
    *path, last, value = steps

    def change(data: Data) -> None:
        target: Any = data
        for step in path:
            target = target[step]
        target[last] = value

    return change


ORDERED = {"person": "a", "bar": "ordered"}
WRONG = [
    (
        put("cases", 0, "id", "Erika Müller"),
        "cases[0] (Erika Müller).id",
        "catalogue.problem-pattern",
    ),
    (put("cases", 1, "id", "F-0"), "cases[1] (F-0).id", "assignment.mistake-double-id"),
    (put("staff", 1, "id", "a"), "staff[1] (a).id", "assignment.mistake-double-id"),
    (put("cases", 0, "type", "umzug"), "cases[0] (F-0).type", "assignment.mistake-unknown-type"),
    (
        put("cases", 0, "accepted_by", "z"),
        "cases[0] (F-0).accepted_by",
        "assignment.mistake-no-such-person",
    ),
    (
        put("cases", 0, "exclusions", [{"person": "z", "bar": "law"}]),
        "cases[0] (F-0).exclusions",
        "assignment.mistake-no-such-person",
    ),
    (
        put("cases", 0, "exclusions", [ORDERED]),
        "cases[0] (F-0).exclusions[0]",
        "assignment.problem-exclusion",
    ),
    (
        put("cases", 0, "exclusions", [{"person": "a", "bar": "law", "order": "x"}]),
        "cases[0] (F-0).exclusions[0]",
        "assignment.problem-exclusion",
    ),
    (
        put("cases", 0, "exclusions", [{"person": "a", "bar": "law", "reason": "x"}]),
        "cases[0] (F-0).exclusions[0].reason",
        "catalogue.problem-unknown-field",
    ),
    (
        put("cases", 0, {"accepted_by": "a", "proposed_to": "b", "id": "F-0", "type": "bericht"}),
        "cases[0] (F-0)",
        "assignment.problem-holder",
    ),
    (put("cases", 0, "effort", 0), "cases[0] (F-0).effort", "catalogue.problem-other"),
    (put("staff", 0, "blocked_hours", 50), "staff[0] (a)", "assignment.problem-blocks"),
    (put("staff", 0, "hours", float("nan")), "staff[0] (a).hours", "catalogue.problem-other"),
    (
        put("staff", 0, "absences", [{"first": "2026-02-02", "last": "2026-02-01"}]),
        "staff[0] (a).absences[0]",
        "assignment.problem-absence",
    ),
    (
        put(
            "staff",
            0,
            "absences",
            [{"first": "2026-02-02", "last": "2026-02-03", "cause": "krank"}],
        ),
        "staff[0] (a).absences[0].cause",
        "catalogue.problem-unknown-field",
    ),
    (put("staff", 0, "deputies", ["a"]), "staff[0] (a).deputies", "assignment.mistake-own-deputy"),
    (
        put("staff", 0, "deputies", ["z"]),
        "staff[0] (a).deputies",
        "assignment.mistake-no-such-person",
    ),
    (
        put("weights", "efforts", {"umzug": 4}),
        "weights.efforts.umzug",
        "assignment.mistake-unknown-type",
    ),
    (
        put("types", 0, "deadline", {"kind": "statutory"}),
        "types[0] (bericht).deadline",
        "assignment.problem-deadline",
    ),
    (
        put("types", 0, "deadline", {"kind": "court", "days": 3}),
        "types[0] (bericht).deadline",
        "assignment.problem-deadline",
    ),
    (
        put("types", 0, "effort", {"least": 9, "default": 8, "most": 9}),
        "types[0] (bericht).effort",
        "assignment.problem-effort",
    ),
]


@pytest.mark.parametrize(("change", "place", "key"), WRONG)
def test_what_is_wrong_in_a_team_is_named(
    change: Callable[[Data], None], place: str, key: str
) -> None:
    data = team([{}, {}], [{}, {}])
    data["types"] = [dict(REPORT), dict(CERTIFICATE)]
    change(data)
    with pytest.raises(MistakesError) as caught:
        team_of(data, "betreuung")
    assert [(one.place, one.text_key) for one in caught.value.mistakes] == [(place, key)]


def deputies_of(staff: list[Data], cases: list[Data], plan: list[int], **given: Any) -> Any:
    checked = team_of(team(staff, cases))
    return choose_deputies(checked, compile_team(checked, MONDAY), np.array(plan), **given)


WEEK = {"first": "2026-11-30", "last": "2026-12-04"}


def test_a_deputy_is_somebody_else_who_may_take_the_case() -> None:
    staff = [{}, {"qualifications": []}, {}]
    assert deputies_of(staff, [{}], [0]).plan.tolist() == [2]
    assert deputies_of(staff[:2], [{}], [0]).without == (0,)
    excluded = {"exclusions": [{"person": "c", "bar": "law"}]}
    assert deputies_of(staff, [excluded], [0]).without == (0,)


def test_a_deputy_is_there_when_the_first_person_is_not() -> None:
    staff = [{"absences": [WEEK]}, {"absences": [WEEK]}, {}]
    assert deputies_of(staff, [{}], [0]).plan.tolist() == [2]
    assert deputies_of(staff[:2], [{}], [0]).without == (0,)
    later = Absence(first=date(2026, 12, 7), last=date(2026, 12, 8))
    assert deputies_of(staff, [{}], [0], window=later).plan.tolist() == [1]


def test_named_deputies_come_first_and_nobody_bears_too_much() -> None:
    staff = [{"deputies": ["c"]}, {}, {"most_deputy_load": 24}]
    found = deputies_of(staff, [{}, {}], [0, 0])
    assert sorted(found.plan.tolist()) == [1, 2]
    assert found.load.tolist() == [0, 24, 24]
    assert deputies_of([{}, {"most_deputy_load": 23}], [{}], [0]).without == (0,)


def test_a_case_that_nobody_has_needs_no_deputy() -> None:
    found = deputies_of([{}, {}], [{}], [NOBODY])
    assert found.plan.tolist() == [NOBODY]
    assert found.without == ()


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=12),
    st.lists(st.one_of(st.none(), st.integers(0, 80)), min_size=4, max_size=4),
)
def test_deputies_always_keep_the_rules(plan: list[int], limits: list[int | None]) -> None:
    staff = [{"most_deputy_load": limit} for limit in limits]
    found = deputies_of(staff, [{} for _ in plan], plan)
    load = [0] * 4
    for first, second in zip(plan, found.plan.tolist(), strict=True):
        assert first != second
        if second != NOBODY:
            load[second] += 24
    assert found.load.tolist() == load
    for bears, limit in zip(load, limits, strict=True):
        assert limit is None or bears <= limit
