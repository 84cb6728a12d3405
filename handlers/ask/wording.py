"""What a person hears in danger, and what the bot says about itself: in any of its languages."""

from collections.abc import Mapping

from markupsafe import Markup

from nlu.emergencies import Emergency, EmergencyKind, HelpLine
from nlu.intents import Intent
from services.region.records import Hotline
from services.text import Text

EMERGENCIES: Mapping[EmergencyKind, str] = {
    EmergencyKind.FIRE: "emergency.fire",
    EmergencyKind.GAS: "emergency.gas",
    EmergencyKind.POISON: "emergency.poison",
    EmergencyKind.SUICIDE: "emergency.suicide",
    EmergencyKind.CHILD: "emergency.child",
    EmergencyKind.VIOLENCE: "emergency.violence",
    EmergencyKind.MEDICAL: "emergency.medical",
    EmergencyKind.WATER: "emergency.water",
    EmergencyKind.CRIME: "emergency.crime",
}
HELP_LINES: Mapping[str, str] = {
    "rescue": "emergency.line-rescue",
    "police": "emergency.line-police",
    "seelsorge": "emergency.line-pastoral",
    "seelsorge_2": "emergency.line-pastoral",
    "seelsorge_eu": "emergency.line-pastoral",
    "women": "emergency.line-women",
    "kummer": "emergency.line-children",
    "giftnotruf": "emergency.line-poison",
}
INTENTS: Mapping[Intent, str] = {
    Intent.MY_DATA: "intent.my-data",
    Intent.SUBSCRIBE: "intent.subscribe",
    Intent.HUMAN: "intent.human",
    Intent.SENSOR_VALUE: "intent.sensor-value",
    Intent.ILLEGAL_WASTE: "intent.illegal-waste",
    Intent.COMPLAINT: "intent.complaint",
    Intent.PRAISE: "intent.praise",
    Intent.ABUSE: "intent.abuse",
    Intent.WHO_ARE_YOU: "intent.who-are-you",
    Intent.THANKS: "intent.thanks",
    Intent.GOODBYE: "intent.goodbye",
    Intent.GREETING: "intent.greeting",
}
"""Intents that words alone answer. The others (erase_my_data, unsubscribe, change_language) are
answered by what their commands do."""


def emergency_words(text: Text, emergency: Emergency) -> Markup:
    """Return what to do and whom to call, and what to do if it is no emergency."""
    lines = text.lines(_line(text, line) for line in emergency.help_lines)
    return text.lines(
        [text(EMERGENCIES[emergency.kind], lines=lines), Markup(), text("emergency.after")]
    )


def _line(text: Text, line: HelpLine) -> Markup:
    return text("emergency.line", name=text(HELP_LINES[line.id]), number=line.number)


def intent_words(text: Text, intent: Intent, *, hotline: Hotline, county: str) -> Markup:
    """Return what the bot says to an intent of `INTENTS`."""
    return text(INTENTS[intent], contact=contact(text, hotline), county=county)


def contact(text: Text, hotline: Hotline) -> Markup:
    """Return the number that a person answers, with what we do not know about it."""
    key = "intent.contact-unverified" if hotline.unverified else "intent.contact"
    return text(key, hotline=hotline.phone)
