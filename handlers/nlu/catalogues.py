"""What `abibot nlu` asks: a region's own catalogue, or a list of OZG services."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu.builtin import Builtin
from nlu.encoders import available_encoders
from nlu.evaluation import MOST, Rank
from nlu.training import Training, read_training
from nlu.understanding import Entry
from nlu.vectors import VectorStore
from services.catalogue.reading import read_catalogue
from services.catalogue.records import Service

VECTORS = Path(__file__).resolve().parent.parent.parent / "data" / "vectors"


class CatalogueError(Exception):
    """There is no service to be found."""


@dataclass(frozen=True)
class Catalogue:
    """Entries, and all ids under which each counts as found: our own, LeiKa keys, OZG id."""

    entries: Sequence[Entry]
    carried: dict[str, frozenset[str]]


def build_understander(entries: Sequence[Entry], vectors: Path) -> Builtin:
    """Return the built-in understander of entries, with all encoders that work here."""
    stores = [VectorStore(vectors, encoder) for encoder in available_encoders()]
    return Builtin(entries, stores, read_training().generic)


def read_entries(path: Path) -> Catalogue:
    """Read a region folder, a YAML file of services or a JSONL file of OZG services."""
    found = _ozg_services(path) if path.suffix == ".jsonl" else _own_services(path)
    if not found.entries:
        raise CatalogueError
    return found


def _own_services(path: Path) -> Catalogue:
    services = [found.record for found in read_catalogue(path).services]
    training = read_training()
    shared = Counter(one.ozg for one in services)
    entries = [_own(one, training, alone=shared[one.ozg] == 1) for one in services]
    carried = {one.id: frozenset({one.id, *one.leika, one.ozg or one.id}) for one in services}
    return Catalogue(entries, carried)


def _own(service: Service, training: Training, *, alone: bool) -> Entry:
    """Return the entry of a service; examples of its OZG service only where nobody shares it."""
    examples = training.services.get(service.id, ())
    if alone:
        examples += training.ozg.get(service.ozg or "", ())
    names = (service.name.de, service.name.en, service.official)
    return Entry(service.id, names, (*service.synonyms, *examples))


def _ozg_services(path: Path) -> Catalogue:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        records = [json.loads(line) for line in lines if line.strip()]
        entries = [_ozg(record, read_training()) for record in records]
        carried = {
            one["id"]: frozenset({one["id"], *(leika["key"] for leika in one["leika"])})
            for one in records
        }
    except (AttributeError, KeyError, TypeError, ValueError):
        raise CatalogueError from None
    return Catalogue(entries, carried)


def _ozg(record: dict[str, Any], training: Training) -> Entry:
    other = record.get("munich") or ()
    phrases = (
        *(leika["name"] for leika in record["leika"]),
        *(text for one in other for text in (one["name"], *one["keywords"])),
        *training.ozg.get(record["id"], ()),
    )
    return Entry(record["id"], (record["title"],), tuple(dict.fromkeys(phrases)))


def ranking(understander: Builtin) -> Rank:
    """Return what ranks entries for a question, whatever is decided."""
    return lambda question: understander.ranker.rank(question, most=MOST)
