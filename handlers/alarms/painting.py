"""Paints the board of alarms as one picture; runs in the process for heavy work, never in the bot.

Colour and words say the same, so the picture can be read without colours and on a phone.
"""

from __future__ import annotations

import io
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, ROW, HEAD, FOOT, STAGE = 1080, 150, 190, 90, 36
"""Dots; each alarm has a row of its own, declared stages stand in lines above."""
DOTS = 100
COLOURS = ("#56B4E9", "#F0E442", "#E69F00", "#D55E00", "#7B2D8B")
"""By severity (Okabe and Ito 2008, the last darker); told apart by everybody."""
INK = ("black", "black", "black", "white", "white")
GREY, PALE = "#595959", "#F2F2F2"
LARGE, MIDDLE, SMALL = 26, 20, 16
CELL = 250
PARTS: tuple[tuple[Literal["name", "value", "state"], int], ...] = (
    ("name", 39),
    ("value", 46),
    ("state", 66),
)
"""Lines beside the coloured cell, and how many letters of each fit."""
WIDEST = 78
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

    `declared`: stages with who declared them, a line each.
    """

    title: str
    subtitle: str
    nothing: str
    footnote: str
    lines: list[Line]
    declared: NotRequired[list[str]]


def paint(painting: Painting, **_more: Any) -> bytes:
    """Return the board as PNG, 1080 dots wide."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - see above
    from matplotlib.figure import Figure  # noqa: PLC0415

    declared = [line for one in painting.get("declared", []) for line in wrap(one, WIDEST)]
    head = HEAD + STAGE * len(declared)
    height = head + ROW * max(len(painting["lines"]), 1) + FOOT
    figure = Figure(figsize=(WIDTH / DOTS, height / DOTS), dpi=DOTS, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    axes.axis("off")
    axes.text(30, 70, painting["title"], fontsize=LARGE + 6, fontweight="bold", va="center")
    axes.text(30, 130, painting["subtitle"], fontsize=MIDDLE, color=GREY, va="center")
    for position, words in enumerate(declared):
        top = HEAD - 10 + position * STAGE
        axes.text(30, top, words, fontsize=SMALL, va="center")
    for position, line in enumerate(painting["lines"]):
        _row(axes, head + position * ROW, line)
    if not painting["lines"]:
        axes.text(30, head + ROW / 2, painting["nothing"], fontsize=LARGE, va="center")
    foot = height - FOOT / 2
    axes.text(30, foot, painting["footnote"], fontsize=SMALL, color=GREY, va="center")
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()


def _row(axes: Axes, top: float, line: Line) -> None:
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    colour, ink = COLOURS[line["severity"]], INK[line["severity"]]
    axes.add_patch(Rectangle((20, top + 6), WIDTH - 40, ROW - 12, color=PALE, lw=0))
    axes.add_patch(Rectangle((20, top + 6), CELL, ROW - 12, color=colour, lw=0))
    axes.text(
        20 + CELL / 2,
        top + ROW / 2,
        line["word"],
        fontsize=MIDDLE,
        fontweight="bold",
        color=ink,
        ha="center",
        va="center",
    )
    left = 20 + CELL + 25
    name, value, state = (_cut(line[part], most) for part, most in PARTS)
    axes.text(left, top + 40, name, fontsize=MIDDLE, fontweight="bold", va="center")
    axes.text(left, top + 78, value, fontsize=MIDDLE, va="center")
    axes.text(left, top + 114, state, fontsize=SMALL, color=GREY, va="center")


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
