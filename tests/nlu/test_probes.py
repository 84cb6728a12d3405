"""Which probe a question means: by depth, number or label, in seven languages."""

import pytest

from nlu.measured import Measured, wanted
from nlu.probes import means_probe, names_probe, without_probe
from nlu.thresholds import Side, wish

IN_30 = [
    "Wie warm ist der Boden in 30 cm Tiefe in Zerbst?",
    "Bodentemperatur 0,3 m tief",
    "How warm is the soil at 30 cm depth?",
    "Яка температура ґрунту на глибині 30 см?",
    "Какая температура почвы на глубине 30 см?",
    "كم درجة حرارة التربة على عمق 30 سم؟",
    "Toprak sıcaklığı 30 cm derinlikte kaç?",
    "Jaka jest temperatura gleby na głębokości 30 cm?",
]


@pytest.mark.parametrize("question", IN_30)
def test_by_its_depth(question: str) -> None:
    assert names_probe(question)
    assert means_probe(question, "30 cm", 2)
    assert not means_probe(question, "10 cm", 1)
    assert not means_probe(question, "", 2)


@pytest.mark.parametrize("question", IN_30)
def test_the_soil_s_temperature_is_asked_for(question: str) -> None:
    found = wanted(question)
    assert found is not None
    assert found.measured is Measured.SOIL_TEMPERATURE


@pytest.mark.parametrize("question", ["Bodenfeuchte Zerbst", "Wie feucht ist der Boden?"])
def test_moisture_stays_moisture(question: str) -> None:
    found = wanted(question)
    assert found is not None
    assert found.measured is Measured.SOIL


@pytest.mark.parametrize("question", ["Wie warm ist es?", "Temperatur in Zerbst"])
def test_the_air_s_temperature_stays(question: str) -> None:
    found = wanted(question)
    assert found is not None
    assert found.measured is Measured.TEMPERATURE


@pytest.mark.parametrize("question", ["Fühler 2", "Bodentemperatur Sonde Nr. 2", "probe no. 2"])
def test_by_its_number(question: str) -> None:
    assert names_probe(question)
    assert means_probe(question, "30 cm", 2)
    assert not means_probe(question, "30 cm", 12)


def test_by_its_label() -> None:
    assert means_probe("Temperatur im Vorlauf", "vorlauf", 1)
    assert means_probe("Bodentemperatur 30 cm", "30 cm", 2)
    assert not means_probe("Bodentemperatur 130 cm", "30 cm", 2)
    assert not means_probe("Temperatur", "vorlauf", 1)


@pytest.mark.parametrize("question", ["Mulde über 4 m", "Schnee 30 cm hoch?", "Wie hoch?", ""])
def test_a_level_is_no_depth(question: str) -> None:
    assert not names_probe(question)
    assert without_probe(question) == question


def test_a_depth_is_no_threshold() -> None:
    words = without_probe("Sag Bescheid, wenn der Boden in 30 cm Tiefe unter 5 Grad kalt ist")
    found = wish(words)
    assert found is not None
    assert (found.measured, found.side, found.value) == (
        Measured.SOIL_TEMPERATURE,
        Side.BELOW,
        5.0,
    )
