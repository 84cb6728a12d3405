"""Somebody who reads Ukrainian is served from the greeting to the news; a neighbour in Arabic."""

from services.direction import BEGIN, END
from services.staff.rules import Role
from tests.county import County
from tests.golive.town_hall import KOETHEN, LINK
from tests.rigging import label, words


async def test_from_the_greeting_to_the_news_in_ukrainian(county: County) -> None:
    oleksandr = county.citizen(1002, language="uk-UA")
    assert "Добрий день" in await oleksandr.says("/start")
    assert "Köthen (Anhalt)" in str(await oleksandr.sends({"text": "/place"}))
    await oleksandr.taps("Köthen (Anhalt)")

    card = await oleksandr.says("Hund anmelden")
    assert "<b>Hund anmelden</b>" in card, "the name stays as the office reads it"
    assert "Куди звертатися (zuständige Stelle)" in card
    assert "Англійською послуга називається" in card
    await oleksandr.taps(label(county, "ask.button-subscribe", "uk"))

    sabine = await county.staff(2001, Role.EDITOR, KOETHEN)
    await sabine.says(f"/online hund-anmelden {LINK} Köthen")
    await sabine.taps("Jetzt melden")
    county.clock.forward(minutes=5)
    await county.settle()
    assert oleksandr.heard[-1].startswith("<b>Тепер онлайн</b>")


async def test_every_language_is_offered_by_its_own_name_and_arabic_is_spoken(
    county: County,
) -> None:
    erika = county.citizen()
    await erika.says("/sprache")
    names = ["Deutsch", "English", "Українська", "Русский", "العربية", "Türkçe", "Polski"]
    assert erika.buttons == names
    await erika.taps("العربية")
    card = await erika.says("Hund anmelden in Köthen")
    assert f"الجهة المختصة ({BEGIN}zuständige Stelle{END})" in card
    assert words(county, "ask.button-back", "ar") not in card


async def test_what_a_language_does_not_say_is_said_in_german(county: County) -> None:
    async with county.application.transaction() as services:
        await services.chats.meet(2001, "private", "tr")
    ali = await county.staff(2001)
    assert "Im Dienst" in await ali.says("/dienst")
