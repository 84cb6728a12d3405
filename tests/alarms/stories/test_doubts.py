"""Sensors that cannot be right.

Rate of change (cm/h over window, min. 2 samples, gap-aware); range/plausibility (codec range,
physical step limit) -> state "implausible", not alarm; stuck-at (n identical values).
"""

import pytest

from services.alarms.rules.records import Severity
from tests.alarms.hall import FIRE_BRIGADE, Hall
from tests.alarms.stories.timeline import BOTH, Timeline

STAGES = [Severity.START, Severity.WATCH, Severity.GUARD, Severity.DEFENCE]
TEN_CENTIMETRES_AN_HOUR = {
    "signal": "rate",
    "levels": [{"severity": "watch", "at": 0.1, "clear": 0.05}],
}
CAREFUL = {"plausible": {"highest": 6.0, "step_per_hour": 4.0}}
FOUR_ALIKE = {"plausible": {"stuck_after": 4}}
NOT_BELIEVED = "unglaubhaft"
LIMITS = ["of the rule", "of the codec"]


class TestRate:
    async def test_it_rises_too_fast(self, story: Timeline) -> None:
        at = story.at
        await story.rules(TEN_CENTIMETRES_AN_HOUR)
        await at("12:00").sensor(level=2.00)
        await at("12:01").group(FIRE_BRIGADE).is_told_nothing()
        await at("12:30").sensor(level=2.06)
        await at("12:35").group(FIRE_BRIGADE).is_told(Severity.WATCH, "12 cm je Stunde")

    async def test_it_rises_slowly(self, story: Timeline) -> None:
        at = story.at
        await story.rules(TEN_CENTIMETRES_AN_HOUR)
        await at("12:00").sensor(level=2.00)
        await at("12:30").sensor(level=2.04)
        await at("12:35").group(FIRE_BRIGADE).is_told_nothing()

    async def test_over_a_gap_nobody_knows_how_fast(self, story: Timeline) -> None:
        at = story.at
        await story.rules(TEN_CENTIMETRES_AN_HOUR)
        await at("12:00").sensor(level=2.0)
        await at("12:38").sensor(level=2.3)
        await at("12:45").group(FIRE_BRIGADE).is_told_nothing()

    async def test_without_the_gap_they_do(self, story: Timeline) -> None:
        at = story.at
        await story.rules(TEN_CENTIMETRES_AN_HOUR)
        await at("12:00").sensor(level=2.0)
        await at("12:37").sensor(level=2.3)
        await at("12:45").group(FIRE_BRIGADE).is_told(Severity.WATCH)


