"""Sensors that say nothing.

No-data: expected interval per device (or learned median x factor) -> `stale` after 2.5 intervals,
`offline` after 5 with own pending; freeze alarm state (no resolve!) while offline; message
"offline while in stage 3" has higher severity; recovery notice; gateway/source outage inhibits
device-offline alarms (n of m devices of a gateway -> one alarm).
"""

from services.alarms.rules.records import Severity
from tests.alarms.hall import COUNTY_DESK, FIRE_BRIGADE, ZERBST
from tests.alarms.stories.timeline import BOTH, Timeline

SILENT, HEARD_AGAIN = "Meldet sich nicht mehr", "meldet sich wieder"
IN_DANGER = "Der Alarm davor ist nicht aufgehoben"
OTHER_MAST = "0016c001f1500002"
EIGHT = [f"pegel-{number}" for number in range(1, 9)]


class TestOneDevice:
    @BOTH
    async def test_late_is_told_nobody_and_gone_is(self, story: Timeline) -> None:
        at = story.at
        sabine = await story.staff()
        await at("12:00").sensor(level=2.4)
        await at("13:15").group(FIRE_BRIGADE).is_told_nothing()
        assert "pegel-1" in await at("13:15").says(sabine, "/lage"), "shown, though"
        heard = at("13:20").group(FIRE_BRIGADE)
        await heard.is_told(Severity.NOTICE, SILENT, "12:00", sound=False, never=[IN_DANGER])
        await at("14:00").sensor(level=2.4)
        await at("14:10").group(FIRE_BRIGADE).is_told(HEARD_AGAIN)

    async def test_once_heard_in_between_it_is_not_gone(self, story: Timeline) -> None:
        at = story.at
        await at("12:00").sensor(level=2.4)
        await at("12:45").sensor(level=2.4)
        await at("13:55").group(FIRE_BRIGADE).is_told_nothing()

    async def test_a_rule_may_have_more_patience(self, story: Timeline) -> None:
        at = story.at
        await story.rules({"offline": {"severity": "watch", "patience": "30 min"}})
        await at("12:00").sensor(level=2.4)
        await at("13:45").group(FIRE_BRIGADE).is_told_nothing()
        heard = at("13:50").group(FIRE_BRIGADE)
        await heard.is_told(Severity.WATCH, SILENT, never=[IN_DANGER])

    async def test_a_rhythm_nobody_said_is_learned(self, story: Timeline) -> None:
        at = story.at
        await story.gauge("pegel-2", every=None)
        for clock in ("12:00", "12:30", "13:00", "13:30", "14:00", "14:30", "15:00"):
            await at(clock).sensor("pegel-2", level=2.4)
        await at("15:00").figures()
        await at("17:30").group(FIRE_BRIGADE).is_told_nothing()
        await at("17:35").group(FIRE_BRIGADE).is_told("pegel-2", SILENT)

    async def test_of_too_few_values_nothing_is_learned(self, story: Timeline) -> None:
        """Then a quarter of an hour is expected."""
        at = story.at
        await story.gauge("pegel-2", every=None)
        for clock in ("12:00", "12:30", "13:00", "13:30", "14:00"):
            await at(clock).sensor("pegel-2", level=2.4)
        await at("14:00").figures()
        await at("15:20").group(FIRE_BRIGADE).is_told("pegel-2", SILENT)


class TestInDanger:
    async def test_gone_in_stage_three_is_as_grave_and_ends_nothing(self, story: Timeline) -> None:
        at = story.at
        sabine = await story.staff()
        await at("12:00").sensor(level=4.6)
        await at("12:05").group(FIRE_BRIGADE).is_told(Severity.GUARD)
        await at("12:06").says(sabine, "/uebernehmen 1")
        heard = at("13:20").group(FIRE_BRIGADE)
        await heard.is_told(Severity.GUARD, SILENT, IN_DANGER, sound=True)
        await at("14:00").sensor(level=4.6)
        heard = at("14:10").group(FIRE_BRIGADE)
        await heard.is_told(HEARD_AGAIN, "Weiterhin:", Severity.GUARD, never=["Entwarnung"])
        await at("14:15").sensor(level=2.0)
        await at("14:30").sensor(level=2.0)
        await at("14:45").sensor(level=2.0)
        await at("14:55").group(FIRE_BRIGADE).is_told_in_turn("gefallen", "gefallen", "Entwarnung")

    async def test_gone_in_no_stage_it_is_a_mere_notice(self, story: Timeline) -> None:
        at = story.at
        await at("12:00").sensor(level=2.9)
        heard = at("13:20").group(FIRE_BRIGADE)
        await heard.is_told(Severity.NOTICE, SILENT, never=[IN_DANGER, Severity.GUARD])


