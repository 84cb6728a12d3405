"""Asking, browsing, following links: what a citizen reads and taps."""

from typing import Any

from handlers.ask.menu import PAGE
from tests.catalogue.kit import KOETHEN, ZERBST, link, office_data, service_data, write
from tests.county import County

TOWNS = ["Köthen (Anhalt)", "Zerbst/Anhalt", "Südliches Anhalt"]
WHICH_TOWN = "In welcher Gemeinde?"


async def imports(county: County, tmp_path: Any, *services: Any) -> None:
    file = write(tmp_path / "mehr.yaml", *services, offices=[office_data(tasks=["test"])])
    async with county.application.transaction() as house:
        report = await house.catalogue.take_in(file)
        assert not report.refused
        await house.golive.announce_import(report)


async def town_of(county: County, telegram_id: int) -> str | None:
    async with county.application.work.reading() as house:
        chat = await house.chats.find(telegram_id)
        return chat.municipality if chat else None


# -- the town: asked once, remembered, changeable, named in the question


async def test_the_town_is_asked_once_and_remembered(county: County) -> None:
    erika = county.citizen()
    assert WHICH_TOWN in await erika.says("Hund anmelden")
    assert list(erika.buttons) == TOWNS
    assert "Einwohnermeldeamt Zerbst" in await erika.taps("Zerbst/Anhalt")
    assert "Einwohnermeldeamt Zerbst" in await erika.says("Perso")
    assert "Einwohnermeldeamt Zerbst" in await erika.says("Hundesteuer")


async def test_a_service_that_is_the_same_everywhere_asks_for_no_town(county: County) -> None:
    card = await county.citizen().says("Auto abmelden")
    assert "Bauordnungsamt des Landkreises" in card
    assert await town_of(county, 1001) is None


async def test_a_town_named_in_the_question_is_used_and_remembered(county: County) -> None:
    erika = county.citizen()
    assert "Einwohnermeldeamt Köthen" in await erika.says("Hund anmelden in Köthen")
    assert "Einwohnermeldeamt Köthen" in await erika.says("Perso")


async def test_a_town_named_later_answers_once_and_is_not_remembered(county: County) -> None:
    erika = county.citizen()
    await erika.says("Köthen")
    assert "Einwohnermeldeamt Zerbst" in await erika.says("Hund anmelden in Zerbst")
    assert "Einwohnermeldeamt Zerbst" in await erika.taps("Zuständige Stelle")
    assert "Zerbst" in await erika.taps("Zurück")
    assert "Einwohnermeldeamt Köthen" in await erika.says("Hund anmelden")


async def test_the_question_for_the_town_can_be_answered_in_words(county: County) -> None:
    for number, reply in enumerate(
        ["Zerbst", "39261", "ich wohne in Zerbst", "39261 Zerbst!", "zerbst"]
    ):
        erika = county.citizen(number)
        await erika.says("Hund anmelden")
        card = await erika.says(reply)
        assert "<b>Hund anmelden</b>" in card, reply
        assert "Einwohnermeldeamt Zerbst" in card, reply


async def test_a_postcode_of_two_towns_is_asked_back(county: County) -> None:
    erika = county.citizen()
    await erika.says("Hund anmelden")
    assert WHICH_TOWN in await erika.says("06369")
    assert list(erika.buttons) == ["Köthen (Anhalt)", "Südliches Anhalt"]
    assert await town_of(county, 1001) is None
    assert "Einwohnermeldeamt Südliches Anhalt" in await erika.taps("Südliches Anhalt")


async def test_a_postcode_of_two_towns_inside_the_question_is_asked_back(county: County) -> None:
    erika = county.citizen()
    assert WHICH_TOWN in await erika.says("Hund anmelden 06369")
    assert list(erika.buttons) == ["Köthen (Anhalt)", "Südliches Anhalt"]


async def test_the_town_can_be_changed_on_every_card(county: County) -> None:
    erika = county.citizen()
    await erika.says("Hund anmelden in Köthen")
    assert WHICH_TOWN in await erika.taps("Ort ändern")
    card = await erika.taps("Zerbst/Anhalt")
    assert "<b>Hund anmelden</b>" in card
    assert "Einwohnermeldeamt Zerbst" in card
    assert await town_of(county, 1001) == ZERBST


async def test_the_town_can_be_changed_by_command(county: County) -> None:
    erika = county.citizen()
    await erika.says("Hund anmelden in Köthen")
    assert "In welcher Gemeinde wohnen Sie?" in await erika.says("/ort")
    assert "Gemerkt: Zerbst/Anhalt" in await erika.says("Zerbst"), "no old question comes back"
    assert await town_of(county, 1001) == ZERBST


async def test_a_town_without_a_question_is_noted(county: County) -> None:
    assert "Gemerkt: Köthen (Anhalt)" in await county.citizen().says("06366 Köthen")


async def test_a_town_the_county_does_not_have_is_refused(county: County) -> None:
    erika = county.citizen()
    assert "kenne ich nicht" in await erika.presses("t:990000000000:hund-anmelden")
    assert await town_of(county, 1001) is None


