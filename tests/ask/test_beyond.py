"""What is no service of ours is answered too: the region's questions, and whose it is instead."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from nlu.supplement import services_of_others, topics
from nlu.understanding import Candidate, Decision, Kind, Understanding
from services.faq.reading import read_book
from tests.ask.planned import CAR, Notebook, Plan
from tests.conftest import ROOT
from tests.county import County
from tests.rigging import words

BANK = "known:versichertenkarte"
MIDWIFE = "ozg:10004"
PARKING, HOURS = "faq:parken", "faq:oeffnungszeiten"
UNKNOWN = "Dazu weiß ich leider nichts Verlässliches."


@pytest.fixture(autouse=True)
def asked_often(county: County) -> Iterator[None]:
    """The county has a file of questions."""
    work = county.application.work
    work.house = replace(work.house, book=read_book(ROOT / "regions" / "beispielkreis"))
    return


def understood(decision: Decision, kind: Kind, *ids: str, score: float = 0.8) -> Understanding:
    return Understanding(decision, [Candidate(one, score, one, kind) for one in ids])


async def test_a_question_of_the_region_is_answered_in_words(
    county: County, plan: Plan, notebook: Notebook
) -> None:
    plan.meant["wo parken"] = understood(Decision.ANSWER, Kind.FAQ, PARKING)
    erika = county.citizen()
    assert (await erika.says("wo parken")).startswith("<b>")
    assert "👍 Passt" in erika.buttons


async def test_it_can_be_chosen_beside_services(
    county: County, plan: Plan, notebook: Notebook
) -> None:
    meant = [
        Candidate(PARKING, 0.5, "", Kind.FAQ),
        Candidate(CAR, 0.4, ""),
        Candidate(BANK, 0.3, "", Kind.KNOWN),
        Candidate(MIDWIFE, 0.2, "", Kind.ELSEWHERE),
    ]
    plan.meant["auto"] = Understanding(Decision.CHOOSE, meant)
    erika = county.citizen()
    await erika.says("auto")
    parking, car, bank, midwife = erika.buttons[:4]
    assert car == "Auto abmelden"
    assert bank == topics()[BANK].name.de
    assert midwife == services_of_others()[MIDWIFE].name.de
    for label, entry_id in ((parking, PARKING), (bank, BANK), (midwife, MIDWIFE)):
        assert "<b>" in await erika.taps(label)
        assert notebook.notes[-1] == ("chosen", 1, entry_id)


@pytest.mark.parametrize(("entry_id", "kind"), [(BANK, Kind.KNOWN), (MIDWIFE, Kind.ELSEWHERE)])
async def test_whoever_must_be_refused_hears_whose_it_is(
    county: County, plan: Plan, entry_id: str, kind: Kind
) -> None:
    plan.meant["q"] = understood(Decision.REFUSE, kind, entry_id)
    name = (topics().get(entry_id) or services_of_others()[entry_id]).name.de
    assert name in await county.citizen().says("q")


async def test_what_is_unlikely_is_not_named(county: County, plan: Plan) -> None:
    plan.meant["q"] = understood(Decision.REFUSE, Kind.KNOWN, BANK, score=0.2)
    assert (await county.citizen().says("q")).startswith(UNKNOWN)


async def test_an_office_that_depends_on_the_place_asks_for_it(county: County, plan: Plan) -> None:
    plan.meant["wann offen"] = understood(Decision.ANSWER, Kind.FAQ, HOURS)
    assert (await county.citizen().says("wann offen")).startswith("<b>")


async def test_a_part_of_a_card_is_asked_for_services_only(county: County, plan: Plan) -> None:
    plan.meant["wo parken"] = understood(Decision.ANSWER, Kind.FAQ, PARKING)
    erika = county.citizen()
    await erika.says("wo parken")
    assert await erika.says("und was kostet das?") == words(county, "ask.about-what")


async def test_an_entry_that_is_gone_is_refused_honestly(county: County, plan: Plan) -> None:
    for entry_id, kind in (("faq:weg", Kind.FAQ), ("known:weg", Kind.KNOWN)):
        plan.meant[entry_id] = understood(Decision.ANSWER, kind, entry_id)
        assert (await county.citizen().says(entry_id)).startswith(UNKNOWN)
