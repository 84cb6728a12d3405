"""/fragen: editors read what people missed, and the bot learns from it at once."""

from dataclasses import replace

import pytest

from handlers.buttons.citizens import ChooseLanguage
from nlu.supplement import services_of_others, topics
from nlu.understanding import Decision
from services.faq.reading import read_book
from services.staff.rules import Role
from tests.conftest import ROOT
from tests.county import County, Person
from tests.learning.classroom import (
    CARD,
    DOG,
    REFUSED,
    ask,
    choose,
    stored,
    taught,
    thumb,
    understood,
)
from tests.rigging import label, rows_of, words

OFFERED = understood(Decision.CHOOSE, DOG, CARD)
HOUND = "wo melde ich meinen vierbeiner an"
NAMES = {DOG: "Hund anmelden", CARD: "Personalausweis beantragen"}


@pytest.fixture
async def editor(county: County) -> Person:
    return await county.staff(2001, Role.EDITOR)


async def number_of(county: County) -> int:
    return int((await stored(county))[-1]["id"])


async def test_nothing_waits(county: County, editor: Person) -> None:
    answer = await editor.says("/fragen")
    assert words(county, "learning.nothing-waits") in answer
    assert editor.buttons == [label(county, "learning.button-taught")]


async def test_a_question_is_shown_with_what_the_bot_did_and_what_people_chose(
    county: County, editor: Person
) -> None:
    await choose(county, await ask(county, HOUND, OFFERED), DOG)
    answer = await editor.says("/fragen")
    assert HOUND in answer
    assert words(county, "learning.did-choose") in answer
    assert words(county, "learning.made-chosen", entry=NAMES[DOG]) in answer
    number = await number_of(county)
    for key in ("release", "assign", "reject"):
        assert label(county, f"learning.button-{key}", number=number) in editor.buttons


@pytest.mark.parametrize("up", [True, False])
async def test_only_what_people_agreed_to_can_be_taken_over_with_one_tap(
    county: County, editor: Person, *, up: bool
) -> None:
    await thumb(county, await ask(county, HOUND, understood(Decision.ANSWER, DOG)), up=up)
    await editor.says("/fragen")
    release = label(county, "learning.button-release", number=await number_of(county))
    assert (release in editor.buttons) is up


async def test_taken_over_with_one_tap_and_known_at_once(county: County, editor: Person) -> None:
    citizen = county.citizen()
    assert "Hund" not in await citizen.says(HOUND), "nobody has taught it yet"
    await choose(county, await ask(county, HOUND, OFFERED), DOG)
    await editor.says("/fragen")
    number = await number_of(county)
    answer = await editor.taps(label(county, "learning.button-release", number=number))
    assert words(county, "learning.released", number=number, entry=NAMES[DOG]) in answer
    assert words(county, "learning.nothing-waits") in answer
    await learned(county)
    assert "Hund" in await citizen.says(HOUND)


@pytest.mark.parametrize("language", ["de", "en"])
async def test_what_is_no_service_stands_there_with_its_name(
    county: County, editor: Person, language: str
) -> None:
    work, region = county.application.work, ROOT / "regions" / "beispielkreis"
    work.house = replace(work.house, book=read_book(region))
    names = {
        "faq:parken": work.house.book.faqs["parken"].name,
        "known:versichertenkarte": topics()["known:versichertenkarte"].name,
        "ozg:10004": services_of_others()["ozg:10004"].name,
    }
    await editor.presses(ChooseLanguage(language=language).pack())
    for number, entry in enumerate(names):
        meant = understood(Decision.CHOOSE, entry)
        await choose(county, await ask(county, f"{HOUND} {number * 'auch '}", meant), entry)
    answer = await editor.says("/fragen")
    for name in names.values():
        assert name.of(language) in answer
    number = await number_of(county)
    released = label(county, "learning.button-release", language, number=number)
    answer = await editor.taps(released)
    last = names["ozg:10004"].of(language)
    assert words(county, "learning.released", language, number=number, entry=last) in answer
    assert last in await editor.says("/fragen gelernt")
    await choose(county, await ask(county, "wie melde ich meinen hund an", OFFERED), "faq:gone")
    assert "faq:gone" in await editor.says("/fragen"), "what is not there any more"


async def learned(county: County) -> None:
    """Have somebody ask anything: the index follows, beside everything else."""
    await county.citizen(1002).says("quark")
    understanders = county.worker.given["understanders"]
    async with county.application.work.reading() as services:
        assert await understanders.ready(await services.catalogue.snapshot(), 5)


async def test_another_entry_is_found_by_the_words_of_the_question(
    county: County, editor: Person
) -> None:
    await ask(county, "steuer für meinen hund", REFUSED)
    await editor.says("/fragen")
    number = await number_of(county)
    answer = await editor.taps(label(county, "learning.button-assign", number=number))
    assert f"/fragen {number}" in answer
    await editor.taps(NAMES[DOG])
    assert await taught(county) == {DOG: ["steuer für meinen hund"]}


async def test_another_entry_is_found_by_the_editor_s_words(
    county: County, editor: Person
) -> None:
    await ask(county, HOUND, REFUSED)
    number = await number_of(county)
    await editor.says(f"/fragen {number} neuer ausweis")
    await editor.taps(NAMES[CARD])
    assert await taught(county) == {CARD: [HOUND]}


