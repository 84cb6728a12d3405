"""Too many messages: answered kindly once, then silence, then normal again."""

from dataclasses import replace

from services.inbox.service import Limits
from tests.county import County
from tests.rigging import words

LIMIT = 20


def slower(county: County, person: int = LIMIT, overall: int = 6000) -> None:
    """Set lower limits."""
    limits = Limits(person_per_minute=person, overall_per_minute=overall)
    county.application.work.house = replace(county.application.work.house, limits=limits)


async def test_twenty_a_minute_are_answered_then_one_kind_word_then_silence(
    county: County,
) -> None:
    erika, hans = county.citizen(1001), county.citizen(1002)
    answers = [await erika.says("/hilfe") for _ in range(LIMIT + 4)]
    assert len(set(answers[:LIMIT])) == 1
    assert answers[LIMIT] == words(county, "error.too-fast")
    assert answers[LIMIT + 1 :] == ["", "", ""]
    assert await hans.says("/hilfe") == answers[0], "others notice nothing"
    county.clock.forward(seconds=59)
    assert await erika.says("/hilfe") == ""
    county.clock.forward(seconds=61)
    assert await erika.says("/hilfe") == answers[0]


async def test_the_kind_word_is_in_the_person_s_language(county: County) -> None:
    slower(county, person=2)
    john = county.citizen(language="en")
    await john.says("/start")
    await john.presses("l:en")
    assert await john.says("/help") == words(county, "error.too-fast", "en")


async def test_ignored_messages_leave_no_effects(county: County) -> None:
    slower(county, person=2)
    erika = county.citizen()
    for _ in range(3):
        await erika.says("/hilfe")
    assert await erika.presses("l:en") == ""
    county.clock.forward(seconds=61)
    assert await erika.says("/hilfe") == words(county, "welcome.help", hotline="115")


async def test_when_all_together_are_too_many_everybody_is_told_once(county: County) -> None:
    slower(county, overall=3)
    erika, hans = county.citizen(1001), county.citizen(1002)
    answers = [await erika.says("/hilfe") for _ in range(4)]
    assert all(answers[:3])
    assert answers[3] == ""
    assert await hans.says("/hilfe") == words(county, "error.too-fast")
    assert await hans.says("/hilfe") == ""
    county.clock.forward(seconds=61)
    assert await erika.says("/hilfe") == answers[0]


async def test_the_limit_is_a_setting(county: County) -> None:
    limits = county.application.work.house.limits
    settings = county.application.settings.limits
    assert limits.person_per_minute == settings.person_per_minute == LIMIT
    assert limits.overall_per_minute == settings.overall_per_minute
