"""What `abibot nlu` asks: a region's own catalogue, or a list of OZG services."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handlers.entries import entries_of, faq_entries
from nlu.builtin import Builtin
from nlu.evaluation import MOST, Rank
from nlu.supplement import OZG
from nlu.training import Training, read_training
from nlu.understanding import Entry
from services.catalogue.reading import read_catalogue
from services.faq.reading import read_book

VECTORS = Path(__file__).resolve().parent.parent.parent / "data" / "vectors"


class CatalogueError(Exception):
    """There is no service to be found."""


@dataclass(frozen=True)
class Catalogue:
    """Entries, and all ids under which each counts as found: our own, LeiKa keys, OZG id."""

    entries: Sequence[Entry]
    carried: dict[str, frozenset[str]]


def read_entries(path: Path) -> Catalogue:
    """Read a region folder, a YAML file of services or a JSONL file of OZG services."""
    found = _ozg_services(path) if path.suffix == ".jsonl" else _own_services(path)
    if not found.entries:
        raise CatalogueError
    return found


def _own_services(path: Path) -> Catalogue:
    services = [found.record for found in read_catalogue(path).services]
    faqs = faq_entries(read_book(path).faqs.values()) if path.is_dir() else []
    entries = entries_of(services, read_training(), faqs)
    beyond = {one.id: frozenset({one.id, one.id.removeprefix(OZG)}) for one in entries}
    own = {one.id: frozenset({one.id, *one.leika, one.ozg or one.id}) for one in services}
    return Catalogue(entries, {**beyond, **own})


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
