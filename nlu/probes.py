"""Which of several equal probes somebody means: "in 30 cm Tiefe", "Fühler 2", or its label."""

import re

from nlu.patterns import plain

UNITS = {"cm": 1, "см": 1, "سم": 1, "m": 100, "м": 100, "م": 100}
DEEP = r"(?:tief\w*|deep|depth|głęboko\w*|gleboko\w*|глибин\w*|глубин\w*|derin\w*|(?:ال)?عمق)"
LENGTH = re.compile(r"(?<![\w.,])(\d{1,3}(?:[.,]\d{1,2})?)\s*(cm|m|см|м|سم|م)(?!\w)")
DEPTH = re.compile(
    rf"(?:{DEEP}\s+(?:von\s+|of\s+)?)?{LENGTH.pattern}(?:de|da|lik)?(?:\s+{DEEP})?", re.IGNORECASE
)
NUMBERED = re.compile(
    r"(?:fühler|fuehler|sonde|probe|sonda|зонд|المجس)\s*(?:nr\.?|no\.?|number|numer|№)?\s*(\d{1,2})(?!\w)",
    re.IGNORECASE,
)


def names_probe(question: str) -> bool:
    """Whether a question speaks of one probe, by its depth or number; never raises."""
    return _depth(question) is not None or NUMBERED.search(question) is not None


def means_probe(question: str, label: str, number: int) -> bool:
    """Whether a question means this probe.

    Args:
        question: what somebody wrote, in any of the seven languages.
        label: how staff call it ("30 cm"); "" where nobody called it anything.
        number: as it is shown, from 1.
    """
    if found := NUMBERED.search(question):
        return int(found[1]) == number
    if not label:
        return False
    depth = _depth(question)
    if depth is not None:
        return any(_centimetres(one) == depth for one in LENGTH.finditer(label))
    return f" {plain(label)} " in f" {plain(question)} "


def without_probe(question: str) -> str:
    """Return a question without the words for a probe: its number is no value somebody means."""
    without = DEPTH.sub(lambda one: " " if _is_depth(one) else one[0], question)
    return NUMBERED.sub(" ", without)


def _depth(question: str) -> float | None:
    """Return the depth a question speaks of, in centimetres."""
    found = (one for one in DEPTH.finditer(question) if _is_depth(one))
    return next((_centimetres(one) for one in found), None)


def _is_depth(found: re.Match[str]) -> bool:
    return re.search(DEEP, found[0], re.IGNORECASE) is not None


def _centimetres(found: re.Match[str]) -> float:
    return round(float(found[1].replace(",", ".")) * UNITS[found[2].lower()], 1)
