"""Every action of staff leaves a row: who, what, when, before and after."""

from collections.abc import Awaitable, Callable

import pytest

from services.audit.model import AuditEntry
from services.errors import ServiceError
from services.staff.rules import Role
from tests.county import County
from tests.golive.town_hall import (
    COUNTY,
    DOG,
    KOETHEN,
    LINK,
    SABINE,
    actor,
    confirms,
    crowd,
    proposes,
    rows,
    stops,
)

BORIS = 2002
Trail = list[tuple[int | None, str, str]]


async def trail(county: County) -> Trail:
    return [(one.staff_id, one.action, one.subject) for one in await rows(county, AuditEntry)][-1:]


async def drops(county: County) -> None:
    batch = await proposes(county)
    async with county.application.transaction() as house:
        await house.golive.drop(await actor(house, SABINE), batch)


async def asks(county: County) -> None:
    await crowd(county, 4, DOG)
    await confirms(county, await proposes(county))


async def decides(county: County, *, approve: bool) -> None:
    await asks(county)
    async with county.application.transaction() as house:
        await house.approvals.decide(await actor(house, BORIS), 1, approve=approve)


async def publishes(county: County) -> int:
    batch = await proposes(county)
    await confirms(county, batch)
    return batch


async def takes_back(county: County) -> None:
    await stops(county, await publishes(county))


async def invites(county: County) -> None:
    async with county.application.transaction() as house:
        await house.staff.invite(
            await actor(house, SABINE), role=Role.EDITOR, area=COUNTY, label="Platz 9"
        )


async def off_boards(county: County) -> None:
    async with county.application.transaction() as house:
        await house.staff.off_board(await actor(house, SABINE), 2)


DEEDS: list[tuple[Callable[[County], Awaitable[object]], tuple[int | None, str, str]]] = [
    (proposes, (1, "golive.propose", "batch:1")),
    (publishes, (1, "golive.schedule", "batch:1")),
    (takes_back, (1, "golive.stop", "batch:1")),
    (drops, (1, "golive.drop", "batch:1")),
    (asks, (1, "approvals.ask", "golive:1")),
    (lambda county: decides(county, approve=True), (2, "approvals.approved", "golive:1")),
    (lambda county: decides(county, approve=False), (2, "approvals.rejected", "golive:1")),
    (invites, (1, "staff.invite", "Platz 9")),
    (off_boards, (1, "staff.off-board", "Platz 2002")),
]


@pytest.mark.parametrize(("deed", "row"), DEEDS, ids=[row[1] for _, row in DEEDS])
async def test_every_deed_is_in_the_trail(
    county: County,
    deed: Callable[[County], Awaitable[object]],
    row: tuple[int | None, str, str],
) -> None:
    await county.staff(SABINE)
    await county.staff(BORIS)
    county.clock.forward(minutes=1)
    await deed(county)
    assert await trail(county) == [row]
    last = (await rows(county, AuditEntry))[-1]
    assert last.at == county.clock()


async def test_an_enrolment_is_in_the_trail(county: County) -> None:
    await county.staff(SABINE, Role.EDITOR, KOETHEN)
    invited, enrolled = await rows(county, AuditEntry)
    given = {"role": "editor", "area": KOETHEN}
    assert (invited.staff_id, invited.action, invited.after) == (None, "staff.invite", given)
    assert (enrolled.staff_id, enrolled.action, enrolled.after) == (1, "staff.enrol", given)


async def test_the_trail_says_what_was_changed(county: County) -> None:
    await publishes(county)
    await county.staff(BORIS)
    await off_boards(county)
    by_action = {one.action: one for one in await rows(county, AuditEntry)}
    assert by_action["golive.propose"].after == {
        "service": DOG,
        "area": KOETHEN,
        "online": True,
        "url": LINK,
    }
    assert by_action["golive.schedule"].after == {
        "items": [{"service": DOG, "area": KOETHEN, "online": True}],
        "recipients": 0,
    }
    assert by_action["staff.off-board"].before == {"roles": 1}


async def test_what_was_refused_did_not_happen_and_is_not_in_the_trail(county: County) -> None:
    await county.staff(SABINE, Role.CASE_WORKER)
    before = len(await rows(county, AuditEntry))
    for deed in (proposes, invites, off_boards):
        with pytest.raises(ServiceError):
            await deed(county)
    assert len(await rows(county, AuditEntry)) == before


async def test_the_trail_knows_staff_by_number_only(county: County) -> None:
    for deed in (publishes, invites):
        await deed(county)
    chats = {str(SABINE), str(BORIS), "Planted-Name", "planted_username"}
    for row in await rows(county, AuditEntry):
        said = f"{row.subject.removeprefix('Platz')} {row.before} {row.after}".split()
        if row.action not in {"staff.invite", "staff.enrol"}:
            assert not chats & set(said)
