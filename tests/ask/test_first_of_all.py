"""Somebody in danger is told whom to call before anything else; then what is asked of the bot."""

import pytest
from aiogram.methods import SendDocument

from nlu.understanding import Decision
from tests.ask.planned import CAR, Notebook, Plan
from tests.county import County
from tests.rigging import group_message, label, rows_of, words

GROUP = -1007310099883
FIRE = "Hilfe, in Köthen brennt unser Haus"


async def counted(county: County) -> list[dict[str, object]]:
    return await rows_of(county.application, "usage")


# -- emergencies


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        (FIRE, ["112"]),
        ("ich will nicht mehr leben", ["112", "0800 1110111"]),
        ("mein mann schlägt mich", ["110", "116 016"]),
        ("mein Kind hat Rohrreiniger getrunken", ["112", "0361 730730"]),
    ],
)
async def test_whoever_is_in_danger_gets_numbers_first(
    county: County, plan: Plan, said: str, numbers: list[str]
) -> None:
    erika = county.citizen()
    reply = await erika.says(said)
    for number in numbers:
        assert number in reply
    assert reply.startswith("<b>")
    assert reply.endswith(words(county, "emergency.after"))
    assert list(erika.buttons) == []


async def test_an_emergency_is_answered_in_the_language_it_is_written_in(
    county: County, plan: Plan
) -> None:
    reply = await county.citizen().says("help my house is on fire please come quickly")
    assert reply.startswith("<b>Call now:</b>")
    assert "112" in reply


async def test_an_emergency_comes_before_place_follow_up_and_question_back(
    county: County, plan: Plan, notebook: Notebook
) -> None:
    plan.on("auto", Decision.CLARIFY, CAR)
    erika = county.citizen()
    await erika.says("auto")
    before = await counted(county)
    assert "112" in await erika.says(FIRE)
    [chat] = await rows_of(county.application, "chat")
    assert chat["municipality"] is None
    assert await counted(county) == before
    assert notebook.notes == [("asked", "auto", "clarify")]


@pytest.mark.parametrize("said", [f"/suche {FIRE}", f"@abi_test_bot {FIRE}"])
async def test_in_a_group_whoever_calls_the_bot_gets_numbers(
    county: County, plan: Plan, said: str
) -> None:
    await county.receives({"update_id": 1, **group_message(county, GROUP, 7, text=said)})
    await county.settle()
    assert "112" in county.told(GROUP)[-1]


async def test_in_a_group_the_bot_does_not_listen_to_the_others(
    county: County, plan: Plan
) -> None:
    for number, said in enumerate((FIRE, "Hund anmelden", "ruf @jemand an"), 1):
        await county.receives({"update_id": number, **group_message(county, GROUP, 7, text=said)})
    await county.settle()
    assert county.told(GROUP) == []


# -- intents


async def test_what_has_a_command_gets_what_the_command_says(county: County, plan: Plan) -> None:
    erika = county.citizen()
    assert await erika.says("bitte lösche alle meine daten") == words(county, "privacy.ask-erase")
    assert erika.buttons == [
        label(county, "privacy.button-erase"),
        label(county, "privacy.button-keep"),
    ]
    assert await erika.says("Sprache ändern") == words(county, "welcome.which-language")
    assert await erika.says("abo kündigen") == words(county, "subscriptions.none")
    access = await erika.says("Welche Daten hast du über mich gespeichert?")
    assert words(county, "privacy.access", kept="").split("\n")[0] in access
    assert any(isinstance(one, SendDocument) for one in county.telegram.log)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("Hallo!", "intent.greeting"),
        ("vielen dank", "intent.thanks"),
        ("tschüss", "intent.goodbye"),
        ("wer bist du", "intent.who-are-you"),
        ("du bist super", "intent.praise"),
    ],
)
async def test_a_kind_word_gets_a_kind_word(
    county: County, plan: Plan, said: str, key: str
) -> None:
    erika = county.citizen()
    assert await erika.says(said) == words(county, key, county="Landkreis Testkreis")
    assert list(erika.buttons) == ["Themen"]


@pytest.mark.parametrize(
    "said",
    [
        "ich will mit einem echten menschen sprechen",
        "jemand hat müll im wald abgeladen",
        "wie hoch ist der Pegel gerade",
        "der bot ist nutzlos",
    ],
)
async def test_what_the_bot_cannot_do_names_the_contact(
    county: County, plan: Plan, said: str
) -> None:
    assert "115" in await county.citizen().says(said)


async def test_whoever_wants_news_can_wait_for_the_service_talked_about(
    county: County, plan: Plan
) -> None:
    erika = county.citizen()
    await erika.says("Auto abmelden")
    assert await erika.says("benachrichtige mich wenn es neues gibt") == words(
        county, "intent.subscribe"
    )
    assert erika.buttons[0] == "Auto abmelden"
    assert "Landkreis Testkreis" in erika.buttons[1]
    data = county.telegram.said[-1].buttons["Auto abmelden"]
    assert "Wir sagen Ihnen hier Bescheid" in await erika.presses(data)


async def test_what_concerns_one_person_is_not_said_in_a_group(county: County, plan: Plan) -> None:
    for number, said in enumerate(
        ("lösche alle meine daten", "welche daten hast du über mich", "abo kündigen")
    ):
        update = group_message(county, GROUP, 7, text=f"/suche {said}")
        await county.receives({"update_id": number + 1, **update})
    await county.settle()
    assert set(county.told(GROUP)) == {words(county, "chats.hello-group")}


async def test_intents_are_no_questions_in_the_figures(county: County, plan: Plan) -> None:
    erika = county.citizen()
    for said in ("hallo", "danke", FIRE):
        await erika.says(said)
    assert await counted(county) == []


# -- the language of the question


async def test_a_refusal_speaks_the_language_of_the_question_and_offers_it_once(
    county: County, plan: Plan
) -> None:
    question = "what is the weather like tomorrow in the mountains"
    plan.on(question, Decision.REFUSE)
    erika = county.citizen()
    reply = await erika.says(question)
    assert reply == words(county, "ask.unknown-unverified", "en", hotline="115")
    assert erika.buttons[-1] == label(county, "welcome.button-speak", "en")
    await erika.says(question)
    assert list(erika.buttons) == [label(county, "ask.button-menu", "en")]


async def test_none_of_these_is_answered_in_the_language_of_the_choice(
    county: County, plan: Plan
) -> None:
    question = "something about a car and the office please"
    plan.on(question, Decision.CHOOSE, CAR)
    erika = county.citizen()
    assert await erika.says(question) == words(county, "ask.choose", "en")
    reply = await erika.taps(label(county, "ask.none-of-these", "en"))
    assert reply == words(county, "ask.unknown-unverified", "en", hotline="115")
