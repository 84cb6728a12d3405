"""Paints the figures of a month: bars of alarms and of hours without a message; in a process."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, TypedDict

from handlers.alarms.painting import COLOURS, DOTS, GREY, PALE, WIDTH

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEAD, LEGEND, ROW, FOOT = 120, 60, 92, 80
LARGE, MIDDLE, SMALL = 30, 22, 18
LEFT, RIGHT = 30, 230
"""Dots beside the bars; right of them stands the number."""
LETTERS = 60


class Bar(TypedDict):
    """A line: its name, what its bar is made of, and its sum in words."""

    name: str
    parts: list[float]
    words: str


class MonthPainting(TypedDict):
    """A month: plain values, so that it can wait in a queue.

    `rules`: alarms of each severity, the least first; `unheard`: hours of each type of device.
    """

    title: str
    severities: list[str]
    rules: list[Bar]
    nothing: str
    unheard_title: str
    unheard: list[Bar]
    footnote: str


def paint_month(painting: MonthPainting, **_more: Any) -> bytes:
    """Return the month as PNG, 1080 dots wide."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - in a process
    from matplotlib.figure import Figure  # noqa: PLC0415

    rules, unheard = painting["rules"], painting["unheard"]
    second = HEAD + LEGEND + ROW * max(len(rules), 1)
    height = second + (HEAD + ROW * len(unheard)) * bool(unheard) + FOOT
    figure = Figure(figsize=(WIDTH / DOTS, height / DOTS), dpi=DOTS, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    axes.axis("off")
    axes.text(LEFT, 65, painting["title"], fontsize=LARGE, fontweight="bold", va="center")
    if rules:
        _legend(axes, painting["severities"], rules)
        _bars(axes, HEAD + LEGEND, rules, COLOURS)
    else:
        middle = HEAD + (LEGEND + ROW) / 2
        axes.text(LEFT, middle, painting["nothing"], fontsize=LARGE, va="center")
    if unheard:
        words = painting["unheard_title"]
        axes.text(LEFT, second + 65, words, fontsize=LARGE, fontweight="bold", va="center")
        _bars(axes, second + HEAD, unheard, (GREY,))
    foot = height - FOOT / 2
    axes.text(LEFT, foot, painting["footnote"], fontsize=SMALL, color=GREY, va="center")
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()


def _legend(axes: Axes, severities: list[str], rules: list[Bar]) -> None:
    """Name the colours that occur."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    left = float(LEFT)
    for number, word in enumerate(severities):
        if not any(one["parts"][number] for one in rules):
            continue
        axes.add_patch(Rectangle((left, HEAD + 8), 26, 26, color=COLOURS[number], lw=0))
        axes.text(left + 36, HEAD + 21, word, fontsize=SMALL, va="center")
        left += 60 + 15 * len(word)


def _bars(axes: Axes, top: float, bars: list[Bar], colours: tuple[str, ...]) -> None:
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    most, width = max(sum(one["parts"]) for one in bars), WIDTH - LEFT - RIGHT
    for one in bars:
        axes.text(LEFT, top + 22, _cut(one["name"]), fontsize=MIDDLE, va="center")
        axes.add_patch(Rectangle((LEFT, top + 44), width, 34, color=PALE, lw=0))
        left = float(LEFT)
        for part, colour in zip(one["parts"], colours, strict=True):
            axes.add_patch(
                Rectangle((left, top + 44), width * part / most, 34, color=colour, lw=0)
            )
            left += width * part / most
        right = LEFT + width + 15
        axes.text(right, top + 61, one["words"], fontsize=MIDDLE, fontweight="bold", va="center")
        top += ROW


def _cut(words: str) -> str:
    return words if len(words) <= LETTERS else words[: LETTERS - 1].rstrip() + "…"
