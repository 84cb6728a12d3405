"""When people are left in peace.

Snooze/silence with end and reason, matcher-based; maintenance windows (recurring, Europe/Berlin
DST-safe; readings stored, no notice; alarms still active at the end are sent); quiet hours hold
back low severity and send a digest, never stage >= 3. Resolved exactly once also if silenced
meanwhile.
"""

from datetime import date

import pytest

from services.alarms.rules.records import Severity
from tests.alarms.hall import FIRE_BRIGADE, KOETHEN, ZERBST
from tests.alarms.stories.timeline import BOTH, Timeline
from tests.frames.plain import levels

NEVER_MISSED = {"offline": {"patience": "1 d"}}
"""A night is long; here a sensor may say nothing more."""
DIGEST = "Während der Ruhezeit"
CLOCKS_GO_BACK, CLOCKS_GO_FORWARD = date(2026, 10, 24), date(2027, 3, 27)
"""Saturdays; the night after them has 25 hours' worth, or 23."""


class TestSilences:
    async def test_silent_until_its_end_and_told_then(self, story: Timeline) -> None:
        at = story.at
        sabine = await story.staff()
        await at("11:45").silenced(sabine, until="13:00", reason="Bauarbeiten", area=ZERBST)
        await at("12:00").sensor(level=4.6)
        await at("12:59").group(FIRE_BRIGADE).is_told_nothing()
        await at("13:01").group(FIRE_BRIGADE).is_told(Severity.GUARD)

    async def test_what_is_not_meant_is_told(self, story: Timeline) -> None:
        at = story.at
        sabine = await story.staff()
        await at("11:45").silenced(sabine, until="13:00", reason="Bauarbeiten", area=KOETHEN)
        await at("12:00").sensor(level=4.6)
        await at("12:01").group(FIRE_BRIGADE).is_told(Severity.GUARD)

    async def test_up_to_a_severity(self, story: Timeline) -> None:
        at = story.at
        sabine = await story.staff()
        meant = {"at_most": Severity.START}
        await at("11:45").silenced(sabine, until="13:00", reason="Bauarbeiten", **meant)
        await at("12:00").sensor(level=3.6)
        await at("12:10").group(FIRE_BRIGADE).is_told_nothing()
        await at("12:15").sensor(level=4.6)
        await at("12:16").group(FIRE_BRIGADE).is_told(Severity.GUARD)

    async def test_the_all_clear_comes_once_although_it_is_silenced(self, story: Timeline) -> None:
        at = story.at
        await story.rules(NEVER_MISSED)
        sabine = await story.staff()
        await at("12:00").sensor(level=3.1)
        await at("12:05").group(FIRE_BRIGADE).is_told(Severity.NOTICE)
        await at("12:06").silenced(sabine, until="18:00", reason="Bauarbeiten")
        await at("12:15").sensor(level=2.0)
        await at("12:25").group(FIRE_BRIGADE).is_told("Entwarnung")
        await at("18:10").group(FIRE_BRIGADE).is_told_nothing()

    async def test_of_what_nobody_was_told_there_is_no_all_clear(self, story: Timeline) -> None:
        at = story.at
        await story.rules(NEVER_MISSED)
        sabine = await story.staff()
        await at("11:45").silenced(sabine, until="18:00", reason="Bauarbeiten")
        await at("12:00").sensor(level=3.1)
        await at("12:15").sensor(level=2.0)
        await at("18:10").group(FIRE_BRIGADE).is_told_nothing()


class TestMaintenance:
    async def test_values_are_kept_and_what_still_fires_at_the_end_is_told(
        self, story: Timeline
    ) -> None:
        at = story.at
        sabine = await story.staff()
        await at("11:45").maintained(sabine, "12:00", "13:00", type="gauge")
        await at("12:15").sensor(level=4.6)
        await at("12:59").group(FIRE_BRIGADE).is_told_nothing()
        assert [value for _, value, _ in await levels(story.county.application)] == [4.6]
        await at("13:01").group(FIRE_BRIGADE).is_told(Severity.GUARD)

    async def test_what_is_over_by_then_is_told_nobody(self, story: Timeline) -> None:
        at = story.at
        sabine = await story.staff()
        await at("11:45").maintained(sabine, "12:00", "13:00", type="gauge")
        await at("12:15").sensor(level=3.1)
        await at("12:30").sensor(level=2.0)
        await at("13:10").group(FIRE_BRIGADE).is_told_nothing()

    async def test_it_comes_every_day(self, story: Timeline) -> None:
        at = story.at
        sabine = await story.staff()
        await at("11:45").maintained(sabine, "12:00", "13:00", type="gauge")
        await at("+1 12:15").sensor(level=4.6)
        await at("+1 12:59").group(FIRE_BRIGADE).is_told_nothing()
        await at("+1 13:01").group(FIRE_BRIGADE).is_told(Severity.GUARD)

    @pytest.mark.parametrize("day", [CLOCKS_GO_BACK, CLOCKS_GO_FORWARD], ids=["back", "forward"])
    async def test_the_clock_on_the_wall_decides_when_it_changes(
        self, story: Timeline, day: date
    ) -> None:
        story.first_day = day
        at = story.at
        story.county.clock.now = at("21:00").time
        sabine = await story.staff()
        await at("22:30").maintained(sabine, "23:00", "05:00", type="gauge")
        await at("+1 00:15").sensor(level=4.6)
        await at("+1 04:59").group(FIRE_BRIGADE).is_told_nothing()
        await at("+1 05:01").group(FIRE_BRIGADE).is_told(Severity.GUARD)


