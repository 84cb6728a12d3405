"""Whether a question names a place that others are responsible for.

The caller takes the names of its own places out of a question before.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from itertools import pairwise

import yaml

from nlu.patterns import plain

FILE = "other_places.yaml"
SIZES = range(4, 0, -1)
"""Words of a name, the longest first."""
ALSO_WORDS = frozenset(map(plain, ("Gießen", "Siegen")))
"""Names that are ordinary words, too: the gate weighs them, but nobody is told of a place."""


@cache
def _known() -> tuple[Mapping[str, str], frozenset[str]]:
    file = resources.files("nlu").joinpath("data", FILE)
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    names = [name for group in ("towns", "states", "elsewhere") for name in content[group]]
    return {plain(name): name for name in reversed(names)}, frozenset(map(plain, content["aside"]))


def _named(text: str) -> Iterator[str]:
    """Yield such names in plain letters, but not where somebody comes from or goes to."""
    names, aside = _known()
    said = ["", *plain(text).split()]
    for at, (before, _) in enumerate(pairwise(said), start=1):
        if before not in aside:
            several = (" ".join(said[at : at + size]) for size in SIZES)
            yield from (one for one in several if one in names)


def names_other_place(text: str) -> bool:
    """Tell whether a text names such a place, but not as where somebody comes from or goes to."""
    return any(_named(text))


def other_place(text: str) -> str | None:
    """Return the first place for which `names_other_place` holds, as it is written; or None.

    None, too, where the name is an ordinary word: "Wasser zum Gießen" names no town.
    """
    names, _ = _known()
    return next((names[one] for one in _named(text) if one not in ALSO_WORDS), None)
