"""What is personal by its form: addresses, numbers, plates, dates, whatever words stand around."""

import re
from collections.abc import Iterable, Iterator

MOST_DIGITS = 3
"""A number of more digits may be somebody's: of a phone, an account, a file."""
MONTHS = (
    "jan|feb|mär|maer|apr|mai|may|mar|jun|jul|aug|sep|okt|oct|nov|dez|dec"
    "|січ|лют|берез|квіт|трав|черв|лип|серп|верес|жовт|листоп|груд"
    "|янв|фев|апр|мая|май|июн|июл|авг|сен|окт|ноя|дек|март"
    "|ocak|şub|nis|haz|tem|ağu|eyl|eki|kas|ara|sty|lut|kwi|maj|cze|lip|sie|wrz|paź|lis|gru"
    "|يناير|فبراير|مارس|ابريل|أبريل|مايو|يونيو|يوليو|اغسطس|أغسطس|سبتمبر|اكتوبر|أكتوبر|نوفمبر|ديسمبر"
)
PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:https?|tg|ftp)://\S+|\bwww\.\S+|\bt\.me/\S+",
        r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\s?(?:\.|\(dot\)|\[dot\])\s?[\w-]+)*",
        r"(?<!\w)@\w+",
        r"\b[\w-]+(?:\.[\w-]+)*\.(?:de|com|org|net|info|eu|ua|ru|pl|tr|me)\b(?:/\S*)?",
        r"\b[a-z]{2}\d{2}(?:[ ]?[a-z0-9]{2,4}){3,8}\b",  # IBAN
        r"\b[a-zäöü]{1,3}-[ ]?[a-z]{1,2}[ -]?\d{1,4}[eh]?\b",  # a licence plate with its dash
        rf"\d{{1,2}}\.?\s*(?:{MONTHS})\w*\.?(?:\s*\d{{2,4}})?",
        rf"\b(?:{MONTHS})\w*\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s*\d{{2,4}})?",
        r"\d{1,3}\s?°[^a-z]*(?:[nsewo]\b)?",
        r"\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:\d{2,4})?",
    )
)
PLATE = re.compile(r"\b[A-ZÄÖÜ]{1,3}[ ][A-Z]{1,2}[ -]?\d{1,4}[EH]?\b")
RUN_OF_DIGITS = re.compile(r"[+(]?\d(?:[\d\s./,:()'\"-]*\d)?")
CODE = re.compile(r"[^\W_]*\d[^\W_]*(?:[-/._][^\W_]+)+|[^\W_]+(?:[-/._][^\W_]*\d[^\W_]*)+")
DIGIT = re.compile(r"\d")


def personal_spans(text: str) -> list[tuple[int, int]]:
    """Return from where to where something personal stands, in order; none overlap."""
    return _joined(_spans(text))


def digits_in(text: str) -> int:
    """Return how many digits a text has."""
    return len(DIGIT.findall(text))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (*PATTERNS, PLATE, CODE):
        for found in pattern.finditer(text):
            if pattern is not CODE or digits_in(found[0]):
                yield found.span()
    for found in RUN_OF_DIGITS.finditer(text):
        if digits_in(found[0]) > MOST_DIGITS:
            yield found.span()


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return stretches in their order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
