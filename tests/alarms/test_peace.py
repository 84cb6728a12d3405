"""People are left in peace when they want it; what is grave and what is over reaches them."""

from datetime import UTC, datetime, time, timedelta

import pytest

from services.alarms.peace import NoPeaceError
from services.alarms.rules.calm import LocalHours
from services.alarms.rules.matching import Matcher
from services.alarms.rules.records import Severity
from services.staff.rules import Actor, Role
from services.staff.service import NotAllowedError
from tests.alarms.hall import FIRE_BRIGADE, ZERBST, Hall

TEN_IN_THE_EVENING = datetime(2026, 11, 20, 21, tzinfo=UTC)
"""22:00 in the county."""
SIX_IN_THE_MORNING = datetime(2026, 11, 21, 5, tzinfo=UTC)


async def operator(hall: Hall) -> Actor:
    await hall.county.staff(2001, Role.OPERATOR)
    async with hall.county.application.transaction() as services:
        chat = await services.chats.find(2001)
        return await services.staff.actor(chat.id)


async def test_light_alarms_wait_for_the_morning_and_grave_ones_do_not(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.until(TEN_IN_THE_EVENING)
    await hall.fires(Severity.WATCH)
    await hall.until(SIX_IN_THE_MORNING - timedelta(seconds=1))
    assert hall.words(FIRE_BRIGADE) == []
    await hall.until(SIX_IN_THE_MORNING)
    [words] = hall.words(FIRE_BRIGADE)
    assert "Schwere 2" in words


async def test_from_the_third_severity_on_nothing_waits(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.until(TEN_IN_THE_EVENING)
    alarm = await hall.fires(Severity.START)
    await hall.passes(hours=2)
    assert hall.words(FIRE_BRIGADE) == []
    await hall.becomes(alarm, Severity.GUARD)
    await hall.looks()
    assert len(hall.words(FIRE_BRIGADE)) == 1


async def test_what_came_and_went_at_night_stands_in_one_digest(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE, thread=5)
    await hall.until(TEN_IN_THE_EVENING)
    for _ in range(2):
        alarm = await hall.fires(Severity.WATCH)
        await hall.passes(minutes=20)
        await hall.ends(alarm)
        await hall.passes(minutes=20)
    staying = await hall.fires(Severity.START)
    await hall.until(SIX_IN_THE_MORNING + timedelta(minutes=10))
    digest, news = sorted(hall.words(FIRE_BRIGADE), key=lambda one: "Ruhezeit" not in one)
    assert "2 Alarme" in digest
    assert digest.count("Pegel Muldebrücke") == 2
    assert f"Nr. {staying}" in news
    assert {one.message_thread_id for one in hall.sent(FIRE_BRIGADE)} == {5}
    await hall.until(SIX_IN_THE_MORNING + timedelta(hours=3))
    assert len(hall.words(FIRE_BRIGADE)) == 2


async def test_a_night_in_which_nothing_happened_has_no_digest(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.until(SIX_IN_THE_MORNING + timedelta(minutes=10))
    assert hall.words(FIRE_BRIGADE) == []


async def test_what_ends_at_night_and_was_told_before_is_told(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    alarm = await hall.fires(Severity.WATCH)
    await hall.until(TEN_IN_THE_EVENING + timedelta(hours=1))
    told = len(hall.words(FIRE_BRIGADE))
    await hall.ends(alarm)
    await hall.passes(minutes=10)
    assert len(hall.words(FIRE_BRIGADE)) == told + 1
    assert hall.sent(FIRE_BRIGADE)[-1].disable_notification


async def test_a_silence_ends_by_itself_and_what_still_fires_is_told(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    actor = await operator(hall)
    async with hall.county.application.transaction() as services:
        until = hall.county.clock() + timedelta(hours=2)
        await services.peaces.silence(
            actor, Matcher(area=ZERBST), until=until, reason="Bauarbeiten"
        )
    await hall.fires(Severity.GUARD)
    await hall.passes(minutes=119)
    assert hall.words(FIRE_BRIGADE) == []
    await hall.passes(minutes=1)
    assert len(hall.words(FIRE_BRIGADE)) == 1


async def test_a_silence_ended_early_is_over_at_once(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    actor = await operator(hall)
    async with hall.county.application.transaction() as services:
        silence = await services.peaces.silence(
            actor, Matcher(), until=hall.county.clock() + timedelta(days=1), reason="Probe"
        )
    await hall.fires(Severity.GUARD)
    await hall.passes(minutes=1)
    async with hall.county.application.transaction() as services:
        assert await services.peaces.end_silence(actor, silence.id)
    await hall.looks()
    assert len(hall.words(FIRE_BRIGADE)) == 1
    async with hall.county.application.transaction() as services:
        assert not await services.peaces.end_silence(actor, silence.id)


async def test_a_silence_needs_a_reason_an_end_and_the_right(hall: Hall) -> None:
    actor = await operator(hall)
    now = hall.county.clock()
    async with hall.county.application.transaction() as services:
        peaces = services.peaces
        with pytest.raises(NoPeaceError):
            await peaces.silence(actor, Matcher(), until=now + timedelta(hours=1), reason=" ")
        with pytest.raises(NoPeaceError):
            await peaces.silence(actor, Matcher(), until=now, reason="Probe")
        with pytest.raises(NotAllowedError):
            await peaces.silence(Actor(), Matcher(), until=now + timedelta(1), reason="Probe")
        assert await peaces.silences() == []


@pytest.mark.parametrize(
    ("evening", "hours"),
    [(datetime(2026, 10, 24, 21, tzinfo=UTC), 8), (datetime(2027, 3, 27, 21, tzinfo=UTC), 6)],
    ids=["autumn", "spring"],
)
async def test_a_maintenance_window_keeps_the_wall_clock_when_it_changes(
    hall: Hall, evening: datetime, hours: int
) -> None:
    """23:00 to 05:00: in the night with 25 hours one longer, in that with 23 one shorter."""
    hall.county.clock.now = evening - timedelta(hours=1)
    await hall.group(FIRE_BRIGADE)
    actor = await operator(hall)
    window = LocalHours(time(23), time(5), hall.county.application.region.zone)
    async with hall.county.application.transaction() as services:
        await services.peaces.maintain(actor, Matcher(type="gauge"), window, reason="Spülung")
    begins = window_begins(evening, hours)
    hall.county.clock.now = begins
    await hall.fires(Severity.DEFENCE)
    ends = window.end_after(begins)
    assert ends - begins == timedelta(hours=hours - 1)
    await hall.until(ends - timedelta(seconds=1))
    assert hall.words(FIRE_BRIGADE) == []
    await hall.until(ends)
    assert len(hall.words(FIRE_BRIGADE)) == 1


def window_begins(evening: datetime, hours: int) -> datetime:
    """Return 23:00 on the wall clock of that evening."""
    return evening if hours == 8 else evening + timedelta(hours=1)


async def test_outside_of_its_weekdays_a_window_holds_nothing(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    actor = await operator(hall)
    zone = hall.county.application.region.zone
    async with hall.county.application.transaction() as services:
        weekend = LocalHours(time(0), time(23, 59), zone, frozenset({5, 6}))
        number = (await services.peaces.maintain(actor, Matcher(), weekend, reason="Wartung")).id
    await hall.fires(Severity.GUARD)
    await hall.looks()
    assert len(hall.words(FIRE_BRIGADE)) == 1
    hall.county.clock.forward(days=1)
    other, series = await hall.add_gauge("Pegel Wehr")
    await hall.fires(Severity.GUARD, device_id=other, series_id=series)
    await hall.looks()
    assert "Pegel Wehr" not in "".join(hall.words(FIRE_BRIGADE))
    async with hall.county.application.transaction() as services:
        assert await services.peaces.end_maintenance(actor, number)
    await hall.looks()
    assert "Pegel Wehr" in hall.words(FIRE_BRIGADE)[-1]