async def test_people_do_not_see_each_others_town(county: County) -> None:
    await county.citizen(1).says("Köthen")
    assert WHICH_TOWN in await county.citizen(2).says("Hund anmelden")


# -- answers


async def test_a_question_with_several_answers_offers_a_choice(county: County) -> None:
    erika = county.citizen()
    assert "Meinen Sie eines davon?" in await erika.says("Bauantrag oder Hundesteuer in Köthen")
    assert {"Baugenehmigung beantragen", "Hund anmelden"} < set(erika.buttons)
    assert erika.buttons[-1] == "Themen"
    assert "<b>Hund anmelden</b>" in await erika.taps("Hund anmelden")


async def test_a_choice_remembers_the_town_of_the_question(county: County) -> None:
    erika = county.citizen()
    await erika.says("Köthen")
    await erika.says("Bauantrag oder Hundesteuer in Zerbst")
    assert "Einwohnermeldeamt Zerbst" in await erika.taps("Hund anmelden")


async def test_a_choice_asks_for_the_town_where_it_matters(county: County) -> None:
    erika = county.citizen()
    await erika.says("Bauantrag oder Hundesteuer")
    assert WHICH_TOWN in await erika.taps("Hund anmelden")
    assert "<b>Hund anmelden</b>" in await erika.taps("Köthen (Anhalt)")


async def test_each_part_of_a_card_is_a_tap_away_and_leads_back(county: County) -> None:
    erika = county.citizen()
    await erika.says("umgezogen nach Köthen")
    assert "• Personalausweis" in await erika.taps("Unterlagen")
    assert "Frist: nach dem Einzug" in await erika.taps("Zurück")
    assert "BMG § 17 Abs. 1, Stand 01.11.2026" in await erika.taps("Kosten und Fristen")
    await erika.taps("Zurück")
    assert "+49 3496 425 0" in await erika.taps("Zuständige Stelle")


NONSENSE = (
    "Wie wird das Wetter",
    "asdfghjkl",
    "🙂🙂🙂",
    "?",
    "12345",
    "\u202eabc",
    "x" * 10_000,
    "🙂" * 2_000,
    "<b>&amp;",
)


async def test_an_unknown_question_gets_the_honest_answer_with_the_hotline(county: County) -> None:
    erika = county.citizen()
    for question in NONSENSE:
        reply = await erika.says(question)
        assert reply.startswith("Dazu weiß ich leider nichts Verlässliches."), question
        assert "115" in reply
        assert "bitte vorab prüfen" in reply, "nobody has verified the hotline"
        assert list(erika.buttons) == ["Themen"]


async def test_the_honest_answer_speaks_english(county: County) -> None:
    reply = await county.citizen(language="en").says("What is the weather like")
    assert "115" in reply
    assert "leider" not in reply


async def test_searching_by_command_is_asking(county: County) -> None:
    erika = county.citizen()
    for command in ("/suche", "/search"):
        assert "<b>Auto abmelden</b>" in await erika.says(f"{command} Auto abmelden")
        assert "Was möchten Sie erledigen?" in await erika.says(command)


async def test_a_blank_message_is_asked_what_it_wants(county: County) -> None:
    for blank in ("   ", "\n", "\u00a0"):
        assert "Was möchten Sie erledigen?" in await county.citizen().says(blank)


PHOTO = {"photo": [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]}


async def test_what_is_not_words_is_answered_kindly(county: County) -> None:
    for content in (
        PHOTO,
        {**PHOTO, "caption": "Hund"},
        {"voice": {"file_id": "1", "file_unique_id": "1", "duration": 3}},
        {"contact": {"phone_number": "1", "first_name": "x"}},
    ):
        [said] = await county.citizen().sends(content)
        assert said.text.startswith("Ich kann nur Texte lesen."), content


async def test_an_unknown_command_leads_to_the_help(county: County) -> None:
    assert "/hilfe" in await county.citizen().says("/gibtesnicht")
    assert "/hilfe" in await county.citizen().says("/online 1 https://a.de"), "for staff only"


async def test_the_card_in_english(county: County) -> None:
    john = county.citizen(language="en")
    card = await john.says("I need to register my dog in Zerbst")
    assert "<b>Register a dog</b>" in card
    assert "Registration office Zerbst" in card
    assert "Zuständig" not in card


async def test_an_unknown_language_is_answered_in_german(county: County) -> None:
    assert "Zuständig" in await county.citizen(language="tlh").says("Auto abmelden")


# -- links and old buttons


async def test_a_deep_link_leads_to_the_service(county: County) -> None:
    erika = county.citizen()
    heard = await erika.says("/start 99115005104000")
    assert "Wohnsitz an- oder ummelden" in heard or "Wohnsitz an- oder ummelden" in erika.buttons
    assert "Ende-zu-Ende" in heard, "the first contact says what never to send"


async def test_a_deep_link_for_a_service_that_is_the_same_everywhere_shows_the_card(
    county: County,
) -> None:
    heard = await county.citizen().says("/start 99036008070003")
    assert "<b>Auto abmelden</b>" in heard


