"""Declared stages: recorded with who declared them, told, shown, proposed; never derived."""

import warnings
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.alarms.declaring import key_of
from handlers.alarms.painting import paint
from handlers.buttons.alarms import RecordStage
from services.alarms.reading import RuleBook
from services.alarms.records import DeclarerRecord
from services.alarms.rules.audience import Wish, hears_of_stage
from services.alarms.rules.matching import Labels, Matcher
from services.alarms.rules.records import Severity
from services.alarms.stages import Declaration, NoDeclarerError, StageChangedError, StageTimeError
from services.staff.rules import Actor, Role
from services.staff.service import NotAllowedError
from tests.alarms.hall import COUNTY_DESK, EVERYBODY_ELSE, FIRE_BRIGADE, KOETHEN, ZERBST, Hall
from tests.county import CHANNEL, County, Person
from tests.readings.field import measured
from tests.rigging import group_message, label, rows_of, words

CENTRE = "der Hochwasservorhersagezentrale"
TWO = f"Alarmstufe 2, ausgerufen von {CENTRE} am 20.11.2026 um 12:00 Uhr"
COUNTY = "15082"
DECLARERS = [
    {
        "id": "lhw",
        "name": {"de": CENTRE, "en": "the flood forecasting centre"},
        "waters": ["Mulde", "Elbe"],
    },
    {
        "id": "kreis",
        "name": {"de": "dem Landkreis Testkreis", "en": "the county"},
        "waters": ["Elbe"],
    },
]


@pytest.fixture
def declaring(hall: Hall) -> Hall:
    """A county whose rules say who declares stages; a gauge at the Mulde in Zerbst."""
    known = [DeclarerRecord.model_validate(one) for one in DECLARERS]
    book = RuleBook(declarers={one.id: one for one in known})
    work = hall.county.application.work
    work.house = replace(work.house, rule_book=book)
    return hall


async def actor(county: County, area: str = COUNTY) -> Actor:
    await county.staff(2001, Role.OPERATOR, area)
    async with county.application.transaction() as services:
        chat = await services.chats.find(2001)
        return await services.staff.actor(chat.id)


def said(hall: Hall, stage: int, **more: object) -> Declaration:
    given: dict[str, object] = {"water": "Mulde", "area": COUNTY, "declarer": "lhw", "before": 0}
    given |= {"at": hall.county.clock(), "stage": stage, **more}
    return Declaration(**given)  # type: ignore[arg-type]


async def record(hall: Hall, stage: int, who: Actor | None = None, **more: object) -> None:
    who = who or await actor(hall.county)
    async with hall.county.application.transaction() as services:
        await services.stages.record(who, said(hall, stage, **more))
    await hall.county.delivery.drain()


async def stages(hall: Hall) -> list[tuple[str, int, bool]]:
    rows = await rows_of(hall.county.application, "declared_stage")
    return [(row["water"], row["stage"], row["ended_at"] is None) for row in rows]


async def test_guided_from_the_water_to_the_group(declaring: Hall) -> None:
    county = declaring.county
    await declaring.group(FIRE_BRIGADE)
    operator = await county.staff(2001, Role.OPERATOR)
    assert words(county, "alarms.stages-none") in await operator.says("/stufe")
    assert await operator.taps("Mulde") == words(county, "alarms.stage-ask-area")
    assert await operator.taps("Landkreis Testkreis") == words(county, "alarms.stage-ask")
    assert "Aufgehoben" not in operator.buttons, "nothing holds"
    asked = await operator.taps("Stufe 2")
    assert "/stufe Mulde 2 seit 14:20" in asked, "only one declares for the Mulde: nobody is asked"
    preview = await operator.taps("jetzt (12:00 Uhr)")
    assert TWO in preview
    assert await stages(declaring) == []
    assert declaring.words(FIRE_BRIGADE) == []
    done = await operator.taps(label(county, "alarms.button-record"))
    assert f"<b>Mulde</b>: {TWO}" in done
    [told] = declaring.words(FIRE_BRIGADE)
    assert told == f"📣 <b>Hochwasser: Mulde</b>\n{TWO}"
    assert await stages(declaring) == [("Mulde", 2, True)]
    [act] = [a for a in await rows_of(county.application, "audit_entry") if "stage" in a["action"]]
    assert (act["action"], act["after"]["declarer"]) == ("alarms.stage", "lhw")


