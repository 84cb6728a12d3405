"""What was said in dialect or mistyped, in the words of the dictionary: before it is compared.

A word that people write often is left alone. One that is not known is read as a known one when
a list says so, when the sounds of the region's dialect lead there, or one slip of the fingers.
"""

import re
from collections import Counter
from collections.abc import Iterable

import yaml
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from nlu.training import DATA
from nlu.words import MAX_LENGTH, WORD

SOUNDS = (("j", "g"), ("ee", "ei"), ("oo", "au"), ("pp", "pf"), ("ch", "g"), ("sch", "ch"))
"""What is said in the region, and how it is written."""
SHORTEST_TYPO = 5
LONG_WORD = 9
OFTEN = 2
"""A word that stands in so many texts is no slip …"""
COMMON = 5
"""… and one that stands in a single text may be a slip for one of so many."""


class Normaliser:
    """Puts questions into dictionary words; knows the words of many texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        counts = Counter(word for text in texts for word in set(WORD.findall(text.lower())))
        content = yaml.safe_load(DATA.joinpath("everyday.yaml").read_text(encoding="utf-8"))
        self._listed = {**content["spoken"], **content["things"]}
        self._known = {word: count for word, count in counts.items() if word not in self._listed}
        self._often = [one for one, count in self._known.items() if count >= OFTEN]
        self._common = [one for one in self._often if self._known[one] >= COMMON]

    def standard(self, text: str) -> str:
        """Return the text in lower case, its words as the dictionary has them."""
        return WORD.sub(lambda found: self._find(found[0]), text[:MAX_LENGTH].lower())

    def _find(self, word: str) -> str:
        if word in self._listed:
            return str(self._listed[word])
        if self._known.get(word, 0) >= OFTEN or not word.isalpha():
            return word
        return self._by_sound(word) or self._by_slip(word) or word

    def _by_sound(self, word: str) -> str | None:
        """Return the most frequent known word that the dialect says so."""
        found = {word}
        for said, written in SOUNDS:
            found |= {one.replace(said, written) for one in found}
            found |= {re.sub(f"^{said}", written, one) for one in found}
        known = [one for one in found - {word} if self._known.get(one, 0) >= OFTEN]
        return max(known, key=lambda one: self._known[one], default=None)

    def _by_slip(self, word: str) -> str | None:
        if len(word) < SHORTEST_TYPO:
            return None
        often = self._common if word in self._known else self._often
        near = process.extract(
            word,
            often,
            scorer=DamerauLevenshtein.distance,
            score_cutoff=2 if len(word) >= LONG_WORD else 1,
            limit=5,
        )
        best = min(near, key=lambda one: (one[1], -self._known[one[0]]), default=None)
        return best[0] if best else None
