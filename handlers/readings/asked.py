"""Questions like "Wie hoch ist die Mulde in Bitterfeld?": a value, a choice, or an honest no."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from handlers.buttons.sensors import ListSensors, ShowSensor
from handlers.messages import Row, button, link
from handlers.readings.cards import Card, SensorDesk
from handlers.readings.lists import overview, rows_of
from handlers.readings.probes import probe_words
from handlers.readings.quantities import MEASURES, WATER_TEMPERATURE
from nlu.measured import Measured, Wanted, wanted
from nlu.patterns import plain
from nlu.places import names_other_place
from nlu.probes import means_probe, names_probe
from services.devices.lookups import Sensor
from services.region.records import Municipality

MOST_OFFERED = 7
SHORTEST_NAME = 4
"""Letters of a word that can tell one sensor from another."""


@dataclass(frozen=True)
class Asked:
    """Somebody asks in free text.

    Attributes:
        desk: what every answer needs, in the language of the question.
        sensors: those the person may see, at least all that measure what is asked for.
        home: the municipality the person lives in (ARS), or "".
        private: whether nobody else reads along.
    """

    desk: SensorDesk
    sensors: Sequence[Sensor]
    home: str
    private: bool

    async def reply(self, found: Wanted, question: str, places: Sequence[Municipality]) -> Card:
        """Return the value that was asked for, or what there is instead."""
        if found.measured is Measured.ANY and not places:
            named = self._named(self.sensors, question)
            if len(named) != 1:
                return overview(
                    self.sensors, self.desk.text, self.desk.region, private=self.private
                )
        able = [one for one in self.sensors if quantity_of(one, found)]
        fitting = self.fitting(able, found, question, places)
        if len(fitting) == 1:
            return await self._probe(fitting[0], found, question)
        if fitting:
            return self.desk.text("readings.choose"), self._offered(fitting)
        return self.none(found, able)

    async def _probe(self, sensor: Sensor, found: Wanted, question: str) -> Card:
        """Return the value of the probe that is meant; a choice where that one does not exist."""
        keys = keys_of(sensor, found, question)
        means_another = names_probe(question) and len(keys) > 1
        if not means_another:
            return await self.desk.card(sensor, *(keys or [("", 0)])[0])
        text = self.desk.text
        rows: list[Row] = [
            [button(probe_words(sensor, *key, text), ShowSensor(device=sensor.id, **as_data(key)))]
            for key in keys[:MOST_OFFERED]
        ]
        return text("readings.choose-probe", name=sensor.name), rows

    def fitting(
        self,
        able: Sequence[Sensor],
        found: Wanted,
        question: str,
        places: Sequence[Municipality],
    ) -> Sequence[Sensor]:
        """Return the sensors a question means, among those that measure what it asks for."""
        if found.waters:
            able = [one for one in able if one.water in found.waters]
        if places:
            able = [one for one in able if one.ars in {place.ars for place in places}]
        having = [one for one in able if has_probe(one, found, question)]
        able = self._named(having or able, question)
        at_home = [one for one in able if one.ars == self.home]
        return at_home if at_home and not (places or found.waters) else able

    def _named(self, sensors: Sequence[Sensor], question: str) -> Sequence[Sensor]:
        """Return the sensors of whose name and place the question says most; all when none."""
        said = set(plain(self.desk.region.gazetteer.without_places(question)).split())
        said = {word for word in said if len(word) >= SHORTEST_NAME}
        scores = [len(said & _words(one)) for one in sensors]
        best = max(scores, default=0)
        return [one for one, score in zip(sensors, scores, strict=True) if score == best]

    def _offered(self, sensors: Sequence[Sensor]) -> list[Row]:
        text = self.desk.text
        rows = rows_of(sensors[:MOST_OFFERED], text, self.desk.region)
        if len(sensors) > MOST_OFFERED:
            rows.append([button(text("readings.button-list"), ListSensors())])
        return rows

    def none(self, found: Wanted, able: Sequence[Sensor]) -> Card:
        """Say that nothing of ours measures that there, what does, and who knows of floods."""
        text, flood = self.desk.text, self.desk.region.facts.sensors.flood
        lines: list[str] = [text("readings.none-there" if able else "readings.none-at-all")]
        rows = self._offered(sorted(able, key=lambda one: one.water not in found.waters))
        if found.measured is Measured.WATER_LEVEL and flood:
            lines += ["", text("readings.flood", name=flood.name)]
            rows.append([link(flood.name, str(flood.url))])
        return text.lines(lines), rows


def asks_for(question: str, desk: SensorDesk) -> Wanted | None:
    """Return which measured value of ours a question asks for.

    Who names a place that is not in the county ("die Elbe in Dresden") does not ask us.
    """
    region = desk.region
    found = wanted(question, region.facts.sensors.spellings)
    if found and names_other_place(region.gazetteer.without_places(question)):
        return None
    return found


def quantities_of(found: Wanted) -> tuple[str, ...] | None:
    """Return which quantities answer a question, the best first; None: any at all."""
    if found.measured is Measured.ANY:
        return None
    if found.waters and found.measured is Measured.TEMPERATURE:
        return (WATER_TEMPERATURE,)
    return MEASURES[found.measured]


def quantity_of(sensor: Sensor, found: Wanted) -> tuple[str, int] | None:
    """Return the quantity and channel of a sensor that answers a question; None: it has none."""
    quantities = quantities_of(found) or MEASURES[Measured.ANY]
    return next(
        (key for quantity in quantities for key in sensor.series if key[0] == quantity), None
    )


def keys_of(sensor: Sensor, found: Wanted, question: str) -> list[tuple[str, int]]:
    """Return quantity and channel of the probes a question may mean: those it names, else all."""
    first = quantity_of(sensor, found)
    keys = [key for key in sorted(sensor.series) if first and key[0] == first[0]]
    named = [key for key in keys if _is_meant(sensor, key[1], question)]
    return named or keys


def has_probe(sensor: Sensor, found: Wanted, question: str) -> bool:
    """Whether a sensor has the probe that a question names."""
    keys = keys_of(sensor, found, question)
    return any(_is_meant(sensor, channel, question) for _, channel in keys)


def _is_meant(sensor: Sensor, channel: int, question: str) -> bool:
    return means_probe(question, sensor.probes.get(channel, ""), channel + 1)


def as_data(key: tuple[str, int]) -> dict[str, Any]:
    """Return quantity and channel as a button carries them."""
    return {"quantity": key[0], "channel": key[1]}


def _words(sensor: Sensor) -> frozenset[str]:
    return _words_of(f"{sensor.name} {sensor.place}")


@lru_cache(maxsize=4096)
def _words_of(names: str) -> frozenset[str]:
    return frozenset(plain(names).split())