async def test_a_button_pressed_twice_records_once(declaring: Hall) -> None:
    await declaring.group(FIRE_BRIGADE)
    operator = await declaring.county.staff(2001, Role.OPERATOR)
    await operator.says("/stufe Mulde 2 seit 11:30")
    await operator.taps("Landkreis Testkreis")
    button = label(declaring.county, "alarms.button-record")
    await operator.taps(button)
    assert await operator.taps(button) == words(declaring.county, "alarms.stage-changed")
    assert len(declaring.words(FIRE_BRIGADE)) == 1
    [row] = await rows_of(declaring.county.application, "declared_stage")
    assert row["at"] == datetime(2026, 11, 20, 10, 30, tzinfo=UTC)


async def test_raised_lowered_and_cancelled_each_is_told_once(declaring: Hall) -> None:
    await declaring.group(FIRE_BRIGADE)
    who = await actor(declaring.county)
    before = 0
    for stage in (1, 3, 2, 0):
        await record(declaring, stage, who, before=before)
        declaring.county.clock.forward(hours=1)
        before = stage
    first, raised, lowered, cancelled = declaring.words(FIRE_BRIGADE)
    assert "Alarmstufe 1, ausgerufen" in first
    assert "Alarmstufe 3, ausgerufen" in raised
    assert "Vorher: Alarmstufe 1, ausgerufen von" in raised
    assert "Alarmstufe 2, ausgerufen" in lowered
    assert f"Alarmstufe 2 aufgehoben von {CENTRE} am 20.11.2026 um 15:00 Uhr" in cancelled
    assert await stages(declaring) == [
        ("Mulde", 1, False),
        ("Mulde", 3, False),
        ("Mulde", 2, False),
    ]


async def test_only_who_hears_of_gauges_there_is_told(declaring: Hall) -> None:
    await declaring.group(FIRE_BRIGADE, area=ZERBST)
    await declaring.group(COUNTY_DESK, area=KOETHEN)
    await declaring.group(EVERYBODY_ELSE, type="smoke")
    await record(declaring, 2)
    assert len(declaring.words(FIRE_BRIGADE)) == 1, "the Mulde's gauge stands in Zerbst"
    assert declaring.words(COUNTY_DESK) == []
    assert declaring.words(EVERYBODY_ELSE) == []


async def test_where_no_gauge_is_known_all_towns_are_told(declaring: Hall) -> None:
    await declaring.group(COUNTY_DESK, area=KOETHEN)
    await record(declaring, 2, water="Elbe", declarer="kreis")
    [told] = declaring.words(COUNTY_DESK)
    assert "ausgerufen von dem Landkreis Testkreis" in told


async def test_at_night_light_stages_are_told_without_a_sound(declaring: Hall) -> None:
    await declaring.group(FIRE_BRIGADE)
    who = await actor(declaring.county)
    await declaring.until(datetime(2026, 11, 20, 22, tzinfo=UTC))
    await record(declaring, 1, who)
    await record(declaring, 3, who, before=1)
    softly, loudly = declaring.sent(FIRE_BRIGADE)
    assert softly.disable_notification
    assert not loudly.disable_notification


GAUGE = Labels("", 1, "gauge", ZERBST, "water.level")


@pytest.mark.parametrize(
    ("wish", "stage", "hears"),
    [
        (Wish(Matcher()), 1, True),
        (Wish(Matcher(area=ZERBST, type="gauge")), 4, True),
        (Wish(Matcher(at_least=Severity.GUARD)), 2, False),
        (Wish(Matcher(at_least=Severity.GUARD)), 3, True),
        (Wish(Matcher(area=KOETHEN)), 4, False),
        (Wish(Matcher(type="weather")), 4, False),
        (Wish(Matcher(), step=1), 4, False),
        (Wish(Matcher(), own="own:1"), 4, False),
    ],
)
def test_who_hears(wish: Wish, stage: int, *, hears: bool) -> None:
    assert hears_of_stage(wish, [GAUGE], Severity(stage)) is hears


async def test_a_value_never_makes_a_stage(declaring: Hall) -> None:
    await declaring.group(FIRE_BRIGADE)
    await declaring.fires(Severity.DEFENCE, value=9.0)
    await declaring.passes(hours=1)
    assert await stages(declaring) == []
    assert "Alarmstufe" not in "".join(declaring.words(FIRE_BRIGADE))


async def test_an_alarm_of_that_water_names_it_also_in_its_all_clear(declaring: Hall) -> None:
    await declaring.group(FIRE_BRIGADE)
    await record(declaring, 2)
    alarm = await declaring.fires()
    await declaring.passes(minutes=1)
    await declaring.ends(alarm)
    await declaring.passes(minutes=10)
    _, fired, over = declaring.words(FIRE_BRIGADE)
    assert TWO in fired.splitlines()
    assert "Entwarnung" in over
    assert TWO in over.splitlines(), "the sensor's all-clear cancels no stage"


