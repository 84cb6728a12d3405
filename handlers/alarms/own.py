"""A person's own thresholds: wished for in words or by a button, listed, removed."""

import math
from collections.abc import Sequence
from typing import Any

from aiogram.methods import AnswerCallbackQuery, TelegramMethod
from aiogram.types import CallbackQuery
from markupsafe import Markup

from handlers.alarms.desk import AlarmDesk, Card
from handlers.buttons.alarms import OfferThresholds, ShowThresholds, WatchValue
from handlers.messages import Reply, Row, button, link, say
from handlers.readings.asked import Asked, as_data, keys_of, quantities_of, quantity_of
from handlers.readings.cards import GAUGE, SensorDesk
from handlers.readings.probes import probe_words
from handlers.readings.quantities import WATCHED, WATER_TEMPERATURE, name_of, shown
from handlers.tongues import offer as offer_language
from nlu.measured import Wanted
from nlu.places import names_other_place
from nlu.probes import without_probe
from nlu.thresholds import FREEZING, Side, Wish, wish
from services.alarms.rules.records import Direction
from services.alarms.thresholds import MOST, Watch, watch_of
from services.devices.lookups import Sensor
from services.region.records import Municipality
from services.staff.rules import Actor

ANYBODY = Actor()
THOUSAND = 1000
MOST_OFFERED = 7
STEP = 0.5
"""Metres between the levels that are offered."""


async def wished(
    desk: AlarmDesk, question: str, places: Sequence[Municipality]
) -> TelegramMethod[Any] | None:
    """Return the answer to a wish to be told of a value; None: nobody wishes that."""
    region = desk.region
    asks = without_probe(question)
    found = wish(asks, region.facts.sensors.spellings) if desk.is_private else None
    if found is None or names_other_place(region.gazetteer.without_places(question)):
        return None
    wanted = Wanted(found.measured, found.waters)
    answering = SensorDesk(desk.text, region, desk.readings, desk.now)
    visible = await desk.sensors.visible(ANYBODY, quantities_of(wanted))
    asked = Asked(answering, visible, desk.chat.municipality or "", private=True)
    able = [one for one in visible if _measures(one, wanted, found)]
    fitting = asked.fitting(able, wanted, question, places)
    if not fitting and not able and not (found.waters and region.facts.sensors.flood):
        return None
    card = (
        await _card(desk, fitting, wanted, found, question)
        if fitting
        else asked.none(wanted, able)
    )
    words, rows = card
    return say(desk.chat.telegram_id, words, [*rows, *offer_language(desk.text, desk.chat)])


def _measures(sensor: Sensor, wanted: Wanted, found: Wish) -> bool:
    key = quantity_of(sensor, wanted)
    if key is None or key[0] not in WATCHED:
        return False
    is_frost = found.value == FREEZING and found.side is Side.BELOW
    return not (is_frost and key[0] == WATER_TEMPERATURE)


async def _card(
    desk: AlarmDesk, sensors: Sequence[Sensor], wanted: Wanted, found: Wish, question: str
) -> Card:
    """Ask whether that is meant; where several sensors or probes may be meant, which."""
    probes = [(one, key) for one in sensors for key in keys_of(one, wanted, question)]
    watches = [(one, key, _watch(one, key, found)) for one, key in probes[:MOST_OFFERED]]
    if len(watches) == 1:
        [(sensor, _, data)] = watches
        if isinstance(data, OfferThresholds):
            return await _offered(desk, sensor, data)
        return await _confirming(desk, data)
    several = len(probes) > len(sensors)
    rows: list[Row] = [
        [button(_probe(desk, one, key) if several else one.name, data)]
        for one, key, data in watches
    ]
    return desk.text("alarms.which-probe" if several else "readings.choose"), rows


def _probe(desk: AlarmDesk, sensor: Sensor, key: tuple[str, int]) -> str:
    quantity = probe_words(sensor, *key, desk.text)
    return desk.text("readings.chart-title", sensor=sensor.name, quantity=quantity)


def _watch(sensor: Sensor, key: tuple[str, int], found: Wish) -> WatchValue | OfferThresholds:
    if found.value is None:
        return OfferThresholds(device=sensor.id, **as_data(key))
    above = found.side is not Side.BELOW
    at = round(found.value * THOUSAND)
    return WatchValue(device=sensor.id, above=above, at=at, **as_data(key))


async def _confirming(desk: AlarmDesk, data: WatchValue) -> Card:
    """Say what somebody would be told of, and ask whether that is meant."""
    text = desk.text
    watch = _meant(data)
    sensor = await desk.thresholds.check(watch)
    words = [
        text("alarms.watch-ask", sensor=sensor.name, what=said(desk, watch, sensor)),
        text("alarms.watch-clear", value=_value(desk, watch.quantity, watch.clear)),
        "",
        text("alarms.watch-note"),
    ]
    flood = desk.region.facts.sensors.flood if watch.quantity == GAUGE else None
    rows: list[Row] = [
        [button(text("alarms.button-watch"), data.model_copy(update={"sure": True}))],
        [link(flood.name, str(flood.url))] if flood else [],
    ]
    return text.lines(words), rows


