"""Roles by one-time code, and how they end."""

import asyncio
from datetime import timedelta

import pytest

from services.staff.model import EnrolmentCode, StaffMember, StaffRole
from services.staff.rules import Action, Grant, Role
from services.staff.service import BadCodeError, NotAllowedError, UnknownAreaError
from tests.county import County
from tests.golive.town_hall import COUNTY, KOETHEN, STATE, ZERBST, actor, rows

ADMIN, EDITOR, THIRD = 2001, 2002, 2003


async def invites(
    county: County,
    by: int | None = None,
    role: Role = Role.EDITOR,
    area: str = COUNTY,
    days: int | None = None,
) -> str:
    until = None if days is None else county.clock() + timedelta(days=days)
    async with county.application.transaction() as house:
        who = None if by is None else await actor(house, by)
        return await house.staff.invite(who, role=role, area=area, label="Platz", role_until=until)


async def enrols(county: County, person: int, code: str) -> Grant:
    async with county.application.transaction() as house:
        chat = await house.chats.meet(person, "private", "de")
        return await house.staff.enrol(chat.id, code)


async def off_boards(county: County, staff_id: int, by: int) -> int | None:
    async with county.application.transaction() as house:
        return await house.staff.off_board(await actor(house, by), staff_id)


async def may(county: County, person: int, action: Action, area: str = COUNTY) -> bool:
    async with county.application.transaction() as house:
        return (await actor(house, person)).may(action, area, county.clock())


async def test_a_code_gives_its_role_once(county: County) -> None:
    code = await invites(county, role=Role.EDITOR, area=ZERBST)
    grant = await enrols(county, EDITOR, code)
    assert (grant.role, grant.area, grant.valid_until) == (Role.EDITOR, ZERBST, None)
    for person in (EDITOR, THIRD):
        with pytest.raises(BadCodeError):
            await enrols(county, person, code)
    assert await may(county, EDITOR, Action.PUBLISH, ZERBST)
    assert not await may(county, EDITOR, Action.PUBLISH, KOETHEN)
    assert not await may(county, THIRD, Action.PUBLISH, ZERBST)


