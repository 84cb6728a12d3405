"""Choices, questions back, follow-ups, several concerns: what a citizen reads and taps."""

import pytest

from nlu.understanding import Decision
from services.chats.service import TALK
from tests.ask.planned import BUILD, CAR, CARD, DOG, HOME, LOST, Notebook, Plan
from tests.county import County, Person
from tests.rigging import group_message, label, rows_of, words

UNKNOWN = "Dazu weiß ich leider nichts Verlässliches."
WHICH_TOWN = "In welcher Gemeinde?"
NONE = "Nichts davon"


async def talk_of(county: County) -> dict[str, object]:
    [chat] = await rows_of(county.application, "chat")
    return {name: chat[name] for name in ("last_service", "last_candidates", "asked_back")}


async def at_home_in(county: County, town: str = "Köthen") -> Person:
    erika = county.citizen()
    await erika.says(town)
    return erika


# -- choices


async def test_a_choice_has_a_button_for_whoever_means_something_else(
    county: County, plan: Plan
) -> None:
    plan.on("ausweis", Decision.CHOOSE, CARD, LOST, HOME)
    erika = await at_home_in(county)
    assert await erika.says("Ausweis") == words(county, "ask.choose")
    assert erika.buttons[:3] == [
        "Personalausweis beantragen",
        "Verlust des Ausweises melden",
        "Wohnsitz an- oder ummelden",
    ]
    assert erika.buttons[3:] == [NONE, "Themen"]
    assert (await erika.taps(NONE)).startswith(UNKNOWN)
    assert "115" in erika.heard[-1]
    assert await talk_of(county) == {
        "last_service": None,
        "last_candidates": None,
        "asked_back": False,
    }


async def test_what_is_chosen_is_said_below_so_that_the_others_stay(
    county: County, plan: Plan
) -> None:
    plan.on("ausweis", Decision.CHOOSE, CARD, LOST)
    erika = await at_home_in(county)
    await erika.says("Ausweis")
    choices = county.telegram.said[-1].message_id
    assert "<b>Personalausweis beantragen</b>" in await erika.taps("Personalausweis beantragen")
    assert county.telegram.said[-1].message_id != choices
    assert "<b>Verlust" in await erika.taps("Verlust des Ausweises melden")


async def test_a_choice_nobody_can_name_any_more_is_an_honest_refusal(
    county: County, plan: Plan
) -> None:
    plan.on("alt", Decision.CHOOSE, "known:gibt-es-nicht-mehr")
    erika = county.citizen()
    assert (await erika.says("alt")).startswith(UNKNOWN)
    for entry in ("gibt-es-nicht", "known/gibt-es-nicht"):
        assert "kennen wir nicht" in await erika.presses(f"e:{entry}::c:")


# -- questions back


async def test_an_unclear_question_is_asked_back_by_life_situations(
    county: County, plan: Plan
) -> None:
    plan.on("anmelden", Decision.CLARIFY, HOME, DOG, CAR, score=0.3)
    erika = await at_home_in(county)
    assert await erika.says("anmelden") == words(county, "ask.clarify")
    assert erika.buttons == ["Umzug", "Tiere", NONE, "Themen"]
    assert await erika.taps("Umzug") == words(county, "ask.choose")
    assert erika.buttons[:2] == ["Wohnsitz an- oder ummelden", "Auto abmelden"]


async def test_a_life_situation_tapped_late_shows_all_of_it(county: County, plan: Plan) -> None:
    plan.on("anmelden", Decision.CLARIFY, HOME, DOG, score=0.3)
    erika = await at_home_in(county)
    await erika.says("anmelden")
    county.clock.forward(minutes=31)
    assert "<b>Tiere</b>" in await erika.taps("Tiere")


async def test_where_one_situation_fits_a_few_more_words_are_asked_for(
    county: County, plan: Plan
) -> None:
    plan.on("ausweis", Decision.CLARIFY, CARD, LOST, score=0.3)
    erika = await at_home_in(county)
    assert await erika.says("ausweis") == words(county, "ask.clarify-words")
    assert erika.buttons == [NONE, "Themen"]


async def test_the_next_words_are_understood_together_with_the_question_back(
    county: County, plan: Plan
) -> None:
    plan.on("ausweis", Decision.CLARIFY, CARD, LOST, score=0.3)
    plan.on("der ist weg", Decision.CHOOSE, DOG, LOST)
    erika = await at_home_in(county)
    await erika.says("ausweis")
    assert "<b>Verlust des Ausweises melden</b>" in await erika.says("der ist weg")


async def test_nobody_is_asked_back_twice(county: County, plan: Plan) -> None:
    plan.on("hm das da", Decision.CLARIFY, HOME, DOG, score=0.3)
    plan.on("na das eben", Decision.CLARIFY, BUILD, CAR, score=0.3)
    erika = await at_home_in(county)
    await erika.says("hm das da")
    assert await erika.says("na das eben") == words(county, "ask.choose")
    assert erika.buttons[:2] == ["Baugenehmigung beantragen", "Auto abmelden"]
    assert await erika.says("hm das da") == words(county, "ask.clarify"), "a while ago"


