"""Draws the picture of a series of values; runs in the process for heavy work, never in the bot.

Everything that is written in the picture is handed in, in the reader's language. Matplotlib shapes
and orders Arabic itself (from 3.11 on); its DejaVu Sans has all letters of our languages.
"""

from __future__ import annotations

import io
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 1200, 800
DOTS = 100
"""Per inch."""
BLUE, ORANGE, GREY, PALE = "#0072B2", "#D55E00", "#595959", "#D9D9D9"
"""Told apart by everybody (Okabe and Ito 2008); the lines differ in style, too."""
COLOURS = 64
"""In the file: a third of the size, and nobody sees it; it waits in a queue as text."""
FEW = 60
"""Up to so many values each is a dot, too."""
AIR = 0.12
"""Free room above and below, as a share of what is drawn."""
LARGE, MIDDLE, SMALL = 27, 22, 18


class Chart(TypedDict):
    """What is drawn: plain values, so that it can wait in a queue.

    `times`, `since`, `until` and the ticks are seconds since 1970; `lowest` and `highest` are as
    long as `values`, or empty; `gap` are seconds after which a line is interrupted; `lines` are
    guide values with their names; `levels` name values on the axis instead of numbers.
    """

    title: str
    subtitle: str
    unit: str
    footnote: str
    nothing: str
    decimal: str
    since: float
    until: float
    gap: float
    times: list[float]
    values: list[float]
    lowest: list[float]
    highest: list[float]
    ticks: list[tuple[float, str]]
    lines: list[tuple[float, str]]
    levels: list[tuple[float, str]]
    legend: list[str]
    marks: NotRequired[list[tuple[float, str]]]
    """Moments with their names: a thin upright line each."""


def draw(chart: Chart, **_more: Any) -> bytes:
    """Return the picture as PNG, 1200 by 800 dots."""
    from matplotlib import rc_context  # noqa: PLC0415 - see above

    with rc_context({"text.parse_math": False}):  # a "$" in a name begins no formula
        return _drawn(chart)


def _drawn(chart: Chart) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    figure = Figure(figsize=(WIDTH / DOTS, HEIGHT / DOTS), dpi=DOTS, facecolor="white")
    canvas: Any = FigureCanvasAgg(figure)
    axes = figure.add_axes((0.13, 0.19, 0.83, 0.58))
    _frame(figure, axes, chart)
    if chart["values"]:
        _series(axes, chart)
    else:
        axes.text(
            0.5, 0.5, chart["nothing"], transform=axes.transAxes, ha="center", fontsize=MIDDLE
        )
        axes.set_yticks([])
    _guides(axes, chart)
    _marks(axes, chart)
    _range(axes, chart)
    canvas.draw()
    dots = Image.frombuffer("RGBA", (WIDTH, HEIGHT), canvas.buffer_rgba()).convert("RGB")
    few = dots.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    picture = io.BytesIO()
    few.save(picture, format="PNG", optimize=True)
    return picture.getvalue()


def _frame(figure: Figure, axes: Axes, chart: Chart) -> None:
    figure.text(0.03, 0.93, chart["title"], fontsize=LARGE, fontweight="bold", color="black")
    figure.text(0.03, 0.865, chart["subtitle"], fontsize=MIDDLE, color=GREY)
    figure.text(0.03, 0.025, chart["footnote"], fontsize=SMALL, color=GREY)
    axes.set_xlim(chart["since"], chart["until"])
    axes.set_xticks([at for at, _ in chart["ticks"]], [name for _, name in chart["ticks"]])
    axes.tick_params(labelsize=MIDDLE - 1, length=6, colors="black")
    axes.grid(visible=True, color=PALE, linewidth=1)
    axes.set_axisbelow(True)
    axes.set_ylabel(chart["unit"], fontsize=MIDDLE)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _series(axes: Axes, chart: Chart) -> None:
    times, [values, lowest, highest] = interrupted(
        chart["times"],
        [chart["values"], chart["lowest"], chart["highest"]],
        chart["gap"],
    )
    drawn: list[Any] = []
    if lowest:
        drawn.append(axes.fill_between(times, lowest, highest, color=BLUE, alpha=0.3, lw=0))
    few = len(chart["values"]) <= FEW
    style = "steps-post" if chart["levels"] else "default"
    drawn[:0] = axes.plot(
        times,
        values,
        color=BLUE,
        linewidth=2.6,
        marker="o" if few else "",
        markersize=6,
        drawstyle=style,
        clip_on=False,
        solid_capstyle="round",
    )
    if not few:
        _lonely(axes, chart)
    if chart["legend"]:
        axes.legend(
            drawn,
            chart["legend"],
            loc="lower right",
            bbox_to_anchor=(1.01, 0.99),
            ncols=2,
            fontsize=SMALL,
            frameon=False,
        )


