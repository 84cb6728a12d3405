"""Above the threshold (3 in the test county) nothing leaves on one person's word."""

import asyncio

import pytest

from services.approvals.model import Approval
from services.approvals.service import DecidedError, NobodyElseError, OwnProposalError
from services.approvals.service import State as ApprovalState
from services.golive.model import Batch, State
from services.golive.service import AlreadyOnlineError, TooLateError
from services.staff.rules import Role
from services.staff.service import NotAllowedError
from tests.county import County, Person
from tests.golive.town_hall import (
    COUNTY,
    DOG,
    LINK,
    SABINE,
    ZERBST,
    actor,
    announces,
    colleague,
    confirms,
    crowd,
    facts,
    proposes,
    rows,
    time_is_over,
    waiting_news,
    wishes,
)

BORIS, CLARA = 2002, 2003


async def asks(county: County, *, people: int = 4) -> int:
    """Let Sabine announce to many; return the number of the approval."""
    await crowd(county, people, DOG)
    batch = await proposes(county)
    await confirms(county, batch)
    [approval] = await rows(county, Approval)
    return approval.id


async def decides(county: County, approval: int, by: int, *, approve: bool = True) -> None:
    async with county.application.transaction() as house:
        who = await actor(house, by)
        decided = await house.approvals.decide(who, approval, approve=approve)
        if approve:
            await house.golive.approved(who, decided.subject_id)
        else:
            await house.golive.drop(who, decided.subject_id)


async def told(county: County) -> int:
    await time_is_over(county)
    return len([one for one in county.telegram.said if one.chat_id > 5000])


@pytest.mark.parametrize(("recipients", "alone"), [(0, True), (3, True), (4, False)])
async def test_up_to_three_recipients_one_person_decides(
    county: County, recipients: int, *, alone: bool
) -> None:
    await crowd(county, recipients, DOG)
    sabine = await county.staff(SABINE)
    boris = await county.staff(BORIS)
    preview = await sabine.says(f"/online {DOG} {LINK} Köthen")
    assert f"Empfängerinnen und Empfänger: {recipients}" in preview
    assert ("zweite Person" in preview) == (not alone)
    answer = await sabine.taps("Jetzt melden")
    await county.settle()
    if alone:
        assert "Eingeplant" in answer
        assert boris.heard == []
    else:
        assert "an 1 Person" in answer
        assert "Freigabe erbeten" in boris.heard[-1]
    assert await told(county) == (recipients if alone else 0)


async def test_the_second_person_agrees(county: County) -> None:
    boris = await county.staff(BORIS)
    await asks(county)
    await county.settle()
    assert "Hund anmelden" in boris.heard[-1]
    assert await facts(county) == []
    assert "Eingeplant: 4 Nachrichten" in await boris.taps("Freigeben")
    assert "Stopp" in boris.buttons, "the two minutes begin now"
    assert await told(county) == 4
    [approval] = await rows(county, Approval)
    assert (approval.state, approval.requested_by, approval.decided_by) == ("approved", 2, 1)


async def test_the_second_person_refuses(county: County) -> None:
    boris = await county.staff(BORIS)
    await asks(county)
    await county.settle()
    assert "Abgelehnt" in await boris.taps("Ablehnen")
    assert "schon entschieden" in await boris.taps("Freigeben")
    assert await told(county) == 0
    [batch] = await rows(county, Batch)
    assert batch.state == State.DROPPED
    assert await announces(county) == 2, "it can be proposed anew"


async def test_everybody_who_may_agree_is_asked_and_nobody_else(county: County) -> None:
    sabine = await county.staff(SABINE)
    asked = [
        await colleague(county, BORIS, Role.EDITOR),
        await colleague(county, CLARA, Role.ADMIN),
        await colleague(county, 2004, Role.EDITOR, "150820180180"),
    ]
    blocked = await colleague(county, 2005, Role.ADMIN)
    others = [
        sabine,
        await colleague(county, 2006, Role.EDITOR, ZERBST),
        await colleague(county, 2007, Role.CASE_WORKER),
        await colleague(county, 2008, Role.OPERATOR),
        blocked,
    ]
    await blocked.blocks()
    await crowd(county, 4, DOG)
    await sabine.says(f"/online {DOG} {LINK} Köthen")
    assert "an 3 Personen" in await sabine.taps("Jetzt melden")
    await county.settle()
    assert all("Freigabe erbeten" in one.heard[-1] for one in asked)
    assert not any("Freigabe erbeten" in said for one in others for said in one.heard)


async def test_nobody_decides_about_their_own_proposal(county: County) -> None:
    await county.staff(BORIS)
    approval = await asks(county)
    sabine = county.citizen(SABINE)
    for approve in (True, False):
        with pytest.raises(OwnProposalError):
            await decides(county, approval, SABINE, approve=approve)
        assert "jemand anderes" in await sabine.presses(f"ap:{approval}:{int(approve)}")
    assert await told(county) == 0


async def test_a_proposal_is_decided_once(county: County) -> None:
    await county.staff(BORIS)
    await county.staff(CLARA)
    approval = await asks(county)
    await decides(county, approval, BORIS)
    for again in (True, False):
        with pytest.raises(DecidedError):
            await decides(county, approval, CLARA, approve=again)
    [row] = await rows(county, Approval)
    assert (row.state, row.decided_by) == (ApprovalState.APPROVED, 1)
    assert await told(county) == 4