class TestQuietHours:
    async def test_a_light_alarm_waits_for_the_morning(self, story: Timeline) -> None:
        at = story.at
        await at("23:00").sensor(level=3.6)
        await at("+1 05:59").group(FIRE_BRIGADE).is_told_nothing()
        heard = at("+1 06:05").group(FIRE_BRIGADE)
        await heard.is_told(Severity.START, never=[DIGEST])

    async def test_stage_three_waits_for_nothing(self, story: Timeline) -> None:
        at = story.at
        await at("23:00").sensor(level=4.6)
        await at("23:01").group(FIRE_BRIGADE).is_told(Severity.GUARD, sound=True)

    async def test_what_came_and_went_stands_in_the_digest(self, story: Timeline) -> None:
        at = story.at
        await story.rules(NEVER_MISSED)
        await at("+1 01:00").sensor(level=3.1)
        await at("+1 01:15").sensor(level=2.0)
        await at("+1 05:59").group(FIRE_BRIGADE).is_told_nothing()
        heard = at("+1 06:05").group(FIRE_BRIGADE)
        await heard.is_told(DIGEST, "pegel-1", "01:00", "01:15", sound=False)

    @BOTH
    async def test_also_what_was_over_before_anybody_looked(self, story: Timeline) -> None:
        at = story.at
        await story.rules(NEVER_MISSED)
        await at("+1 02:50").backlog("pegel-1", t02_15=3.1, t02_30=2.0, t02_45=2.0)
        await at("+1 05:59").group(FIRE_BRIGADE).is_told_nothing()
        heard = at("+1 06:05").group(FIRE_BRIGADE)
        await heard.is_told(DIGEST, "pegel-1", "02:15", "02:30", sound=False)
        await at("+1 09:00").group(FIRE_BRIGADE).is_told_nothing()

    async def test_even_in_stage_three_it_is_not_lost(self, story: Timeline) -> None:
        at = story.at
        await story.rules(NEVER_MISSED)
        values = {"t02_15": 4.6, "t02_30": 2.0, "t02_40": 2.0, "t02_45": 2.0}
        await at("+1 02:50").backlog("pegel-1", **values)
        await at("+1 06:05").group(FIRE_BRIGADE).is_told(DIGEST, "pegel-1")

    async def test_silenced_it_is_in_no_digest(self, story: Timeline) -> None:
        at = story.at
        await story.rules(NEVER_MISSED)
        sabine = await story.staff()
        await at("21:00").silenced(sabine, until="+1 12:00", reason="Bauarbeiten")
        await at("+1 02:50").backlog("pegel-1", t02_15=3.1, t02_30=2.0, t02_45=2.0)
        await at("+1 06:05").group(FIRE_BRIGADE).is_told_nothing()

    async def test_told_at_night_it_is_in_no_digest(self, story: Timeline) -> None:
        at = story.at
        await story.rules(NEVER_MISSED)
        await at("+1 02:00").sensor(level=4.6)
        await at("+1 02:05").group(FIRE_BRIGADE).is_told(Severity.GUARD)
        for clock in ("02:15", "02:30", "02:45"):
            await at(f"+1 {clock}").sensor(level=2.0)
        await at("+1 02:55").group(FIRE_BRIGADE).is_told("Entwarnung")
        await at("+1 06:10").group(FIRE_BRIGADE).is_told_nothing()

    async def test_who_would_not_have_heard_of_it_reads_no_digest(self, quiet: Timeline) -> None:
        at = quiet.at
        await quiet.rules(NEVER_MISSED)
        await quiet.group(FIRE_BRIGADE, at_least=Severity.START)
        await at("+1 02:50").backlog("pegel-1", t02_15=3.1, t02_30=2.0, t02_45=2.0)
        await at("+1 06:05").group(FIRE_BRIGADE).is_told_nothing()
