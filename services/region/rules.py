"""From what a person writes to the municipality they mean; several are possible and asked back."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from services.region.records import Municipality

POSTCODE = re.compile(r"(?<![0-9])[0-9]{5}(?![0-9])")
WORD = re.compile(r"[a-z0-9]+")
LETTERS = re.compile(r"[A-Za-zÄÖÜäöüßẞ0-9]+")
"""A word before it is folded."""
BEFORE_A_PLACE = frozenset({"in", "nach", "aus", "bei", "von", "to", "from"})
FRAME = frozenset({*BEFORE_A_PLACE, "ich", "wohne", "plz", "stadt", "ort", "i", "live", "town"})
FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
Span = tuple[list[Municipality], int, int]


def fold(text: str) -> tuple[str, ...]:
    """Return the words of a text: lower case, umlauts spelled out, punctuation dropped."""
    return tuple(WORD.findall(text.lower().translate(FOLD)))


def _spellings(name: str) -> set[tuple[str, ...]]:
    words = fold(name)
    plain = tuple(word.replace("ae", "a").replace("oe", "o").replace("ue", "u") for word in words)
    return {words, plain} if any(mark in name.lower() for mark in "äöü") else {words}


class Gazetteer:
    """Knows every postcode, municipality and locality of the county."""

    def __init__(self, municipalities: Iterable[Municipality]) -> None:
        self.by_postcode: dict[str, list[Municipality]] = defaultdict(list)
        self.towns: dict[tuple[str, ...], list[Municipality]] = defaultdict(list)
        self.localities: dict[tuple[str, ...], list[Municipality]] = defaultdict(list)
        for place in municipalities:
            for postcode in place.postcodes:
                self.by_postcode[postcode].append(place)
            for name in {place.name, place.official, *place.aliases}:
                _add(self.towns, name, place)
            for name in place.localities:
                _add(self.localities, name, place)
        names = [*self.towns, *self.localities]
        self.longest = max((len(words) for words in names), default=0)

    def find(self, text: str) -> tuple[Municipality, ...]:
        """Return the municipalities a text names: one is clear, several must be asked back.

        A name beats a postcode ("06386 Aken" is Aken); the longest name at a place wins.
        """
        named = self._named(text)
        coded = [
            place for code in POSTCODE.findall(text) for place in self.by_postcode.get(code, ())
        ]
        both = [place for place in named if place in coded]
        return tuple(dict.fromkeys(both or named or coded))

    def is_only_a_place(self, text: str) -> bool:
        """Whether a text is a place and nothing else, like an answer to "where do you live?"."""
        rest = _without_frame(text)
        known = rest in self.towns or rest in self.localities
        return known or (not rest and POSTCODE.search(text) is not None)

    def without_places(self, text: str) -> str:
        """Return a text without the places it names, and without the "in" before them."""
        said = list(LETTERS.finditer(text))
        words = tuple(one[0].lower().translate(FOLD) for one in said)
        left, position = [], 0
        for _, start, end in self._spans(words, only_place=False):
            if start > 0 and words[start - 1] in BEFORE_A_PLACE:
                start -= 1  # noqa: PLW2901 - the "in" goes with its place
            left.append(text[position : said[start].start()])
            position = said[end - 1].end()
        return " ".join("".join([*left, text[position:]]).split())

    def _named(self, text: str) -> list[Municipality]:
        spans = self._spans(fold(text), only_place=self.is_only_a_place(text))
        return [place for places, _, _ in spans for place in places]

    def _spans(self, words: tuple[str, ...], *, only_place: bool) -> Iterator[Span]:
        """Yield what each place in a text may be, and from where to where its name goes."""
        start = 0
        while start < len(words):
            # Some villages are everyday words (Marke, Schmerz): they need an "in" or "aus" before.
            is_place = only_place or (start > 0 and words[start - 1] in BEFORE_A_PLACE)
            for size in range(min(self.longest, len(words) - start), 0, -1):
                name = words[start : start + size]
                places = self.towns.get(name) or (is_place and self.localities.get(name))
                if places:
                    yield places, start, start + size
                    start += size - 1
                    break
            start += 1


def _add(index: dict[tuple[str, ...], list[Municipality]], name: str, place: Municipality) -> None:
    for words in _spellings(name):
        if words and place not in index[words]:
            index[words].append(place)


def _without_frame(text: str) -> tuple[str, ...]:
    """Return the words of a text without "ich wohne in" and without postcodes."""
    return tuple(word for word in fold(text) if word not in FRAME and not POSTCODE.fullmatch(word))
