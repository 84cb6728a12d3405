"""Pictures can be read: right size, small file, gaps stay gaps, days are as long as they are."""

import io
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from math import isnan
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from matplotlib.image import imread

from handlers.buttons.sensors import Period
from handlers.readings.drawing import BLUE, ORANGE, Chart, draw, interrupted
from handlers.readings.periods import begin_of, ticks

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
SMALL_FILE = 150_000
Values = Sequence[tuple[datetime, float]]


def chart(
    values: Values, period: Period = Period.DAY, now: datetime = NOON, **more: object
) -> Chart:
    since = begin_of(period, now, BERLIN)
    empty: Chart = {
        "title": "Pegel Mulde: Wasserstand",
        "subtitle": "19.11.26, 12:00 bis 20.11.26, 12:00",
        "unit": "cm",
        "footnote": "Ungeprüfte Messwerte",
        "nothing": "keine Werte",
        "decimal": ",",
        "since": since.timestamp(),
        "until": now.timestamp(),
        "gap": 2250.0,
        "times": [time.timestamp() for time, _ in values],
        "values": [value for _, value in values],
        "lowest": [],
        "highest": [],
        "ticks": [(at.timestamp(), f"{at:%H:%M}") for at in ticks(period, since, now, BERLIN)],
        "lines": [],
        "levels": [],
        "legend": [],
    }
    return {**empty, **more}  # type: ignore[typeddict-item]


def every_quarter(until: datetime = NOON, hours: int = 24) -> Iterator[tuple[datetime, float]]:
    for step in range(hours * 4 + 1):
        yield until - timedelta(minutes=15 * step), 200.0 + step % 7


def dots(picture: bytes, colour: str) -> int:
    """Return how many dots of a picture have a colour."""
    image = (imread(io.BytesIO(picture), format="png")[:, :, :3] * 255).round().astype(int)
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return int(np.all(np.abs(image - wanted) <= 6, axis=2).sum())


def look(picture: bytes) -> tuple[int, int]:
    image = imread(io.BytesIO(picture), format="png")
    assert image.shape[:2] == (800, 1200)
    assert len(picture) < SMALL_FILE
    return dots(picture, BLUE), dots(picture, ORANGE)


def test_a_day() -> None:
    blue, orange = look(draw(chart(sorted(every_quarter()))))
    assert blue > 2000
    assert orange == 0


def test_no_value_says_so_and_draws_none() -> None:
    assert look(draw(chart([]))) == (0, 0)


def test_one_value_is_a_dot() -> None:
    blue, _ = look(draw(chart([(NOON - timedelta(hours=3), 210.0)])))
    assert 10 < blue < 500


def test_a_lonely_value_between_gaps_is_a_dot_among_many() -> None:
    many = [one for one in sorted(every_quarter()) if one[0] < NOON - timedelta(hours=4)]
    alone = (NOON - timedelta(hours=2), 203.0)
    blue, _ = look(draw(chart([*many, alone])))
    without, _ = look(draw(chart(many)))
    assert blue > without


def test_a_gap_is_no_line() -> None:
    whole = sorted(every_quarter())
    holed = [one for one in whole if not 6 <= one[0].hour < 10]
    flat = [(time, 200.0) for time, _ in whole]
    flat_holed = [(time, 200.0) for time, _ in holed]
    assert dots(draw(chart(flat_holed)), BLUE) < 0.9 * dots(draw(chart(flat)), BLUE)


def test_holes_are_where_something_is_missing() -> None:
    times, [values, none] = interrupted([0, 10, 100, 110], [[1, 2, 3, 4], []], 25)
    assert times == [0, 10, 11, 100, 110]
    assert isnan(values[2])
    assert [*values[:2], *values[3:]] == [1, 2, 3, 4]
    assert none == []
    assert interrupted([], [[]], 25) == ([], [[]])