async def test_what_was_named_before_comes_first(county: County, plan: Plan) -> None:
    plan.on("auto", Decision.CHOOSE, CAR, BUILD)
    plan.on("abmelden", Decision.CHOOSE, HOME, DOG, CAR)
    erika = await at_home_in(county)
    await erika.says("auto")
    await erika.says("abmelden")
    assert erika.buttons[0] == "Auto abmelden"


# -- follow-ups


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("und was kostet das?", "Kosten und Fristen:"),
        ("wie lange dauert das", "Kosten und Fristen:"),
        ("welche Unterlagen brauche ich?", "• Personalausweis"),
        ("geht das online", "Geht das online?"),
        ("wo ist das?", "Zuständige Stelle:"),
        ("скільки це коштує?", "Kosten und Fristen:"),
        ("ne kadar?", "Kosten und Fristen:"),
    ],
)
async def test_a_follow_up_shows_that_part_of_the_last_service(
    county: County, question: str, expected: str
) -> None:
    erika = county.citizen()
    await erika.says("umgezogen nach Köthen")
    part = await erika.says(question)
    assert "<b>Wohnsitz an- oder ummelden</b>" in part
    assert expected in part
    assert "Einwohnermeldeamt Köthen" in await erika.taps("Zurück")


@pytest.mark.parametrize("question", ["und in Zerbst?", "und in 39261?", "was ist mit Zerbst"])
async def test_another_place_is_shown_and_not_remembered(county: County, question: str) -> None:
    erika = await at_home_in(county)
    await erika.says("umgezogen")
    assert "Einwohnermeldeamt Zerbst" in await erika.says(question)
    assert "Einwohnermeldeamt Köthen" in await erika.says("umgezogen")


async def test_a_part_for_another_place(county: County) -> None:
    erika = await at_home_in(county)
    await erika.says("umgezogen")
    part = await erika.says("und wo ist das in Zerbst?")
    assert "Zuständige Stelle:" in part
    assert "Zerbst" in part


async def test_a_postcode_of_two_towns_is_asked_back(county: County) -> None:
    erika = await at_home_in(county, "Zerbst")
    await erika.says("umgezogen")
    assert WHICH_TOWN in await erika.says("und in 06369?")
    assert list(erika.buttons) == ["Köthen (Anhalt)", "Südliches Anhalt"]


async def test_without_anything_talked_about_it_is_asked_what_for(county: County) -> None:
    erika = county.citizen()
    assert await erika.says("und was kostet das?") == words(county, "ask.about-what")
    await erika.says("Auto abmelden")
    county.clock.forward(minutes=31)
    assert await erika.says("und was kostet das?") == words(county, "ask.about-what")


async def test_a_follow_up_to_a_choice_asks_for_which(county: County, plan: Plan) -> None:
    plan.on("ausweis", Decision.CHOOSE, CARD, HOME)
    erika = await at_home_in(county)
    await erika.says("ausweis")
    assert await erika.says("was kostet das") == words(county, "ask.which-one")
    assert "Kosten und Fristen:" in await erika.taps("Wohnsitz an- oder ummelden")


async def test_another_place_for_a_choice_offers_it_for_there(county: County, plan: Plan) -> None:
    plan.on("anmelden", Decision.CHOOSE, DOG, HOME)
    erika = await at_home_in(county)
    await erika.says("anmelden")
    assert await erika.says("und in Zerbst?") == words(county, "ask.choose")
    assert "Einwohnermeldeamt Zerbst" in await erika.taps("Hund anmelden")


async def test_a_question_with_its_own_service_is_no_follow_up(county: County) -> None:
    erika = await at_home_in(county)
    await erika.says("umgezogen")
    assert "<b>Hund anmelden</b>" in await erika.says("was kostet Hundesteuer")


@pytest.mark.parametrize("said", ["nein, was anderes", "falsch", "nicht das"])
async def test_something_else_offers_what_else_was_meant(
    county: County, plan: Plan, said: str
) -> None:
    plan.on("perso", Decision.ANSWER, CARD, LOST, HOME)
    erika = await at_home_in(county)
    assert "<b>Personalausweis beantragen</b>" in await erika.says("perso")
    assert await erika.says(said) == words(county, "ask.choose")
    assert erika.buttons[:2] == ["Verlust des Ausweises melden", "Wohnsitz an- oder ummelden"]
    assert (await erika.says(said)).startswith(UNKNOWN), "none of them either"


async def test_something_else_where_there_was_no_other(county: County) -> None:
    erika = county.citizen()
    await erika.says("/menu")
    await erika.taps("Umzug")
    await erika.taps("Auto abmelden")
    assert await erika.says("nein, was anderes") == words(county, "ask.something-else")


# -- several concerns


