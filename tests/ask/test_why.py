"""Staff may ask why an answer is what it is; nothing that was asked is kept for it."""

from datetime import timedelta

from handlers.ask.why import KEPT, MOST_KEPT, Explanations
from nlu.understanding import Decision, Understanding
from services.staff.rules import Role
from tests.ask.planned import CAR, CARD, LOST, Plan
from tests.conftest import FRIDAY_NOON
from tests.county import County, TestClock
from tests.rigging import words

WHY = "Warum diese Antwort?"


async def test_staff_see_candidates_signals_and_the_decision(county: County, plan: Plan) -> None:
    plan.on("ausweis", Decision.CHOOSE, CARD, LOST)
    for number, role in enumerate(Role):
        sabine = await county.staff(2001 + number, role)
        await sabine.says("ausweis")
        why = await sabine.taps(WHY)
        assert "Entschieden: eine Auswahl (builtin)" in why
        assert "<b>Personalausweis beantragen</b> (Leistung): 0,6" in why
        assert "<b>Verlust des Ausweises melden</b> (Leistung): 0,5" in why
        assert f"Dafür spricht: „Phrase für {CARD}“" in why
        assert "• words: 1,5" in why


async def test_it_stands_under_answers_choices_and_refusals(county: County, plan: Plan) -> None:
    plan.on("a", Decision.ANSWER, CAR)
    plan.on("b", Decision.CHOOSE, CAR, CARD)
    plan.on("c", Decision.REFUSE)
    plan.on("d", Decision.CLARIFY, CAR)
    sabine = await county.staff(2001)
    for question in "abcd":
        await sabine.says(question)
        assert sabine.buttons[-1] == WHY


async def test_citizens_see_no_button_and_a_forged_press_says_nothing(
    county: County, plan: Plan
) -> None:
    plan.on("ausweis", Decision.CHOOSE, CARD, LOST)
    erika, sabine = county.citizen(), await county.staff(2001)
    await erika.says("ausweis")
    assert WHY not in erika.buttons
    await sabine.says("ausweis")
    data = county.telegram.said[-1].buttons[WHY]
    assert await erika.presses(data) == words(county, "ask.why-gone")
    assert await sabine.presses("x:gibt-es-nicht") == words(county, "ask.why-gone")


async def test_after_ten_minutes_it_is_gone(county: County, plan: Plan) -> None:
    plan.on("ausweis", Decision.CHOOSE, CARD, LOST)
    sabine = await county.staff(2001)
    await sabine.says("ausweis")
    county.clock.forward(minutes=10)
    assert await sabine.taps(WHY) == words(county, "ask.why-gone")


def test_only_the_latest_are_kept_and_no_words() -> None:
    clock = TestClock(FRIDAY_NOON)
    explanations = Explanations(clock)
    understanding = Understanding(Decision.REFUSE)
    tokens = [explanations.keep(understanding) for _ in range(MOST_KEPT + 1)]
    assert explanations.find(tokens[0]) is None
    assert explanations.find(tokens[1]) is understanding
    clock.now += KEPT - timedelta(seconds=1)
    assert explanations.find(tokens[1]) is understanding
    clock.forward(seconds=1)
    assert explanations.find(tokens[1]) is None