def said(desk: AlarmDesk, watch: Watch, sensor: Sensor | None) -> Markup:
    """Return what is watched, in words: "Wasserstand ab 400 cm"."""
    key = (watch.quantity, watch.channel)
    above = watch.direction is Direction.ABOVE
    return desk.text(
        "alarms.watch-above" if above else "alarms.watch-below",
        quantity=probe_words(sensor, *key, desk.text) if sensor else name_of(*key, desk.text),
        value=_value(desk, watch.quantity, watch.at),
    )


def _value(desk: AlarmDesk, quantity: str, value: float) -> str:
    return shown(quantity).words(value, desk.text)


def _meant(data: WatchValue) -> Watch:
    side = Direction.ABOVE if data.above else Direction.BELOW
    return watch_of(data.device, data.quantity, side, data.at / THOUSAND, channel=data.channel)


async def offer(
    query: CallbackQuery, callback_data: OfferThresholds, alarm_desk: AlarmDesk
) -> Reply:
    """Offer values at which somebody may be told."""
    desk = alarm_desk
    if not desk.is_private:
        return _only_private(desk, query)
    sensor = await desk.sensors.get(ANYBODY, callback_data.device)
    return desk.says(query, await _offered(desk, sensor, callback_data))


async def _offered(desk: AlarmDesk, sensor: Sensor, wanted: OfferThresholds) -> Card:
    newest = await desk.readings.latest(sensor.id)
    quantity, key = wanted.quantity, (wanted.quantity, wanted.channel)
    now = next((one.value for one in newest if (one.quantity, one.channel) == key), None)
    rows: list[Row] = []
    for at in _suggested(quantity, now):
        above = at >= (now if now is not None else at)
        data = WatchValue(device=sensor.id, above=above, at=round(at * THOUSAND), **as_data(key))
        rows.append([button(said(desk, _meant(data), sensor).unescape(), data)])
    rows.append([button(desk.text("alarms.button-own"), ShowThresholds())])
    return desk.text("alarms.watch-which", sensor=sensor.name), rows


def _suggested(quantity: str, now: float | None) -> Sequence[float]:
    fixed = WATCHED.get(quantity, ())
    if fixed or quantity not in WATCHED:
        return fixed
    if now is None:
        return ()
    around = math.floor(now / STEP) * STEP
    return [at for at in (around, *(around + STEP * more for more in (1, 2, 3, 4))) if at >= 0]


async def watch(query: CallbackQuery, callback_data: WatchValue, alarm_desk: AlarmDesk) -> Reply:
    """Ask whether that is meant, or tell from now on."""
    desk, data = alarm_desk, callback_data
    if not desk.is_private:
        return _only_private(desk, query)
    wanted = _meant(data)
    sensor = await desk.thresholds.check(wanted)
    if not data.sure:
        return desk.shows(query, await _confirming(desk, data))
    new = await desk.thresholds.add(desk.chat, wanted)
    key = "alarms.watching" if new else "alarms.watching-already"
    words = desk.text(key, sensor=sensor.name, what=said(desk, wanted, sensor))
    return desk.shows(query, (words, [[button(desk.text("alarms.button-own"), ShowThresholds())]]))


async def listed(
    query: CallbackQuery, callback_data: ShowThresholds, alarm_desk: AlarmDesk
) -> Reply:
    """Show a person's own thresholds; remove one of them before."""
    desk = alarm_desk
    if callback_data.remove:
        await desk.thresholds.remove(desk.chat, callback_data.remove)
    return desk.shows(query, await page(desk))


async def page(desk: AlarmDesk) -> Card:
    """Return a person's own thresholds, each with a button that removes it."""
    text, found = desk.text, await desk.thresholds.listed(desk.chat)
    if not found:
        return text("alarms.own-none"), []
    lines: list[str] = [text("alarms.own", number=len(found), most=MOST)]
    rows: list[Row] = []
    for one in found:
        name = one.sensor.name if one.sensor else text("alarms.own-gone")
        what = said(desk, one.watch, one.sensor) if one.watch else text("alarms.own-unreadable")
        lines.append(text("alarms.own-line", sensor=name, what=what))
        label = text("alarms.button-own-end", sensor=name, what=what)
        rows.append([button(label, ShowThresholds(remove=one.id))])
    return text.lines([*lines, "", text("alarms.watch-note")]), rows


def _only_private(desk: AlarmDesk, query: CallbackQuery) -> TelegramMethod[Any]:
    """In a group nobody's own wishes are shown."""
    words = desk.text("alarms.only-private").unescape()
    return AnswerCallbackQuery(callback_query_id=query.id, text=words, show_alert=True)
