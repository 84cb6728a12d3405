"""What `abibot nlu` asks: a region's own catalogue, or a list of OZG services."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handlers.entries import entries_of, faq_entries
from handlers.understanding import Options
from nlu.builtin import Builtin
from nlu.encoders import works
from nlu.index import build
from nlu.supplement import OZG
from nlu.training import Training, read_training
from nlu.understanding import Entry
from nlu.vectors import VectorStore
from services.catalogue.reading import read_catalogue
from services.faq.reading import read_book
from services.region.service import RegionError, load_region


class CatalogueError(Exception):
    """There is no service to be found."""


@dataclass(frozen=True)
class Catalogue:
    """What can be asked for.

    Attributes:
        entries: the services and whatever else is answered.
        carried: all ids under which each entry counts as found: its own, LeiKa keys, OZG id.
        read: how the bot reads a question before it is understood.
    """

    entries: Sequence[Entry]
    carried: dict[str, frozenset[str]]
    read: Callable[[str], str] = str


def read_entries(path: Path) -> Catalogue:
    """Read a region folder, a YAML file of services or a JSONL file of OZG services."""
    found = _ozg_services(path) if path.suffix == ".jsonl" else _own_services(path)
    if not found.entries:
        raise CatalogueError
    return found


def open_understander(entries: Sequence[Entry], options: Options) -> Builtin:
    """Return what understands questions about entries, with every encoder that works here."""
    encoders = filter(None, map(options.load, options.encoders))
    return build(entries).with_meaning(
        [VectorStore(options.vectors, one) for one in encoders if works(one)]
    )


def _own_services(path: Path) -> Catalogue:
    services = [found.record for found in read_catalogue(path).services]
    faqs = faq_entries(read_book(path).faqs.values()) if path.is_dir() else []
    entries = entries_of(services, read_training(), faqs)
    beyond = {one.id: frozenset({one.id, one.id.removeprefix(OZG)}) for one in entries}
    own = {one.id: frozenset({one.id, *one.leika, one.ozg or one.id}) for one in services}
    return Catalogue(entries, {**beyond, **own}, _without_places(path))


def _without_places(path: Path) -> Callable[[str], str]:
    """A place says where, not what; a file alone knows no places."""
    try:
        gazetteer = load_region(path).gazetteer
    except (OSError, RegionError):
        return str
    return lambda question: gazetteer.without_places(question) or question


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
