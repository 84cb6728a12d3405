"""Questions become candidates, candidates become examples; nobody's, and each only once."""

import asyncio

import pytest

from nlu.emergencies import emergency_in
from nlu.intents import Intent
from nlu.understanding import Candidate, Decision, Kind, Understanding
from services.catalogue.service import UnknownServiceError
from services.learning.service import DecidedQuestionError
from services.staff.rules import Actor, Role
from services.staff.service import NotAllowedError
from tests.county import County
from tests.learning.classroom import (
    CARD,
    DOG,
    HOME,
    REFUSED,
    actor_of,
    ask,
    choose,
    stored,
    taught,
    thumb,
    understood,
    waiting,
)
from tests.rigging import everything_stored, rows_of

OFFERED = understood(Decision.CHOOSE, DOG, CARD)
ANSWERED = understood(Decision.ANSWER, DOG)
HOUND = "wo melde ich meinen vierbeiner an"


@pytest.fixture
async def editor(county: County) -> Actor:
    await county.staff(2001, Role.EDITOR)
    return await actor_of(county, 2001)


async def decide(county: County, actor: Actor, verb: str, number: int, *entry: str) -> None:
    async with county.application.transaction() as services:
        await getattr(services.learning, verb)(number, *entry, actor)


async def test_a_question_nobody_says_anything_to_waits_for_nobody(
    county: County, editor: Actor
) -> None:
    assert await ask(county, HOUND, OFFERED) is not None
    assert await waiting(county, editor) == []


async def test_what_was_chosen_waits_for_staff(county: County, editor: Actor) -> None:
    await choose(county, await ask(county, HOUND, OFFERED), DOG)
    [found] = await waiting(county, editor)
    assert (found.text, found.entry_id, found.signal, found.count) == (HOUND, DOG, "chosen", 1)
    assert (found.decision, found.language) == ("choose", "de")


async def test_what_found_nothing_waits_at_once(county: County, editor: Actor) -> None:
    await ask(county, HOUND, REFUSED)
    [found] = await waiting(county, editor)
    assert (found.entry_id, found.signal) == ("", "unanswered")


@pytest.mark.parametrize(("up", "signal"), [(True, "thumb_up"), (False, "thumb_down")])
async def test_a_thumb_is_about_what_was_shown(
    county: County, editor: Actor, *, up: bool, signal: str
) -> None:
    await thumb(county, await ask(county, HOUND, ANSWERED), up=up)
    [found] = await waiting(county, editor)
    assert (found.entry_id, found.signal) == (DOG, signal)


async def test_a_thumb_down_where_nothing_was_chosen_says_that_nothing_fitted(
    county: County, editor: Actor
) -> None:
    number = await ask(county, HOUND, OFFERED)
    await thumb(county, number, up=True)
    assert await waiting(county, editor) == []
    await thumb(county, number, up=False)
    [found] = await waiting(county, editor)
    assert (found.entry_id, found.signal) == ("", "unanswered")


@pytest.mark.parametrize(("score", "waits"), [(0.9, 0), (0.2, 1)])
async def test_who_is_told_who_can_help_was_not_left_without_an_answer(
    county: County, editor: Actor, score: float, waits: int
) -> None:
    theirs = Candidate("ozg:10001", score, "Steuererklärung", Kind.ELSEWHERE)
    number = await ask(county, HOUND, Understanding(Decision.REFUSE, [theirs]))
    assert len(await waiting(county, editor)) == waits
    await thumb(county, number, up=False)
    [found] = await waiting(county, editor)
    assert (found.entry_id, found.signal) == (
        ("", "unanswered") if waits else ("ozg:10001", "thumb_down")
    )


async def test_the_last_press_counts_and_a_repeated_one_changes_nothing(
    county: County, editor: Actor
) -> None:
    number = await ask(county, HOUND, OFFERED)
    for entry in (CARD, DOG, DOG, DOG):
        await choose(county, number, entry)
    for _ in range(3):
        await thumb(county, number, up=True)
    [found] = await waiting(county, editor)
    assert (found.entry_id, found.signal, found.count) == (DOG, "thumb_up", 1)


async def test_equal_questions_are_one_with_a_count_and_the_most_counted_come_first(
    county: County, editor: Actor
) -> None:
    await choose(county, await ask(county, "hundesteuer wann zahlen", OFFERED), DOG)
    for _ in range(3):
        await choose(county, await ask(county, HOUND, OFFERED), DOG)
    await choose(county, await ask(county, HOUND, OFFERED), CARD)
    found = [(one.text, one.entry_id, one.count) for one in await waiting(county, editor)]
    assert found[0] == (HOUND, DOG, 3)
    assert sorted(found[1:]) == sorted([("hundesteuer wann zahlen", DOG, 1), (HOUND, CARD, 1)])


