"""The real encoders over the county's real catalogue, where their vectors are at hand."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.settings import NluSettings
from handlers.entries import entries_of
from handlers.understanding import Options, Understanders
from nlu.encoders import available_encoders
from nlu.index import texts_of
from nlu.training import read_training
from nlu.vectors import VectorStore
from tests.conftest import ROOT
from tests.real_region import real_region

COUNTY = real_region(ROOT / "regions" / "anhalt-bitterfeld")
FOLDER = NluSettings().vectors
SECONDS = 2.5
"""Of the processor, which a busy machine does not stretch (see benchmarks/nlu_start.py)."""


@pytest.fixture(scope="module")
def names() -> tuple[str, ...]:
    """The names of the encoders whose vectors are all there."""
    training = read_training()
    texts = texts_of(entries_of(COUNTY.snapshot.services.values(), training))
    stores = [VectorStore(FOLDER, encoder) for encoder in available_encoders()]
    if not stores or any(store.missing(texts, training.generic) for store in stores):
        pytest.skip("needs the vectors of the catalogue: abibot nlu vectors")
    return tuple(store.encoder.name for store in stores)


@pytest.fixture
async def understanders(names: tuple[str, ...]) -> AsyncIterator[Understanders]:
    understanders = Understanders(COUNTY.region, Options(names, FOLDER, seconds=10))
    assert await understanders.ready(COUNTY.snapshot, 60)
    yield understanders
    understanders.close()


async def test_most_questions_lead_to_the_right_service(understanders: Understanders) -> None:
    lines = (ROOT / "tests" / "nlu" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line) for line in lines[::10]]
    right = 0
    for one in questions:
        found = await understanders.understand(COUNTY.snapshot, one["text"])
        right += any(candidate.id in one["services"] for candidate in found.candidates)
    assert right >= 0.75 * len(questions)


async def test_an_edited_service_is_found_in_about_a_second(understanders: Understanders) -> None:
    key = "hund-anmelden"
    edited = COUNTY.snapshot.services[key].model_copy(
        update={"synonyms": ("Drachenhaltung", "Lindwurm melden", "Ungeheuer im Haus")}
    )
    services = {**COUNTY.snapshot.services, key: edited}
    second = replace(COUNTY.snapshot, revision=2, services=services)
    began, ticks = time.process_time(), 0
    building = asyncio.ensure_future(understanders.ready(second, 60))
    while not building.done():
        await asyncio.sleep(0.005)
        ticks += 1
    assert time.process_time() - began < SECONDS
    assert ticks > 10, "the event loop stood still"
    found = await understanders.understand(second, "Drachenhaltung")
    assert key in [one.id for one in found.candidates]
