"""What is asked of the bot itself, not of the county: greetings, thanks, my data, a human.

Precision first: who is taken wrongly for greeting gets no answer to a real question.
"""

from enum import StrEnum
from functools import cache

from nlu.patterns import Rule, Rules, plain, read_rules
from nlu.words import FILLER


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


POLITE = frozenset({Intent.THANKS, Intent.GOODBYE, Intent.GREETING})
"""Said before and after real questions, too: then the question counts."""
LITTLE = "little"


@cache
def _compiled() -> tuple[Rules, Rules]:
    """Return the rules, and the words of which a polite text may be made."""
    rules, content = read_rules("intents.yaml")
    said = {*FILLER, *content[LITTLE].split()}
    for language in content["languages"].values():
        for rule in language["rules"]:
            if rule["kind"] in POLITE:
                said |= set(" ".join(rule["all"]).replace("_", " ").split())
    return rules, Rules([Rule(LITTLE, (frozenset(said),), frozenset(), most_words=1)])


def intent_of(text: str) -> Intent | None:
    """Return what a text asks of the bot itself, or None; never raises, whatever the text is."""
    rules, _ = _compiled()
    for intent in map(Intent, rules.kinds(text)):
        if intent not in POLITE or _says_no_more(text):
            return intent
    return None


def _says_no_more(text: str) -> bool:
    _, little = _compiled()
    return all(little.kinds(word) for word in plain(text).split())
