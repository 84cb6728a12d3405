"""Where a value stands in a decoded object: "temperatures[0].values[1]", "temperature_*".

A path is steps between dots. A step is a key, `[2]` the third of a list, `["a.b"]` a key with dots
in it. `*` in a key stands for a number, `[*]` for each of a list (one value is a list of one):
what stands there tells equal probes apart.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

TOKEN = re.compile(
    r'\[(?:(?P<index>\d{1,4})|(?P<each>\*)|"(?P<quoted>[^"]+)")\]|(?P<key>[^.\[\]]+)'
)
SEPARATOR = "."
STAR = "*"
DIGITS = 4


class PathError(ValueError):
    """A text that is no path."""


Child = tuple[str | int, Any, int | None]
"""Key or index, what stands there, the number a star stands for."""


@dataclass(frozen=True, slots=True)
class Each:
    """Any index of a list."""

    def children(self, value: Any) -> Iterator[Child]:
        """Yield index, value and index again."""
        if isinstance(value, list):
            yield from ((index, one, index) for index, one in enumerate(value))


@dataclass(frozen=True, slots=True)
class Numbered:
    """Any key with a number between these texts."""

    before: str
    after: str

    def number(self, key: str) -> int | None:
        """Return the number in a key of this form; None for any other key."""
        if not (key.startswith(self.before) and key.endswith(self.after)):
            return None
        middle = key[len(self.before) : len(key) - len(self.after)]
        fits = middle.isascii() and middle.isdigit() and len(middle) <= DIGITS
        return int(middle) if fits else None

    def children(self, value: Any) -> Iterator[Child]:
        """Yield key, value and number of each key of this form."""
        if isinstance(value, dict):
            for key, one in value.items():
                if (number := self.number(key)) is not None:
                    yield key, one, number


Step = str | int | Each | Numbered
Path = tuple[Step, ...]
Numbers = tuple[int, ...]
Place = tuple[str | int, ...]
"""A path without stars."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value, the numbers the stars stood for, and the exact place."""

    value: Any
    numbers: Numbers
    place: Place


def parse_path(text: str) -> Path:
    """Return the steps of a path; raise `PathError` for a text that is none."""
    steps: list[Step] = []
    position = 0
    while position < len(text):
        if steps and text[position] == SEPARATOR:
            position += 1
        elif steps and text[position] != "[":
            raise PathError(text)
        token = TOKEN.match(text, position)
        if token is None:
            raise PathError(text)
        steps.append(_step(token))
        position = token.end()
    if not steps:
        raise PathError(text)
    return tuple(steps)


def _step(token: re.Match[str]) -> Step:
    if token["index"]:
        return int(token["index"])
    if token["each"]:
        return Each()
    if token["quoted"]:
        return token["quoted"]
    key = token["key"]
    if STAR not in key:
        return key
    if key.count(STAR) > 1:
        raise PathError(key)
    before, after = key.split(STAR)
    return Numbered(before, after)


def find(data: Any, path: Path) -> list[Found]:
    """Return every value at this path, in the order of the numbers the stars stand for."""
    value = data
    for depth, step in enumerate(path):  # most paths have no star: the straight way down
        if isinstance(step, str):
            there = isinstance(value, dict) and step in value
        elif isinstance(step, int):
            there = isinstance(value, list) and step < len(value)
        else:
            return _branch(Found(value, (), cast("Place", path[:depth])), path[depth:])
        if not there:
            return []
        value = value[step]
    return [Found(value, (), cast("Place", path))]


def _branch(start: Found, path: Path) -> list[Found]:
    found = [start]
    for step in path:
        found = [after for before in found for after in _follow(before, step)]
    return sorted(found, key=lambda one: one.numbers)


def _follow(found: Found, step: Step) -> Iterator[Found]:
    if isinstance(step, Each) and not isinstance(found.value, dict | list):
        yield Found(found.value, (*found.numbers, 0), found.place)
        return
    for key, value, number in _children(found.value, step):
        numbers = found.numbers if number is None else (*found.numbers, number)
        yield Found(value, numbers, (*found.place, key))


def _children(value: Any, step: Step) -> Iterator[Child]:
    if isinstance(step, Each | Numbered):
        yield from step.children(value)
    elif isinstance(step, str):
        if isinstance(value, dict) and step in value:
            yield step, value[step], None
    elif isinstance(value, list) and step < len(value):
        yield step, value[step], None


def fill(path: Path, numbers: Numbers) -> Path:
    """Return the path with its stars filled in, as many as there are numbers."""
    left = list(numbers)
    steps: list[Step] = []
    for step in path:
        if left and isinstance(step, Each):
            steps.append(left.pop(0))
        elif left and isinstance(step, Numbered):
            steps.append(f"{step.before}{left.pop(0)}{step.after}")
        else:
            steps.append(step)
    return tuple(steps)


def stars(path: Path) -> int:
    """Return how many numbers a path leaves open."""
    return sum(isinstance(step, Each | Numbered) for step in path)


def written(place: Place) -> str:
    """Return an exact place as a person writes it."""
    text = ""
    for step in place:
        if isinstance(step, int):
            text += f"[{step}]"
        elif SEPARATOR in step:
            text += f'["{step}"]'
        else:
            text += f".{step}" if text else step
    return text


def leaves(data: Any, place: Place = ()) -> Iterator[Place]:
    """Yield the place of every value that holds no further ones."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, (*place, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from leaves(value, (*place, index))
    else:
        yield place
