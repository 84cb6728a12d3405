"""Draws how often what the gate says is true.

    python -m benchmarks.reliability > docs/reliability.svg

Every point is a tenth of the probabilities, judged by a gate that had not seen the questions.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from nlu.gate import FILE
from nlu.training import DATA

SIDE = 320
EDGE = 48
SIGNALS = "words+use+e5"
CURVES = {
    "in_scope": ("any entry is meant", "#0b5cad"),
    "first": ("the first entry is meant", "#b3470f"),
}
HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" \
font-family="sans-serif" font-size="12">
<title>How often what the gate says is true</title>
<rect width="100%" height="100%" fill="white"/>"""


def main() -> None:
    """Print the picture."""
    content = json.loads(DATA.joinpath(FILE).read_text(encoding="utf-8"))
    print("\n".join(picture(content["measured"][SIGNALS])))


def picture(measured: Mapping[str, Any]) -> Iterable[str]:
    """Yield the lines of the picture."""
    yield HEAD.format(width=SIDE + 2 * EDGE, height=SIDE + 2 * EDGE)
    yield from _axes()
    for number, (name, (label, colour)) in enumerate(CURVES.items()):
        yield from _curve(measured[name], colour)
        y = EDGE + 16 + 18 * number
        yield f'<circle cx="{EDGE + 14}" cy="{y - 4}" r="4" fill="{colour}"/>'
        yield f'<text x="{EDGE + 26}" y="{y}">{label}</text>'
    yield "</svg>"


def _axes() -> Iterable[str]:
    yield (
        f'<rect x="{EDGE}" y="{EDGE}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#555"/>'
    )
    start, end = _point(0, 0), _point(1, 1)
    yield (
        f'<line x1="{start[0]}" y1="{start[1]}" x2="{end[0]}" y2="{end[1]}" '
        'stroke="#999" stroke-dasharray="4 4"/>'
    )
    for tenth in range(0, 11, 2):
        x, y = _point(tenth / 10, tenth / 10)
        bottom = EDGE + SIDE + 16
        yield f'<text x="{x}" y="{bottom}" text-anchor="middle">{tenth / 10:g}</text>'
        yield f'<text x="{EDGE - 8}" y="{y + 4}" text-anchor="end">{tenth / 10:g}</text>'
    middle = EDGE + SIDE / 2
    yield f'<text x="{middle}" y="{EDGE + SIDE + 34}" text-anchor="middle">said</text>'
    yield f'<text x="14" y="{middle}" transform="rotate(-90 14 {middle})">true</text>'


def _curve(bins: Sequence[Mapping[str, float]], colour: str) -> Iterable[str]:
    points = [_point(one["said"], one["true"]) for one in bins]
    for (x1, y1), (x2, y2) in pairwise(points):
        yield f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="2"/>'
    for (x, y), one in zip(points, bins, strict=True):
        yield f'<circle cx="{x}" cy="{y}" r="4" fill="{colour}"><title>{one["n"]}</title></circle>'


def _point(said: float, true: float) -> tuple[float, float]:
    return round(EDGE + SIDE * said, 1), round(EDGE + SIDE * (1 - true), 1)


if __name__ == "__main__":
    main()
