"""What the public channel says of a sensor: a person decides, and a person takes it back."""

import pytest

from services.alarms.rules.records import Severity
from services.staff.rules import Role
from tests.alarms.hall import Hall
from tests.county import CHANNEL, Person
from tests.rigging import label, rows_of, words


@pytest.fixture
async def editor(hall: Hall) -> Person:
    return await hall.county.staff(2001, Role.EDITOR)


async def proposed(hall: Hall, severity: Severity = Severity.START) -> int:
    await hall.add_rule("public", public=True)
    alarm = await hall.fires(severity, rule_key="public", about="public:1", value=3.25)
    await hall.looks()
    return alarm


async def test_nothing_is_published_without_a_person(hall: Hall, editor: Person) -> None:
    await proposed(hall)
    await hall.passes(hours=10)
    assert hall.words(CHANNEL) == []
    [asked] = editor.heard
    assert "Für den Kanal vorgeschlagen" in asked
    assert "Richtwert überschritten" in asked
    assert "325" in asked
    assert "ungeprüfter Messwert" in asked
    assert "Alarmstufe" not in asked


async def test_released_with_one_tap_it_says_what_the_editor_saw(
    hall: Hall, editor: Person
) -> None:
    alarm = await proposed(hall)
    await hall.becomes(alarm, value=9.99)
    answer = await editor.taps(label(hall.county, "alarms.button-release"))
    [post] = hall.words(CHANNEL)
    assert "325" in post
    assert "Hochwasserzentrale Test" in post
    assert post in answer
    assert "Nr." not in post


async def test_two_editors_publish_it_once(hall: Hall, editor: Person) -> None:
    jens = await hall.county.staff(2002, Role.EDITOR)
    await proposed(hall)
    await editor.taps(label(hall.county, "alarms.button-release"))
    answer = await jens.taps(label(hall.county, "alarms.button-release"))
    assert answer == words(hall.county, "alarms.post-decided")
    assert len(hall.words(CHANNEL)) == 1


async def test_refused_it_never_appears(hall: Hall, editor: Person) -> None:
    alarm = await proposed(hall)
    await editor.taps(label(hall.county, "alarms.button-drop"))
    await hall.becomes(alarm, value=4.0)
    await hall.passes(hours=1)
    assert hall.words(CHANNEL) == []
    assert len(await rows_of(hall.county.application, "alarm_post")) == 1


async def test_taken_back_it_says_so_itself(hall: Hall, editor: Person) -> None:
    await proposed(hall)
    await editor.taps(label(hall.county, "alarms.button-release"))
    await editor.taps(label(hall.county, "alarms.button-withdraw"))
    [change] = hall.edits(CHANNEL)
    assert "Gilt nicht mehr" in change.text
    assert "325" in change.text


async def test_when_it_is_over_the_editors_are_asked_and_decide(
    hall: Hall, editor: Person
) -> None:
    alarm = await proposed(hall)
    await editor.taps(label(hall.county, "alarms.button-release"))
    await hall.ends(alarm)
    await hall.looks()
    assert "Im Kanal steht noch" in editor.heard[-1]
    assert hall.edits(CHANNEL) == []
    await editor.taps(label(hall.county, "alarms.button-withdraw"))
    assert len(hall.edits(CHANNEL)) == 1


async def test_over_before_anybody_decided_it_is_void(hall: Hall, editor: Person) -> None:
    alarm = await proposed(hall)
    await hall.ends(alarm)
    await hall.looks()
    answer = await editor.taps(label(hall.county, "alarms.button-release"))
    assert answer == words(hall.county, "alarms.post-decided")
    assert hall.words(CHANNEL) == []


async def test_each_new_level_is_asked_anew_and_the_same_one_is_not(
    hall: Hall, editor: Person
) -> None:
    alarm = await proposed(hall)
    for severity in (Severity.WATCH, Severity.START, Severity.WATCH):
        await hall.becomes(alarm, severity, value=4.0)
        await hall.looks()
    await hall.looks()
    assert len(editor.heard) == 2


async def test_exercises_and_rules_that_are_not_public_are_never_proposed(
    hall: Hall, editor: Person
) -> None:
    await hall.add_rule("public", public=True)
    await hall.fires(rule_key="public", about="public:1", exercise=True)
    await hall.fires()
    await hall.looks()
    assert editor.heard == []


async def test_citizens_cannot_release(hall: Hall, editor: Person) -> None:
    await proposed(hall)
    [said] = [one for one in hall.county.telegram.said if one.chat_id == editor.id]
    data = said.buttons[label(hall.county, "alarms.button-release")]
    await hall.county.citizen(3001).presses(data)
    operator = await hall.county.staff(2003, Role.OPERATOR)
    await operator.presses(data)
    assert hall.words(CHANNEL) == []