async def test_another_entry_is_found_by_its_id_or_key(county: County, editor: Person) -> None:
    await ask(county, HOUND, REFUSED)
    number = await number_of(county)
    for key in (DOG, "99102007104000", "Hund anmelden"):
        await editor.says(f"/fragen {number} {key}")
        assert NAMES[DOG] in editor.buttons


async def test_words_that_lead_nowhere_are_said_so(county: County, editor: Person) -> None:
    await ask(county, HOUND, REFUSED)
    number = await number_of(county)
    answer = await editor.says(f"/fragen {number} quark")
    assert words(county, "learning.which-words", question="", number=number).strip() in answer
    assert editor.buttons == [label(county, "learning.button-waiting")]


async def test_rejected_with_one_tap(county: County, editor: Person) -> None:
    await ask(county, HOUND, REFUSED)
    await editor.says("/fragen")
    number = await number_of(county)
    answer = await editor.taps(label(county, "learning.button-reject", number=number))
    assert words(county, "learning.rejected", number=number) in answer
    assert words(county, "learning.nothing-waits") in answer


async def test_an_example_is_listed_and_taken_back(county: County, editor: Person) -> None:
    assert words(county, "learning.nothing-taught") in await editor.says("/fragen gelernt")
    await choose(county, await ask(county, HOUND, OFFERED), DOG)
    number = await number_of(county)
    await editor.says("/fragen")
    await editor.taps(label(county, "learning.button-release", number=number))
    answer = await editor.says("/fragen gelernt")
    assert HOUND in answer
    assert NAMES[DOG] in answer
    answer = await editor.taps(label(county, "learning.button-withdraw", number=number))
    assert words(county, "learning.withdrawn", number=number) in answer
    assert await taught(county) == {}


async def test_pages_are_turned(county: County, editor: Person) -> None:
    for animal in ("hund", "auto", "ausweis", "wohnsitz", "haus", "welpe"):
        await ask(county, f"{animal} anmelden wie geht das", REFUSED)
    first = await editor.says("/fragen")
    assert "1 von 2" in first
    second = await editor.taps(label(county, "ask.button-next"))
    assert "2 von 2" in second
    assert "1 von 2" in await editor.taps(label(county, "ask.button-previous"))


async def test_a_page_that_is_gone_is_the_first(county: County, editor: Person) -> None:
    await ask(county, HOUND, REFUSED)
    assert "1 von 1" in await editor.presses("qs:7:0")


async def test_figures_say_how_much_was_asked_in_vain_and_what_was_missed_most(
    county: County, editor: Person
) -> None:
    citizen = county.citizen()
    await citizen.says("Hund anmelden")
    for _ in range(2):
        await citizen.says("quark quark")
    for _ in range(2):
        await ask(county, HOUND, REFUSED)
    answer = await editor.says("/fragen")
    assert words(county, "learning.figures", days=30, asked=3, share=67) in answer
    assert words(county, "learning.missed", question=HOUND, times=2) in answer


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.TEAM_LEAD])
async def test_others_of_the_staff_have_no_right_to_it(county: County, role: Role) -> None:
    other = await county.staff(2002, role)
    await ask(county, HOUND, REFUSED)
    number = await number_of(county)
    for answer in (
        await other.says("/fragen"),
        await other.says("/fragen gelernt"),
        await other.says(f"/fragen {number} hund"),
        await other.presses("qs:0:0"),
        await other.presses(f"qd|{number}|r|{DOG}"),
        await other.presses(f"qd|{number}|x|"),
        await other.presses(f"qd|{number}|a|"),
    ):
        assert HOUND not in answer
        assert "Recht" in answer
    assert await taught(county) == {}


async def test_citizens_have_no_such_command(county: County) -> None:
    await ask(county, HOUND, REFUSED)
    citizen = county.citizen()
    assert HOUND not in await citizen.says("/fragen")
    assert "Recht" in await citizen.presses(f"qd|{await number_of(county)}|r|{DOG}")


async def test_the_same_button_twice_and_two_editors_with_the_same_page(
    county: County, editor: Person
) -> None:
    second = await county.staff(2002, Role.ADMIN)
    await choose(county, await ask(county, HOUND, OFFERED), DOG)
    number = await number_of(county)
    await editor.says("/fragen")
    await second.says("/fragen")
    release = label(county, "learning.button-release", number=number)
    await editor.taps(release)
    assert words(county, "learning.decided") in await editor.taps(release)
    reject = label(county, "learning.button-reject", number=number)
    assert words(county, "learning.decided") in await second.taps(reject)
    assert await taught(county) == {DOG: [HOUND]}
    assert len(await rows_of(county.application, "audit_entry")) == 5, "enrolments, one release"


@pytest.mark.parametrize("wanted", ["hund", "12.5", "1234567890", "-1", "²"])
async def test_a_wrong_number_is_explained(county: County, editor: Person, wanted: str) -> None:
    assert await editor.says(f"/fragen {wanted}") == words(county, "learning.usage")


async def test_a_number_that_is_gone_is_said_so(county: County, editor: Person) -> None:
    assert await editor.says("/fragen 4711 hund") == words(county, "learning.decided")


async def test_words_cannot_break_out_of_the_page(county: County, editor: Person) -> None:
    await ask(county, "<b>hund</b> & anmelden <wo>", REFUSED)
    answer = await editor.says("/fragen")
    assert "&lt;" in answer
    assert "<wo>" not in answer
