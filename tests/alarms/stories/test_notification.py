"""How chats are told.

Dedup key (alarm, level, kind), grouping by area/type with group_wait 30 s, interval 5 min, repeat
per severity (e.g. 4 h, stage 4: 30 min), edit the existing Telegram message for value updates and
send a NEW message for level changes, resolved exactly once also if silenced meanwhile; Telegram
limits -> priority queue, transactional outbox, at-least-once, rate caps per group; two channels
(staff group vs. public channel) with release by a human for public ones; `disable_notification`
by severity.
"""

import pytest

from bot.alarms import HeraldDesk
from bot.limits import Limits
from services.alarms.rules.records import Severity
from services.outbox.model import Lane
from services.staff.rules import Role
from tests.alarms.hall import FIRE_BRIGADE, KOETHEN
from tests.alarms.stories.timeline import BOTH, Timeline
from tests.county import CHANNEL
from tests.frames.plain import work_off
from tests.rigging import label, slot

STAGE_FOUR = {"levels": [{"severity": "defence", "at": 3.0}]}
START_ALONE = {"levels": [{"severity": "start", "at": 3.0}]}


class TestGroups:
    @BOTH
    async def test_two_of_one_place_and_type_share_a_message(self, story: Timeline) -> None:
        at = story.at
        await story.gauge("pegel-2")
        await at("12:00").sensor("pegel-1", level=3.1)
        await at("12:00").sensor("pegel-2", level=3.1)
        await at("12:05").group(FIRE_BRIGADE).is_told("pegel-1", "pegel-2")

    @pytest.mark.parametrize("other", [{"ars": KOETHEN}, {"type": "weather"}])
    async def test_another_place_or_type_has_its_own(
        self, story: Timeline, other: dict[str, str]
    ) -> None:
        at = story.at
        await story.gauge("pegel-2", **other)
        await at("12:00").sensor("pegel-1", level=3.1)
        await at("12:00").sensor("pegel-2", level=3.1)
        await at("12:05").group(FIRE_BRIGADE).is_told_in_turn("pegel-1", "pegel-2")

    async def test_a_later_one_waits_until_five_minutes_are_over(self, story: Timeline) -> None:
        at = story.at
        await story.gauge("pegel-2")
        await at("12:00").sensor("pegel-1", level=3.1)
        await at("12:01").group(FIRE_BRIGADE).is_told("pegel-1")
        await at("12:02").sensor("pegel-2", level=3.1)
        await at("12:05").group(FIRE_BRIGADE).is_told_nothing()
        heard = at("12:06").group(FIRE_BRIGADE)
        await heard.is_told("pegel-2", "Weiterhin:", "pegel-1")

    async def test_what_is_grave_waits_for_nobody(self, story: Timeline) -> None:
        at = story.at
        await story.gauge("pegel-2")
        await at("12:00").sensor("pegel-1", level=3.1)
        await at("12:01").group(FIRE_BRIGADE).is_told("pegel-1")
        await at("12:02").sensor("pegel-2", level=4.6)
        await at("12:02").group(FIRE_BRIGADE).is_told("pegel-2", Severity.GUARD)


