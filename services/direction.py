"""Languages written from right to left: what runs the other way is set apart in their texts.

Without these invisible marks a reader of Arabic would see "/menu" as "menu/", and the words of a
German name or the groups of a phone number in the wrong order.
"""

import re

from babel import Locale
from markupsafe import Markup

BEGIN = "\u2068"
"""First strong isolate: what follows has a direction of its own."""
END = "\u2069"
MARK = "\u200f"
"""Right-to-left mark: the line it begins runs from right to left, whatever comes next."""
BEGINS_RIGHT = re.compile("(<[^>]*>|[^\\w<{])*[\u0590-\u08ff]")
"""A line whose first letter says so itself."""
LATIN = "A-Za-z\u00c0-\u024f"
WORD = f"[{LATIN}][0-9{LATIN}-]*"
KEPT_OR_LATIN = re.compile(rf"(?P<kept><[^>]*>|{{[^}}]*}}|&[a-z]+;)|/?{WORD}(?:,? {WORD})*")
"""Tags, placeholders and entities stay as they are; commands and Latin words are set apart."""


def is_right_to_left(language: str) -> bool:
    """Whether a language is written from right to left."""
    return Locale.parse(language).text_direction == "rtl"


def from_right_to_left(template: str) -> str:
    """Return a text whose lines run from the right, its commands and Latin words set apart."""
    marked = "\n".join(
        line if not line or BEGINS_RIGHT.match(line) else MARK + line
        for line in template.split("\n")
    )
    return KEPT_OR_LATIN.sub(
        lambda found: found[0] if found["kept"] else f"{BEGIN}{found[0]}{END}", marked
    )


def apart(value: object) -> object:
    """Return one line of words set apart; anything else (a number, several lines) as it is."""
    if not isinstance(value, str) or not value or "\n" in value or value.startswith(BEGIN):
        return value
    if isinstance(value, Markup):
        return Markup(f"{BEGIN}{value}{END}")  # noqa: S704 - it was safe before
    return f"{BEGIN}{value}{END}"
