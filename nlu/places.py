"""Whether a question names a place that others are responsible for.

The caller takes the names of its own places out of a question before.
"""

from functools import cache
from importlib import resources
from itertools import pairwise

import yaml

from nlu.patterns import plain

FILE = "other_places.yaml"
SIZES = range(1, 5)
"""Words of a name."""


@cache
def _known() -> tuple[frozenset[str], frozenset[str]]:
    file = resources.files("nlu").joinpath("data", FILE)
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    names = (name for group in ("towns", "states", "elsewhere") for name in content[group])
    return frozenset(map(plain, names)), frozenset(map(plain, content["aside"]))


def names_other_place(text: str) -> bool:
    """Tell whether a text names such a place, but not as where somebody comes from or goes to."""
    names, aside = _known()
    said = ["", *plain(text).split()]
    return any(
        before not in aside and any(" ".join(said[at : at + size]) in names for size in SIZES)
        for at, (before, _) in enumerate(pairwise(said), start=1)
    )