async def test_two_concerns_in_one_message_get_both(county: County) -> None:
    erika = await at_home_in(county)
    assert await erika.says("umgezogen und Welpe gekauft") == words(county, "ask.several")
    assert erika.buttons[:2] == ["Wohnsitz an- oder ummelden", "Hund anmelden"]
    assert "<b>Wohnsitz" in await erika.taps("Wohnsitz an- oder ummelden")
    assert "<b>Hund" in await erika.taps("Hund anmelden"), "it is still there"


async def test_a_greeting_or_thanks_before_a_question_is_no_concern(county: County) -> None:
    erika = await at_home_in(county)
    for question in ("Hallo, Hund anmelden", "danke, und Hund anmelden"):
        assert "<b>Hund anmelden</b>" in await erika.says(question), question


# -- what is remembered, and how long


async def test_only_ids_are_remembered_and_they_can_be_seen_and_go(
    county: County, plan: Plan
) -> None:
    plan.on("mein geheimnis", Decision.CLARIFY, CARD, HOME)
    erika = county.citizen()
    await erika.says("mein geheimnis")
    assert await talk_of(county) == {
        "last_service": None,
        "last_candidates": [CARD, HOME],
        "asked_back": True,
    }
    county.clock.forward(seconds=TALK.total_seconds() - 1)
    await county.runs("forget conversations")
    assert (await talk_of(county))["last_candidates"] == [CARD, HOME]
    county.clock.forward(seconds=1)
    await county.runs("forget conversations")
    assert await talk_of(county) == {
        "last_service": None,
        "last_candidates": None,
        "asked_back": False,
    }


async def test_erasing_forgets_the_talk(county: County) -> None:
    erika = county.citizen()
    await erika.says("Auto abmelden")
    await erika.says("/loeschen")
    await erika.taps(label(county, "privacy.button-erase"))
    assert (await talk_of(county))["last_service"] is None
    assert (await talk_of(county))["last_candidates"] is None


# -- learning


async def test_what_is_asked_chosen_and_rated_can_be_learnt_from(
    county: County, plan: Plan, notebook: Notebook
) -> None:
    plan.on("ausweis", Decision.CHOOSE, CARD, LOST)
    erika = await at_home_in(county)
    await erika.says("ausweis")
    await erika.taps("Verlust des Ausweises melden")
    await erika.says("Auto abmelden")
    await erika.taps("👍 Passt")
    await erika.says("ausweis")
    await erika.taps(NONE)
    assert notebook.notes == [
        ("asked", "ausweis", "choose"),
        ("chosen", 1, LOST),
        ("asked", "Auto abmelden", "answer"),
        ("thumb", 3, True),
        ("asked", "ausweis", "choose"),
        ("thumb", 5, False),
    ]


async def test_what_was_chosen_can_be_rated_too(
    county: County, plan: Plan, notebook: Notebook
) -> None:
    plan.on("ausweis", Decision.CHOOSE, CARD, LOST)
    erika = await at_home_in(county)
    await erika.says("ausweis")
    await erika.taps("Verlust des Ausweises melden")
    await erika.taps("👎 Passt nicht")
    assert notebook.notes[-1] == ("thumb", 1, False)
    assert erika.buttons[0] == "Personalausweis beantragen", "what else was meant"


async def test_each_of_several_concerns_is_kept_for_itself(
    county: County, notebook: Notebook
) -> None:
    erika = await at_home_in(county)
    await erika.says("umgezogen und Welpe gekauft")
    await erika.taps("Hund anmelden")
    assert notebook.notes == [
        ("asked", "umgezogen", "answer"),
        ("asked", "Welpe gekauft", "answer"),
        ("chosen", 2, DOG),
    ]


async def test_a_thumb_down_offers_what_else_was_meant(
    county: County, plan: Plan, notebook: Notebook
) -> None:
    plan.on("perso", Decision.ANSWER, CARD, LOST)
    erika = await at_home_in(county)
    await erika.says("perso")
    assert erika.buttons[-2:] == ["👍 Passt", "👎 Passt nicht"]
    await erika.taps("👎 Passt nicht")
    assert erika.buttons[0] == "Verlust des Ausweises melden"
    assert notebook.notes[-1] == ("thumb", 1, False)


async def test_nothing_is_kept_of_what_is_asked_in_a_group(
    county: County, plan: Plan, notebook: Notebook
) -> None:
    update = group_message(county, -77, 7, text="/suche Auto abmelden")
    await county.receives({"update_id": 1, **update})
    await county.settle()
    assert notebook.notes == []
    assert "👍 Passt" not in county.telegram.said[-1].buttons


async def test_follow_ups_and_intents_are_not_learnt_from(
    county: County, plan: Plan, notebook: Notebook
) -> None:
    erika = await at_home_in(county)
    for said in ("danke", "und was kostet das?", "hilfe mein haus brennt"):
        await erika.says(said)
    assert notebook.notes == []
