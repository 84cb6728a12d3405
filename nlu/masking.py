"""Takes out of a question whatever may say who asks, so that the rest may be kept.

What stays is named, what goes is not: a word stays only when it is known from the examples, the
catalogue, the places or everyday speech. Numbers, addresses, and words beside a name go even so.
It errs on the side of masking; no mask is perfect, so people read a question before it is used.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlu.personal_forms import MOST_DIGITS, digits_in, personal_spans
from nlu.vocabulary import WORD, Vocabulary, WordLists, is_name, key_of, word_lists

MASK = "…"
MOST_MASKED = 0.5
SHORTEST_CAPITAL_TYPO = 8
"""A typing error in a word with a capital is forgiven only here: shorter ones may be names."""
LONGEST_NAME = 3
HIDDEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
PAUSE = re.compile(r"[,;!?()]|\.\s")
SMALL_NUMBER = re.compile(r"\d{1,3}[a-z]?")


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
        spans = personal_spans(text)
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
        digits = digits_in(token.key)
        if token.key.isdigit():
            return digits <= MOST_DIGITS
        if is_name(token.key) or digits > MOST_DIGITS:
            return False
        lists = word_lists()
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
            not (token.hidden or token.is_number or token.key in word_lists().everyday)
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


def _hide_names(tokens: Sequence[_Token]) -> None:
    lists = word_lists()
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
        if token.hidden and not digits_in(token.key):
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
    lists = word_lists()
    for number, token in enumerate(tokens):
        if token.key in lists.plain or (number and token.begins):
            return
        token.hidden = True


def _hide_titled(tokens: Sequence[_Token], at: int) -> None:
    """Hide what stands behind a title: "Frau Lange", but not "meine frau arbeitet"."""
    lists = word_lists()
    surely = at < len(tokens) and (at == 1 or tokens[at - 2].key not in lists.owners)
    for token in tokens[at : at + LONGEST_NAME]:
        possible = token.hidden or token.capital or token.key in lists.names_that_are_words
        if token.key in lists.everyday or not (possible or surely):
            return
        if token.key not in lists.titles:
            token.hidden = True
            surely = False


def _hide_possible_name(tokens: Sequence[_Token], at: int) -> None:
    if 0 <= at < len(tokens) and tokens[at].key in word_lists().names_that_are_words:
        tokens[at].hidden = True


def _hide_addresses(tokens: Sequence[_Token]) -> None:
    """Hide streets with their numbers, and small numbers beside anything hidden."""
    lists = word_lists()
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


def _is_street(key: str, lists: WordLists) -> bool:
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