@pytest.mark.parametrize(
    "understanding",
    [
        Understanding(Decision.EMERGENCY, emergency=emergency_in("es brennt, hilfe")),
        understood(Decision.REFUSE, intent=Intent.ABUSE),
        understood(Decision.REFUSE, intent=Intent.GREETING),
    ],
    ids=["emergency", "abuse", "greeting"],
)
async def test_emergencies_abuse_and_what_is_said_to_the_bot_are_never_kept(
    county: County, understanding: Understanding
) -> None:
    assert await ask(county, HOUND, understanding) is None
    assert await stored(county) == []


@pytest.mark.parametrize(
    "question", ["", "  ", "hund anmelden " * 20, "ich heiße jörg", "0171 234"]
)
async def test_what_is_too_long_or_says_too_little_is_not_kept(
    county: County, question: str
) -> None:
    assert await ask(county, question) is None
    assert await stored(county) == []


async def test_no_word_about_who_asked_is_stored(county: County) -> None:
    await ask(county, "mein name ist Ottokar Priemel, wo melde ich meinen hund an? 0171 5566778")
    [row] = await stored(county)
    assert row["text"] == "mein name ist …, wo melde ich meinen hund an? …"
    kept = await everything_stored(county.application)
    assert not [secret for secret in ("Ottokar", "Priemel", "5566778") if secret in kept]
    assert row["created_at"] == county.clock().date(), "the day, no more"
    assert not {"chat_id", "person_id", "user_id"} & row.keys()


async def test_a_released_question_is_taught_at_once_and_waits_no_more(
    county: County, editor: Actor
) -> None:
    await choose(county, await ask(county, HOUND, OFFERED), CARD)
    await ask(county, HOUND, REFUSED)
    [first, *_] = await waiting(county, editor)
    assert await taught(county) == {}
    await decide(county, editor, "release", first.id, DOG)
    assert await taught(county) == {DOG: [HOUND]}
    assert await waiting(county, editor) == []
    [row] = await stored(county)
    assert (row["state"], row["entry_id"], row["count"]) == ("released", DOG, 2)
    assert row["decided_by"] == editor.staff_id


async def test_who_asks_the_same_again_is_not_shown_again_unless_it_speaks_against(
    county: County, editor: Actor
) -> None:
    await choose(county, await ask(county, HOUND, OFFERED), DOG)
    [found] = await waiting(county, editor)
    await decide(county, editor, "release", found.id, DOG)
    await ask(county, HOUND, REFUSED)
    await choose(county, await ask(county, HOUND, OFFERED), DOG)
    assert await waiting(county, editor) == []
    await thumb(county, await ask(county, HOUND, ANSWERED), up=False)
    await choose(county, await ask(county, HOUND, OFFERED), HOME)
    against = {(one.entry_id, one.signal) for one in await waiting(county, editor)}
    assert against == {(DOG, "thumb_down"), (HOME, "chosen")}


async def test_released_anew_for_another_entry_it_is_an_example_of_that_alone(
    county: County, editor: Actor
) -> None:
    for entry in (DOG, HOME):
        await choose(county, await ask(county, HOUND, OFFERED), entry)
        [found] = await waiting(county, editor)
        await decide(county, editor, "release", found.id, entry)
        assert await taught(county) == {entry: [HOUND]}
    assert len(await stored(county)) == 1


async def test_a_rejected_question_does_not_come_up_again(county: County, editor: Actor) -> None:
    await ask(county, HOUND, REFUSED)
    [found] = await waiting(county, editor)
    await decide(county, editor, "reject", found.id)
    await choose(county, await ask(county, HOUND, OFFERED), DOG)
    assert await waiting(county, editor) == []
    assert await taught(county) == {}


async def test_an_example_is_withdrawn_at_once(county: County, editor: Actor) -> None:
    await ask(county, HOUND, REFUSED)
    [found] = await waiting(county, editor)
    await decide(county, editor, "release", found.id, DOG)
    await decide(county, editor, "withdraw", found.id)
    assert await taught(county) == {}
    with pytest.raises(DecidedQuestionError):
        await decide(county, editor, "withdraw", found.id)


async def test_an_example_may_be_of_an_answer_that_is_no_service(
    county: County, editor: Actor
) -> None:
    await ask(county, HOUND, REFUSED)
    [found] = await waiting(county, editor)
    await decide(county, editor, "release", found.id, "faq:opening-hours")
    assert await taught(county) == {"faq:opening-hours": [HOUND]}