class TestGateways:
    async def eight(self, story: Timeline) -> None:
        for name in EIGHT[1:]:
            await story.gauge(name)

    @BOTH
    async def test_all_devices_of_a_gateway_are_one_alarm(self, story: Timeline) -> None:
        at = story.at
        await self.eight(story)
        await at("12:00").sensors(EIGHT, 2.4)
        heard = at("14:00").group(FIRE_BRIGADE)
        await heard.is_told("Fällt aus", "8 Sensoren", never=[SILENT])
        await at("14:15").sensors(EIGHT, 2.4)
        await at("14:25").group(FIRE_BRIGADE).is_told("empfängt wieder", never=[HEARD_AGAIN])

    async def test_where_one_is_still_heard_the_gateway_is_there(self, story: Timeline) -> None:
        at = story.at
        await self.eight(story)
        await at("12:00").sensors(EIGHT, 2.4)
        for clock in ("12:15", "12:30", "12:45", "13:00", "13:15"):
            await at(clock).sensor("pegel-8", level=2.4)
        words = await at("13:20").group(FIRE_BRIGADE).is_told(SILENT, never=["Gateway"])
        assert words.count(SILENT) == 7

    async def test_other_gateways_explain_nothing(self, story: Timeline) -> None:
        at = story.at
        await self.eight(story)
        await at("12:00").sensors(EIGHT[:6], 2.4)
        await at("12:00").sensors(EIGHT[6:], 2.4, heard_by=OTHER_MAST)
        await at("13:20").group(FIRE_BRIGADE).is_told_in_turn("6 Sensoren", SILENT)

    async def test_who_counts_on_a_sensor_in_stage_three_is_told_all_the_same(
        self, quiet: Timeline
    ) -> None:
        at = quiet.at
        await quiet.group(FIRE_BRIGADE, area=ZERBST, type="gauge", at_least=Severity.GUARD)
        await quiet.group(COUNTY_DESK, type="gateway")
        sabine = await quiet.staff()
        await self.eight(quiet)
        await at("12:00").sensors(EIGHT[1:], 2.4)
        await at("12:00").sensor("pegel-1", level=4.6)
        await at("12:05").group(FIRE_BRIGADE).is_told(Severity.GUARD)
        await at("12:06").says(sabine, "/uebernehmen 1")
        await at("13:20").group(FIRE_BRIGADE).is_told(Severity.GUARD, SILENT, "pegel-1")
        await at("13:20").group(COUNTY_DESK).is_told(Severity.GUARD, "8 Sensoren")

    async def test_in_a_lower_stage_the_gateway_speaks_for_it(self, quiet: Timeline) -> None:
        at = quiet.at
        await quiet.group(FIRE_BRIGADE, area=ZERBST, type="gauge")
        await self.eight(quiet)
        await at("12:00").sensors(EIGHT[1:], 2.4)
        await at("12:00").sensor("pegel-1", level=3.6)
        await at("12:05").group(FIRE_BRIGADE).is_told(Severity.START)
        await at("14:00").group(FIRE_BRIGADE).is_told_nothing()


class TestSources:
    async def test_a_silent_network_server_speaks_for_its_devices(self, story: Timeline) -> None:
        at = story.at
        await at("12:00").sensor(level=2.4)
        await at("13:00").source(silent=True)
        await at("14:00").group(FIRE_BRIGADE).is_told_nothing()

    async def test_once_it_is_heard_again_who_is_still_gone_is_told(self, story: Timeline) -> None:
        at = story.at
        await at("12:00").sensor(level=2.4)
        await at("13:00").source(silent=True)
        await at("14:00").source(silent=False)
        await at("14:05").group(FIRE_BRIGADE).is_told(SILENT)
