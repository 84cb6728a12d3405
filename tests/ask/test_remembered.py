"""A question asked often is understood once; what somebody wrote is kept nowhere."""

from handlers.remembered import Remembered
from nlu.understanding import Decision, Understanding

FOUND = Understanding(Decision.REFUSE)


def test_upper_case_and_spaces_make_no_difference() -> None:
    remembered = Remembered()
    remembered.put("Hund anmelden", FOUND)
    assert remembered.get("  hund   ANMELDEN\n") is FOUND
    assert remembered.get("Hund abmelden") is None


def test_only_the_latest_are_remembered() -> None:
    remembered = Remembered(most=2)
    for question in ("a", "b"):
        remembered.put(question, FOUND)
    assert remembered.get("a") is FOUND
    remembered.put("c", FOUND)
    assert [remembered.get(one) is FOUND for one in "abc"] == [True, False, True]


def test_what_holds_for_a_while_is_forgotten() -> None:
    now = [0.0]
    remembered = Remembered(clock=lambda: now[0])
    remembered.put("Hund", FOUND, seconds=10)
    assert remembered.get("Hund") is FOUND
    now[0] = 11
    assert remembered.get("Hund") is None


def test_no_words_stay_in_memory() -> None:
    remembered = Remembered()
    remembered.put("Ich heiße Erika Geheimnis", FOUND)
    assert "geheimnis" not in str(vars(remembered)["_known"]).lower()


def test_any_text_can_be_asked() -> None:
    remembered = Remembered()
    for strange in ("", "\ud800", "\x00", "👩‍👩‍👧", "x" * 10_000):
        remembered.put(strange, FOUND)
        assert remembered.get(strange) is FOUND