async def test_of_several_people_with_one_code_one_gets_the_role(county: County) -> None:
    code = await invites(county)
    people = range(3001, 3006)
    outcomes = await asyncio.gather(
        *(enrols(county, person, code) for person in people), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["BadCodeError"] * 4 + ["Grant"]
    assert len(await rows(county, StaffRole)) == 1
    assert len(await rows(county, StaffMember)) == 1


async def test_a_code_holds_for_a_day(county: County) -> None:
    codes = [await invites(county) for _ in range(3)]
    county.clock.forward(hours=24, seconds=-1)
    await enrols(county, EDITOR, codes[0])
    for code in codes[1:]:
        county.clock.forward(seconds=1)
        with pytest.raises(BadCodeError):
            await enrols(county, EDITOR, code)


async def test_a_code_may_be_typed_as_people_type(county: County) -> None:
    for person, write in enumerate(
        [
            str.lower,
            lambda code: f" {code[:4]} {code[4:8]} {code[8:]} ",
            lambda code: f"{code[:4]}-{code[4:8]}-{code[8:]}",
        ]
    ):
        await enrols(county, 3000 + person, write(await invites(county)))
    assert len(await rows(county, StaffRole)) == 3


async def test_no_other_code_is_taken(county: County) -> None:
    await invites(county)
    wrong = ["", " ", "-", "ABCDEFGH2345", "x" * 10_000, "🐕" * 12, "\u202e", "' OR 1=1 --", "%"]
    for code in wrong:
        with pytest.raises(BadCodeError):
            await enrols(county, EDITOR, code)
    assert await rows(county, StaffMember) == []


async def test_codes_are_long_and_kept_as_digests_only(county: County) -> None:
    codes = [await invites(county) for _ in range(20)]
    assert len(set(codes)) == 20
    kept = await rows(county, EnrolmentCode)
    for code in codes:
        assert len(code) == 12
        assert not set(code) & set("IO01"), "no letters that look alike"
        assert all(code not in str(vars(row)) for row in kept)


async def test_a_role_for_a_time_ends_by_itself(county: County) -> None:
    await enrols(county, EDITOR, await invites(county, days=2))
    county.clock.forward(days=2, seconds=-1)
    assert await may(county, EDITOR, Action.PUBLISH)
    county.clock.forward(seconds=1)
    assert not await may(county, EDITOR, Action.PUBLISH)
    async with county.application.transaction() as house:
        assert await house.staff.team() == []


async def test_a_role_of_tomorrow_does_not_hold_today(county: County) -> None:
    await enrols(county, EDITOR, await invites(county))
    county.clock.forward(seconds=-1)
    assert not await may(county, EDITOR, Action.PUBLISH)


async def test_one_person_may_have_several_roles(county: County) -> None:
    await enrols(county, EDITOR, await invites(county, area=ZERBST))
    await enrols(county, EDITOR, await invites(county, area=KOETHEN, role=Role.OPERATOR))
    assert len(await rows(county, StaffMember)) == 1
    async with county.application.transaction() as house:
        [member] = await house.staff.team()
        assert [(one.role, one.area) for one in member.grants] == [
            (Role.EDITOR, ZERBST),
            (Role.OPERATOR, KOETHEN),
        ]


async def test_roles_are_for_places_of_the_county(county: County) -> None:
    for area in ("", STATE, "99", "150829999999", "150820180181", "Köthen"):
        with pytest.raises(UnknownAreaError):
            await invites(county, area=area)


INVITERS = [
    (Role.ADMIN, COUNTY, COUNTY, True),
    (Role.ADMIN, COUNTY, ZERBST, True),
    (Role.ADMIN, ZERBST, ZERBST, True),
    (Role.ADMIN, ZERBST, KOETHEN, False),
    (Role.ADMIN, ZERBST, COUNTY, False),
    (Role.EDITOR, COUNTY, ZERBST, False),
    (Role.TEAM_LEAD, COUNTY, ZERBST, False),
    (Role.OPERATOR, COUNTY, ZERBST, False),
    (Role.CASE_WORKER, COUNTY, ZERBST, False),
]


async def test_only_admins_invite_and_only_into_their_area(county: County) -> None:
    for person, (role, area, for_area, allowed) in enumerate(INVITERS, 3001):
        await county.staff(person, role, area)
        if allowed:
            await invites(county, by=person, area=for_area)
        else:
            with pytest.raises(NotAllowedError):
                await invites(county, by=person, area=for_area)


async def test_a_citizen_invites_nobody(county: County) -> None:
    with pytest.raises(NotAllowedError):
        await invites(county, by=1001)


async def test_off_boarding_ends_every_role_now(county: County) -> None:
    await county.staff(ADMIN)
    await county.staff(EDITOR, Role.EDITOR, ZERBST)
    await enrols(county, EDITOR, await invites(county, area=KOETHEN))
    async with county.application.transaction() as house:
        chat = await house.chats.find(EDITOR)
        assert chat is not None
    assert await off_boards(county, 2, by=ADMIN) == chat.id
    for area in (ZERBST, KOETHEN):
        assert not await may(county, EDITOR, Action.PUBLISH, area)
    assert await off_boards(county, 2, by=ADMIN) == chat.id, "a second time harms nothing"
    ended = [one.valid_until for one in await rows(county, StaffRole) if one.staff_id == 2]
    assert ended == [county.clock(), county.clock()], "the rows stay for the audit"


async def test_who_left_can_be_given_a_new_role(county: County) -> None:
    await county.staff(ADMIN)
    await county.staff(EDITOR, Role.EDITOR)
    await off_boards(county, 2, by=ADMIN)
    await enrols(county, EDITOR, await invites(county, by=ADMIN, area=ZERBST))
    assert await may(county, EDITOR, Action.PUBLISH, ZERBST)
    assert not await may(county, EDITOR, Action.PUBLISH, COUNTY)


async def test_off_boarding_ends_roles_that_have_not_begun(county: County) -> None:
    await county.staff(ADMIN)
    await county.staff(EDITOR, Role.EDITOR)
    async with county.application.transaction() as house:
        role = await house.staff.session.get_one(StaffRole, 2)
        role.valid_from = county.clock() + timedelta(hours=1)
    await off_boards(county, 2, by=ADMIN)
    county.clock.forward(hours=2)
    assert not await may(county, EDITOR, Action.PUBLISH)


async def test_who_left_does_not_come_back_with_a_code_of_their_own(county: County) -> None:
    await county.staff(ADMIN)
    await county.staff(EDITOR, Role.ADMIN)
    own = await invites(county, by=EDITOR, role=Role.ADMIN)
    colleague = await invites(county, by=ADMIN)
    await off_boards(county, 2, by=ADMIN)
    with pytest.raises(BadCodeError):
        await enrols(county, EDITOR, own)
    await enrols(county, THIRD, colleague)


async def test_nobody_ends_a_role_beyond_their_own_area(county: County) -> None:
    boss = await county.staff(ADMIN)
    others = [(Role.ADMIN, ZERBST), (Role.EDITOR, COUNTY), (Role.TEAM_LEAD, COUNTY)]
    for person, (role, area) in enumerate(others, 3001):
        await county.staff(person, role, area)
    for blocked in (False, True):
        if blocked:
            await boss.blocks()
        for person in (*range(3001, 3004), 1001):
            with pytest.raises(NotAllowedError):
                await off_boards(county, 1, by=person)
    assert await may(county, ADMIN, Action.MANAGE_STAFF)


async def test_an_admin_of_a_town_ends_roles_of_that_town_only(county: County) -> None:
    await county.staff(ADMIN, Role.ADMIN, ZERBST)
    await county.staff(EDITOR, Role.EDITOR, ZERBST)
    await county.staff(THIRD, Role.EDITOR, ZERBST)
    await enrols(county, THIRD, await invites(county, area=KOETHEN))
    assert await off_boards(county, 2, by=ADMIN) is not None
    with pytest.raises(NotAllowedError):
        await off_boards(county, 3, by=ADMIN)
    assert await may(county, THIRD, Action.PUBLISH, ZERBST)


async def test_somebody_unknown_cannot_be_off_boarded(county: County) -> None:
    await county.staff(ADMIN)
    for staff_id in (0, -1, 999_999):
        assert await off_boards(county, staff_id, by=ADMIN) is None
        with pytest.raises(NotAllowedError):
            await off_boards(county, staff_id, by=1001)


async def test_who_blocked_the_bot_stays_in_the_team_but_is_not_asked(county: County) -> None:
    boss = await county.staff(ADMIN)
    await county.staff(EDITOR, Role.EDITOR)
    await boss.blocks()
    async with county.application.transaction() as house:
        assert [one.staff_id for one in await house.staff.team()] == [1, 2]
        asked = await house.staff.team(Action.APPROVE, ZERBST)
        assert [one.staff_id for one in asked] == [2]


async def test_who_erased_everything_has_no_role_any_more(county: County) -> None:
    await county.staff(ADMIN)
    async with county.application.transaction() as house:
        chat = await house.chats.find(ADMIN)
        assert chat is not None
        await house.privacy.erase(chat)
    assert not await may(county, ADMIN, Action.PUBLISH)
    async with county.application.transaction() as house:
        assert await house.staff.team() == []
    [member] = await rows(county, StaffMember)
    assert member.chat_id is None, "the row stays for the audit"
