"""A message about a group of alarms: its news, what else goes on there, and the buttons."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiogram.methods import TelegramMethod
from aiogram.types import InlineKeyboardButton

from handlers.alarms.wording import Wording, read_news, trend_of
from handlers.buttons.alarms import HushAlarm, ShowAlarm, TakeAlarm
from handlers.buttons.sensors import ShowSensor
from handlers.devices.cards import MAP
from handlers.messages import Row, button, link
from services.alarms.heralds import Heralds
from services.alarms.model import AlarmGroup, Kind
from services.alarms.rules.notify import News
from services.alarms.rules.records import Severity
from services.alarms.sight import Sight
from services.readings.service import Readings
from services.region.service import Region
from services.text import Text

MOST_TOLD = 10
MOST_STILL = 10
MOST_TAKEN = 5
"""Buttons for taking alarms on in one message."""
MANY_CHANGES = 5
UNREST = (News.FLAPPING, News.CALM, News.RESOLVED)
GAUGE = "water.level"
Page = tuple[str, list[Row]]
Told = Mapping[int, tuple[News, Severity]]


@dataclass(frozen=True)
class AlarmPages:
    """Writes messages about groups of alarms."""

    text: Text
    region: Region
    heralds: Heralds
    readings: Readings

    @property
    def wording(self) -> Wording:
        return Wording(self.text, self.region)

    async def of_group(self, row: AlarmGroup, news: str) -> Page | None:
        """Return a message with its news as they stand now; None when nothing is left to say."""
        told = read_news(news)
        numbers = [number for number, _ in _gravest_first(told)[:MOST_TOLD]]
        still = _still_fire(row, told)
        found = await self.heralds.sights({*numbers, *still[:MOST_STILL]})
        sights = {one.alarm.id: one for one in found}
        shown = {number: told[number] for number in numbers if number in sights}
        if not shown:
            return None
        if all(sights[number].is_own for number in shown):
            return self._own(sights, shown)
        lines = [*self._exercise(sights, shown), *await self._news(sights, shown)]
        lines += self._more(len(told) - len(numbers))
        lines += self._still([sights[n] for n in still if n in sights], len(still))
        return self.text.lines(lines), self._rows(row, sights, shown)

    def _exercise(self, sights: Mapping[int, Sight], shown: Told) -> list[str]:
        exercise = any(sights[number].alarm.exercise for number in shown)
        return [self.text("alarms.exercise"), ""] if exercise else []

    async def _news(self, sights: Mapping[int, Sight], shown: Told) -> list[str]:
        lines: list[str] = []
        for number, (kind, severity) in shown.items():
            going = ""
            if kind is not News.RESOLVED and len(shown) <= MOST_TAKEN:
                going = await trend_of(sights[number], self.readings, self.text)
            lines += ["", *self.wording.lines(sights[number], kind, severity, going)]
            lines += await self._unrest(sights[number], kind)
        return lines[1:]

    def _more(self, count: int) -> list[str]:
        return [self.text("alarms.more", count=count)] if count > 0 else []

    async def _unrest(self, one: Sight, kind: News) -> list[str]:
        """Return how often an alarm came and went, where it was left in peace for that."""
        if one.alarm.kind is not Kind.VALUE or kind not in UNREST:
            return []
        count = await self.heralds.changes(one)
        if kind is News.RESOLVED and count < MANY_CHANGES:
            return []
        return [self.text("alarms.changes", count=count)]

    def _still(self, sights: Sequence[Sight], count: int) -> Iterator[str]:
        """Yield a line for alarms told before; `count` with those that are not named."""
        still = [one for one in sights if one.alarm.ended_at is None]
        if still:
            yield ""
            yield self.text("alarms.still-head")
            yield from (self.wording.short(one) for one in still)
            yield from self._more(count - len(sights))

    def _own(self, sights: Mapping[int, Sight], shown: Told) -> Page:
        """Return what a person hears of their own threshold."""
        lines: list[str] = []
        for number, (kind, _) in shown.items():
            lines += ["", *self.wording.own(sights[number], over=kind is News.RESOLVED)]
        [first, *_] = (sights[number] for number in shown)
        rows: list[Row] = []
        if first.alarm.device_id is not None:
            see = ShowSensor(device=first.alarm.device_id)
            rows.append([button(self.text("alarms.button-sensor"), see)])
        flood = self.region.facts.sensors.flood
        if flood is not None and first.alarm.labels.quantity == GAUGE:
            lines += ["", self.text("alarms.own-official", name=flood.name)]
            rows.append([link(flood.name, flood.url)])
        return self.text.lines([*self._exercise(sights, shown), *lines[1:]]), rows

    def _rows(self, row: AlarmGroup, sights: Mapping[int, Sight], shown: Told) -> list[Row]:
        told = [sights[number] for number, _ in _gravest_first(shown)]
        fires = [one for one in told if one.alarm.ended_at is None]
        rows: list[Row] = [
            [self._take(one, row.id, several=len(fires) > 1)] for one in fires[:MOST_TAKEN]
        ]
        if len(fires) == 1:
            hush = HushAlarm(alarm=fires[0].alarm.id)
            rows[0] = [*rows[0], button(self.text("alarms.button-hush"), hush)]
        course = ShowAlarm(alarm=(fires or told)[0].alarm.id)
        last = [button(self.text("alarms.button-history"), course)]
        return [*rows, [*last, *self._map(fires or told)]]

    def _take(self, one: Sight, group: int, *, several: bool) -> InlineKeyboardButton:
        """Return the button that takes an alarm on, or gives it back."""
        alarm, text = one.alarm, self.text
        taken = alarm.acknowledged_at is not None
        data = TakeAlarm(alarm=alarm.id, severity=int(alarm.severity), group=group, back=taken)
        if several:
            key = "alarms.button-give-back-one" if taken else "alarms.button-take-one"
            return button(text(key, number=alarm.id), data)
        return button(text("alarms.button-give-back" if taken else "alarms.button-take"), data)

    def _map(self, sights: Sequence[Sight]) -> Row:
        first = sights[0].alarm
        if first.latitude is not None and first.longitude is not None:
            url = MAP.format(latitude=first.latitude, longitude=first.longitude)
            return [link(self.text("alarms.button-map"), url)]
        return []


def _still_fire(row: AlarmGroup, news: Told) -> list[int]:
    """Return alarms a chat was told of that are no news now, grave first."""
    alarms: Mapping[str, list[Any]] = row.told.get("alarms", {})
    fire = {int(number): severity for number, (severity, *_) in alarms.items()}
    return sorted(
        (number for number, one in fire.items() if one is not None and number not in news),
        key=lambda number: (-fire[number], number),
    )


def _gravest_first(shown: Told) -> list[tuple[int, tuple[News, Severity]]]:
    """Return news in the order they are read: what fires before what is over, grave first."""
    return sorted(shown.items(), key=lambda one: (one[1][0] is News.RESOLVED, -one[1][1], one[0]))


def addressed(
    method: TelegramMethod[Any], *, thread: int = 0, silently: bool = False
) -> TelegramMethod[Any]:
    """Return a message for a topic of a forum, or without a sound."""
    fields: dict[str, Any] = {}
    if thread:
        fields["message_thread_id"] = thread
    if silently:
        fields["disable_notification"] = True
    return method.model_copy(update=fields) if fields else method
