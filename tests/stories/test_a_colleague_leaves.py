"""From the operator's first code to the last day of a colleague."""

from aiogram.methods import DeleteMyCommands

from services.audit.model import AuditEntry
from services.staff.rules import Role
from tests.county import County
from tests.golive.town_hall import COUNTY, DOG, LINK, rows


async def test_a_colleague_comes_publishes_and_leaves(county: County) -> None:
    async with county.application.transaction() as house:
        first = await house.staff.invite(None, role=Role.ADMIN, area=COUNTY, label="Leitung")
    anna, ben = county.citizen(2001), county.citizen(2002)
    await anna.says(f"/start e-{first}")

    invited = await anna.says("/einladen Redaktion Serviceportal 1 in Köthen")
    code = invited.partition("<code>")[2].partition("</code>")[0]
    await ben.says(f"/einschreiben {code.lower()}")
    await ben.says(f"/online {DOG} {LINK} Köthen")
    await ben.taps("Jetzt melden")
    assert "fehlt Ihnen das Recht" in await ben.says(f"/online {DOG} {LINK} Zerbst")

    county.clock.forward(days=200)
    await anna.says("/team")
    await anna.taps("Beenden: Serviceportal 1")
    await anna.taps("Ja, beenden")
    assert "Diesen Befehl kenne ich nicht" in await ben.says(f"/offline {DOG} Köthen")
    menu = [one for one in county.telegram.log if isinstance(one, DeleteMyCommands)]
    assert [one.scope.chat_id for one in menu if one.scope] == [ben.id]

    deeds = [(one.staff_id, one.action) for one in await rows(county, AuditEntry)]
    assert deeds == [
        (None, "staff.invite"),
        (1, "staff.enrol"),
        (1, "staff.invite"),
        (2, "staff.enrol"),
        (2, "golive.propose"),
        (2, "golive.schedule"),
        (1, "staff.off-board"),
    ]
