"""How long something must last.

`for` measured in event time AND min samples (with 30-min sensors `for: 5m` would mean never/at
once). The life cycle begins with pending, and nobody is told of that.
"""

from services.alarms.rules.records import Severity
from tests.alarms.hall import FIRE_BRIGADE
from tests.alarms.stories.timeline import Timeline

LASTING = {"up_for": {"time": "30 min", "samples": 3}}
SHORT = {"up_for": {"time": "5 min", "samples": 2}}


async def test_pending_is_told_nobody_and_lasting_is(story: Timeline) -> None:
    at = story.at
    await story.rules(LASTING)
    await at("12:00").sensor(level=3.1)
    await at("12:15").sensor(level=3.2)
    await at("12:29").group(FIRE_BRIGADE).is_told_nothing()
    await at("12:30").sensor(level=3.1)
    await at("12:35").group(FIRE_BRIGADE).is_told(Severity.NOTICE)


async def test_broken_in_the_middle_it_did_not_last(story: Timeline) -> None:
    at = story.at
    await story.rules(LASTING)
    await at("12:00").sensor(level=3.1)
    await at("12:15").sensor(level=2.9)
    await at("12:30").sensor(level=3.1)
    await at("12:35").group(FIRE_BRIGADE).is_told_nothing()


async def test_long_enough_but_of_too_few_values(story: Timeline) -> None:
    at = story.at
    await story.rules(LASTING)
    await at("12:00").sensor(level=3.1)
    await at("12:30").sensor(level=3.1)
    await at("12:35").group(FIRE_BRIGADE).is_told_nothing()


async def test_enough_values_in_too_short_a_time(story: Timeline) -> None:
    at = story.at
    await story.rules(LASTING)
    for clock in ("12:00", "12:10", "12:20"):
        await at(clock).sensor(level=3.1)
    await at("12:25").group(FIRE_BRIGADE).is_told_nothing()


async def test_a_slow_sensor_is_not_told_at_once_and_not_never(story: Timeline) -> None:
    at = story.at
    await story.rules(SHORT)
    await story.gauge("pegel-2", every=30)
    await at("12:00").sensor("pegel-2", level=3.1)
    await at("12:29").group(FIRE_BRIGADE).is_told_nothing()
    await at("12:30").sensor("pegel-2", level=3.1)
    await at("12:35").group(FIRE_BRIGADE).is_told("pegel-2", Severity.NOTICE)


async def test_what_nobody_saw_did_not_last(story: Timeline) -> None:
    """Between two values an hour apart a sensor of a quarter of an hour may have said anything."""
    at = story.at
    await story.rules(SHORT)
    await at("12:00").sensor(level=3.1)
    await at("13:00").sensor(level=3.1)
    await at("13:05").group(FIRE_BRIGADE).is_told_nothing()


async def test_it_is_the_time_of_the_values_not_of_their_arrival(story: Timeline) -> None:
    at = story.at
    await story.rules(LASTING)
    await at("12:31").backlog("pegel-1", t12_00=3.1, t12_15=3.1, t12_30=3.1)
    await at("12:35").group(FIRE_BRIGADE).is_told(Severity.NOTICE)
