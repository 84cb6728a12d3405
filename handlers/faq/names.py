"""What entries that are no services are called: questions of the region, and what others do."""

from handlers.entries import FAQ
from nlu.supplement import services_of_others, topics
from services.faq.service import Faqs


def name_of(entry_id: str, faqs: Faqs, language: str) -> str | None:
    """Return the name of an entry that is no service; None for an unknown one."""
    if entry_id.startswith(FAQ):
        found = (one for one in faqs.entries() if FAQ + one.id == entry_id)
        faq = next(found, None)
        return faq.name.of(language) if faq else None
    other = topics().get(entry_id) or services_of_others().get(entry_id)
    return other.name.of(language) if other else None
