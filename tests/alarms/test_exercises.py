"""Exercises: what begins in one is marked ÜBUNG to its end, what is real never is."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.application import Application
from handlers.buttons.alarms import EndExercise, PlanExercise
from services.alarms.exercises import ExerciseReasonError, ExerciseSpanError
from services.alarms.rules.matching import Matcher
from services.alarms.rules.records import Severity
from services.staff.rules import Actor, Role
from services.staff.service import NotAllowedError
from tests.alarms import field
from tests.alarms.field import alarms, record, released, take_in
from tests.alarms.hall import FIRE_BRIGADE, KOETHEN, ZERBST, Hall
from tests.county import CHANNEL, County, Person
from tests.frames.plain import Sent, work_off
from tests.readings.field import measured
from tests.rigging import label, outbox, rows_of, words

MARK = "ÜBUNG"
SHOT = timedelta(seconds=1)
EUI = "70b3d57ed0ffffff"
NOON = 40
"""Quarters of an hour that lie before."""


def at(number: int) -> datetime:
    """Return so many quarters of an hour after noon."""
    return field.at(NOON + number)


def level(number: int, metres: float) -> Sent:
    return field.level(NOON + number, metres, eui=EUI)


async def actor(county: County, role: Role = Role.OPERATOR, area: str = "15082") -> Actor:
    await county.staff(2001, role, area)
    async with county.application.transaction() as services:
        chat = await services.chats.find(2001)
        return await services.staff.actor(chat.id)


async def begin(county: County, who: Actor, matcher: Matcher, **span: float) -> int:
    async with county.application.transaction() as services:
        until = county.clock() + timedelta(**span)
        exercise = await services.exercises.begin(who, matcher, until=until, reason="Probe")
        return exercise.id


@pytest.fixture
async def gauge(hall: Hall) -> Hall:
    """A gauge whose values pass rules, and a group that hears of them."""
    await released(hall.county.application, EUI, ars=ZERBST, visibility="public")
    await take_in(hall.county.application, record(public=True))
    await hall.group(FIRE_BRIGADE)
    hall.county.clock.now = at(0)
    return hall


async def measures(hall: Hall, number: int, metres: float) -> None:
    """The gauge sends a value at its time, and all that follows happens."""
    hall.county.clock.now = max(hall.county.clock(), at(number) + SHOT)
    await work_off(hall.county.application, level(number, metres))
    await hall.looks()


async def marks(hall: Hall) -> list[bool]:
    return [one["exercise"] for one in await alarms(hall.county.application)]


async def test_from_the_first_word_to_the_all_clear_all_is_marked(gauge: Hall) -> None:
    who = await actor(gauge.county)
    editor = await gauge.county.staff(2002, Role.EDITOR)
    await begin(gauge.county, who, Matcher(rule="mulde"), hours=1)
    await measures(gauge, 1, 3.1)
    await gauge.passes(minutes=6)
    await measures(gauge, 2, 3.2)
    await gauge.passes(minutes=6)
    await measures(gauge, 3, 4.6)
    await gauge.passes(minutes=80)
    for number, metres in enumerate((2.0, 2.0, 2.0), 9):
        await measures(gauge, number, metres)
    await gauge.passes(minutes=10)
    said, edits = gauge.words(FIRE_BRIGADE), [one.text for one in gauge.edits(FIRE_BRIGADE)]
    assert "310 cm" in said[0]
    assert "gestiegen" in said[1]
    assert "Entwarnung" in said[-1]
    assert edits, "the new value stands in the message"
    assert all(one.startswith("⚠️ <b>ÜBUNG") for one in [*said, *edits])
    assert editor.heard == [], "nothing is proposed for the channel"
    assert gauge.words(CHANNEL) == []


async def test_without_an_exercise_nothing_is_marked(gauge: Hall) -> None:
    editor = await gauge.county.staff(2002, Role.EDITOR)
    await measures(gauge, 1, 3.1)
    await gauge.passes(minutes=10)
    assert "310 cm" in gauge.words(FIRE_BRIGADE)[-1]
    assert MARK not in "".join(gauge.words(FIRE_BRIGADE))
    assert "Für den Kanal vorgeschlagen" in editor.heard[-1]
    assert await marks(gauge) == [False]


async def test_what_fires_before_stays_real_also_when_it_rises(gauge: Hall) -> None:
    await measures(gauge, 1, 3.1)
    await gauge.passes(minutes=10)
    await begin(gauge.county, await actor(gauge.county), Matcher(), hours=8)
    await measures(gauge, 2, 4.6)
    await gauge.passes(minutes=10)
    assert "gestiegen" in gauge.words(FIRE_BRIGADE)[-1]
    assert MARK not in "".join(gauge.words(FIRE_BRIGADE))
    assert await marks(gauge) == [False]


async def test_it_ends_by_itself_and_the_next_alarm_is_real(gauge: Hall) -> None:
    await begin(gauge.county, await actor(gauge.county), Matcher(), hours=1)
    await measures(gauge, 1, 3.1)
    for number, metres in ((5, 2.0), (6, 2.0), (7, 3.1)):
        await measures(gauge, number, metres)
    await gauge.passes(minutes=10)
    assert await marks(gauge) == [True, False]
    assert MARK not in gauge.words(FIRE_BRIGADE)[-1]


async def test_the_time_of_the_values_decides(gauge: Hall) -> None:
    """What was measured in the hours is of the exercise, however late it comes."""
    gauge.county.clock.now = at(1) - SHOT
    number = await begin(gauge.county, await actor(gauge.county), Matcher(), hours=3)
    who = await actor(gauge.county)
    gauge.county.clock.now = at(2) - SHOT
    async with gauge.county.application.transaction() as services:
        assert await services.exercises.end(who, number)
    gauge.county.clock.now = at(3)
    await work_off(gauge.county.application, level(1, 3.1))
    assert await marks(gauge) == [True]


async def test_what_was_measured_before_is_real_however_late_it_comes(gauge: Hall) -> None:
    gauge.county.clock.now = at(1) + SHOT
    await begin(gauge.county, await actor(gauge.county), Matcher(), hours=3)
    await work_off(gauge.county.application, level(1, 3.1))
    assert await marks(gauge) == [False]


@pytest.mark.parametrize(
    ("matcher", "meant"),
    [
        (Matcher(), True),
        (Matcher(rule="mulde"), True),
        (Matcher(area=ZERBST), True),
        (Matcher(rule="frost"), False),
        (Matcher(area=KOETHEN), False),
        (Matcher(device=999), False),
    ],
)
async def test_only_what_is_meant_is_marked(gauge: Hall, matcher: Matcher, *, meant: bool) -> None:
    await begin(gauge.county, await actor(gauge.county), matcher, hours=8)
    await measures(gauge, 1, 3.1)
    assert await marks(gauge) == [meant]


async def test_a_graver_exercise_hides_nothing_real(hall: Hall) -> None:
    """At one series: the exercise of one rule, and the lighter, real alarm of another."""
    await hall.group(FIRE_BRIGADE)
    await hall.add_rule("drill")
    await hall.fires(Severity.DEFENCE, rule_key="drill", about="drill:1", exercise=True)
    await hall.fires(Severity.START)
    await hall.passes(minutes=10)
    exercise, real = sorted(hall.words(FIRE_BRIGADE), key=lambda one: MARK not in one)
    assert MARK in exercise
    assert MARK not in real


async def test_of_two_real_alarms_the_graver_explains_the_lighter(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.add_rule("other")
    await hall.fires(Severity.DEFENCE, rule_key="other", about="other:1")
    await hall.fires(Severity.START)
    await hall.passes(minutes=10)
    [told] = hall.words(FIRE_BRIGADE)
    assert "Nr." in told


async def test_a_citizen_s_own_threshold_says_so_too(hall: Hall) -> None:
    citizen = hall.county.citizen(1005)
    own = await hall.own(1005, 3.0)
    await hall.fires(Severity.NOTICE, rule_key=own, about=f"{own}:1", exercise=True)
    await hall.passes(minutes=10)
    assert citizen.heard[-1].startswith("⚠️ <b>ÜBUNG")


async def test_what_came_and_went_at_night_is_marked_in_the_digest(hall: Hall) -> None:
    await hall.group(FIRE_BRIGADE)
    await hall.until(datetime(2026, 11, 20, 21, 30, tzinfo=UTC))
    for exercise in (True, False):
        alarm = await hall.fires(Severity.WATCH, exercise=exercise)
        await hall.passes(minutes=20)
        await hall.ends(alarm)
        await hall.passes(minutes=20)
    await hall.until(datetime(2026, 11, 21, 5, 10, tzinfo=UTC))
    [digest] = [one for one in hall.words(FIRE_BRIGADE) if "Ruhezeit" in one]
    assert digest.count("Pegel Muldebrücke") == 2
    assert digest.count(MARK) == 1


async def test_board_and_month_keep_exercises_apart(gauge: Hall) -> None:
    operator = await gauge.county.staff(2003, Role.OPERATOR)
    await begin(gauge.county, await actor(gauge.county), Matcher(), hours=8)
    await measures(gauge, 1, 3.1)
    board = await operator.says("/lage")
    assert "ÜBUNG: Pegel" in board
    assert words(gauge.county, "alarms.board-exercises", number=1) in board
    await operator.taps(label(gauge.county, "alarms.button-month"))
    month = await operator.taps("11/2026 ▶")
    assert "nicht mitgezählt: 1" in month
    assert "Wasserstand Mulde</b>: 0" in month


async def test_a_citizen_reads_that_a_sensor_is_exercised_with(hall: Hall) -> None:
    county, who = hall.county, await actor(hall.county)
    await measured(county.application, hall.gauge, [9.1], until=county.clock())
    citizen = county.citizen(1007)
    await begin(county, who, Matcher(rule="flood"), hours=1)
    await begin(county, who, Matcher(device=999), hours=1)
    assert MARK not in await citizen.says("Wie hoch ist die Mulde?")
    await begin(county, who, Matcher(device=hall.gauge), hours=1)
    answer = await citizen.says("Wie hoch ist die Mulde?")
    assert answer.startswith(words(county, "readings.exercise"))
    county.clock.forward(hours=1)
    assert MARK not in await citizen.says("Wie hoch ist die Mulde?")


async def test_chosen_by_buttons_listed_and_ended_early(hall: Hall) -> None:
    county = hall.county
    operator = await county.staff(2001, Role.OPERATOR)
    assert words(county, "alarms.exercises-none") in await operator.says("/uebung")
    await operator.taps(label(county, "alarms.button-exercise-rule"))
    assert "Übung: Hochwasser" in await operator.taps("Hochwasser")
    await operator.taps("2 Stunden (bis 14:00 Uhr)")
    said = await operator.taps(label(county, "alarms.exercise-reason-unit"))
    assert "• Hochwasser: bis 20.11.26, 14:00 (Übung von Einsatzkräften)" in said
    [row] = await rows_of(county.application, "alarm_exercise")
    assert Matcher.of(row["matcher"]) == Matcher(rule="flood")
    assert row["until"] - row["since"] == timedelta(hours=2)
    county.clock.forward(minutes=30)
    said = await operator.taps("Beenden: Hochwasser")
    assert words(county, "alarms.exercises-none") in said
    [row] = await rows_of(county.application, "alarm_exercise")
    assert row["until"] == county.clock()
    acts = [one["action"] for one in await rows_of(county.application, "audit_entry")]
    assert acts[-2:] == ["alarms.exercise", "alarms.exercise-end"]


async def test_a_place_by_buttons(hall: Hall) -> None:
    operator = await hall.county.staff(2001, Role.OPERATOR)
    await operator.says("/uebung")
    await operator.taps(label(hall.county, "alarms.button-exercise-place"))
    await operator.taps("Zerbst/Anhalt")
    await operator.taps("8 Stunden (bis 20:00 Uhr)")
    await operator.taps(label(hall.county, "alarms.exercise-reason-chain"))
    [row] = await rows_of(hall.county.application, "alarm_exercise")
    assert Matcher.of(row["matcher"]) == Matcher(area=ZERBST)


@pytest.mark.parametrize(
    ("typed", "hours"),
    [("bis 16:30", 4.5), ("3 Stunden", 3), ("90 min", 1.5), ("bis morgen 6:00", 18)],
)
async def test_typed_in_one_line(hall: Hall, typed: str, hours: float) -> None:
    operator = await hall.county.staff(2001, Role.OPERATOR)
    said = await operator.says(f"/uebung Muldebrücke {typed}, Deichübung Zug 2")
    assert words(hall.county, "alarms.exercise-begun") in said
    [row] = await rows_of(hall.county.application, "alarm_exercise")
    assert row["until"] == hall.county.clock() + timedelta(hours=hours)
    assert row["reason"] == "Deichübung Zug 2"
    assert Matcher.of(row["matcher"]) == Matcher(device=hall.gauge, area=ZERBST)


async def test_a_typed_end_without_a_reason_is_kept_while_it_is_asked(hall: Hall) -> None:
    operator = await hall.county.staff(2001, Role.OPERATOR)
    await operator.says("/uebung Muldebrücke bis 16:30")
    said = await operator.taps("Pegel Muldebrücke")
    assert said == words(hall.county, "alarms.exercise-ask-reason")
    await operator.taps(label(hall.county, "alarms.exercise-reason-sensor"))
    [row] = await rows_of(hall.county.application, "alarm_exercise")
    assert row["until"] == datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


async def test_what_cannot_be_is_refused_with_what_to_do(hall: Hall) -> None:
    operator = await hall.county.staff(2001, Role.OPERATOR)
    said = await operator.says("/uebung Zugspitze bis 16:30 Probe")
    assert said == words(
        hall.county, "alarms.exercise-not-found", words="Zugspitze bis 16:30 Probe"
    )
    for typed in ("bis 11:00", "30 Stunden", "bis morgen 18:00"):
        said = await operator.says(f"/uebung Muldebrücke {typed} Probe")
        assert said == words(hall.county, "alarms.exercise-span"), typed
    who, now = await actor(hall.county), hall.county.clock()
    async with hall.county.application.transaction() as services:
        exercises = services.exercises
        with pytest.raises(ExerciseReasonError):
            await exercises.begin(who, Matcher(), until=now + timedelta(hours=1), reason=" ")
        with pytest.raises(ExerciseSpanError):
            await exercises.begin(who, Matcher(), until=now, reason="Probe")
    assert await rows_of(hall.county.application, "alarm_exercise") == []


async def someone(county: County, role: Role | None, area: str) -> Person:
    return county.citizen(2001) if role is None else await county.staff(2001, role, area)


@pytest.mark.parametrize(
    ("role", "area", "place", "allowed"),
    [
        (Role.OPERATOR, "15082", f"a{ZERBST}", True),
        (Role.ADMIN, "15082", "a15082", True),
        (Role.OPERATOR, ZERBST, f"a{ZERBST}", True),
        (Role.OPERATOR, ZERBST, f"a{KOETHEN}", False),
        (Role.OPERATOR, ZERBST, "a15082", False),
        (Role.OPERATOR, ZERBST, "rflood", False),
        (Role.EDITOR, "15082", f"a{ZERBST}", False),
        (Role.CASE_WORKER, "15082", f"a{ZERBST}", False),
        (None, "15082", f"a{ZERBST}", False),
    ],
)
async def test_who_may(
    hall: Hall, role: Role | None, area: str, place: str, *, allowed: bool
) -> None:
    person = await someone(hall.county, role, area)
    until = int((hall.county.clock() + timedelta(hours=1)).timestamp()) // 60
    said = await person.presses(PlanExercise(about=place, until=until, reason="unit").pack())
    assert (words(hall.county, "alarms.exercise-begun") in said) is allowed
    assert len(await rows_of(hall.county.application, "alarm_exercise")) == int(allowed)


async def test_who_may_not_begin_it_does_not_end_it(hall: Hall) -> None:
    number = await begin(hall.county, await actor(hall.county), Matcher(area=KOETHEN), hours=2)
    other = await hall.county.staff(2004, Role.OPERATOR, ZERBST)
    said = await other.presses(EndExercise(number=number).pack())
    assert "Köthen" in said
    [row] = await rows_of(hall.county.application, "alarm_exercise")
    assert row["until"] > hall.county.clock()


async def test_to_citizens_the_command_does_not_exist(hall: Hall) -> None:
    said = await hall.county.citizen().says("/uebung")
    assert "Übungen" not in said
    with pytest.raises(NotAllowedError):
        async with hall.county.application.transaction() as services:
            services.exercises.require(Actor())


async def test_ended_twice_is_ended_once(hall: Hall, application: Application) -> None:
    who = await actor(hall.county)
    number = await begin(hall.county, who, Matcher(), hours=1)
    async with application.transaction() as services:
        assert await services.exercises.end(who, number)
        assert not await services.exercises.end(who, number)
        assert not await services.exercises.end(who, 999)
    assert [one for one in await outbox(hall.county) if one["text_key"]] == []