@pytest.mark.parametrize(
    "elsewhere", [{"water": "Elbe"}, {"area": KOETHEN}], ids=["other water", "other town"]
)
async def test_an_alarm_elsewhere_does_not(declaring: Hall, elsewhere: dict[str, str]) -> None:
    await declaring.group(FIRE_BRIGADE, at_least=Severity.START)
    await record(declaring, 2, **elsewhere)
    await declaring.fires()
    await declaring.passes(minutes=1)
    assert "Alarmstufe" not in declaring.words(FIRE_BRIGADE)[-1]


async def test_cancelled_it_stands_nowhere_any_more(declaring: Hall) -> None:
    await declaring.group(FIRE_BRIGADE)
    who = await actor(declaring.county)
    await record(declaring, 2, who)
    await record(declaring, 0, who, before=2)
    await declaring.fires()
    await declaring.passes(minutes=1)
    assert "Alarmstufe" not in declaring.words(FIRE_BRIGADE)[-1]
    operator = await declaring.county.staff(2003, Role.OPERATOR)
    assert "Alarmstufe" not in await operator.says("/lage")


async def test_on_the_board_of_staff_and_of_those_who_hear_of_that_water(declaring: Hall) -> None:
    await declaring.group(FIRE_BRIGADE, area=ZERBST)
    await declaring.group(COUNTY_DESK, area=KOETHEN)
    await record(declaring, 2)
    operator = await declaring.county.staff(2003, Role.OPERATOR)
    assert f"<b>Mulde</b>: {TWO}" in await operator.says("/lage")
    for group in (FIRE_BRIGADE, COUNTY_DESK):
        event = group_message(declaring.county, group, 5, text="/lage")
        event["message"]["chat"]["type"] = "supergroup"
        await declaring.county.receives({"update_id": 9_000_000 - group, **event})
        await declaring.county.settle()
    assert TWO in declaring.words(FIRE_BRIGADE)[-1]
    assert "Alarmstufe" not in declaring.words(COUNTY_DESK)[-1]


async def test_the_picture_of_the_board_names_it_with_who_declared_it(declaring: Hall) -> None:
    await record(declaring, 2)
    operator = await declaring.county.staff(2003, Role.OPERATOR)
    await operator.says("/lage")
    await operator.taps(label(declaring.county, "alarms.button-picture"))
    [job] = await rows_of(declaring.county.application, "heavy_job")
    painting = job["arguments"]["painting"]
    assert painting["declared"] == [f"Mulde: {TWO}"]
    bare = {**painting, "declared": []}
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a letter the font does not have would be a box
        assert paint(painting)[20:24] > paint(bare)[20:24], "it is taller"


async def test_a_citizen_who_asks_for_the_level_reads_it(declaring: Hall) -> None:
    county = declaring.county
    await measured(county.application, declaring.gauge, [2.1], until=county.clock())
    citizen = county.citizen()
    assert "Alarmstufe" not in await citizen.says("Wie hoch ist die Mulde?")
    await record(declaring, 2)
    answer = await citizen.says("Wie hoch ist die Mulde?")
    assert TWO in answer.splitlines()
    assert "210 cm" in answer
    polish = county.citizen(1006, "pl")
    assert "Alarmstufe" in await polish.says("Jaki jest poziom wody Muldy?")


async def test_the_channel_hears_only_what_an_editor_releases(declaring: Hall) -> None:
    editor = await declaring.county.staff(2002, Role.EDITOR)
    await record(declaring, 2)
    await declaring.passes(hours=5)
    assert declaring.words(CHANNEL) == []
    assert "Für den Kanal vorgeschlagen" in editor.heard[-1]
    assert TWO in editor.heard[-1]
    await editor.taps(label(declaring.county, "alarms.button-release"))
    [post] = declaring.words(CHANNEL)
    assert TWO in post
    assert "Hochwasserzentrale Test" in post


async def test_a_cancelled_stage_asks_whether_its_post_is_taken_back(declaring: Hall) -> None:
    editor = await declaring.county.staff(2002, Role.EDITOR)
    who = await actor(declaring.county)
    await record(declaring, 2, who)
    await editor.taps(label(declaring.county, "alarms.button-release"))
    await record(declaring, 0, who, before=2)
    assert f"Es gilt nicht mehr: {TWO}" in editor.heard[-1]
    await editor.taps(label(declaring.county, "alarms.button-withdraw"))
    assert "Gilt nicht mehr" in declaring.edits(CHANNEL)[-1].text


