"""Everything that can be asked for besides the county's services, as the understander takes it."""

from collections.abc import Iterable

from nlu.supplement import entries_beyond
from nlu.training import read_training
from nlu.understanding import Entry, Kind
from services.catalogue.records import Service
from services.faq.records import Faq

FAQ = "faq:"


def faq_entries(faqs: Iterable[Faq]) -> list[Entry]:
    """Return the region's questions, their ids with "faq:" before them."""
    return [
        Entry(FAQ + one.id, (one.name.de, one.name.en), one.all_phrases, Kind.FAQ) for one in faqs
    ]


def beyond_entries(services: Iterable[Service]) -> list[Entry]:
    """Return what others do: known topics, and the OZG services that are none of ours."""
    covered = {service.ozg for service in services if service.ozg}
    return entries_beyond(covered, read_training().ozg)