def test_guide_values_and_bands_are_drawn() -> None:
    values = sorted(every_quarter())
    numbers = [value for _, value in values]
    picture = draw(
        chart(
            values,
            lowest=[value - 3 for value in numbers],
            highest=[value + 3 for value in numbers],
            lines=[(230.0, "Richtwert 230 cm")],
            legend=["Mittel", "niedrigster bis höchster Wert"],
        )
    )
    blue, orange = look(picture)
    assert blue > 2000
    assert orange > 500


def test_the_wildest_values_are_a_small_file() -> None:
    """The file waits in the outbox as text; a month of noise is as bad as it gets."""
    chance = random.Random(1)  # noqa: S311 - the same picture each time
    times = [NOON - timedelta(hours=hour) for hour in range(30 * 24, 0, -1)]
    values = [(time, chance.random() * 100) for time in times]
    spread = [chance.random() * 30 for _ in values]
    wild = chart(
        values,
        Period.MONTH,
        lowest=[value - more for (_, value), more in zip(values, spread, strict=True)],
        highest=[value + more for (_, value), more in zip(values, spread, strict=True)],
        gap=9000.0,
    )
    blue, _ = look(draw(wild))
    assert blue > 5000


def test_yes_and_no_are_words() -> None:
    values = [(time, float(time.hour % 2)) for time, _ in sorted(every_quarter())]
    blue, _ = look(draw(chart(values, levels=[(0.0, "frei"), (1.0, "belegt")])))
    assert blue > 2000


@pytest.mark.parametrize("value", [0.0, -7.5, 1e-9, 1e12])
def test_any_flat_line_has_room(value: float) -> None:
    flat = [(NOON - timedelta(minutes=15 * step), value) for step in range(9, 0, -1)]
    blue, _ = look(draw(chart(flat)))
    assert blue > 100


@pytest.mark.parametrize(
    "title",
    ["Рівень води", "منسوب المياه في النهر", "Łaba ąęść", "ğüşiöç", "$x^2$ _", r"Park $\frac$ {"],
)
def test_every_language_has_its_letters(title: str) -> None:
    """A letter that the font lacks is a warning, and warnings are errors here."""
    values = sorted(every_quarter())
    assert draw(chart(values, title=title)) != draw(chart(values, title=""))


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 3, 29, 22, tzinfo=UTC), 23),
        (datetime(2026, 10, 25, 23, tzinfo=UTC), 25),
        (datetime(2026, 11, 20, 23, tzinfo=UTC), 24),
    ],
)
def test_days_when_the_clocks_change(now: datetime, hours: int) -> None:
    midnight = now.astimezone(BERLIN)
    assert midnight.hour == 0
    found = ticks(Period.DAY, now - timedelta(hours=hours), now, BERLIN)
    local = [one.astimezone(BERLIN) for one in found]
    assert [one.hour for one in local] == [0, 4, 8, 12, 16, 20, 0]
    assert found == sorted(found)
    values = sorted(every_quarter(now, hours))
    look(draw(chart(values, now=now)))


def test_periods_begin_at_local_midnight() -> None:
    after_change = datetime(2026, 10, 28, 11, tzinfo=UTC)
    week = begin_of(Period.WEEK, after_change, BERLIN)
    assert week.astimezone(UTC) == datetime(2026, 10, 20, 22, tzinfo=UTC)
    assert begin_of(Period.DAY, NOON, BERLIN) == NOON - timedelta(hours=24)
    year = begin_of(Period.YEAR, NOON, BERLIN).astimezone(BERLIN)
    assert (year.year, year.month, year.day, year.hour) == (2025, 11, 1, 0)
    months = ticks(Period.YEAR, begin_of(Period.YEAR, NOON, BERLIN), NOON, BERLIN)
    assert [one.month for one in months] == [11, 1, 3, 5, 7, 9, 11]
    leap_day = datetime(2028, 2, 29, 11, tzinfo=UTC)
    assert begin_of(Period.YEAR, leap_day, BERLIN).astimezone(BERLIN).year == 2027