async def test_what_nobody_released_is_void_when_the_stage_changes(declaring: Hall) -> None:
    editor = await declaring.county.staff(2002, Role.EDITOR)
    who = await actor(declaring.county)
    await record(declaring, 2, who)
    before = len(editor.heard)
    await record(declaring, 3, who, before=2)
    assert len(editor.heard) == before + 1
    assert "Alarmstufe 3" in editor.heard[-1]
    states = [row["state"] for row in await rows_of(declaring.county.application, "alarm_post")]
    assert states == ["dropped", "proposed"]


def times(hall: Hall) -> Sequence[datetime]:
    now = hall.county.clock()
    return now + timedelta(minutes=1), now - timedelta(days=8), now - timedelta(hours=2)


async def test_what_cannot_be_is_refused(declaring: Hall) -> None:
    who = await actor(declaring.county)
    await record(declaring, 1, who, at=declaring.county.clock() - timedelta(hours=1))
    for at in times(declaring):
        with pytest.raises(StageTimeError):
            await record(declaring, 2, who, before=1, at=at)
    for wrong in ({"water": "Fuhne"}, {"declarer": "kreis"}, {"area": "99"}, {"stage": 5}):
        stage = int(wrong.pop("stage", 2))
        with pytest.raises((NoDeclarerError, NotAllowedError)):
            await record(declaring, stage, who, before=1, **wrong)
    with pytest.raises(StageChangedError):
        await record(declaring, 2, who, before=0)
    with pytest.raises(StageChangedError):
        await record(declaring, 0, who, water="Elbe")
    assert await stages(declaring) == [("Mulde", 1, True)]


async def test_who_asks_in_one_line_is_asked_only_for_the_rest(declaring: Hall) -> None:
    operator = await declaring.county.staff(2001, Role.OPERATOR)
    said = await operator.says("/stufe Elbe 3 seit 11:30")
    assert said == words(declaring.county, "alarms.stage-ask-declarer"), "one area, two declarers"
    preview = await operator.taps("Ausgerufen von dem Landkreis Testkreis")
    assert "Alarmstufe 3, ausgerufen von dem Landkreis Testkreis" in preview
    await operator.taps(label(declaring.county, "alarms.button-record"))
    preview = await operator.says("/stufe Elbe aufgehoben seit 11:45")
    assert "Alarmstufe 3 aufgehoben von dem Landkreis Testkreis" in preview
    await operator.taps(label(declaring.county, "alarms.button-record"))
    assert await stages(declaring) == [("Elbe", 3, False)]
    for nonsense in ("/stufe Rhein 2", "/stufe 2", "/stufe Mulde Elbe 2"):
        unknown = await operator.says(nonsense)
        assert unknown == words(declaring.county, "alarms.stage-unknown")


async def test_where_nobody_declares_it_says_where_to_enter_it(hall: Hall) -> None:
    operator = await hall.county.staff(2001, Role.OPERATOR)
    assert words(hall.county, "alarms.stage-no-declarers") in await operator.says("/stufe")


async def someone(county: County, role: Role | None, area: str) -> Person:
    return county.citizen(2001) if role is None else await county.staff(2001, role, area)


@pytest.mark.parametrize(
    ("role", "area", "place", "allowed"),
    [
        (Role.OPERATOR, COUNTY, COUNTY, True),
        (Role.ADMIN, COUNTY, ZERBST, True),
        (Role.OPERATOR, ZERBST, ZERBST, True),
        (Role.OPERATOR, ZERBST, KOETHEN, False),
        (Role.OPERATOR, ZERBST, COUNTY, False),
        (Role.EDITOR, COUNTY, COUNTY, False),
        (Role.CASE_WORKER, COUNTY, COUNTY, False),
        (Role.TEAM_LEAD, COUNTY, COUNTY, False),
        (None, COUNTY, COUNTY, False),
    ],
)
async def test_who_may(
    declaring: Hall, role: Role | None, area: str, place: str, *, allowed: bool
) -> None:
    person = await someone(declaring.county, role, area)
    at = int(declaring.county.clock().timestamp()) // 60
    pressed = RecordStage(
        water=key_of("Mulde"), area=place, stage=2, declarer="lhw", at=at, sure=True
    )
    await person.presses(pressed.pack())
    assert len(await stages(declaring)) == int(allowed)


async def test_a_clerk_of_a_town_records_for_the_town(declaring: Hall) -> None:
    clerk = await declaring.county.staff(2001, Role.OPERATOR, ZERBST)
    preview = await clerk.says("/stufe Mulde 1 seit 11:30")
    assert "Hochwasser: Mulde, Zerbst/Anhalt" in preview, "there is nothing to choose"


async def test_to_citizens_the_command_does_not_exist(declaring: Hall) -> None:
    assert "ausgerufen" not in await declaring.county.citizen().says("/stufe")
