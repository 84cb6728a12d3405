"""Two neighbours, one town: one hears at once, the other on Friday; nobody hears twice."""

from datetime import UTC, datetime

from tests.county import CHANNEL, County
from tests.golive.town_hall import LINK

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)  # ten in the morning in Köthen
MOVE, DOG = "99115005104000", "99102007104000"


async def at(county: County, day: int, hour: int, minute: int = 0) -> None:
    """Move to a local time of the week (Monday is 0) and let everything happen that is due."""
    county.clock.now = MONDAY.replace(day=16 + day, hour=hour - 1, minute=minute)
    await county.settle()
    for job in ("weekly digests", "channel post"):
        await county.runs(job)


async def test_a_week_of_news(county: County) -> None:
    county.clock.now = MONDAY
    erika, otto = county.citizen(1001), county.citizen(1002)
    for person in (erika, otto):
        await person.says("06366 Köthen")
        await person.says("/abos")
        await person.taps("Alles Neue melden: Köthen (Anhalt)")
    await otto.taps("Lieber einmal in der Woche")
    sabine = await county.staff(2001)
    already = len(erika.heard), len(otto.heard)

    def news() -> tuple[int, int]:
        return len(erika.heard) - already[0], len(otto.heard) - already[1]

    await at(county, 1, 10)
    await sabine.says(f"/online {MOVE} {LINK}")
    await sabine.taps("Jetzt melden")
    await at(county, 1, 10, 2)
    assert news() == (1, 0)
    assert "Wohnsitz" in erika.heard[-1]

    await at(county, 2, 21)
    await sabine.says(f"/online {DOG} {LINK} Köthen")
    await sabine.taps("Jetzt melden")
    await at(county, 2, 23, 59)
    assert news() == (1, 0), "the town sleeps"
    await at(county, 3, 8)
    assert news() == (2, 0)
    assert len(county.told(CHANNEL)) == 1, "Tuesday's; this one comes at five"
    await at(county, 3, 17)
    assert len(county.told(CHANNEL)) == 2

    await at(county, 4, 7, 59)
    assert news() == (2, 0)
    await at(county, 4, 8)
    assert news() == (2, 1)
    assert "Wohnsitz" in otto.heard[-1]
    assert "Hund" in otto.heard[-1]

    await sabine.says(f"/offline {DOG} Köthen")
    await sabine.taps("Jetzt melden")
    await at(county, 4, 12)
    assert news() == (3, 1), "this week's message has been sent"
    assert "Korrektur" in erika.heard[-1]

    await erika.taps("Nicht mehr melden")
    await at(county, 5, 10)
    await sabine.says(f"/online {DOG} {LINK} Köthen")
    await sabine.taps("Jetzt melden")
    await at(county, 11, 8)
    assert news() == (4, 2), "the answer to Erika's tap, and nothing more"
    assert "zurzeit nicht online" in otto.heard[-1]
    assert LINK in otto.heard[-1]
