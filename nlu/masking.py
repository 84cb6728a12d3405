"""Takes out of a question whatever may say who asks, so that the rest may be kept.

What stays is named, what goes is not: a word stays only when it is known from the examples, the
catalogue, the places or everyday speech. Numbers, addresses, and words beside a name go even so.
It errs on the side of masking; no mask is perfect, so people read a question before it is used.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml
from rapidfuzz.distance import DamerauLevenshtein

from nlu.patterns import APOSTROPHES, PLAIN, plain
from nlu.words import FILLER, fold

MASK = "…"
MOST_MASKED = 0.5
SHORTEST_TYPO = 5
SHORTEST_CAPITAL_TYPO = 8
"""A typing error in a word with a capital is forgiven only here: shorter ones may be names."""
LONGEST_NAME = 3
MOST_DIGITS = 3
SHORTEST_STEM = 3
WORD = re.compile(r"[^\W_]+(?:['’ʼ`´][^\W_]+)*")
COMBINING = re.compile(r"[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]")
HIDDEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
PAUSE = re.compile(r"[,;!?()\n]|\.\s")
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
SMALL_NUMBER = re.compile(r"\d{1,3}[a-z]?")
ARTICLES = ("وال", "بال", "كال", "فال", "لل", "ال", "و", "ب", "ل", "ف", "ك")
"""What Arabic joins to the beginning of a word."""


def key_of(word: str) -> str:
    """Return a word as it is compared: lower case, no accents, Arabic without its article."""
    return _without_article(plain(word).replace(" ", ""))


def _without_article(key: str) -> str:
    for article in ARTICLES:
        if key.startswith(article) and len(key) - len(article) >= SHORTEST_STEM:
            return key.removeprefix(article)
    return key


class Vocabulary:
    """Known words, found also with one typing error behind the first letter."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._words: set[str] = set()
        self._alike: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._add(texts)

    def with_texts(self, texts: Iterable[str]) -> "Vocabulary":
        """Return this vocabulary and the words of more texts; this one stays as it is."""
        found = Vocabulary()
        found._words = set(self._words)
        found._alike = defaultdict(list, {key: list(words) for key, words in self._alike.items()})
        found._add(texts)
        return found

    def _add(self, texts: Iterable[str]) -> None:
        """All texts are folded at once: word by word would take ten times as long."""
        folded = unicodedata.normalize("NFKD", fold("\n".join(texts)))
        bare = APOSTROPHES.sub("", COMBINING.sub("", folded)).translate(PLAIN)
        for word in map(_without_article, set(WORD.findall(bare))):
            if word not in self._words and not is_name(word):
                self._words.add(word)
                if len(word) >= SHORTEST_TYPO:
                    self._alike[word[0], len(word)].append(word)

    def knows(self, word: str, *, typo: bool) -> bool:
        """Whether a word (by its key) is known, with one typing error where that is allowed."""
        if word in self._words:
            return True
        if not typo or len(word) < SHORTEST_TYPO:
            return False
        return any(
            DamerauLevenshtein.distance(word, known, score_cutoff=1) <= 1
            for size in (len(word) - 1, len(word), len(word) + 1)
            for known in self._alike.get((word[0], size), ())
        )


@dataclass(frozen=True)
class _Lists:
    everyday: frozenset[str]
    plain: frozenset[str]
    """Everyday words, and what people speak of at an office."""
    introductions: tuple[tuple[str, ...], ...]
    before_names: tuple[tuple[str, ...], ...]
    titles: frozenset[str]
    titles_behind: frozenset[str]
    street_endings: tuple[str, ...]
    street_words: frozenset[str]
    house_words: frozenset[str]
    names: frozenset[str]
    names_that_are_words: frozenset[str]


