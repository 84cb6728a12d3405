"""How an alarm rises and falls.

Levels: ordered thresholds -> severity; `>=` rises; clear threshold per level (hysteresis absolute
or %); rise may jump levels at once, fall steps only after `down_for`.
"""

import pytest

from services.alarms.rules.records import Severity
from tests.alarms.hall import FIRE_BRIGADE
from tests.alarms.stories.timeline import BOTH, Timeline

SLOWLY_DOWN = {"down_for": {"time": "30 min"}}
TEN_PERCENT = {"levels": [{"severity": "start", "at": 3.0, "hysteresis": "10 %"}]}


async def test_at_the_threshold_it_rises(story: Timeline) -> None:
    await story.at("12:00").sensor(level=3.0)
    await story.at("12:05").group(FIRE_BRIGADE).is_told(Severity.NOTICE, "300 cm")


async def test_just_below_it_does_not(story: Timeline) -> None:
    await story.at("12:00").sensor(level=2.99)
    await story.at("12:05").group(FIRE_BRIGADE).is_told_nothing()


@pytest.mark.parametrize(
    ("rule", "stays", "leaves"), [({}, 2.81, 2.79), (TEN_PERCENT, 2.71, 2.69)]
)
async def test_it_ends_behind_the_clear_threshold_only(
    story: Timeline, rule: dict[str, object], stays: float, leaves: float
) -> None:
    at = story.at
    await story.rules(rule)
    await at("12:00").sensor(level=3.1)
    await at("12:10").group(FIRE_BRIGADE).is_told("310 cm")
    await at("12:15").sensor(level=stays)
    await at("12:25").group(FIRE_BRIGADE).is_told_nothing()
    await at("12:30").sensor(level=leaves)
    await at("12:40").group(FIRE_BRIGADE).is_told("Entwarnung")


async def test_a_rise_jumps_over_levels_in_one_message(story: Timeline) -> None:
    at = story.at
    await at("12:00").sensor(level=2.0)
    await at("12:15").sensor(level=4.6)
    await at("12:16").group(FIRE_BRIGADE).is_told(Severity.GUARD)


async def test_a_smaller_rise_reaches_no_further_than_it_goes(story: Timeline) -> None:
    at = story.at
    await at("12:00").sensor(level=2.0)
    await at("12:15").sensor(level=4.4)
    await at("12:16").group(FIRE_BRIGADE).is_told(Severity.START)


@BOTH
async def test_it_falls_level_by_level_and_each_takes_its_time(story: Timeline) -> None:
    at = story.at
    await story.rules(SLOWLY_DOWN)
    await at("12:00").sensor(level=4.6)
    await at("12:05").group(FIRE_BRIGADE).is_told(Severity.GUARD)
    for clock in ("12:15", "12:30"):
        await at(clock).sensor(level=2.0)
    await at("12:44").group(FIRE_BRIGADE).is_told_nothing()
    await at("12:45").sensor(level=2.0)
    await at("12:55").group(FIRE_BRIGADE).is_told("gefallen", Severity.START)
    for clock in ("13:00", "13:15"):
        await at(clock).sensor(level=2.0)
    await at("13:25").group(FIRE_BRIGADE).is_told("gefallen", Severity.NOTICE)
    for clock in ("13:30", "13:45"):
        await at(clock).sensor(level=2.0)
    await at("13:55").group(FIRE_BRIGADE).is_told("Entwarnung")


async def test_one_value_up_again_and_the_time_begins_anew(story: Timeline) -> None:
    at = story.at
    await story.rules(SLOWLY_DOWN)
    await at("12:00").sensor(level=4.6)
    await at("12:05").group(FIRE_BRIGADE).is_told(Severity.GUARD)
    await at("12:15").sensor(level=2.0)
    await at("12:30").sensor(level=4.3)
    await at("12:45").sensor(level=2.0)
    await at("12:55").group(FIRE_BRIGADE).is_told_nothing()
