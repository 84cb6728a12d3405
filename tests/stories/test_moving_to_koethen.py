"""The story the bot exists for: ask, get the right service, hear when it is online."""

from tests.county import CHANNEL, County

LINK = "https://www.koethen-anhalt.de/ummelden"


async def test_a_citizen_asks_and_is_told_when_it_is_online(county: County) -> None:
    erika = county.citizen()
    sabine = await county.staff(2001)

    card = await erika.says("Ich bin nach Köthen gezogen, was muss ich tun?")
    assert "Wohnsitz an- oder ummelden" in card
    assert "Einwohnermeldeamt Köthen (bitte vorab prüfen)" in card
    assert "2 Wochen" in card
    assert "kostenlos" in card

    assert "Wir sagen Ihnen hier Bescheid" in await erika.taps("Bescheid geben, wenn online")

    preview = await sabine.says(f"/online 99115005104000 {LINK} Köthen")
    assert "Wohnsitz an- oder ummelden, Köthen (Anhalt)" in preview
    assert "Empfängerinnen und Empfänger: 1" in preview
    assert "Eingeplant: 1 Nachricht" in await sabine.taps("Jetzt melden")
    assert "Neu online" not in erika.heard[-1], "the time to stop it is not over"

    county.clock.forward(minutes=2)
    await county.settle()
    assert erika.heard[-1].startswith("<b>Neu online</b>")
    assert LINK in erika.heard[-1]
    assert "„Bescheid geben“" in await erika.taps("Warum bekomme ich das?")

    county.clock.forward(hours=5)  # the channel's post comes at five in the afternoon
    await county.runs("channel post")
    assert LINK in county.told(CHANNEL)[-1]
    assert "Online seit" in await erika.says("umgezogen")