@pytest.mark.parametrize("approve", [True, False])
async def test_of_two_decisions_at_once_one_counts(county: County, *, approve: bool) -> None:
    await county.staff(BORIS)
    await county.staff(CLARA)
    approval = await asks(county)
    outcomes = await asyncio.gather(
        decides(county, approval, BORIS, approve=True),
        decides(county, approval, CLARA, approve=approve),
        return_exceptions=True,
    )
    assert sorted(type(one) for one in outcomes if one is not None) == [DecidedError]
    [row] = await rows(county, Approval)
    assert await told(county) == (4 if row.state == ApprovalState.APPROVED else 0)


@pytest.mark.parametrize(("seconds", "in_time"), [(-1, True), (0, False)])
async def test_after_three_days_it_is_too_late_to_agree(
    county: County, seconds: int, *, in_time: bool
) -> None:
    boris = await county.staff(BORIS)
    await asks(county)
    await county.settle()
    county.clock.forward(days=3, seconds=seconds)
    answer = await boris.taps("Freigeben")
    assert ("Frist ist abgelaufen" not in answer) == in_time
    assert len(await waiting_news(county)) == (4 if in_time else 0)


async def test_an_expired_proposal_can_be_made_again(county: County) -> None:
    await county.staff(BORIS)
    await asks(county)
    county.clock.forward(days=3)
    await announces(county)
    second = (await rows(county, Approval))[-1].id
    await decides(county, second, BORIS)
    assert await told(county) == 4


async def test_where_there_is_nobody_else_it_cannot_be_published(county: County) -> None:
    await crowd(county, 4, DOG)
    sabine = await county.staff(SABINE)
    await colleague(county, BORIS, Role.EDITOR, ZERBST)
    await sabine.says(f"/online {DOG} {LINK} Köthen")
    assert "niemand sonst das Recht" in await sabine.taps("Jetzt melden")
    assert await rows(county, Approval) == []
    [batch] = await rows(county, Batch)
    assert batch.state == State.READY, "nothing happened, so it can be confirmed later"
    await county.staff(CLARA)
    assert "an 1 Person" in await sabine.taps("Jetzt melden")


async def test_for_the_whole_county_somebody_of_the_county_is_needed(county: County) -> None:
    await crowd(county, 4, DOG)
    await colleague(county, BORIS, Role.EDITOR, ZERBST)
    batch = await proposes(county, area=COUNTY)
    with pytest.raises(NobodyElseError):
        await confirms(county, batch)


async def test_who_has_not_the_right_does_not_decide(county: County) -> None:
    await county.staff(BORIS)
    approval = await asks(county)
    wrong = [(Role.EDITOR, ZERBST), (Role.CASE_WORKER, COUNTY), (Role.OPERATOR, COUNTY)]
    for person, (role, area) in enumerate(wrong, 3001):
        await colleague(county, person, role, area)
        with pytest.raises(NotAllowedError):
            await decides(county, approval, person)
    erika = county.citizen()
    assert "fehlt Ihnen das Recht" in await erika.presses(f"ap:{approval}:1")
    assert await told(county) == 0


async def test_rights_that_ended_since_the_question_count_no_more(county: County) -> None:
    boris = await county.staff(BORIS)
    await asks(county)
    await county.settle()
    async with county.application.transaction() as house:
        await house.staff.off_board(await actor(house, SABINE), 1)
    assert "fehlt Ihnen das Recht" in await boris.taps("Freigeben")
    assert await told(county) == 0


async def test_unknown_proposals_are_not_decided(county: County) -> None:
    await county.staff(BORIS)
    for approval in (0, -1, 999_999):
        with pytest.raises(DecidedError):
            await decides(county, approval, BORIS)


async def test_what_was_withdrawn_cannot_be_agreed_to(county: County) -> None:
    await county.staff(BORIS)
    approval = await asks(county)
    async with county.application.transaction() as house:
        await house.golive.drop(await actor(house, SABINE), 1)
    with pytest.raises(TooLateError):
        await decides(county, approval, BORIS)
    assert await told(county) == 0


async def test_what_came_online_meanwhile_cannot_be_agreed_to(county: County) -> None:
    await county.staff(BORIS)
    approval = await asks(county)
    for number in range(1, 5):
        async with county.application.transaction() as house:
            chat = await house.chats.meet(5000 + number, "private", "de")
            for wish in await house.subscriptions.listed(chat):
                await house.subscriptions.remove(chat, wish.id)
    await announces(county)
    with pytest.raises(AlreadyOnlineError):
        await decides(county, approval, BORIS)


async def test_people_who_came_after_the_preview_count(county: County) -> None:
    sabine = await county.staff(SABINE)
    await county.staff(BORIS)
    await crowd(county, 3, DOG)
    await sabine.says(f"/online {DOG} {LINK} Köthen")
    await wishes(county, 5004, DOG)
    assert "an 1 Person" in await sabine.taps("Jetzt melden")
    assert await told(county) == 0


async def test_a_second_press_asks_nobody_twice(county: County) -> None:
    sabine = await county.staff(SABINE)
    boris: Person = await county.staff(BORIS)
    await crowd(county, 4, DOG)
    await sabine.says(f"/online {DOG} {LINK} Köthen")
    preview = county.telegram.said[-1].buttons["Jetzt melden"]
    await sabine.presses(preview)
    assert "schon entschieden" in await sabine.presses(preview)
    await county.settle()
    assert len(boris.heard) == 1
