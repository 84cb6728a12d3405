"""From a network server's message to the group: the whole way, nothing left out."""

from services.alarms.model import AlarmSubscription
from services.alarms.rules.matching import Matcher
from services.chats.model import Kind as ChatKind
from tests.alarms.field import record, released, report, take_in
from tests.alarms.hall import FIRE_BRIGADE, Hall
from tests.county import County
from tests.rigging import rows_of


async def a_gauge_and_a_group(county: County) -> Hall:
    await take_in(county.application, record())
    await released(county.application)
    async with county.application.transaction() as services:
        chat = await services.chats.meet(FIRE_BRIGADE, ChatKind.SUPERGROUP, "de")
        row = AlarmSubscription(
            chat_id=chat.id, matcher=Matcher().document(), step=0, created_at=county.clock()
        )
        services.heralds.session.add(row)
    return Hall(county)


async def test_a_rising_gauge_is_told_level_by_level_and_its_end_once(county: County) -> None:
    hall = await a_gauge_and_a_group(county)
    await report(county.application, 2.5, 2.9)
    await hall.passes(minutes=10)
    assert hall.words(FIRE_BRIGADE) == []
    await report(county.application, 3.1, first=2)
    await hall.passes(minutes=10)
    [first] = hall.words(FIRE_BRIGADE)
    assert "310 cm" in first
    await report(county.application, 3.2, first=3)
    await hall.passes(minutes=10)
    assert "320 cm" in hall.edits(FIRE_BRIGADE)[-1].text
    await report(county.application, 4.6, first=4)
    await hall.looks()
    assert "gestiegen auf Schwere 3" in hall.words(FIRE_BRIGADE)[-1]
    await report(county.application, 4.6, first=4)
    await hall.passes(minutes=10)
    assert len(hall.words(FIRE_BRIGADE)) == 2
    await report(county.application, 2.0, 2.0, 2.0, 2.0, first=5)
    await hall.passes(minutes=10)
    ends = [one for one in hall.words(FIRE_BRIGADE) if "Entwarnung" in one]
    assert len(ends) == 1
    assert {row["end"] for row in await rows_of(county.application, "alarm")} == {"cleared"}