@cache
def _lists() -> _Lists:
    file = resources.files("nlu").joinpath("data", "masking.yaml")
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    words = frozenset(_keys(content["names_that_are_words"]))
    everyday = _all_keys(content["everyday"]) | FILLER
    return _Lists(
        everyday=everyday - words,
        plain=(everyday | _all_keys(content["known"])) - words,
        introductions=_phrases(content["introductions"]),
        before_names=_phrases(content["before_names"]),
        titles=frozenset(_keys(content["titles"])),
        titles_behind=frozenset(_keys(content["titles_behind"])),
        street_endings=tuple(_keys(content["street_endings"])),
        street_words=frozenset(_keys(content["street_words"])),
        house_words=frozenset(_keys(content["house_words"])),
        names=_all_keys(content["names"]) - words,
        names_that_are_words=words,
    )


def _keys(written: str) -> Iterator[str]:
    return (key_of(word) for word in written.split())


def _all_keys(by_language: dict[str, str]) -> frozenset[str]:
    return frozenset(key for written in by_language.values() for key in _keys(written))


def _phrases(written: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(key_of, one.split("_"))) for one in written.split())


def is_name(word: str) -> bool:
    """Whether a word (by its key) is a name and hardly anything else."""
    return word in _lists().names


@dataclass
class _Token:
    """A word of the question; `hidden` once it must not be kept."""

    start: int
    end: int
    key: str
    capital: bool
    begins: bool
    """Whether something like a comma stands before it."""
    hidden: bool = False
    form: int | None = None
    """Which stretch of the question hides it by its form; all of that counts as one word."""

    @property
    def is_number(self) -> bool:
        return SMALL_NUMBER.fullmatch(self.key) is not None


class Masker:
    """Masks questions; what it keeps are the words of a vocabulary and everyday words."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def mask(self, question: str) -> str | None:
        """Return the question with "…" for whatever may say who asks.

        None when more than half of its words would go, or nothing but everyday words is left.
        Never raises, whatever the text is.
        """
        text = " ".join(unicodedata.normalize("NFC", HIDDEN.sub("", question)).split())
        tokens = list(_tokens(text))
        spans = _joined(_spans(text))
        for token in tokens:
            over = (
                at for at, one in enumerate(spans) if token.start < one[1] and one[0] < token.end
            )
            token.form = next(over, None)
            token.hidden = token.form is not None
        self._hide_unknown(tokens)
        _hide_names(tokens)
        _hide_addresses(tokens)
        return self._rest(text, tokens, spans)

    def _hide_unknown(self, tokens: Sequence[_Token]) -> None:
        for token in tokens:
            token.hidden = token.hidden or not self._is_known(token)

    def _is_known(self, token: _Token) -> bool:
        digits = len(DIGIT.findall(token.key))
        if token.key.isdigit():
            return digits <= MOST_DIGITS
        if is_name(token.key) or digits > MOST_DIGITS:
            return False
        lists = _lists()
        if token.key in lists.plain or token.key in lists.titles:
            return True
        typo = not digits and (not token.capital or len(token.key) >= SHORTEST_CAPITAL_TYPO)
        return self._vocabulary.knows(token.key, typo=typo)

    def _rest(
        self, text: str, tokens: Sequence[_Token], spans: Sequence[tuple[int, int]]
    ) -> str | None:
        kept = sum(not token.hidden for token in tokens)
        words = sum(token.hidden and token.form is None for token in tokens)
        hidden = words + len({token.form for token in tokens} - {None})
        telling = any(
            not (token.hidden or token.is_number or token.key in _lists().everyday)
            for token in tokens
        )
        if not telling or hidden > MOST_MASKED * (hidden + kept):
            return None
        gone = sorted([*spans, *((one.start, one.end) for one in tokens if one.hidden)])
        return _without(text, gone)


def _tokens(text: str) -> Iterator[_Token]:
    shouted = text.isupper()
    at = 0
    for found in WORD.finditer(text):
        yield _Token(
            start=found.start(),
            end=found.end(),
            key=key_of(found[0]),
            capital=found[0][0].isupper() and not shouted,
            begins=PAUSE.search(text[at : found.start()]) is not None,
        )
        at = found.end()


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return stretches in their order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where something stands that is personal by its form."""
    for pattern in (*PATTERNS, PLATE, CODE):
        for found in pattern.finditer(text):
            if pattern is not CODE or DIGIT.search(found[0]):
                yield found.span()
    for found in RUN_OF_DIGITS.finditer(text):
        if len(DIGIT.findall(found[0])) > MOST_DIGITS:
            yield found.span()


