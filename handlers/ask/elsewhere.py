"""Who names a town of others is told that it is not ours, instead of being asked back."""

from markupsafe import Markup

from handlers.ask.desk import Desk, Places
from handlers.ask.wording import contact
from nlu.places import other_place
from services.text import Text


def place_of_others(desk: Desk, question: str, places: Places) -> str | None:
    """Return the place of others that a question names; None where it names one of ours, too."""
    return None if places else other_place(desk.region.gazetteer.without_places(question))


def not_our_place(words: Text, desk: Desk, place: str) -> Markup:
    """Say that others answer for a place."""
    facts = desk.region.facts
    county = facts.name_en if words.language == "en" else facts.name
    return words("ask.other-place", place=place, county=county)


def ask_without_place(words: Text, desk: Desk, place: str) -> Markup:
    """Say the same, and how to ask for something of ours."""
    again = words("ask.without-place", contact=contact(words, desk.region.facts.hotline))
    return Markup("\n\n").join([not_our_place(words, desk, place), again])
