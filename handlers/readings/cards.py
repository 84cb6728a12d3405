"""What a sensor measures now, in words: the value, where it is going, and how old it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from handlers.buttons.alarms import OfferThresholds
from handlers.buttons.sensors import DrawReadings, ListSensors, LocateSensor, Period, SendReadings
from handlers.buttons.sensors import ShowSensor as Show
from handlers.messages import Row, button, link
from handlers.readings.declared import stage_words
from handlers.readings.probes import probe_words
from handlers.readings.quantities import QUANTITIES, WATCHED, in_order, shown
from lorawan.measurement import Mark
from services.alarms.exercises import Exercises
from services.alarms.stages import Stages
from services.devices.lookups import Sensor
from services.readings.records import Latest
from services.readings.service import Readings
from services.readings.trend import (
    FEWEST,
    LONGEST_WINDOW,
    Direction,
    Point,
    Trend,
    interval_of,
    is_stale,
    trend,
    window_of,
)
from services.region.service import Region
from services.text import Text

Card = tuple[Markup, list[Row]]
GAUGE = "water.level"
OTHERS = 7
"""Further quantities that get a button."""
DOUBTFUL = Mark.OUT_OF_RANGE | Mark.SIMULATED
"""What is no measurement of the world."""
A_MOMENT = timedelta(microseconds=1)
LEARNING = timedelta(days=7)
"""How far back it is learned how often a sensor reports that says so little."""
TRENDS = {
    Direction.RISING: "readings.rising",
    Direction.FALLING: "readings.falling",
    Direction.STEADY: "readings.steady",
}
PERIODS = {
    Period.DAY: "readings.button-day",
    Period.WEEK: "readings.button-week",
    Period.MONTH: "readings.button-month",
    Period.YEAR: "readings.button-year",
}


@dataclass(frozen=True)
class SensorDesk:
    """What every answer about sensors needs."""

    text: Text
    region: Region
    readings: Readings
    now: datetime
    stages: Stages | None = None
    exercises: Exercises | None = None
    """None for both: no card is shown, only sensors are chosen."""

    async def card(self, sensor: Sensor, quantity: str = "", channel: int = 0) -> Card:
        """Return words and buttons for a quantity of a sensor, by default the first of it."""
        newest = self._for_people(sensor, await self.readings.latest(sensor.id))
        main = _wanted(newest, quantity, channel)
        lines = self.heading(sensor)
        if self.exercises is not None and await self.exercises.at_device(sensor.id):
            lines.insert(0, self.text("readings.exercise"))
        if main is None:
            lines.append(self.text("readings.nothing-yet"))
            return self.text.lines(lines), [*self._official(sensor), _around(sensor, self.text)]
        lines += ["", *await self._value(sensor, main)]
        others = [one for one in newest if one is not main]
        others.sort(key=lambda one: one.quantity != main.quantity)  # probes of its kind first
        if others:
            lines += ["", *(self._short(sensor, one) for one in others[:OTHERS])]
        lines += ["", *await self._declared(sensor, main), *self._notes(sensor, main)]
        return self.text.lines(lines), self._rows(sensor, main, others)

    def heading(self, sensor: Sensor) -> list[str]:
        """Return the name of a sensor and where it is, on lines of their own."""
        town = self.region.area_name(sensor.ars) if sensor.ars else ""
        where = ", ".join(part for part in (sensor.water, sensor.place, town) if part)
        lines: list[str] = [self.text("readings.heading", name=sensor.name)]
        return [*lines, self.text.plain(where)] if where else lines

    def _for_people(self, sensor: Sensor, newest: Sequence[Latest]) -> list[Latest]:
        """Return the newest values in the order of their importance, those with words only.

        Staff, who see internal sensors, are shown everything.
        """
        by_key = {(one.quantity, one.channel): one for one in newest}
        known = [key for key in by_key if sensor.internal or key[0] in QUANTITIES]
        return [by_key[key] for key in in_order(known)]

    async def _value(self, sensor: Sensor, main: Latest) -> list[str]:
        text, words = self.text, shown(main.quantity).words(main.value, self.text)
        name = probe_words(sensor, main.quantity, main.channel, text)
        lines: list[str] = [text("readings.value", quantity=name, value=words)]
        points = await self._recent(sensor, main)
        interval = interval_of([time for time, _ in points], sensor.interval)
        moment, ago = text.moment(main.time), text.ago(self.now - main.time)
        if is_stale(main.time, self.now, interval):
            return [*lines, text("readings.stale", moment=moment, ago=ago)]
        if going := self._going(main, points, interval):
            lines.append(self._trend(main, going))
        if main.quantity == GAUGE and sensor.datum is not None and not main.marks & DOUBTFUL:
            level = text.amount(sensor.datum + main.value, "length-meter", 2)
            lines.append(text("readings.above-sea", level=level))
        return [*lines, text("readings.measured", moment=moment, ago=ago)]

    async def _recent(self, sensor: Sensor, main: Latest) -> list[Point]:
        """Return the values that may tell a trend, and how often they come, in order."""
        if sensor.interval:
            return await self._since(sensor, main, self.now - window_of(sensor.interval))
        points = await self._since(sensor, main, self.now - LONGEST_WINDOW)
        if len(points) >= FEWEST:
            return points
        return await self._since(sensor, main, main.time - LEARNING)  # it reports seldom

    async def _since(self, sensor: Sensor, main: Latest, since: datetime) -> list[Point]:
        until = self.now + A_MOMENT
        values = await self.readings.values(
            sensor.id, main.quantity, main.channel, since=since, until=until
        )
        return [(one.time, one.value) for one in values if not one.marks & DOUBTFUL]

    def _going(self, main: Latest, points: list[Point], interval: timedelta) -> Trend | None:
        how = shown(main.quantity)
        if how.steady is None or main.marks & DOUBTFUL:
            return None
        factor = how.factor
        found = [(time, value * factor) for time, value in points]
        return trend(found, now=self.now, interval=interval, steady=how.steady)

    def _trend(self, main: Latest, going: Trend) -> str:
        how, span = shown(main.quantity), self.text.span(going.window)
        decimals = how.decimals if abs(going.per_hour) >= 1 else max(how.decimals, 1)
        rate = self.text.amount(abs(going.per_hour), how.unit, decimals)
        return self.text(TRENDS[going.direction], rate=rate, span=span)

    def _short(self, sensor: Sensor, one: Latest) -> str:
        name = probe_words(sensor, one.quantity, one.channel, self.text)
        value = shown(one.quantity).words(one.value, self.text)
        return self.text("readings.short", quantity=name, value=value)

    async def _declared(self, sensor: Sensor, main: Latest) -> list[str]:
        """Return the stages that hold where a gauge stands, each with who declared it."""
        if main.quantity != GAUGE or self.stages is None or not sensor.water:
            return []
        place = sensor.ars or self.region.facts.ars
        found = await self.stages.open()
        return [stage_words(one, self.text) for one in found if one.holds_at(sensor.water, place)]

    def _notes(self, sensor: Sensor, main: Latest) -> list[str]:
        """Return what must be said about the value: never more certain than it is."""
        text, flood = self.text, self.region.facts.sensors.flood
        notes: list[str] = [text("readings.unchecked")]
        if main.marks & Mark.OUT_OF_RANGE:
            notes.insert(0, text("readings.implausible"))
        if main.marks & Mark.SIMULATED:
            notes.insert(0, text("readings.simulated"))
        if main.quantity == GAUGE and flood:
            notes.append(text("readings.flood", name=flood.name))
        if sensor.internal:
            notes.append(text("readings.internal"))
        return notes

    def _official(self, sensor: Sensor) -> list[Row]:
        flood = self.region.facts.sensors.flood
        is_gauge = any(quantity == GAUGE for quantity, _ in sensor.series)
        return [[link(flood.name, str(flood.url))]] if flood and is_gauge else []

    def _watch(self, sensor: Sensor, main: Latest) -> Row:
        """Return the button to be told of a value; only of what everybody may see."""
        if sensor.internal or main.quantity not in WATCHED:
            return []
        key = {"quantity": main.quantity, "channel": main.channel}
        wanted = OfferThresholds(device=sensor.id, **key)
        return [button(self.text("readings.button-watch"), wanted)]

    def _rows(self, sensor: Sensor, main: Latest, others: Sequence[Latest]) -> list[Row]:
        text = self.text
        further = [
            button(
                probe_words(sensor, one.quantity, one.channel, text),
                Show(device=sensor.id, quantity=one.quantity, channel=one.channel),
            )
            for one in others[:OTHERS]
        ]
        return [
            *period_buttons(sensor, main.quantity, main.channel, text),
            self._watch(sensor, main),
            *([one] for one in further),
            *self._official(sensor),
            _around(sensor, text),
        ]


def period_buttons(sensor: Sensor, quantity: str, channel: int, text: Text) -> list[Row]:
    """Return the buttons for charts of a day to a year, and for a table of a week."""
    key = {"device": sensor.id, "quantity": quantity, "channel": channel}
    charts = [
        button(text(label), DrawReadings(period=period, **key))
        for period, label in PERIODS.items()
    ]
    table = button(text("readings.button-table"), SendReadings(period=Period.WEEK, **key))
    return [charts[:2], charts[2:], [table]]


def _around(sensor: Sensor, text: Text) -> Row:
    """Return the buttons to the map, where the place is known, and to the other sensors."""
    listed = button(text("readings.button-list"), ListSensors())
    if sensor.latitude is None or sensor.longitude is None:
        return [listed]
    return [button(text("readings.button-map"), LocateSensor(device=sensor.id)), listed]


def _wanted(newest: Sequence[Latest], quantity: str, channel: int) -> Latest | None:
    """Return the value of a quantity, else the most important one."""
    for one in newest:
        if (one.quantity, one.channel) == (quantity, channel):
            return one
    return next(iter(newest), None)