def _hide_names(tokens: Sequence[_Token]) -> None:
    lists = _lists()
    for at, token in enumerate(tokens):
        if _ends_here(tokens, at, lists.introductions):
            _hide_while_strange(tokens[at + 1 : at + 1 + LONGEST_NAME])
        if token.key in lists.titles:
            _hide_titled(tokens, at + 1)
        if token.key in lists.titles_behind and at:
            tokens[at - 1].hidden = True
        if _ends_here(tokens, at, lists.before_names):
            _hide_possible_name(tokens, at + 1)
    for at, token in enumerate(tokens):
        if token.hidden and not DIGIT.search(token.key):
            _hide_possible_name(tokens, at - 1)
            _hide_possible_name(tokens, at + 1)


def _ends_here(tokens: Sequence[_Token], at: int, phrases: Sequence[tuple[str, ...]]) -> bool:
    return any(
        at + 1 >= len(phrase)
        and all(
            tokens[at + 1 - len(phrase) + number].key == word for number, word in enumerate(phrase)
        )
        for phrase in phrases
        if tokens[at].key == phrase[-1]
    )


def _hide_while_strange(tokens: Sequence[_Token]) -> None:
    lists = _lists()
    for number, token in enumerate(tokens):
        if token.key in lists.plain or (number and token.begins):
            return
        token.hidden = True


def _hide_titled(tokens: Sequence[_Token], at: int) -> None:
    """Hide what stands behind a title: "Frau Lange", but not "meine frau arbeitet"."""
    lists = _lists()
    for token in tokens[at : at + LONGEST_NAME]:
        possible = token.hidden or token.capital or token.key in lists.names_that_are_words
        if not possible or token.key in lists.everyday:
            return
        if token.key not in lists.titles:
            token.hidden = True


def _hide_possible_name(tokens: Sequence[_Token], at: int) -> None:
    if 0 <= at < len(tokens) and tokens[at].key in _lists().names_that_are_words:
        tokens[at].hidden = True


def _hide_addresses(tokens: Sequence[_Token]) -> None:
    """Hide streets with their numbers, and small numbers beside anything hidden."""
    lists = _lists()
    for at, token in enumerate(tokens):
        follows = at + 1 < len(tokens) and tokens[at + 1].is_number
        if follows and _is_street(token.key, lists):
            _hide_street(tokens, at)
        elif token.key in lists.street_words:
            for near in tokens[max(at - 2, 0) : at + 3]:
                near.hidden = near.hidden or near.capital or near.is_number
        elif follows and token.key in lists.house_words:
            tokens[at + 1].hidden = True
    for at, token in enumerate(tokens):
        beside = (*tokens[max(at - 1, 0) : at], *tokens[at + 1 : at + 2])
        if token.is_number and any(one.hidden for one in beside):
            token.hidden = True


def _is_street(key: str, lists: _Lists) -> bool:
    return key in lists.street_words or key.endswith(lists.street_endings)


def _hide_street(tokens: Sequence[_Token], at: int) -> None:
    """Hide "Am Alten Markt 3 a": the number, the street, and the words with capitals before it."""
    tokens[at].hidden = tokens[at + 1].hidden = True
    for token in reversed(tokens[max(at - 2, 0) : at]):
        if not token.capital:
            return
        token.hidden = True


def _without(text: str, gone: Sequence[tuple[int, int]]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in gone:
        if start >= at:
            parts += [text[at:start], MASK]
        at = max(at, end)
    parts.append(text[at:])
    joined = re.sub(rf"{MASK}(?:[\W_]*{MASK})+", MASK, "".join(parts))
    return " ".join(joined.split())
