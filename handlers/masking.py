"""Keeps the words that may stand in a kept question in step with the catalogue."""

import asyncio
from collections.abc import Iterator
from functools import cache

from nlu.masking import Masker
from nlu.training import read_training
from nlu.vocabulary import Vocabulary
from services.catalogue.rules import Snapshot
from services.region.service import Region


class Masking:
    """Implements `services.learning.service.Masks`."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self._revision: int | None = None
        self._masker: Masker | None = None

    async def mask(self, question: str, snapshot: Snapshot) -> str | None:
        """Return the words of a question that say nothing about who asks; see `Masker.mask`."""
        if self._masker is None or self._revision != snapshot.revision:
            self._masker = await asyncio.to_thread(self.built, snapshot)
            self._revision = snapshot.revision
        return self._masker.mask(question)

    def built(self, snapshot: Snapshot) -> Masker:
        """Return a masker for this revision of the catalogue; takes a quarter of a second."""
        return Masker(shipped_words().with_texts(_said_here(self.region, snapshot)))


@cache
def shipped_words() -> Vocabulary:
    """Return the words of all example questions: what people ask about, and no name of anybody."""
    training = read_training()
    return Vocabulary(
        text
        for examples in (training.services, training.ozg)
        for texts in examples.values()
        for text in texts
    )


def _said_here(region: Region, snapshot: Snapshot) -> Iterator[str]:
    for place in region.municipalities:
        yield from (place.name, *place.aliases, *place.localities)
    for service in snapshot.services.values():
        yield from (service.name.de, service.name.en, service.official, *service.synonyms)
