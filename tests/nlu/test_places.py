"""Which places of others a question names."""

import pytest

from nlu.places import names_other_place, other_place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("kfz zulassung magdeburg", "Magdeburg"),
        ("KFZ-Zulassung, MAGDEBURG!", "Magdeburg"),
        ("hundesteuer halle saale pro jahr", "Halle Saale"),
        ("sperrmüll landkreis wittenberg", "Landkreis Wittenberg"),
        ("anmelden in münchen oder köln", "München"),
        ("wohngeld in bayern", "Bayern"),
        ("прописаться в москве как", "Москве"),
        ("زيارة برلين", "برلين"),
        ("umzug von leipzig nach berlin", None),
        ("kfz zulassung", None),
        ("magdeburger straße", None),
        ("", None),
    ],
)
def test_the_place_is_named_as_it_is_written(text: str, place: str | None) -> None:
    assert other_place(text) == place
    assert names_other_place(text) is (place is not None)


@pytest.mark.parametrize("text", ["brunnen bohren zum gießen", "Wasser zum Gießen", "giessen"])
def test_an_ordinary_word_is_weighed_but_names_no_place(text: str) -> None:
    assert names_other_place(text)
    assert other_place(text) is None


def test_a_place_beside_an_ordinary_word_is_named() -> None:
    assert other_place("zum gießen in leipzig") == "Leipzig"
