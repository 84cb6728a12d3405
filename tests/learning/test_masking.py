"""What is kept of a question says nothing about who asked, and is still of use."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.masking import Masking, shipped_words
from nlu.language import Language
from nlu.masking import MASK, Masker
from nlu.vocabulary import Vocabulary
from services.catalogue.reading import read_catalogue
from services.catalogue.rules import Snapshot
from services.region.service import load_region
from tests.conftest import ROOT

FOLDER = ROOT / "regions" / "anhalt-bitterfeld"
PERSONAL = Path(__file__).parent / "personal.jsonl"
SURNAMES = """
Ansorge Baumgart Bergner Bittner Blum Bormann Brendel Brosch Büchner Dahms Dähne Demuth Dreßler
Eichler Elsner Faust Feller Fiebig Gabler Gehrke Geisler Gläser Gottschalk Grabow Grützner
Hackel Hanke Härtel Heinemann Helbig Henkel Herzberg Hering Hinze Jentzsch Jurk Kaden Kittel
Knoche Kober Kretschmer Kupfer Lade Langer Leuschner Liebig Löwe Lüders Matthes Meinert Meißner
Mehnert Mühlbach Müntz Nestler Nitzsche Oehme Pätzold Petzold Pietsch Prager Quandt Rasch
Rehfeld Richardt Rösler Rudloff Sachs Schaper Scheibe Schindler Schirmer Schöne Schwenke
Seyfarth Siegmund Stiller Tauber Teichmann Tischer Töpfer Uhlig Uhlmann Vetter Wachs Weidlich
Wetzel Wolfram Wünsche Zeidler Zeuner Zschau
""".split()  # noqa: SIM905 - a text is easier to keep than a list
"""Names the lists do not know, many of them words: what stays of them is stated in the docs."""


def lines(file: Path = PERSONAL) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    services = {found.record.id: found.record for found in read_catalogue(FOLDER).services}
    return Snapshot(1, services, {})


@pytest.fixture(scope="module")
def masker(snapshot: Snapshot) -> Masker:
    return Masking(load_region(FOLDER)).built(snapshot)


def test_the_examples_are_many_and_in_every_language() -> None:
    counts = Counter(line["lang"] for line in lines())
    assert sum(counts.values()) >= 120
    assert counts.keys() == {language.value for language in Language}
    assert all(line["gone"] for line in lines())


@pytest.mark.parametrize("line", lines(), ids=lambda line: line["text"][:40])
def test_what_is_personal_vanishes_and_what_is_meant_survives(
    masker: Masker, line: dict[str, Any]
) -> None:
    kept = masker.mask(line["text"])
    if kept is None:
        return
    assert [one for one in line["gone"] if one.casefold() in kept.casefold()] == []
    assert [one for one in line["kept"] if one.casefold() not in kept.casefold()] == []
    assert MASK in kept


def test_most_questions_with_something_personal_in_them_can_still_be_used(masker: Masker) -> None:
    useful = [line for line in lines() if line["kept"]]
    kept = [line for line in useful if masker.mask(line["text"])]
    assert len(kept) >= 0.9 * len(useful)


@pytest.mark.parametrize(
    "question",
    [
        "wo melde ich meinen hund an in zerbst",
        "wie lange dauert der reisepass",
        "meine frau arbeitet nicht, bekommen wir wohngeld?",
        "personlausweis abgelaufn was tun",
        "Where can I register my car?",
        "was muss eine frau mitbringen die heiraten will",
        "mein kind ist 3 und braucht einen kitaplatz",
    ],
)
def test_a_question_without_a_person_stays_as_it_is(masker: Masker, question: str) -> None:
    assert masker.mask(question) == question


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   ",
        "…",
        "????",
        "12345",
        "ich heiße jörg",
        "Xqzt Brxl Plomm reisepass",
        "ich du er sie",
        "\u202e\u200b",
    ],
)
def test_nothing_is_kept_of_which_too_little_is_left(masker: Masker, question: str) -> None:
    assert masker.mask(question) is None


@pytest.mark.parametrize("written", [str, str.lower], ids=["capital", "small"])
def test_few_names_nobody_listed_stay_even_without_a_title(
    masker: Masker, written: Callable[[str], str]
) -> None:
    def stays(name: str) -> bool:
        return name in str(masker.mask(f"wann kann {name} den reisepass im rathaus abholen"))

    assert sum(stays(written(name)) for name in SURNAMES) <= 0.13 * len(SURNAMES)
    titled = (f"termin bei frau {written(name)} wegen reisepass" for name in SURNAMES)
    kept = [masker.mask(question) for question in titled]
    assert sum(kept == "termin bei frau … wegen reisepass" for kept in kept) == len(kept)


def test_one_run_of_personal_things_is_one_mark(masker: Masker) -> None:
    assert masker.mask("Hund anmelden, Xqzt Brxl, wo?") == "Hund anmelden, …, wo?"


def test_hidden_signs_do_not_smuggle_a_name(masker: Masker) -> None:
    kept = masker.mask("hund anmelden wo geht das für Kret\u200bschmar")
    assert kept is not None
    assert "schmar" not in kept


def test_a_word_of_the_catalogue_stays_only_where_the_catalogue_has_it(
    snapshot: Snapshot,
) -> None:
    bare = Masker(Vocabulary(["hund anmelden"]))
    assert bare.mask("hund anmelden wegen zwergpinscher") == "hund anmelden wegen …"
    more = Masker(Vocabulary(["hund anmelden"]).with_texts(["Zwergpinscher"]))
    assert more.mask("hund anmelden wegen zwergpinscher") is not None
    assert "zwergpinscher" in str(more.mask("hund anmelden wegen zwergpinscher"))


def test_names_are_no_known_words_whatever_the_catalogue_says() -> None:
    masker = Masker(Vocabulary(["Lisa meldet Hund an", "hund anmelden"]))
    assert masker.mask("lisa will hund anmelden") == "… will hund anmelden"


def test_a_typing_error_is_forgiven_but_not_in_what_may_be_a_name() -> None:
    masker = Masker(Vocabulary(["reisepass beantragen", "bücher kinder antrag schule"]))
    assert masker.mask("reisepas beantragn") == "reisepas beantragn"
    assert masker.mask("reisepass antarg für kindder") == "reisepass antarg für kindder"
    for name in ("Kindler", "kindler", "Schuler", "schulz"):
        assert masker.mask(f"reisepass beantragen für {name}") == "reisepass beantragen für …"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_masking_never_fails_and_masks_what_it_masked(text: str) -> None:
    masker = Masker(shipped_words())
    kept = masker.mask(text)
    assert kept is None or masker.mask(kept) in {kept, None}
