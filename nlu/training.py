"""What the understander learns from: example questions, topics beyond services, what to refuse."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from nlu.places import names_other_place

DATA = resources.files("nlu").joinpath("data")
EVERY = 20
"""Each twentieth example joins the generic questions."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C, where it is there, is ten times as fast."""
Examples = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Training:
    """Examples by the id of a service of ours or of the OZG; questions that must be refused."""

    services: Examples
    ozg: Examples
    out_of_scope: tuple[str, ...]

    @property
    def to_compare(self) -> tuple[str, ...]:
        """Return what must be refused for its own sake, not for the place it names."""
        return tuple(text for text in self.out_of_scope if not names_other_place(text))

    @property
    def generic(self) -> tuple[str, ...]:
        """Return questions of all kinds: what is near to all of them says little."""
        texts = [text for key in sorted(self.services) for text in self.services[key]]
        return (*self.out_of_scope, *texts[::EVERY])


@cache
def read_training() -> Training:
    """Read the files beside this module."""
    refused = _read(DATA.joinpath("out_of_scope.yaml"))
    return Training(
        services=_examples("services"),
        ozg=_examples("ozg"),
        out_of_scope=tuple(text for group in refused.values() for text in group),
    )


def _examples(kind: str) -> Examples:
    found: dict[str, tuple[str, ...]] = {}
    folder = DATA.joinpath("examples", kind)
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        for key, by_language in _read(file).items():
            found[key] = tuple(text for texts in by_language.values() for text in texts)
    return found


def _read(file: Traversable) -> dict[str, Any]:
    text = file.read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.load(text, Loader=_LOADER)  # noqa: S506 - both are safe
    return content
