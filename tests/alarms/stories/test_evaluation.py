"""When a value counts.

Evaluation on EVENT time per (rule, device, measurement), persisted state, restart-safe, idempotent
on duplicates; late data recorded but not evaluated beyond an allowed lateness (default 2x
reporting interval).
"""

from services.alarms.rules.records import Severity
from tests.alarms.hall import FIRE_BRIGADE
from tests.alarms.stories.timeline import BOTH, Timeline
from tests.frames.plain import levels

THREE_VALUES = {"up_for": {"samples": 3}}
TWO_VALUES = {"up_for": {"samples": 2}}
HALF_AN_HOUR = {"up_for": {"time": "30 min"}}


@BOTH
async def test_what_counts_is_when_it_was_measured(story: Timeline) -> None:
    """The value of 12:15 comes last, and decides about the half hour it lies in."""
    at = story.at
    await story.rules(HALF_AN_HOUR)
    await at("12:00").sensor(level=3.1)
    await at("12:30").sensor(level=3.1)
    await at("12:32").group(FIRE_BRIGADE).is_told(Severity.NOTICE)
    await at("12:35").sensor(level=2.0, measured="12:15")
    await at("12:45").group(FIRE_BRIGADE).is_told("zurückgenommen")


async def test_a_late_value_that_fits_changes_nothing(story: Timeline) -> None:
    at = story.at
    await story.rules(HALF_AN_HOUR)
    await at("12:00").sensor(level=3.1)
    await at("12:30").sensor(level=3.1)
    await at("12:32").group(FIRE_BRIGADE).is_told(Severity.NOTICE)
    await at("12:35").sensor(level=3.2, measured="12:15")
    await at("12:45").group(FIRE_BRIGADE).is_told_nothing()


async def test_too_late_it_is_stored_and_decides_nothing(story: Timeline) -> None:
    at = story.at
    await at("12:00").sensor(level=2.9)
    await at("12:01").sensor(level=4.9, measured="11:29")
    await at("12:10").group(FIRE_BRIGADE).is_told_nothing()
    assert [value for _, value, _ in await levels(story.county.application)] == [4.9, 2.9]


async def test_within_two_intervals_it_still_decides(story: Timeline) -> None:
    at = story.at
    await at("12:00").sensor(level=2.9)
    await at("12:01").sensor(level=4.9, measured="11:31")
    await at("12:10").group(FIRE_BRIGADE).is_told(Severity.START, "290 cm")


async def test_each_sensor_for_itself(story: Timeline) -> None:
    at = story.at
    await story.rules(TWO_VALUES)
    await story.gauge("pegel-2")
    await at("12:00").sensor("pegel-1", level=3.1)
    await at("12:15").sensor("pegel-2", level=3.1)
    await at("12:20").group(FIRE_BRIGADE).is_told_nothing()
    await at("12:30").sensor("pegel-1", level=3.1)
    await at("12:35").group(FIRE_BRIGADE).is_told("pegel-1", never=["pegel-2"])


async def test_each_rule_for_itself(story: Timeline) -> None:
    """What one rule has heard often enough, the other has not."""
    at = story.at
    at_once = {"id": "a", "levels": [{"severity": "start", "at": 3.0}]}
    await story.rules(at_once, {"id": "b", **THREE_VALUES})
    await at("12:00").sensor(level=3.1)
    await at("12:15").sensor(level=3.1)
    await at("12:20").group(FIRE_BRIGADE).is_told(Severity.START, never=[Severity.NOTICE])


@BOTH
async def test_a_restart_forgets_nothing(story: Timeline) -> None:
    at = story.at
    await story.rules(THREE_VALUES)
    await at("12:00").sensor(level=3.1)
    story.restarts()
    await at("12:15").sensor(level=3.1)
    story.restarts()
    await at("12:20").group(FIRE_BRIGADE).is_told_nothing()
    await at("12:30").sensor(level=3.1)
    await at("12:35").group(FIRE_BRIGADE).is_told(Severity.NOTICE)


async def test_a_restart_adds_nothing(story: Timeline) -> None:
    at = story.at
    await story.rules(THREE_VALUES)
    await at("12:00").sensor(level=3.1)
    await at("12:15").sensor(level=2.9)
    story.restarts()
    await at("12:30").sensor(level=3.1)
    await at("12:45").sensor(level=3.1)
    await at("12:50").group(FIRE_BRIGADE).is_told_nothing()


async def test_the_same_message_again_counts_once(story: Timeline) -> None:
    at = story.at
    await story.rules(TWO_VALUES)
    sent = await at("12:00").sensor(level=3.1)
    await at("12:01").repeats(sent)
    await at("12:15").repeats(sent)
    await at("12:16").group(FIRE_BRIGADE).is_told_nothing()
    await at("12:17").sensor(level=3.1)
    await at("12:20").group(FIRE_BRIGADE).is_told(Severity.NOTICE)
