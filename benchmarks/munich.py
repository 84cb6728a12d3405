"""Another town's services as an index, asked by their own synonyms.

Each synonym is removed from every service that carries it, then asked: it is found when one of
those services is among the first three.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nlu.ranker import Ranker
from nlu.training import Training
from nlu.understanding import Entry
from nlu.vectors import VectorStore

FIRST = (1, 3, 5)


def munich(path: Path, stores: Sequence[VectorStore], training: Training) -> dict[str, float]:
    """Return how many synonyms there are, and which share finds a service that carries them."""
    records = json.loads(path.read_text(encoding="utf-8"))
    entries = [Entry(one["id"], (one["name"],), tuple(one["synonyme"])) for one in records]
    ranker = Ranker(entries, stores, training.generic, refused=training.to_compare)
    carried: dict[str, list[int]] = defaultdict(list)
    spelled: dict[str, str] = {}
    for unit, text in enumerate(ranker.units.texts):
        if not ranker.units.is_name[unit]:
            carried[text.casefold()].append(unit)
            spelled.setdefault(text.casefold(), text)
    positions = [_position(ranker, spelled[one], units) for one, units in carried.items()]
    found = np.array(positions)
    return {"n": len(found), **{f"recall_at_{most}": (found < most).mean() for most in FIRST}}


def _position(ranker: Ranker, synonym: str, units: Sequence[int]) -> int:
    """Return where the first service stands that carries a synonym, from 0."""
    carriers = np.searchsorted(ranker.units.firsts, units, side="right") - 1
    order = ranker.ranking(synonym, without=units).order
    return int(np.flatnonzero(np.isin(order, carriers))[0])