@pytest.mark.parametrize("entry", ["no-such-service", "", "faq:", "faq:x y", "ozg:" + "1" * 60])
async def test_an_example_needs_an_entry(county: County, editor: Actor, entry: str) -> None:
    await ask(county, HOUND, REFUSED)
    [found] = await waiting(county, editor)
    with pytest.raises(UnknownServiceError):
        await decide(county, editor, "release", found.id, entry)
    assert len(await waiting(county, editor)) == 1


async def test_every_decision_is_in_the_audit_trail_without_the_words(
    county: County, editor: Actor
) -> None:
    await choose(county, await ask(county, HOUND, OFFERED), CARD)
    await ask(county, "hundesteuer wann zahlen", REFUSED)
    second, first = sorted(await waiting(county, editor), key=lambda one: -one.id)
    await decide(county, editor, "release", first.id, DOG)
    await decide(county, editor, "reject", second.id)
    await decide(county, editor, "withdraw", first.id)
    trail = (await rows_of(county.application, "audit_entry"))[-3:]
    assert [one["action"] for one in trail] == [
        "learning.release",
        "learning.reject",
        "learning.withdraw",
    ]
    assert [one["staff_id"] for one in trail] == [editor.staff_id] * 3
    assert trail[0]["before"] == {"entry": CARD}
    assert trail[0]["after"] == {"entry": DOG, "count": 1}
    assert HOUND not in str(trail)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.CASE_WORKER, Role.TEAM_LEAD])
async def test_only_editors_see_and_decide(county: County, editor: Actor, role: Role) -> None:
    await ask(county, HOUND, REFUSED)
    [found] = await waiting(county, editor)
    await county.staff(2002, role)
    other = await actor_of(county, 2002)
    for who in (other, Actor()):
        with pytest.raises(NotAllowedError):
            await waiting(county, who)
        with pytest.raises(NotAllowedError):
            await decide(county, who, "release", found.id, DOG)
        with pytest.raises(NotAllowedError):
            await decide(county, who, "reject", found.id)


async def test_an_editor_of_one_town_does_not_teach_the_county(
    county: County, editor: Actor, region: object
) -> None:
    town = county.application.region.municipalities[0]
    await county.staff(2003, Role.EDITOR, town.ars)
    with pytest.raises(NotAllowedError):
        await waiting(county, await actor_of(county, 2003))


async def test_two_who_decide_at_once_decide_once(county: County, editor: Actor) -> None:
    await county.staff(2002, Role.EDITOR)
    other = await actor_of(county, 2002)
    await ask(county, HOUND, REFUSED)
    [found] = await waiting(county, editor)
    results = await asyncio.gather(
        decide(county, editor, "release", found.id, DOG),
        decide(county, other, "release", found.id, HOME),
        decide(county, other, "reject", found.id),
        return_exceptions=True,
    )
    assert [type(one) for one in results if one] == [DecidedQuestionError] * 2
    assert sum(len(texts) for texts in (await taught(county)).values()) <= 1
    assert len(await stored(county)) == 1


async def test_two_who_decide_at_once_about_the_same_words_leave_one_decision(
    county: County, editor: Actor
) -> None:
    await county.staff(2002, Role.EDITOR)
    other = await actor_of(county, 2002)
    for _ in range(5):
        for entry in (DOG, HOME):
            await choose(county, await ask(county, HOUND, OFFERED), entry)
        first, second = await waiting(county, editor)
        results = await asyncio.gather(
            decide(county, editor, "release", first.id, first.entry_id),
            decide(county, other, "release", second.id, second.entry_id),
            return_exceptions=True,
        )
        assert [type(one) for one in results if one] == [DecidedQuestionError]
        [row] = await stored(county)
        assert row["state"] == "released"
        await decide(county, editor, "withdraw", row["id"])
        async with county.application.transaction() as services:
            county.clock.forward(days=91)
            await services.learning.forget_old()


async def test_a_decision_that_is_undone_was_never_taught(county: County, editor: Actor) -> None:
    await ask(county, HOUND, REFUSED)
    [found] = await waiting(county, editor)
    with pytest.raises(ZeroDivisionError):
        await _release_and_fail(county, editor, found.id)
    assert await taught(county) == {}
    await decide(county, editor, "release", found.id, HOME)
    assert await taught(county) == {HOME: [HOUND]}


async def _release_and_fail(county: County, editor: Actor, number: int) -> None:
    async with county.application.transaction() as services:
        await services.learning.release(number, DOG, editor)
        await services.learning.taught()
        raise ZeroDivisionError


async def test_a_press_for_a_number_that_never_was_changes_nothing(
    county: County, editor: Actor
) -> None:
    await choose(county, 4711, DOG)
    await thumb(county, 4711, up=True)
    number = await ask(county, HOUND, OFFERED)
    await choose(county, number, "x" * 400)
    assert await waiting(county, editor) == []