def _lonely(axes: Axes, chart: Chart) -> None:
    """Draw a dot for each value between two gaps: a line alone would not show it."""
    times, gap = chart["times"], chart["gap"]
    alone = [
        (time, value)
        for position, (time, value) in enumerate(zip(times, chart["values"], strict=True))
        if (position == 0 or time - times[position - 1] > gap)
        and (position == len(times) - 1 or times[position + 1] - time > gap)
    ]
    if alone:
        axes.plot(*zip(*alone, strict=True), color=BLUE, linestyle="", marker="o", markersize=6)


def interrupted(
    times: Sequence[float], columns: Sequence[Sequence[float]], gap: float
) -> tuple[list[float], list[list[float]]]:
    """Return the same with a hole (not a number) in every gap, so that no line crosses it.

    A column that is empty stays empty.
    """
    holes = [
        position + 1
        for position, (before, after) in enumerate(pairwise(times))
        if after - before > gap
    ]
    found_times, found = list(times), [list(column) for column in columns]
    for hole in reversed(holes):
        found_times.insert(hole, times[hole - 1] + 1)
        for column in found:
            if column:
                column.insert(hole, float("nan"))
    return found_times, found


def _guides(axes: Axes, chart: Chart) -> None:
    for value, name in chart["lines"]:
        axes.axhline(value, color=ORANGE, linewidth=2.2, linestyle=(0, (6, 4)))
        axes.annotate(
            name,
            (0.01, value),
            xycoords=("axes fraction", "data"),
            xytext=(0, 5),
            textcoords="offset points",
            fontsize=SMALL,
            color=ORANGE,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 2},
        )


def _marks(axes: Axes, chart: Chart) -> None:
    """Draw moments; their names stand above the picture in two rows, so that neighbours fit."""
    for position, (moment, name) in enumerate(chart.get("marks", ())):
        axes.axvline(moment, color=GREY, linewidth=1.6, linestyle=(0, (1, 2)))
        axes.annotate(
            name,
            (moment, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, 4 + 18 * (position % 2)),
            textcoords="offset points",
            ha="center",
            fontsize=SMALL - 2,
            color=GREY,
        )


def _range(axes: Axes, chart: Chart) -> None:
    """Let everything have room: all values, and the guide values."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415

    if chart["levels"]:
        axes.set_yticks([at for at, _ in chart["levels"]], [name for _, name in chart["levels"]])
        axes.set_ylim(-0.25, 1.25)
        return
    guides = [value for value, _ in chart["lines"]]
    everything = [*chart["values"], *chart["lowest"], *chart["highest"], *guides]
    if not everything:
        return
    low, high = min(everything), max(everything)
    room = (high - low) * AIR or max(abs(high) * AIR, 1.0)
    axes.set_ylim(low - room, high + room)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=7, min_n_ticks=3))
    decimal = chart["decimal"]
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _plain(value, decimal)))


def _plain(value: float, decimal: str) -> str:
    written = f"{value:.6f}".rstrip("0").rstrip(".")
    return ("0" if written in {"-0", ""} else written).replace(".", decimal)
