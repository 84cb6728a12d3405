"""News for many: proposed by one, agreed to by another, stopped in time, told the second time."""

from tests.county import County
from tests.golive.town_hall import DOG, LINK, crowd, facts


async def test_four_eyes_and_two_minutes(county: County) -> None:
    await crowd(county, 5)
    sabine, boris = await county.staff(2001), await county.staff(2002)

    def told() -> int:
        return len([one for one in county.telegram.said if one.chat_id > 5000])

    preview = await sabine.says(f"/online {DOG} {LINK} Köthen")
    assert "Empfängerinnen und Empfänger: 5" in preview
    assert "zweite Person" in preview
    assert "an 1 Person" in await sabine.taps("Jetzt melden")
    county.clock.forward(hours=1)
    await county.settle()
    assert told() == 0

    assert LINK in boris.heard[-1]
    assert "5 Nachrichten" in await boris.taps("Freigeben")
    county.clock.forward(seconds=90)
    assert "5 Nachrichten" in await boris.taps("Stopp")
    county.clock.forward(minutes=1)
    await county.settle()
    assert told() == 0
    assert await facts(county) == []

    await sabine.says(f"/online {DOG} {LINK} Köthen")
    await sabine.taps("Jetzt melden")
    await county.settle()
    await boris.taps("Freigeben")
    county.clock.forward(minutes=2)
    await county.settle()
    assert told() == 5
    assert "vorbei" in await sabine.presses("gl:2:s")
