"""Which of the bot's languages a text is in; where it does not tell, the language of the chat.

The script comes first: Arabic letters are Arabic, Cyrillic ones are Ukrainian or Russian, however
short the text is. In short texts letters and words that only one language has decide
(nlu/data/languages.yaml), in longer ones statistics. Ukrainian and Russian are also typed with
Latin letters.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Protocol

import yaml
from py3langid.langid import (
    MODEL_FILE,
    LanguageIdentifier,
)

from nlu.words import MAX_LENGTH, WORD

FEWEST_WORDS = 3
POSSIBLE = 0.2
"""From this probability on the chat's language is kept, even if another is more likely."""
ENOUGH = 3
"""More than one word of so many tells the script: offices keep German names in any language."""
ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
CYRILLIC = re.compile("[\u0400-\u04ff]")
OTHER_SCRIPT = re.compile(f"{ARABIC.pattern}|{CYRILLIC.pattern}")
APOSTROPHE = re.compile("[\u0400-\u04ff]['’ʼ][\u0400-\u04ff]")
"""Inside a word only Ukrainian writes one."""


class Language(StrEnum):
    """A language the bot understands."""

    GERMAN = "de"
    ENGLISH = "en"
    UKRAINIAN = "uk"
    RUSSIAN = "ru"
    ARABIC = "ar"
    TURKISH = "tr"
    POLISH = "pl"


IN_CYRILLIC = (Language.UKRAINIAN, Language.RUSSIAN)
IN_LATIN = (Language.GERMAN, Language.ENGLISH, Language.TURKISH, Language.POLISH)


class _Identifier(Protocol):
    _full_model: object

    def set_languages(self, langs: list[str]) -> None: ...
    def rank(self, text: str) -> list[tuple[str, float]]: ...


@dataclass(frozen=True)
class _Marks:
    """What tells a language: letters and words that only it has, and words in Latin letters."""

    letters: dict[str, Language]
    words: dict[str, Language]
    latin: dict[str, Language]


@cache
def _marks() -> _Marks:
    file = resources.files("nlu").joinpath("data", "languages.yaml")
    content: dict[str, dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))

    def by_word(section: str) -> dict[str, Language]:
        found = content[section].items()
        return {word: Language(code) for code, words in found for word in str(words).split()}

    letters = content["letters"].items()
    return _Marks(
        {letter: Language(code) for code, some in letters for letter in some},
        by_word("words"),
        by_word("latin"),
    )


@cache
def _identifier() -> _Identifier:
    identifier: _Identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([language.value for language in Language])
    identifier._full_model = None  # noqa: SLF001 - 28 MB of languages nobody asks for any more
    return identifier


def language_of(text: str, *, chat: Language) -> Language:
    """Return the language of a text, the chat's where the text does not tell; never raises."""
    read = text[:MAX_LENGTH].lower()
    said = WORD.findall(read)
    if ENOUGH * sum(map(bool, map(ARABIC.search, said))) > len(said):
        return Language.ARABIC
    if ENOUGH * sum(map(bool, map(CYRILLIC.search, said))) > len(said):
        return _in_cyrillic(read, chat)
    return _in_latin([word for word in said if not OTHER_SCRIPT.search(word)], chat)


def _in_cyrillic(text: str, chat: Language) -> Language:
    told = _told(WORD.findall(text), IN_CYRILLIC)
    told[Language.UKRAINIAN] += len(APOSTROPHE.findall(text))
    found = _most(told)
    if found is not None:
        return found
    return chat if chat in IN_CYRILLIC else _first(_ranked(text), IN_CYRILLIC)


def _in_latin(said: Sequence[str], chat: Language) -> Language:
    typed = Counter(_marks().latin[word] for word in said if word in _marks().latin)
    told = _told(said, IN_LATIN)
    if typed.total() > told.total():
        return _most(typed) or chat
    if len(said) < FEWEST_WORDS:
        return _most(told) or chat
    if chat not in IN_LATIN and not told:
        return chat
    ranked = _ranked(" ".join(said))
    return chat if dict(ranked)[chat] >= POSSIBLE else _first(ranked, IN_LATIN)


def _told(said: Sequence[str], among: Sequence[Language]) -> Counter[Language]:
    """Return how many words speak for each language: typical ones, or typical letters in them."""
    marks = _marks()
    told: Counter[Language] = Counter()
    for word in said:
        found = {marks.words.get(word)} | {marks.letters.get(letter) for letter in word}
        told.update(language for language in among if language in found)
    return told


def _most(told: Counter[Language]) -> Language | None:
    """Return the language most words speak for; None where two are equal or none is."""
    first, second, *_ = [*told.most_common(2), (None, 0), (None, 0)]
    return None if first[1] == second[1] else first[0]


def _ranked(text: str) -> list[tuple[Language, float]]:
    """Return all languages with their probabilities, the likeliest first."""
    found = _identifier().rank(text.encode("utf-8", "ignore").decode())
    return [(Language(code), probability) for code, probability in found]


def _first(ranked: Sequence[tuple[Language, float]], among: Sequence[Language]) -> Language:
    return next(language for language, _ in ranked if language in among)
