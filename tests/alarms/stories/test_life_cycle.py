"""What people do about an alarm.

Life cycle: pending -> firing -> acknowledged -> recovering -> resolved; ack by named staff member
in chat (button + command, audit), ack is void on level rise; escalation if not acked within T
(next group/person, then all).
"""

from services.alarms.rules.records import Severity
from tests.alarms.hall import COUNTY_DESK, EVERYBODY_ELSE, FIRE_BRIGADE, KOETHEN, ZERBST
from tests.alarms.stories.timeline import BOTH, Timeline
from tests.rigging import rows_of

TAKE = "alarms.button-take"


async def test_from_the_first_value_to_the_all_clear(story: Timeline) -> None:
    at = story.at
    lasting = {"time": "15 min", "samples": 2}
    await story.rules({"up_for": lasting, "down_for": lasting})
    sabine = await story.staff()
    await at("12:00").sensor(level=3.1)
    await at("12:10").group(FIRE_BRIGADE).is_told_nothing()
    await at("12:15").sensor(level=3.1)
    await at("12:20").group(FIRE_BRIGADE).is_told(Severity.NOTICE, "noch nicht übernommen")
    await at("12:21").taps(sabine, FIRE_BRIGADE, TAKE)
    await at("12:25").group(FIRE_BRIGADE).sees("übernommen von Platz 2001, 12:21")
    await at("12:30").sensor(level=2.0)
    await at("12:35").group(FIRE_BRIGADE).sees("wieder besser")
    await at("12:45").sensor(level=2.0)
    await at("12:55").group(FIRE_BRIGADE).is_told("Entwarnung")
    await at("14:00").group(FIRE_BRIGADE).is_told_nothing()


async def test_taken_on_by_the_button_it_is_not_repeated(story: Timeline) -> None:
    at = story.at
    sabine = await story.staff()
    await at("12:00").sensor(level=4.6)
    await at("12:01").group(FIRE_BRIGADE).is_told(Severity.GUARD)
    assert "übernommen von Platz 2001" in await at("12:02").taps(sabine, FIRE_BRIGADE, TAKE)
    await at("13:00").sensor(level=4.6)
    await at("13:30").group(FIRE_BRIGADE).is_told_nothing()
    audit = await rows_of(story.county.application, "audit_entry")
    assert ("alarms.acknowledged", "alarm:1") in {(one["action"], one["subject"]) for one in audit}


async def test_taken_on_by_the_command_it_is_not_repeated(story: Timeline) -> None:
    at = story.at
    sabine = await story.staff()
    await at("12:00").sensor(level=4.6)
    await at("12:01").group(FIRE_BRIGADE).is_told(Severity.GUARD)
    assert "Platz 2001" in await at("12:02").says(sabine, "/uebernehmen 1")
    await at("13:00").sensor(level=4.6)
    await at("13:30").group(FIRE_BRIGADE).is_told_nothing()


async def test_taken_on_by_nobody_it_is_repeated(story: Timeline) -> None:
    at = story.at
    await at("12:00").sensor(level=4.6)
    await at("12:01").group(FIRE_BRIGADE).is_told(Severity.GUARD)
    await at("13:00").sensor(level=4.6)
    await at("13:30").group(FIRE_BRIGADE).is_told("weiterhin", Severity.GUARD)


async def test_who_is_no_staff_takes_nothing_on(story: Timeline) -> None:
    at = story.at
    erika = story.county.citizen()
    await at("12:00").sensor(level=4.6)
    await at("12:01").group(FIRE_BRIGADE).is_told(Severity.GUARD)
    assert "übernommen von" not in await at("12:02").taps(erika, FIRE_BRIGADE, TAKE)
    [alarm] = await rows_of(story.county.application, "alarm")
    assert alarm["acknowledged_at"] is None


async def test_when_it_rises_somebody_has_to_look_again(story: Timeline) -> None:
    at = story.at
    sabine = await story.staff()
    await at("12:00").sensor(level=3.6)
    await at("12:05").group(FIRE_BRIGADE).is_told(Severity.START)
    await at("12:06").says(sabine, "/uebernehmen 1")
    await at("12:15").sensor(level=4.6)
    await at("12:16").group(FIRE_BRIGADE).is_told(Severity.GUARD, "noch nicht übernommen")


async def test_while_it_does_not_rise_it_stays_taken(story: Timeline) -> None:
    at = story.at
    sabine = await story.staff()
    await at("12:00").sensor(level=3.6)
    await at("12:05").group(FIRE_BRIGADE).is_told(Severity.START)
    await at("12:06").says(sabine, "/uebernehmen 1")
    await at("12:15").sensor(level=4.4)
    await at("12:20").group(FIRE_BRIGADE).sees("440 cm", "übernommen von Platz 2001")


async def three_groups(story: Timeline) -> None:
    """The second hears when nobody takes it on; the third asked for other things altogether."""
    await story.group(COUNTY_DESK, step=1)
    await story.group(EVERYBODY_ELSE, area=ZERBST, type="weather")


@BOTH
async def test_nobody_takes_it_on_so_others_are_brought_in(story: Timeline) -> None:
    at = story.at
    await three_groups(story)
    await at("12:00").sensor(level=4.6)
    await at("12:14").group(FIRE_BRIGADE).is_told(Severity.GUARD)
    await at("12:14").group(COUNTY_DESK).is_told_nothing()
    await at("12:16").group(COUNTY_DESK).is_told(Severity.GUARD)
    await at("12:44").group(EVERYBODY_ELSE).is_told_nothing()
    await at("12:46").group(EVERYBODY_ELSE).is_told(Severity.GUARD)


async def test_somebody_takes_it_on_so_nobody_else_is_disturbed(story: Timeline) -> None:
    at = story.at
    await three_groups(story)
    sabine = await story.staff()
    await at("12:00").sensor(level=4.6)
    await at("12:10").says(sabine, "/uebernehmen 1")
    await at("13:30").group(COUNTY_DESK).is_told_nothing()
    await at("13:30").group(EVERYBODY_ELSE).is_told_nothing()


async def test_other_places_are_never_brought_in(quiet: Timeline) -> None:
    at = quiet.at
    await quiet.group(FIRE_BRIGADE, area=ZERBST)
    await quiet.group(EVERYBODY_ELSE, area=KOETHEN)
    await at("12:00").sensor(level=4.6)
    await at("12:50").group(FIRE_BRIGADE).is_told(Severity.GUARD)
    await at("12:50").group(EVERYBODY_ELSE).is_told_nothing()