async def test_an_unknown_deep_link_is_answered(county: County) -> None:
    for payload in ("00000000000000", "x" * 64, "%2e"):
        assert "Ende-zu-Ende" in await county.citizen().says(f"/start {payload}")


async def test_a_button_of_a_service_that_is_gone_is_answered(county: County) -> None:
    assert "kennen wir nicht" in await county.citizen().presses("s:gibt-es-nicht:c:")


async def test_forged_button_data_changes_nothing_and_breaks_nothing(county: County) -> None:
    erika = county.citizen()
    for data in ("s:hund-anmelden:zz:", "s:hund-anmelden", "unbekannt", "", "m:umzug:x", ":::"):
        await erika.presses(data)
        assert await town_of(county, 1001) is None
    assert "<b>Auto abmelden</b>" in await erika.says("Auto abmelden")
    assert not [said for said in erika.heard if "hat leider nicht geklappt" in said]


async def test_a_forged_place_is_the_persons_own(county: County) -> None:
    erika = county.citizen()
    await erika.says("Köthen")
    assert "Einwohnermeldeamt Köthen" in await erika.presses("s:hund-anmelden:c:990000000000")


async def test_a_broken_link_is_never_shown(county: County, tmp_path: Any) -> None:
    dead = link("broken", url="https://kfz.sachsen-anhalt.de/tot")
    await imports(
        county,
        tmp_path,
        service_data("test", name={"de": "Probeleistung", "en": "x"}, task="test", online=[dead]),
    )
    erika = county.citizen()
    card = await erika.says("Probeleistung")
    assert "<b>Probeleistung</b>" in card
    assert "Online-Dienst öffnen" not in erika.buttons
    assert "tot" not in str([said.buttons for said in county.telegram.said])


# -- the menu


async def test_the_menu_leads_by_life_situation_to_a_card(county: County) -> None:
    erika = county.citizen()
    assert "Worum geht es?" in await erika.says("/menu")
    assert list(erika.buttons) == ["Umzug", "Tiere"]
    assert "<b>Tiere</b>\n1 Leistung" in await erika.taps("Tiere")
    assert list(erika.buttons) == ["Hund anmelden", "Themen"]
    assert WHICH_TOWN in await erika.taps("Hund anmelden")


async def test_the_menu_in_english(county: County) -> None:
    john = county.citizen(language="en")
    await john.says("/menu")
    assert "Animals" in john.buttons
    await john.taps("Animals")
    assert "Register a dog" in john.buttons


async def many(county: County, tmp_path: Any, count: int) -> None:
    await imports(
        county,
        tmp_path,
        *(
            service_data(
                f"s{number}", name={"de": f"Leistung {number:02}", "en": "x"}, task="test"
            )
            for number in range(count)
        ),
    )


async def test_a_full_page_has_no_next_one(county: County, tmp_path: Any) -> None:
    await many(county, tmp_path, PAGE - 1)  # and the dog
    erika = county.citizen()
    await erika.says("/menu")
    await erika.taps("Tiere")
    assert len(erika.buttons) == PAGE + 1
    assert "Nächste Seite" not in erika.buttons


async def test_pages_can_be_turned_and_show_everything_once(county: County, tmp_path: Any) -> None:
    await many(county, tmp_path, 2 * PAGE)  # and the dog: three pages
    erika = county.citizen()
    await erika.says("/menu")
    shown: list[str] = []
    await erika.taps("Tiere")
    for page in range(3):
        controls = {"Vorherige Seite", "Nächste Seite", "Themen"}
        shown += [one for one in erika.buttons if one not in controls]
        assert ("Vorherige Seite" in erika.buttons) is (page > 0)
        assert ("Nächste Seite" in erika.buttons) is (page < 2)
        if page < 2:
            await erika.taps("Nächste Seite")
    assert shown == ["Hund anmelden", *(f"Leistung {number:02}" for number in range(2 * PAGE))]
    await erika.taps("Vorherige Seite")
    assert "Leistung 07" in erika.buttons


async def test_a_page_that_does_not_exist_leads_back_to_the_menu(county: County) -> None:
    erika = county.citizen()
    for data in ("m:tiere:999999", "m:tiere:-5", "m:gibt-es-nicht:0", "m::7"):
        await erika.presses(data)
        assert {"Themen", "Tiere"} & set(erika.buttons), data


async def test_a_situation_without_services_is_not_offered(county: County) -> None:
    async with county.application.work.reading() as house:
        used = (await house.catalogue.snapshot()).by_situation
    erika = county.citizen()
    await erika.says("/menu")
    names = [one.name.de for one in county.application.region.situations if one.id in used]
    assert list(erika.buttons) == names


async def test_the_town_of_another_card_stays_with_it(county: County) -> None:
    erika = county.citizen()
    await erika.says("Zerbst")
    await erika.says("Hund anmelden in Köthen")
    await erika.taps("Kosten und Fristen")
    assert "Einwohnermeldeamt Köthen" in await erika.taps("Zurück")
    assert await town_of(county, 1001) == ZERBST != KOETHEN
