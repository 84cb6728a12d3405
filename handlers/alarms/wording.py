"""Alarms in words: what, how grave, since when; always as what it is, an unchecked measurement.

No word of ours says that a stage was declared: that is for those who declare stages, and where
one is named, so are they.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from handlers.readings.cards import TRENDS
from handlers.readings.declared import stage_words
from handlers.readings.quantities import name_of, shown
from lorawan.measurement import Mark
from services.alarms.model import Kind
from services.alarms.rules.notify import News
from services.alarms.rules.records import Direction, Severity, Signal
from services.alarms.sight import Sight
from services.devices.rules import probes_of
from services.readings.service import Readings
from services.readings.trend import LONGEST_WINDOW, interval_of, trend
from services.region.service import Region
from services.text import Text

SEVERITIES = {
    Severity.NOTICE: "alarms.severity-notice",
    Severity.START: "alarms.severity-start",
    Severity.WATCH: "alarms.severity-watch",
    Severity.GUARD: "alarms.severity-guard",
    Severity.DEFENCE: "alarms.severity-defence",
}
ICONS = {
    Severity.NOTICE: "🔵",
    Severity.START: "🟡",
    Severity.WATCH: "🟠",
    Severity.GUARD: "🔴",
    Severity.DEFENCE: "🟣",
}
HEADS = {
    News.FIRED: "alarms.head",
    News.ROSE: "alarms.head-rose",
    News.FELL: "alarms.head-fell",
    News.REPEATED: "alarms.head-repeated",
    News.CALM: "alarms.head-calm",
    News.FLAPPING: "alarms.head-flapping",
}
ENDS = {
    Kind.VALUE: "alarms.end-value",
    Kind.OFFLINE: "alarms.end-offline",
    Kind.GATEWAY: "alarms.end-gateway",
    Kind.DOUBT: "alarms.end-doubt",
    Kind.STUCK: "alarms.end-stuck",
}
KINDS = {
    Kind.OFFLINE: "alarms.kind-offline",
    Kind.GATEWAY: "alarms.kind-gateway",
    Kind.DOUBT: "alarms.kind-doubt",
    Kind.STUCK: "alarms.kind-stuck",
}
OTHER_ENDS = {
    "withdrawn": "alarms.end-withdrawn",
    "rule-changed": "alarms.end-rule-changed",
    "device-gone": "alarms.end-device-gone",
}
DOUBTFUL = Mark.OUT_OF_RANGE | Mark.SIMULATED
A_MOMENT = timedelta(microseconds=1)


class Speaker(Protocol):
    """Whoever says something in a language."""

    @property
    def text(self) -> Text: ...


@dataclass(frozen=True)
class Wording:
    """Puts an alarm into a language."""

    text: Text
    region: Region

    def lines(self, one: Sight, kind: News, severity: Severity, going: str = "") -> list[str]:
        """Return the lines of a piece of news; the first says it all."""
        text, name = self.text, one.alarm.device
        if kind is News.RESOLVED:
            number = text("alarms.number", number=one.alarm.id)
            return [*self._over(one), *self.declared(one), number]
        words = text(SEVERITIES[severity])
        head = text(HEADS[kind], icon=ICONS[severity], name=name, severity=words)
        return [head, *self._facts(one, going), *self.declared(one), *self._tail(one)]

    def short(self, one: Sight) -> str:
        """Return one line for an alarm that was told before."""
        return self.text(
            "alarms.still",
            icon=ICONS[one.severity],
            name=one.alarm.device,
            severity=self.text(SEVERITIES[one.severity]),
            number=one.alarm.id,
        )

    def brief(self, one: Sight) -> str:
        """Return one line for an alarm that came and went."""
        alarm = one.alarm
        return self.text(
            "alarms.digest-line",
            name=self.marked(one),
            severity=self.text(SEVERITIES[alarm.highest]),
            begin=self.text.moment(alarm.began_at),
            end=self.text.moment(alarm.ended_at or alarm.level_at),
        )

    def marked(self, one: Sight) -> str:
        """Return what an alarm is of, marked where it is an exercise."""
        name = one.alarm.device
        return self.text("alarms.exercise-mark", name=name) if one.alarm.exercise else name

    def own(self, one: Sight, *, over: bool) -> list[str]:
        """Return what a person hears of their own threshold."""
        alarm = one.alarm
        how = shown(alarm.labels.quantity)
        above = (alarm.direction is Direction.ABOVE) is not over
        limit = how.words(alarm.thresholds[0], self.text) if alarm.thresholds else ""
        lines: list[str] = [
            self.text(
                "alarms.own-above" if above else "alarms.own-below",
                name=alarm.device,
                quantity=self._probe(one),
                limit=limit,
            )
        ]
        if alarm.value is not None and alarm.value_at is not None:
            value, moment = how.words(alarm.value, self.text), self.text.moment(alarm.value_at)
            lines.append(self.text("alarms.own-value", value=value, moment=moment))
        return [*lines, *self.declared(one)]

    def declared(self, one: Sight) -> Iterator[str]:
        """Yield the stages that hold where an alarm is, each with who declared it."""
        yield from (stage_words(each, self.text) for each in one.declared)

    def measured(self, one: Sight) -> Iterator[str]:
        """Yield the value that decided, when it was measured, and that nobody checked it."""
        alarm = one.alarm
        if alarm.value is not None and alarm.value_at is not None:
            yield self.text(
                "alarms.measured",
                quantity=self._quantity(one),
                value=self.value_words(one, alarm.value),
                moment=self.text.moment(alarm.value_at),
            )

    def limit(self, one: Sight) -> Iterator[str]:
        """Yield which reference value was passed."""
        if one.threshold is not None:
            above = one.alarm.direction is Direction.ABOVE
            limit = self.value_words(one, one.threshold)
            yield self.text("alarms.limit-above" if above else "alarms.limit-below", limit=limit)

    def value_words(self, one: Sight, value: float) -> str:
        """Return a value, or its change an hour where that is weighed."""
        words = shown(one.alarm.labels.quantity).words(value, self.text)
        if one.alarm.signal is Signal.RATE:
            return self.text("alarms.an-hour", value=words)
        return words

    def place(self, one: Sight) -> str:
        """Return the water, the place in words and the municipality."""
        alarm = one.alarm
        town = self.region.area_name(alarm.labels.ars) if alarm.labels.ars else ""
        return ", ".join(part for part in (alarm.water, alarm.place, town) if part)

    def _facts(self, one: Sight, going: str) -> Iterator[str]:
        alarm, text = one.alarm, self.text
        if alarm.kind is not Kind.VALUE:
            yield from self._about_the_sensor(one)
            return
        yield from self.measured(one)
        yield from self.limit(one)
        if going:
            yield going
        if alarm.frozen:
            yield text("alarms.frozen")
        if alarm.flapping:
            yield text("alarms.flapping")
        if alarm.recovering:
            yield text("alarms.recovering")

    def _about_the_sensor(self, one: Sight) -> Iterator[str]:
        alarm, text = one.alarm, self.text
        seen = text.moment(alarm.value_at or alarm.began_at)
        if alarm.kind is Kind.OFFLINE:
            yield text("alarms.offline", moment=seen)
            if alarm.in_danger:
                yield text("alarms.offline-in-danger")
        elif alarm.kind is Kind.GATEWAY:
            yield text("alarms.gateway", moment=seen)
            if alarm.value:
                yield text("alarms.gateway-devices", count=int(alarm.value))
        elif alarm.value is not None:
            name = name_of(alarm.labels.quantity, alarm.channel, text)
            value = shown(alarm.labels.quantity).words(alarm.value, text)
            if alarm.kind is Kind.DOUBT:
                yield text("alarms.doubt", quantity=name, value=value, moment=seen)
            else:
                count = alarm.level
                yield text("alarms.stuck", quantity=name, value=value, count=count, moment=seen)

    def _quantity(self, one: Sight) -> str:
        name = self._probe(one)
        if one.alarm.signal is Signal.RATE:
            return self.text("alarms.rate-of", quantity=name)
        return name

    def _probe(self, one: Sight) -> str:
        alarm = one.alarm
        label = probes_of(" ".join(alarm.labels.tags)).get(alarm.channel, "")
        return name_of(alarm.labels.quantity, alarm.channel, self.text, label)

    def _tail(self, one: Sight) -> Iterator[str]:
        alarm, text = one.alarm, self.text
        if where := self.place(one):
            yield text.plain(where)
        if alarm.acknowledged_at is None:
            yield text("alarms.not-taken", number=alarm.id)
        else:
            time = text.time(alarm.acknowledged_at)
            yield text("alarms.taken", number=alarm.id, label=one.taken_by, time=time)

    def _over(self, one: Sight) -> Iterator[str]:
        alarm, text = one.alarm, self.text
        yield text(OTHER_ENDS.get(alarm.end, ENDS[alarm.kind]), name=alarm.device)
        if alarm.end not in OTHER_ENDS and alarm.kind is Kind.VALUE:
            yield from self.measured(one)
        lasted = (alarm.ended_at or alarm.level_at) - alarm.began_at
        yield text("alarms.lasted", span=text.span(max(lasted, timedelta(0))))


async def trend_of(one: Sight, readings: Readings, text: Text) -> str:
    """Return where the value is going; "" where that cannot be said."""
    alarm, how, now = one.alarm, shown(one.alarm.labels.quantity), readings.clock()
    if how.steady is None or alarm.device_id is None or alarm.kind is not Kind.VALUE:
        return ""
    values = await readings.values(
        alarm.device_id,
        alarm.labels.quantity,
        alarm.channel,
        since=now - LONGEST_WINDOW,
        until=now + A_MOMENT,
    )
    points = [(v.time, v.value * how.factor) for v in values if not v.marks & DOUBTFUL]
    interval = interval_of([time for time, _ in points])
    going = trend(points, now=now, interval=interval, steady=how.steady)
    if going is None:
        return ""
    decimals = how.decimals if abs(going.per_hour) >= 1 else max(how.decimals, 1)
    rate = text.amount(abs(going.per_hour), how.unit, decimals)
    return text(TRENDS[going.direction], rate=rate, span=text.span(going.window))


def read_news(words: str) -> Mapping[int, tuple[News, Severity]]:
    """Return what the news of a message say: by the alarm's number why, and how grave."""
    found = {}
    for word in words.split():
        number, kind, severity = word.split(".")
        found[int(number)] = (News(kind), Severity(int(severity)))
    return found
