"""What an alarm may say.

A sensor says "Richtwert überschritten (Messwert x cm um hh:mm, ungeprüft)". Test/simulated data
marked "TEST/ÜBUNG".
"""

from services.alarms.rules.records import Severity
from tests.alarms.hall import FIRE_BRIGADE
from tests.alarms.stories.timeline import Timeline

EXERCISE = {"id": "uebung", "exercise": True}


async def test_an_unchecked_value_of_a_sensor_and_nobody_declared_anything(
    story: Timeline,
) -> None:
    at = story.at
    await at("12:00").sensor(level=4.6)
    heard = at("12:05").group(FIRE_BRIGADE)
    said = ["Richtwert 450 cm überschritten", "460 cm", "12:00", "ungeprüfter Messwert"]
    await heard.is_told(*said, never=["Alarmstufe", "ÜBUNG"])


async def test_below_it_says_below(story: Timeline) -> None:
    at = story.at
    low = {"direction": "below", "levels": [{"severity": "start", "at": 1.0}]}
    await story.rules(low)
    await at("12:00").sensor(level=0.9)
    await at("12:05").group(FIRE_BRIGADE).is_told("Richtwert 100 cm unterschritten")


async def test_made_up_values_alarm_nobody(story: Timeline) -> None:
    at = story.at
    await at("12:00").sensor(level=4.6, simulated=True)
    await at("12:05").group(FIRE_BRIGADE).is_told_nothing()


async def test_in_an_exercise_they_do_and_everything_says_so(story: Timeline) -> None:
    at = story.at
    await story.rules(EXERCISE)
    await at("12:00").sensor(level=4.6, simulated=True)
    await at("12:05").group(FIRE_BRIGADE).is_told("ÜBUNG", Severity.GUARD)
    await at("12:15").sensor(level=4.7, simulated=True)
    await at("12:20").group(FIRE_BRIGADE).sees("ÜBUNG", "470 cm")
    for clock in ("12:30", "12:45", "13:00"):
        await at(clock).sensor(level=2.0, simulated=True)
    await at("13:10").group(FIRE_BRIGADE).is_told_in_turn("ÜBUNG", "ÜBUNG", "ÜBUNG")


async def test_a_real_alarm_beside_it_stands_apart(story: Timeline) -> None:
    at = story.at
    await story.rules({}, EXERCISE)
    await at("12:00").sensor(level=4.6)
    await at("12:01")
    marked = ["ÜBUNG" in one.text for one in story.heard_by(FIRE_BRIGADE)]
    assert sorted(marked) == [False, True]
