"""What goes with a message about alarms: one chart and one place, of the gravest news alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.alarms.rules.notify import News
from services.alarms.rules.records import Severity

CHARTED = frozenset({News.FIRED, News.ROSE})
"""A fall, a repetition or an all-clear brings no picture: what it would show is known."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of news, and what could be shown of it.

    Attributes:
        chart: it is about values that can be drawn.
        place: it is known where, and this chat may know.
    """

    news: News
    severity: Severity
    chart: bool
    place: bool


@dataclass(frozen=True, slots=True)
class Attached:
    """Whose chart and whose place goes with a message, by the alarm's number; None: none."""

    chart: int | None = None
    place: int | None = None


def attached(news: Mapping[int, Shown]) -> Attached:
    """Return what goes with a message that tells these news, by the alarm's number.

    A chart where an alarm begins or rises, a place where it begins: nobody forgets where it is.
    """
    order = sorted(news, key=lambda number: (-news[number].severity, number))
    charts = (n for n in order if news[n].chart and news[n].news in CHARTED)
    places = (n for n in order if news[n].place and news[n].news is News.FIRED)
    return Attached(next(charts, None), next(places, None))
