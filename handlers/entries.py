"""What can be asked for: services and whatever else is answered, and how people say it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nlu.training import Training
from nlu.understanding import Entry
from services.catalogue.records import Service


@dataclass(frozen=True)
class Taught:
    """What staff released: questions of people, by the id of the entry they ask for."""

    revision: int = 0
    examples: Mapping[str, Sequence[str]] = field(default_factory=dict)


NOTHING_TAUGHT = Taught()


def entries_of(
    services: Iterable[Service],
    training: Training,
    extra: Sequence[Entry] = (),
    taught: Taught = NOTHING_TAUGHT,
) -> list[Entry]:
    """Return an entry for each service, then the others, each with all its examples."""
    listed = list(services)
    carried = Counter(one.ozg for one in listed if one.ozg)
    found = [*(_entry(one, training, carried) for one in listed), *extra]
    return [_with(one, taught.examples.get(one.id, ())) for one in found]


def _entry(service: Service, training: Training, carried: Mapping[str, int]) -> Entry:
    """The examples of an OZG service help only where one service of ours stands for it."""
    names = dict.fromkeys((service.name.de, service.name.en, service.official))
    alone = service.ozg is not None and carried[service.ozg] == 1
    shared = training.ozg.get(service.ozg, ()) if service.ozg and alone else ()
    entry = Entry(service.id, tuple(names))
    return _with(entry, (*service.synonyms, *training.services.get(service.id, ()), *shared))


def _with(entry: Entry, more: Iterable[str]) -> Entry:
    phrases = dict.fromkeys((*entry.phrases, *more))
    return replace(entry, phrases=tuple(one for one in phrases if one not in entry.names))
