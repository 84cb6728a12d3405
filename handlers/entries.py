"""What can be asked for: services and whatever else is answered, and how people say it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from nlu.supplement import entries_beyond
from nlu.training import Training
from nlu.understanding import Entry, Kind
from services.catalogue.records import Service
from services.faq.records import Faq
from services.learning.records import NOTHING_TAUGHT, Taught

FAQ = "faq:"


def entries_of(
    services: Iterable[Service],
    training: Training,
    extra: Sequence[Entry] = (),
    taught: Taught = NOTHING_TAUGHT,
) -> list[Entry]:
    """Return an entry for each service, then the others, each with all its examples."""
    listed = list(services)
    found = [*service_entries(listed, training), *extra, *_beyond(listed, training)]
    return [_with(one, taught.examples.get(one.id, ())) for one in found]


def service_entries(services: Sequence[Service], training: Training) -> list[Entry]:
    """Return an entry for each service of the region."""
    carried = Counter(one.ozg for one in services if one.ozg)
    return [_entry(one, training, carried) for one in services]


def faq_entries(faqs: Iterable[Faq]) -> list[Entry]:
    """Return the region's questions, their ids with "faq:" before them."""
    return [
        Entry(FAQ + one.id, (one.name.de, one.name.en), one.all_phrases, Kind.FAQ) for one in faqs
    ]


def _beyond(services: Sequence[Service], training: Training) -> list[Entry]:
    """Return what others do: known topics, and the OZG services that are none of ours."""
    return entries_beyond({one.ozg for one in services if one.ozg}, training.ozg)


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
