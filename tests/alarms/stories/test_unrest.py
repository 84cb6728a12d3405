"""Values that come and go, and devices that grow weak.

Flapping: > N transitions in window -> "flapping" state, one notice, later summary. Battery/link
alarms (margin, SNR) as low severity.
"""

from services.alarms.rules.records import Severity
from tests.alarms.hall import FIRE_BRIGADE
from tests.alarms.stories.timeline import Timeline

RESTLESS = {"flapping": {"changes": 2, "window": "90 min"}}
PATIENT = {"flapping": {"changes": 9, "window": "90 min"}}
BATTERY = {
    "id": "akku",
    "quantity": "link.battery",
    "direction": "below",
    "levels": [{"severity": "notice", "at": 20.0, "clear": 30.0}],
}
MARGIN = {
    "id": "funk",
    "quantity": "link.margin",
    "direction": "below",
    "levels": [{"severity": "start", "at": 3.0, "clear": 6.0}],
}
UP_AND_DOWN = (
    ("12:00", 3.1),
    ("12:15", 2.0),
    ("12:30", 3.1),
    ("12:45", 2.0),
    ("13:00", 3.1),
    ("13:15", 2.0),
    ("13:30", 3.1),
)


async def up_and_down(story: Timeline) -> None:
    for clock, level in UP_AND_DOWN:
        await story.at(clock).sensor(level=level)


async def test_coming_and_going_is_told_once_and_summed_up_when_it_rests(story: Timeline) -> None:
    at = story.at
    await story.rules(RESTLESS)
    await up_and_down(story)
    heard = at("13:40").group(FIRE_BRIGADE)
    await heard.is_told_in_turn(Severity.NOTICE, "Entwarnung", "schwankt")
    for clock in ("13:45", "14:00", "14:15", "14:30", "14:45"):
        await at(clock).sensor(level=3.1)
    await at("14:55").group(FIRE_BRIGADE).is_told_nothing()
    await at("15:00").sensor(level=3.1)
    await at("15:10").group(FIRE_BRIGADE).is_told("schwankt nicht mehr", "Wechsel")


async def test_what_is_graver_is_told_all_the_same(story: Timeline) -> None:
    at = story.at
    await story.rules(RESTLESS)
    await up_and_down(story)
    heard = at("13:40").group(FIRE_BRIGADE)
    await heard.is_told_in_turn(Severity.NOTICE, "Entwarnung", "schwankt")
    await at("13:45").sensor(level=4.6)
    await at("13:46").group(FIRE_BRIGADE).is_told(Severity.GUARD)


async def test_where_that_is_no_nuisance_every_change_is_told(story: Timeline) -> None:
    await story.rules(PATIENT)
    await up_and_down(story)
    heard = story.at("13:40").group(FIRE_BRIGADE)
    again = [Severity.NOTICE, "Entwarnung"]
    await heard.is_told_in_turn(*again, *again, *again, Severity.NOTICE)


async def test_a_weak_battery_is_a_notice_without_a_sound(story: Timeline) -> None:
    at = story.at
    await story.rules(BATTERY)
    await at("12:00").sensor(level=2.0)
    await at("12:15").status(battery=20)
    await at("12:25").group(FIRE_BRIGADE).is_told(Severity.NOTICE, "20", sound=False)
    await at("12:30").status(battery=30)
    await at("12:40").group(FIRE_BRIGADE).is_told_nothing()
    await at("12:45").status(battery=31)
    await at("12:55").group(FIRE_BRIGADE).is_told("Entwarnung")


async def test_a_battery_that_is_just_good_enough(story: Timeline) -> None:
    at = story.at
    await story.rules(BATTERY)
    await at("12:00").sensor(level=2.0)
    await at("12:15").status(battery=21)
    await at("12:25").group(FIRE_BRIGADE).is_told_nothing()


async def test_a_weak_link(story: Timeline) -> None:
    at = story.at
    await story.rules(MARGIN)
    await at("12:00").sensor(level=2.0)
    await at("12:15").status(margin=4)
    await at("12:25").group(FIRE_BRIGADE).is_told_nothing()
    await at("12:30").status(margin=3)
    await at("12:40").group(FIRE_BRIGADE).is_told(Severity.START)
