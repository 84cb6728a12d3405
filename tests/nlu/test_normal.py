"""Dialect and slips of the fingers, in dictionary words."""

import pytest

from nlu.normal import Normaliser
from nlu.training import read_training


@pytest.fixture(scope="module")
def normaliser() -> Normaliser:
    training = read_training()
    known = [text for texts in training.services.values() for text in texts]
    return Normaliser([*known, *training.out_of_scope])


@pytest.mark.parametrize(
    ("written", "standard"),
    [
        ("ick hab meen perso verlohren", "ich habe mein personalausweis verloren"),
        ("wat kostet det", "was kostet das"),
        ("die jeburtsurkunde is wech", "die geburtsurkunde ist weg"),
        ("wo krieg ick ne wohnung", "wo bekomme ich eine wohnung"),
        ("elterngelt antrach", "elterngeld antrag"),
        ("jesundheitszeuchnis", "gesundheitszeugnis"),
        ("Führerschein verlohren", "führerschein verloren"),
    ],
)
def test_what_was_said_stands_in_the_dictionary(
    normaliser: Normaliser, written: str, standard: str
):
    assert normaliser.standard(written) == standard


@pytest.mark.parametrize(
    "right",
    ["ich möchte meinen hund anmelden", "jugendamt köthen", "ja, jedes jahr", "müll, 2 tonnen!"],
)
def test_what_is_well_written_stays(normaliser: Normaliser, right: str):
    assert normaliser.standard(right) == right


@pytest.mark.parametrize(
    "strange", ["", "🐕", "\ud800", "x" * 5000, "99012008001000", "Donaudampfschiff"]
)
def test_what_nobody_knows_stays(normaliser: Normaliser, strange: str):
    assert normaliser.standard(strange) == strange[:500].lower()
