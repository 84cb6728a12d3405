"""What is asked of the bot itself, not of the county: greetings, thanks, my data, a human.

Precision first: who is taken wrongly for greeting gets no answer to a real question.
"""

from enum import StrEnum
from functools import cache

from nlu.patterns import Rules, read_rules


class Intent(StrEnum):
    """What somebody wants of the bot; the more specific first."""

    ERASE_MY_DATA = "erase_my_data"
    MY_DATA = "my_data"
    UNSUBSCRIBE = "unsubscribe"
    SUBSCRIBE = "subscribe"
    CHANGE_LANGUAGE = "change_language"
    HUMAN = "human"
    SENSOR_VALUE = "sensor_value"
    ILLEGAL_WASTE = "illegal_waste"
    COMPLAINT = "complaint"
    PRAISE = "praise"
    ABUSE = "abuse"
    WHO_ARE_YOU = "who_are_you"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    GREETING = "greeting"


@cache
def _compiled() -> Rules:
    rules, _ = read_rules("intents.yaml")
    return rules


def intent_of(text: str) -> Intent | None:
    """Return what a text asks of the bot itself, or None; never raises, whatever the text is."""
    for kind in _compiled().kinds(text):
        return Intent(kind)
    return None
