"""Who may do what, where and when."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.staff.rules import ALLOWED, Action, Actor, Grant, Role
from tests.conftest import FRIDAY_NOON
from tests.golive.town_hall import COUNTY, KOETHEN, STATE, ZERBST

AREAS = ["", STATE, COUNTY, KOETHEN, ZERBST]
GRANTS = st.lists(
    st.builds(
        Grant,
        st.sampled_from(Role),
        st.sampled_from(AREAS),
        st.integers(-2, 2).map(lambda hours: FRIDAY_NOON + timedelta(hours=hours)),
        st.none() | st.integers(-2, 2).map(lambda hours: FRIDAY_NOON + timedelta(hours=hours)),
    ),
    max_size=4,
).map(tuple)


def grant(role: Role = Role.EDITOR, area: str = ZERBST, **times: float | None) -> Grant:
    """Return a role from one time to another, in seconds from now."""
    until = times.get("until")
    return Grant(
        role,
        area,
        FRIDAY_NOON + timedelta(seconds=times.get("since") or 0),
        None if until is None else FRIDAY_NOON + timedelta(seconds=until),
    )


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (0, None, True),
        (1, None, False),
        (-1, 0, False),
        (-1, 1, True),
        (0, 0, False),
        (1, -1, False),
    ],
)
def test_a_role_holds_from_its_first_moment_to_just_before_its_last(
    since: float, until: float | None, *, holds: bool
) -> None:
    assert grant(since=since, until=until).holds(FRIDAY_NOON) == holds


@pytest.mark.parametrize(
    ("area", "place", "may"),
    [
        (ZERBST, ZERBST, True),
        (ZERBST, KOETHEN, False),
        (ZERBST, COUNTY, False),
        (ZERBST, "", False),
        (COUNTY, ZERBST, True),
        (COUNTY, COUNTY, True),
        (COUNTY, STATE, False),
        (COUNTY, "15083", False),
        ("", COUNTY, True),
    ],
)
def test_a_role_is_for_its_area_and_what_lies_in_it(area: str, place: str, *, may: bool) -> None:
    actor = Actor(1, (grant(area=area),))
    assert actor.may(Action.PUBLISH, place, FRIDAY_NOON) == may


@pytest.mark.parametrize(
    ("action", "roles"),
    [
        (Action.PUBLISH, {Role.EDITOR, Role.ADMIN}),
        (Action.APPROVE, {Role.EDITOR, Role.ADMIN}),
        (Action.MANAGE_STAFF, {Role.ADMIN}),
        (Action.SEE_FIGURES, {Role.EDITOR, Role.OPERATOR, Role.ADMIN}),
    ],
)
def test_each_action_is_for_some_roles(action: Action, roles: set[Role]) -> None:
    able = {role for role in Role if Actor(1, (grant(role),)).may(action, ZERBST, FRIDAY_NOON)}
    assert able == roles


def test_every_action_belongs_to_somebody() -> None:
    assert set(ALLOWED) == set(Action)


def test_a_citizen_may_nothing() -> None:
    citizen = Actor()
    assert not citizen.is_staff(FRIDAY_NOON)
    for action in Action:
        assert not citizen.may(action, ZERBST, FRIDAY_NOON)
        assert not citizen.may_somewhere(action, FRIDAY_NOON)


def test_rights_of_two_roles_are_not_mixed() -> None:
    actor = Actor(1, (grant(Role.EDITOR, ZERBST), grant(Role.OPERATOR, KOETHEN)))
    assert actor.may(Action.PUBLISH, ZERBST, FRIDAY_NOON)
    assert not actor.may(Action.PUBLISH, KOETHEN, FRIDAY_NOON)
    ended = Actor(1, (grant(Role.ADMIN, COUNTY, until=0), grant(Role.CASE_WORKER, COUNTY)))
    assert ended.is_staff(FRIDAY_NOON)
    assert not ended.may(Action.PUBLISH, COUNTY, FRIDAY_NOON)


@settings(max_examples=50)
@given(GRANTS, GRANTS, st.sampled_from(Action), st.sampled_from(AREAS))
def test_another_role_never_takes_a_right_away(
    some: tuple[Grant, ...], more: tuple[Grant, ...], action: Action, area: str
) -> None:
    few, many = Actor(1, some), Actor(1, some + more)
    assert few.may(action, area, FRIDAY_NOON) <= many.may(action, area, FRIDAY_NOON)
    assert many.may(action, area, FRIDAY_NOON) == Actor(1, more + some).may(
        action, area, FRIDAY_NOON
    )


@settings(max_examples=50)
@given(GRANTS, st.sampled_from(Action), st.sampled_from(AREAS), st.sampled_from(AREAS))
def test_who_may_in_an_area_may_in_every_part_of_it(
    grants: tuple[Grant, ...], action: Action, one: str, other: str
) -> None:
    area, part = sorted((one, other), key=len)
    actor = Actor(1, grants)
    if part.startswith(area) and actor.may(action, area, FRIDAY_NOON):
        assert actor.may(action, part, FRIDAY_NOON)
        assert actor.may_somewhere(action, FRIDAY_NOON)
        assert actor.is_staff(FRIDAY_NOON)
