"""Paints the board of alarms as one picture; runs in the process for heavy work, never in the bot.

Colour and words say the same, so the picture can be read without colours and on a phone.
"""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEAD, FOOT, STAGE = 1080, 170, 80, 36
NOTE, GAP, EDGE = 46, 24, 22
"""Dots of a line, above a paragraph, and above and below the lines of an alarm."""
DOTS = 100
COLOURS = ("#56B4E9", "#F0E442", "#E69F00", "#D55E00", "#7B2D8B")
"""By severity (Okabe and Ito 2008, the last darker); told apart by everybody."""
INK = ("black", "black", "black", "white", "white")
GREY, PALE = "#595959", "#F2F2F2"
LARGE, MIDDLE, SMALL = 30, 22, 18
CELL = 230
LETTERS, IN_CELL = 60, 11
"""So many letters fit beside each other, and within the coloured cell."""
PARTS: tuple[tuple[Literal["name", "value", "state"], int, dict[str, Any]], ...] = (
    ("name", 38, {"fontsize": MIDDLE, "fontweight": "bold"}),
    ("value", 46, {"fontsize": MIDDLE}),
    ("state", 58, {"fontsize": SMALL, "color": GREY}),
)
"""What stands beside the coloured cell, how many letters fit, and how it looks."""
MOST_LINES = 2
"""Of each part."""
WIDEST = 70
"""Letters of a line that fit the whole width; who declared a stage is never cut off."""


class Line(TypedDict):
    """An alarm: severity 0 to 4 and its word, what it is, its value, how it stands."""

    severity: int
    word: str
    name: str
    value: str
    state: str


class Painting(TypedDict):
    """A board: plain values, so that it can wait in a queue.

    `counted`: alarms by severity, "" for a single one; `declared`: stages with who declared them,
    a line each; `notes`: paragraphs below the alarms, the first line of each its heading.
    """

    title: str
    subtitle: str
    counted: str
    nothing: str
    notes: list[list[str]]
    footnote: str
    lines: list[Line]
    declared: NotRequired[list[str]]


def paint(painting: Painting, **_more: Any) -> bytes:
    """Return the board as PNG, 1080 dots wide."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - see above
    from matplotlib.figure import Figure  # noqa: PLC0415

    declared = [
        line for one in painting.get("declared", []) for line in textwrap.wrap(one, WIDEST)
    ]
    counted = textwrap.wrap(painting["counted"], LETTERS - 4)
    rows = [_Row(line) for line in painting["lines"]]
    notes = [_wrapped(one) for one in painting["notes"]]
    stages = HEAD + STAGE * len(declared)
    head = stages + NOTE * len(counted)
    below = head + (sum(one.height for one in rows) or 3 * NOTE)
    height = below + sum(GAP + NOTE * len(one) for one in notes) + FOOT
    figure = Figure(figsize=(WIDTH / DOTS, height / DOTS), dpi=DOTS, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    axes.axis("off")
    axes.text(30, 70, painting["title"], fontsize=LARGE + 6, fontweight="bold", va="center")
    axes.text(30, 130, painting["subtitle"], fontsize=MIDDLE, color=GREY, va="center")
    for position, words in enumerate(declared):
        axes.text(30, HEAD + position * STAGE, words, fontsize=SMALL, va="center")
    _paragraph(axes, stages, counted, fontweight="bold")
    top = head
    for row in rows:
        row.paint(axes, top)
        top += row.height
    if not rows:
        axes.text(30, (head + below) / 2, painting["nothing"], fontsize=LARGE, va="center")
    _notes(axes, below, notes)
    foot = height - FOOT / 2
    axes.text(30, foot, painting["footnote"], fontsize=SMALL, color=GREY, va="center")
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()


def _notes(axes: Axes, top: float, notes: list[list[str]]) -> None:
    for lines in notes:
        _paragraph(axes, top + GAP, lines[:1], fontweight="bold")
        _paragraph(axes, top + GAP + NOTE, lines[1:])
        top += GAP + NOTE * len(lines)


def _paragraph(axes: Axes, top: float, lines: list[str], **look: Any) -> None:
    for position, words in enumerate(lines):
        middle = top + NOTE * (position + 0.5)
        axes.text(30, middle, words, fontsize=MIDDLE, va="center", **look)


def _wrapped(paragraph: list[str]) -> list[str]:
    """Return a paragraph in lines that fit; what belongs to a point is set in."""
    return [
        line
        for words in paragraph
        for line in textwrap.wrap(words, LETTERS, subsequent_indent="   ") or [""]
    ]


class _Row:
    """An alarm as it is painted: as high as its lines need."""

    def __init__(self, line: Line) -> None:
        self.severity, self.word = line["severity"], textwrap.wrap(line["word"], IN_CELL)
        self.lines = [
            (words, look)
            for part, letters, look in PARTS
            for words in _few(textwrap.wrap(line[part], letters))
        ]
        self.height = 2 * EDGE + NOTE * max(len(self.lines), len(self.word))

    def paint(self, axes: Axes, top: float) -> None:
        from matplotlib.patches import Rectangle  # noqa: PLC0415

        inner = self.height - 12
        axes.add_patch(Rectangle((20, top + 6), WIDTH - 40, inner, color=PALE, lw=0))
        colour, ink = COLOURS[self.severity], INK[self.severity]
        axes.add_patch(Rectangle((20, top + 6), CELL, inner, color=colour, lw=0))
        place = (20 + CELL / 2, top + self.height / 2)
        words = "\n".join(self.word)
        look: dict[str, Any] = {"fontsize": MIDDLE, "fontweight": "bold", "color": ink}
        axes.text(*place, words, ha="center", va="center", **look)
        for position, (part, how) in enumerate(self.lines):
            middle = top + EDGE + NOTE * (position + 0.5)
            axes.text(20 + CELL + 25, middle, part, va="center", **how)


def _few(lines: list[str]) -> list[str]:
    """Return the first lines; the last one says when more was cut off."""
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], lines[1][:-1] + "…"]