class TestImplausible:
    @pytest.mark.parametrize(
        ("rule", "level"), [(CAREFUL, 6.1), ({}, 30.0)], ids=["rule", "codec"]
    )
    async def test_what_cannot_be_is_a_note_about_the_sensor_and_no_alarm(
        self, story: Timeline, rule: dict[str, object], level: float
    ) -> None:
        at = story.at
        await story.rules(rule)
        await at("12:00").sensor(level=level)
        heard = at("12:05").group(FIRE_BRIGADE)
        await heard.is_told(Severity.NOTICE, NOT_BELIEVED, sound=False, never=STAGES)

    @pytest.mark.parametrize(
        ("rule", "level"), [(CAREFUL, 6.0), ({}, 25.0)], ids=["rule", "codec"]
    )
    async def test_what_just_can_be_is_an_alarm(
        self, story: Timeline, rule: dict[str, object], level: float
    ) -> None:
        at = story.at
        await story.rules(rule)
        await at("12:00").sensor(level=level)
        await at("12:05").group(FIRE_BRIGADE).is_told(Severity.GUARD, never=[NOT_BELIEVED])

    @BOTH
    async def test_a_jump_is_not_believed_and_a_while_later_all_is_fine(
        self, story: Timeline
    ) -> None:
        at = story.at
        await story.rules(CAREFUL)
        await at("12:00").sensor(level=2.0)
        await at("12:15").sensor(level=5.0)
        heard = at("12:20").group(FIRE_BRIGADE)
        await heard.is_told(Severity.NOTICE, NOT_BELIEVED, "500 cm", never=STAGES)
        await at("12:30").sensor(level=2.0)
        await at("12:45").sensor(level=2.0)
        await at("12:55").group(FIRE_BRIGADE).is_told_nothing()
        await at("13:00").sensor(level=2.0)
        await at("13:10").group(FIRE_BRIGADE).is_told("wieder glaubhaft")

    async def test_every_other_value_wrong_is_one_note_not_many(self, story: Timeline) -> None:
        at = story.at
        await story.rules(CAREFUL)
        await at("12:00").sensor(level=2.0)
        for hour in ("12", "13"):
            await at(f"{hour}:15").sensor(level=5.0)
            await at(f"{hour}:30").sensor(level=2.0)
            await at(f"{hour}:45").sensor(level=5.5)
            await at(f"{int(hour) + 1}:00").sensor(level=2.0)
        await at("14:10").group(FIRE_BRIGADE).is_told(NOT_BELIEVED)

    async def test_a_flood_nobody_thought_possible_is_believed_in_the_end(
        self, story: Timeline
    ) -> None:
        at = story.at
        await story.rules(CAREFUL)
        await at("12:00").sensor(level=2.0)
        await at("12:15").sensor(level=5.0)
        await at("12:20").group(FIRE_BRIGADE).is_told(NOT_BELIEVED)
        await at("12:30").sensor(level=5.1)
        await at("12:35").group(FIRE_BRIGADE).is_told_nothing()
        await at("12:45").sensor(level=5.2)
        await at("12:46").group(FIRE_BRIGADE).is_told(Severity.GUARD, "wieder glaubhaft")

    async def test_an_alarm_is_neither_raised_nor_ended_by_it(self, story: Timeline) -> None:
        at = story.at
        await story.rules(CAREFUL)
        await at("12:00").sensor(level=3.6)
        await at("12:05").group(FIRE_BRIGADE).is_told(Severity.START)
        await at("12:15").sensor(level=0.1)
        heard = at("12:25").group(FIRE_BRIGADE)
        await heard.is_told(NOT_BELIEVED, "Weiterhin:", Severity.START, never=["Entwarnung"])

    async def test_two_rules_that_doubt_a_sensor_are_one_note(self, story: Timeline) -> None:
        at = story.at
        await story.rules(CAREFUL, {"id": "b", **CAREFUL}, {"id": "c"})
        await at("12:00").sensor(level=30.0)
        words = await at("12:05").group(FIRE_BRIGADE).is_told(NOT_BELIEVED)
        assert words.count(NOT_BELIEVED) == 1
        for clock in ("12:15", "12:30", "12:45"):
            await at(clock).sensor(level=2.0)
        await at("12:55").group(FIRE_BRIGADE).is_told("wieder glaubhaft")

    async def test_two_sensors_are_two(self, story: Timeline) -> None:
        at = story.at
        await story.gauge("pegel-2")
        await at("12:00").sensors(["pegel-1", "pegel-2"], 30.0)
        words = await at("12:05").group(FIRE_BRIGADE).is_told(NOT_BELIEVED)
        assert words.count(NOT_BELIEVED) == 2

    async def test_who_wants_grave_alarms_only_is_spared(self, quiet: Timeline) -> None:
        at = quiet.at
        await quiet.group(FIRE_BRIGADE, at_least=Severity.START)
        await at("12:00").sensor(level=30.0)
        await at("12:10").group(FIRE_BRIGADE).is_told_nothing()
        await at("12:15").sensor(level=3.6)
        await at("12:20").group(FIRE_BRIGADE).is_told(Severity.START)

    async def test_a_citizen_hears_nothing_of_it(self, quiet: Timeline) -> None:
        await Hall(quiet.county, gauge=1).own(1001, 3.0)
        await quiet.at("12:00").sensor(level=30.0)
        await quiet.at("12:10").citizen(1001).is_told_nothing()


class TestStuck:
    async def test_the_same_again_and_again_until_it_moves(self, story: Timeline) -> None:
        at = story.at
        await story.rules(FOUR_ALIKE)
        for clock in ("12:00", "12:15", "12:30"):
            await at(clock).sensor(level=2.4)
        await at("12:40").group(FIRE_BRIGADE).is_told_nothing()
        await at("12:45").sensor(level=2.4)
        heard = at("12:50").group(FIRE_BRIGADE)
        await heard.is_told("seit 4 Werten", "240 cm", sound=False, never=STAGES)
        await at("13:00").sensor(level=2.4)
        await at("13:10").group(FIRE_BRIGADE).is_told_nothing()
        await at("13:15").sensor(level=2.41)
        await at("13:25").group(FIRE_BRIGADE).is_told("ändern sich wieder")

    async def test_once_another_value_and_all_is_well(self, story: Timeline) -> None:
        at = story.at
        await story.rules(FOUR_ALIKE)
        for clock, level in (("12:00", 2.4), ("12:15", 2.4), ("12:30", 2.41), ("12:45", 2.4)):
            await at(clock).sensor(level=level)
        await at("12:55").group(FIRE_BRIGADE).is_told_nothing()

    async def test_a_grave_alarm_does_not_hide_it(self, story: Timeline) -> None:
        """Who trusts a level of stage 3 must know that its sensor may be broken."""
        at = story.at
        await story.rules(FOUR_ALIKE)
        for clock in ("12:00", "12:15", "12:30", "12:45"):
            await at(clock).sensor(level=4.6)
        heard = at("12:55").group(FIRE_BRIGADE)
        await heard.is_told_in_turn(Severity.GUARD, "seit 4 Werten")

    async def test_the_board_and_the_history_show_it(self, story: Timeline) -> None:
        at = story.at
        sabine = await story.staff()
        await story.rules(FOUR_ALIKE)
        for clock in ("12:00", "12:15", "12:30", "12:45", "13:00"):
            await at(clock).sensor(level=2.4)
        board = await at("13:05").says(sabine, "/lage")
        assert "pegel-1, immer derselbe Messwert" in board
        assert "5-mal 240 cm" in board
        history = await sabine.taps("🔵 pegel-1, immer derselbe Messwert")
        assert "immer derselbe Wert (240 cm)" in history
        await at("13:15").sensor(level=2.5)
        board = await at("13:20").says(sabine, "/lage")
        assert "5-mal" not in board
