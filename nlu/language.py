"""Which of the bot's languages a text is in; very short texts keep the language of the chat."""

from enum import StrEnum
from functools import cache
from typing import Protocol

from py3langid.langid import (
    MODEL_FILE,
    LanguageIdentifier,
)

from nlu.words import MAX_LENGTH, WORD

FEWEST_WORDS = 3
POSSIBLE = 0.2
"""From this probability on the chat's language is kept, even if another is more likely."""


class Language(StrEnum):
    """A language the bot understands."""

    GERMAN = "de"
    ENGLISH = "en"
    UKRAINIAN = "uk"
    RUSSIAN = "ru"
    ARABIC = "ar"
    TURKISH = "tr"
    POLISH = "pl"


class _Identifier(Protocol):
    _full_model: object

    def set_languages(self, langs: list[str]) -> None: ...
    def rank(self, text: str) -> list[tuple[str, float]]: ...


@cache
def _identifier() -> _Identifier:
    identifier: _Identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([language.value for language in Language])
    identifier._full_model = None  # noqa: SLF001 - 28 MB of languages nobody asks for any more
    return identifier


def language_of(text: str, *, chat: Language) -> Language:
    """Return the language of a text, the chat's where the text does not tell; never raises."""
    read = text[:MAX_LENGTH]
    if len(WORD.findall(read)) < FEWEST_WORDS:
        return chat
    likely = dict(_identifier().rank(read.encode("utf-8", "ignore").decode()))
    if likely[chat] >= POSSIBLE:
        return chat
    return Language(max(likely, key=lambda code: likely[code]))
