"""Who names a town of others is told that it is not ours, and not asked back."""

import pytest

from handlers.ask.desk import honest
from handlers.ask.wording import contact
from handlers.buttons.citizens import ChooseLanguage
from nlu.understanding import Candidate, Decision, Kind, Understanding
from services.chats.service import LANGUAGES
from tests.ask.planned import CAR, DOG, HOME, Notebook, Plan
from tests.county import County
from tests.rigging import label, words

TOWNS = ("Magdeburg", "Leipzig", "Berlin", "Dessau", "München", "Halle Saale")
QUESTION = "was ist mit dem auto"


def noted(county: County, place: str, language: str = "de") -> str:
    facts = county.application.region.facts
    name = facts.name_en if language == "en" else facts.name
    return words(county, "ask.other-place", language, place=place, county=name)


def told(county: County, place: str, language: str = "de") -> str:
    text, hotline = county.worker.texts.of(language), county.application.region.facts.hotline
    again = words(county, "ask.without-place", language, contact=contact(text, hotline))
    return f"{noted(county, place, language)}\n\n{again}"


@pytest.mark.parametrize("decision", [Decision.CLARIFY, Decision.REFUSE])
async def test_the_other_town_is_said_to_be_not_ours(
    county: County, plan: Plan, notebook: Notebook, decision: Decision
) -> None:
    erika = county.citizen()
    for town in TOWNS:
        question = f"kfz zulassung {town.lower()}"
        plan.on(question, decision, CAR, score=0.2)
        assert await erika.says(question) == told(county, town)
        assert label(county, "ask.button-menu") in erika.buttons


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_is_said_in_every_language(county: County, plan: Plan, language: str) -> None:
    plan.on("kfz leipzig", Decision.CLARIFY, CAR, score=0.2)
    john = county.citizen(language=language)
    await john.presses(ChooseLanguage(language=language).pack())
    answer = await john.says("kfz leipzig")
    assert answer == told(county, "Leipzig", language)


async def test_what_may_be_ours_stays_a_tap_away_and_counts_as_no_question_back(
    county: County, plan: Plan, notebook: Notebook
) -> None:
    plan.on("anmelden leipzig", Decision.CLARIFY, DOG, HOME, score=0.2)
    plan.on("anmelden", Decision.CLARIFY, DOG, HOME, score=0.2)
    erika, hans = county.citizen(), county.citizen(1002)
    await hans.says("anmelden")
    await erika.says("anmelden leipzig")
    assert erika.buttons == hans.buttons, "the same situations to choose from"
    key = "ask.clarify" if len(erika.buttons) > 2 else "ask.clarify-words"
    assert await erika.says("anmelden") == words(county, key), "only now it is asked back"


async def test_an_answer_of_ours_says_first_that_the_town_is_not(
    county: County, plan: Plan, notebook: Notebook
) -> None:
    plan.on("hund anmelden", Decision.ANSWER, DOG, score=0.9)
    plan.on("hund anmelden leipzig", Decision.ANSWER, DOG, score=0.9)
    plan.on("anmelden leipzig", Decision.CHOOSE, DOG, HOME)
    erika = county.citizen()
    card = await erika.says("hund anmelden")
    buttons = erika.buttons
    answer = await erika.says("hund anmelden leipzig")
    assert answer == f"{noted(county, 'Leipzig')}\n\n{card}"
    assert len(erika.buttons) == len(buttons)
    choice = words(county, "ask.choose")
    assert await erika.says("anmelden leipzig") == f"{noted(county, 'Leipzig')}\n\n{choice}"


@pytest.mark.parametrize(
    "question",
    [
        QUESTION,
        "brunnen zum gießen",
        "umzug von leipzig",
        "hund in köthen statt leipzig",
        "hund in leipzig und zerbst",
    ],
)
@pytest.mark.parametrize("decision", [Decision.CLARIFY, Decision.CHOOSE, Decision.REFUSE])
async def test_nothing_of_it_where_ours_is_meant(
    county: County, plan: Plan, notebook: Notebook, question: str, decision: Decision
) -> None:
    region = county.application.region
    for asked in (question, region.gazetteer.without_places(question)):
        plan.on(asked, decision, DOG, HOME, score=0.3)
    answer = await county.citizen().says(question)
    assert noted(county, "Leipzig") not in answer
    assert "Gießen" not in answer
    if decision is Decision.REFUSE:
        assert answer == str(honest(county.worker.texts.of("de"), region))


async def test_whose_it_is_is_said_rather_than_where(county: County, plan: Plan) -> None:
    bank = Candidate("known:versichertenkarte", 0.8, "", Kind.KNOWN)
    plan.meant["karte leipzig"] = Understanding(Decision.REFUSE, [bank])
    answer = await county.citizen().says("karte leipzig")
    assert answer.startswith("<b>")
    assert noted(county, "Leipzig") not in answer
