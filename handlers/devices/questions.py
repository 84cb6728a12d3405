"""What staff are asked about a device, one thing at a time, and how answers are understood."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from handlers.buttons.sensors import AskDevice, DecodeDevice, SetDevice, ShowDevice, SkipQuestion
from handlers.devices.desk import TYPES, VISIBILITIES, Desk, Reader
from handlers.messages import Row, button
from lorawan.labels import holds_key
from services.devices.model import Device
from services.devices.rules import (
    DATUMS,
    GAUGE,
    HEIGHTS,
    NAME_LENGTH,
    OF_GAUGES,
    PLACE_LENGTH,
    WATER_LENGTH,
    AnswerError,
    Field,
    read_end,
    read_interval,
    read_line,
    read_metres,
    read_spot,
    read_tags,
)

QUESTIONS = {
    Field.NAME: "devices.ask-name",
    Field.PLACE: "devices.ask-place",
    Field.TYPE: "devices.ask-type",
    Field.MUNICIPALITY: "devices.ask-municipality",
    Field.PROFILE: "devices.ask-profile",
    Field.VISIBILITY: "devices.ask-visibility",
    Field.HEIGHT: "devices.ask-height",
    Field.DATUM: "devices.ask-datum",
    Field.WATER: "devices.ask-water",
    Field.TAGS: "devices.ask-tags",
    Field.INTERVAL: "devices.ask-interval",
    Field.MAINTENANCE: "devices.ask-maintenance",
}
CHANGES = {
    Field.NAME: "devices.button-name",
    Field.PLACE: "devices.button-place",
    Field.TYPE: "devices.button-type",
    Field.PROFILE: "devices.button-profile",
    Field.MUNICIPALITY: "devices.button-municipality",
    Field.VISIBILITY: "devices.button-visibility",
    Field.INTERVAL: "devices.button-interval",
    Field.TAGS: "devices.button-tags",
    Field.HEIGHT: "devices.button-height",
    Field.DATUM: "devices.button-datum",
    Field.WATER: "devices.button-water",
}
SPANS = {
    Field.INTERVAL: ("10 min", "15 min", "30 min", "60 min"),
    Field.MAINTENANCE: ("2 h", "8 h", "24 h", "168 h"),
}
LINES = {Field.NAME: NAME_LENGTH, Field.WATER: WATER_LENGTH}
METRES = {Field.HEIGHT: HEIGHTS, Field.DATUM: DATUMS}
MOST_BYTES = 64
MOST_CHOICES = 14
ROW = 2
Answer = Mapping[str, Any]
"""Columns of a device."""


@dataclass(frozen=True)
class Choice:
    """An answer somebody can tap: what stands on the button and what is meant."""

    label: str
    value: str


async def asking(
    desk: Desk, device: Device, field: Field, *, guided: bool
) -> tuple[Markup, list[Row]]:
    """Return a question with the answers that can be tapped."""
    text = desk.text
    offered = await choices(desk, field, device.type)
    found = [(one.label, _setting(device, field, one.value)) for one in offered]
    fitting = ((label, data) for label, data in found if len(data.pack()) <= MOST_BYTES)
    taps = [button(label, data) for label, data in islice(fitting, MOST_CHOICES)]
    rows: list[Row] = [*_in_rows(taps)]
    skip = SkipQuestion(device=device.id, stop=not guided)
    rows.append([button(text("devices.button-later" if guided else "devices.button-leave"), skip)])
    return text(QUESTIONS[field], name=device.name), rows


async def choices(desk: Desk, field: Field, kind: str = "") -> list[Choice]:
    """Return what can be answered by a tap, or by what stands on a button.

    With a kind of device only what reads such devices.
    """
    text, region = desk.text, desk.region
    if field is Field.TYPE:
        return [Choice(str(text(key)), name) for name, key in TYPES.items()]
    if field is Field.VISIBILITY:
        return [Choice(str(text(key)), one) for one, key in VISIBILITIES.items()]
    if field is Field.MUNICIPALITY:
        places = sorted(region.municipalities, key=lambda one: one.name)
        county = Choice(region.facts.name, region.facts.ars)
        return [*(Choice(one.name, one.ars) for one in places), county]
    if field is Field.PROFILE:
        readers = await desk.readers()
        return [Choice(one.name, one.key) for one in readers if _fits(one, kind)]
    return [Choice(one, one) for one in SPANS.get(field, ())]


def _fits(reader: Reader, kind: str) -> bool:
    return not kind or not reader.type or reader.type == kind


async def read(desk: Desk, field: Field, words: str) -> Answer:
    """Return what an answer in words says, or raise `AnswerError`."""
    words = words.strip()
    if holds_key(words):
        raise AnswerError("devices.key-no-answer")
    if field is Field.PLACE:
        return _place(words)
    if field is Field.MAINTENANCE:
        return {"maintenance_until": read_end(words, desk.devices.clock())}
    if field is Field.TAGS:
        return {field: read_tags(words)}
    if field in LINES:
        return {field: read_line(words, LINES[field])}
    if field in METRES:
        return {field: read_metres(words, *METRES[field])}
    return {field: await _value(desk, field, words)}


async def _value(desk: Desk, field: Field, words: str) -> str | int:
    if field is Field.INTERVAL:
        return read_interval(words)
    if field is Field.MUNICIPALITY:
        return _municipality(desk, words)
    return await _chosen(desk, field, words)


def _place(words: str) -> Answer:
    spot = read_spot(words)
    if spot is None:
        return {"place": read_line(words, PLACE_LENGTH)}
    return {"latitude": spot.latitude, "longitude": spot.longitude}


def _municipality(desk: Desk, words: str) -> str:
    if desk.region.knows_area(words):
        return words
    if words.casefold() in {desk.region.facts.name.casefold(), "landkreis", "county"}:
        return desk.region.facts.ars
    found = desk.region.gazetteer.find(words)
    if len(found) != 1:
        raise AnswerError("devices.no-municipality")
    return found[0].ars


async def _chosen(desk: Desk, field: Field, words: str) -> str:
    """Return the one choice whose label or value was written."""
    wanted = words.casefold()
    offered = await choices(desk, field)
    exact = [one for one in offered if wanted in {one.label.casefold(), one.value.casefold()}]
    found = exact or [one for one in offered if wanted in one.label.casefold()]
    if len({one.value for one in found}) != 1:
        raise AnswerError("devices.no-choice")
    return found[0].value


def changing(desk: Desk, device: Device) -> tuple[Markup, list[Row]]:
    """Return what can be changed about a device, as buttons."""
    text = desk.text
    shown = [one for one in CHANGES if device.type == GAUGE or one not in OF_GAUGES]
    taps = [button(text(CHANGES[one]), AskDevice(device=device.id, field=one)) for one in shown]
    again = DecodeDevice(device=device.id, revision=device.revision)
    last = [
        button(text("devices.button-decode"), again),
        button(text("devices.button-card"), ShowDevice(device=device.id)),
    ]
    return text("devices.change-what", name=device.name), [*_in_rows(taps), last]


def is_far(desk: Desk, latitude: float, longitude: float) -> bool:
    """Whether a place is beyond the county's surroundings."""
    around = desk.region.facts.surroundings
    return around is not None and not around.hold(latitude, longitude)


def _setting(device: Device, field: Field, value: str) -> SetDevice:
    value = value.replace("|", "/")
    return SetDevice(device=device.id, revision=device.revision, field=field, value=value)


def _in_rows(taps: Iterable[InlineKeyboardButton]) -> Iterator[Row]:
    left = list(taps)
    for start in range(0, len(left), ROW):
        yield left[start : start + ROW]