class TestMessages:
    async def test_a_value_changes_the_message_a_level_is_a_new_one(self, story: Timeline) -> None:
        at = story.at
        await at("12:00").sensor(level=3.1)
        await at("12:05").group(FIRE_BRIGADE).is_told("310 cm")
        await at("12:15").sensor(level=3.3)
        await at("12:20").group(FIRE_BRIGADE).sees("330 cm")
        await at("12:30").sensor(level=3.5)
        await at("12:40").group(FIRE_BRIGADE).is_told(Severity.START, "350 cm")
        await at("12:45").sensor(level=3.5)
        await at("12:55").group(FIRE_BRIGADE).is_told_nothing()

    async def test_the_gravest_is_repeated_every_half_hour(self, story: Timeline) -> None:
        at = story.at
        await story.rules(STAGE_FOUR)
        await at("12:00").sensor(level=3.1)
        await at("12:29").group(FIRE_BRIGADE).is_told(Severity.DEFENCE)
        await at("12:31").group(FIRE_BRIGADE).is_told("weiterhin", Severity.DEFENCE)
        await at("13:01").group(FIRE_BRIGADE).is_told("weiterhin", Severity.DEFENCE)

    async def test_a_light_one_is_not(self, story: Timeline) -> None:
        at = story.at
        await story.rules(START_ALONE)
        for clock in ("12:00", "13:00", "14:00", "15:00"):
            await at(clock).sensor(level=3.1)
        await at("15:30").group(FIRE_BRIGADE).is_told(Severity.START)

    @pytest.mark.parametrize(("level", "sound"), [(3.1, False), (3.6, True)])
    async def test_severity_decides_about_the_sound(
        self, story: Timeline, level: float, sound: bool
    ) -> None:
        at = story.at
        await at("12:00").sensor(level=level)
        await at("12:05").group(FIRE_BRIGADE).is_told("pegel-1", sound=sound)

    async def test_the_same_alarm_twice_in_a_day_is_told_twice(self, story: Timeline) -> None:
        """Two episodes are two alarms, however alike they are."""
        at = story.at
        for hour in ("12", "13"):
            await at(f"{hour}:00").sensor(level=3.1)
            await at(f"{hour}:10").group(FIRE_BRIGADE).is_told("310 cm")
            await at(f"{hour}:15").sensor(level=2.0)
            await at(f"{hour}:25").group(FIRE_BRIGADE).is_told("Entwarnung")


class TestLimits:
    async def ten_seconds_with_much_to_say(self, story: Timeline, lane: Lane) -> list[str]:
        """Queue more for a group than Telegram allows in a minute, then an alarm; what comes?"""
        county, moment = story.county, story.at("12:00")
        await moment
        county.delivery.limits = Limits(now=lambda: county.clock().timestamp())
        async with county.application.transaction() as services:
            chat = await services.chats.find(FIRE_BRIGADE)
            for number in range(30):
                key = f"much:{number}"
                await services.outbox.tell(chat.id, "golive.dropped", dedup_key=key, lane=lane)
        await work_off(county.application, moment.message("pegel-1", 4.6))
        await HeraldDesk(county.application.work).look()
        for _ in range(20):
            await slot(county)
            county.clock.forward(seconds=0.5)
        return [one.text for one in story.heard_by(FIRE_BRIGADE)]

    async def test_an_alarm_overtakes_whatever_waits(self, story: Timeline) -> None:
        words = await self.ten_seconds_with_much_to_say(story, Lane.BROADCAST)
        assert "pegel-1" in words[0]
        assert 1 < len(words) < 20, "the others wait for their turn"

    async def test_among_equals_the_first_is_first(self, story: Timeline) -> None:
        words = await self.ten_seconds_with_much_to_say(story, Lane.ALARM)
        assert len(words) > 1
        assert "pegel-1" not in "".join(words)


class TestPublic:
    async def test_the_public_hears_what_a_person_released(self, story: Timeline) -> None:
        at = story.at
        await story.rules({"public": True})
        editor = await story.staff(role=Role.EDITOR)
        await at("12:00").sensor(level=3.6)
        await at("12:05").group(FIRE_BRIGADE).is_told(Severity.START)
        await at("12:30").citizen(CHANNEL).is_told_nothing()
        assert "Für den Kanal vorgeschlagen" in editor.heard[-1]
        await editor.taps(label(story.county, "alarms.button-release"))
        heard = at("12:35").citizen(CHANNEL)
        await heard.is_told("Richtwert überschritten", "360 cm", never=["Nr.", "Alarmstufe"])

    async def test_of_what_is_not_public_nobody_is_asked(self, story: Timeline) -> None:
        at = story.at
        editor = await story.staff(role=Role.EDITOR)
        before = len(editor.heard)
        await at("12:00").sensor(level=3.6)
        await at("12:30").citizen(CHANNEL).is_told_nothing()
        assert len(editor.heard) == before
