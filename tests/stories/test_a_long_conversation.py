"""One person, many matters: what a whole conversation with the bot is like."""

from tests.county import County


async def test_a_citizen_talks_as_people_do(county: County) -> None:
    erika = county.citizen()
    sabine = await county.staff(2001)

    assert "Was möchten Sie erledigen?" in await erika.says("Guten Tag")

    card = await erika.says("Ich bin nach Köthen gezogen")
    assert "<b>Wohnsitz an- oder ummelden</b>" in card
    assert "• Personalausweis" in await erika.says("und welche Unterlagen brauche ich?")
    assert "kostenlos" in await erika.says("und was kostet das?")
    assert "Einwohnermeldeamt Zerbst" in await erika.says("und in Zerbst?")

    both = await erika.says("Welpe gekauft und Auto verkauft")
    assert both.startswith("Das sind mehrere Anliegen.")
    assert "<b>Hund anmelden</b>" in await erika.taps("Hund anmelden")
    assert "<b>Auto abmelden</b>" in await erika.taps("Auto abmelden")
    assert "Geht das online?" in await erika.says("geht das online?")
    await erika.says("nein, was anderes")
    assert erika.buttons[0] == "Hund anmelden", "the other matter is offered again"

    county.clock.forward(minutes=31)
    assert "Wofür möchten Sie das wissen?" in await erika.says("und was kostet das?")

    help_lines = await erika.says("Hilfe, mein Mann schlägt mich")
    assert "110" in help_lines
    assert "116 016" in help_lines

    assert "Gern geschehen" in await erika.says("danke schön")
    assert "Auf Wiedersehen" in await erika.says("tschüss")

    await sabine.says("Hundesteuer")
    assert "Warum diese Antwort?" in await sabine.taps("Warum diese Antwort?")
