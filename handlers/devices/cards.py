"""How a device looks to staff: what it is, where it hangs, how it is heard."""

from collections.abc import Iterator
from datetime import timedelta

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from handlers.buttons.alarms import BeginRule
from handlers.buttons.sensors import (
    AskDevice,
    DeviceList,
    DeviceView,
    MoveDevice,
    ShowDevice,
    ShowDevices,
)
from handlers.devices.desk import STATES, TYPES, VISIBILITIES, Desk
from handlers.messages import Row, button, link
from lorawan.measurement import Mark
from lorawan.vocabulary import QUANTITIES
from services.acceptance.records import Report
from services.devices.model import Device, State, Visibility
from services.devices.rules import GAUGE, Field
from services.readings.records import Latest
from services.staff.rules import Action
from services.text import Text

MOST_VALUES = 8
UNITS = {"Cel": "°C", "deg": "°", "ug/m3": "µg/m³", "1": ""}
"""UCUM's units as people write them; the others are written alike."""
MAP = "https://www.openstreetmap.org/?mlat={latitude:.6f}&mlon={longitude:.6f}#map=17/{latitude:.6f}/{longitude:.6f}"
WEEK = timedelta(days=7)
GOOD_SNR, WEAK_SNR = 0.0, -12.0
"""dB: LoRa is still read at -7.5 (SF7) to -20 (SF12)."""
GOOD_RSSI, WEAK_RSSI = -105.0, -118.0
"""dBm: a gateway's ears end at about -137 (SF12) to -123 (SF7)."""
GOOD_BATTERY, WEAK_BATTERY = 40.0, 15.0
"""Percent."""


async def card(desk: Desk, device: Device) -> tuple[Markup, list[Row]]:
    """Return a device's card."""
    report = await desk.acceptances.link(device, WEEK)
    lines = [_head(device, desk.text), *_facts(desk, device), *_signs(device, report, desk.text)]
    lines += [_value(one, desk.text) for one in await desk.readings.latest(device.id)][
        :MOST_VALUES
    ]
    return desk.text.lines(lines), list(_buttons(desk, device))


def _head(device: Device, text: Text) -> Markup:
    state = text(STATES[State(device.state)])
    if device.state == State.MAINTENANCE and device.maintenance_until:
        until = text.moment(device.maintenance_until)
        state = text("devices.state-until", state=state, until=until)
    visibility = text(VISIBILITIES[Visibility(device.visibility)])
    return text("devices.head", name=device.name, state=state, visibility=visibility)


def _facts(desk: Desk, device: Device) -> Iterator[Markup]:
    text = desk.text
    yield text("devices.address", address=device.address)
    kind = text(TYPES[device.type]) if device.type in TYPES else text("devices.open")
    profile = device.profile or text("devices.open")
    yield text("devices.kind", type=kind, profile=profile)
    if device.model:
        yield text("devices.model", model=device.model)
    owner = desk.region.area_name(device.ars) if device.ars else text("devices.open")
    yield text("devices.where", place=where(device, text), owner=owner)
    if device.tags:
        yield text("devices.tags", tags=device.tags.replace(" ", ", "))
    if device.type == GAUGE:
        yield text(
            "devices.gauge",
            water=device.water or text("devices.open"),
            height=_metres(device.mounting_height, text),
            datum=_metres(device.gauge_datum, text),
        )


def _signs(device: Device, report: Report, text: Text) -> Iterator[Markup]:
    """Yield the signs of life."""
    seen = text.moment(device.seen_at) if device.seen_at else text("devices.never")
    yield text("devices.seen", moment=seen)
    if device.battery is not None:
        yield text(
            "devices.battery",
            percent=round(device.battery),
            verdict=text(battery_key(device.battery)),
        )
    elif device.battery_volt is not None:
        yield text("devices.battery-volt", volt=text.number(round(device.battery_volt, 2)))
    if report.rssi_median is not None and report.snr_median is not None:
        yield text(
            "devices.signal",
            rssi=round(report.rssi_median),
            snr=text.number(round(report.snr_median, 1)),
            verdict=text(signal_key(report.rssi_median, report.snr_median)),
        )
    if report.received:
        yield text(
            "devices.loss",
            percent=text.number(round(100 * report.loss, 1)),
            received=report.received,
            lost=report.lost,
        )


def signal_key(rssi: float, snr: float) -> str:
    """Return the text key that says how well a device is heard (dBm, dB)."""
    if snr < WEAK_SNR or rssi < WEAK_RSSI:
        return "devices.signal-weak"
    if snr < GOOD_SNR or rssi < GOOD_RSSI:
        return "devices.signal-fair"
    return "devices.signal-good"


def _value(latest: Latest, text: Text) -> Markup:
    """Return a newest value as the vocabulary names it: staff check the mapping by that."""
    quantity = QUANTITIES.get(latest.quantity)
    probe = f" {latest.channel}" if latest.channel else ""
    unit = UNITS.get(quantity.unit, quantity.unit) if quantity else ""
    doubt = text("devices.value-out-of-range") if Mark.OUT_OF_RANGE in latest.marks else ""
    return text(
        "devices.value",
        quantity=f"{latest.quantity}{probe}",
        value=text.number(round(latest.value, 3)),
        unit=unit,
        moment=text.moment(latest.time),
        doubt=doubt,
    )


def battery_key(percent: float) -> str:
    """Return the text key that says how full a battery is."""
    if percent < WEAK_BATTERY:
        return "devices.battery-weak"
    return "devices.battery-good" if percent >= GOOD_BATTERY else "devices.battery-fair"


def where(device: Device, text: Text) -> Markup:
    """Return a place in words, or its coordinates, or that nobody said."""
    if device.place:
        return text.plain(device.place)
    if device.latitude is None or device.longitude is None:
        return text("devices.open")
    return text.plain(f"{device.latitude:.5f}, {device.longitude:.5f}")


def map_link(device: Device) -> str | None:
    """Return where the device is on a map; None while nobody said."""
    if device.latitude is None or device.longitude is None:
        return None
    return MAP.format(latitude=device.latitude, longitude=device.longitude)


def _metres(metres: float | None, text: Text) -> Markup:
    if metres is None:
        return text("devices.open")
    return text("devices.metres", metres=text.number(metres))


def _buttons(desk: Desk, device: Device) -> Iterator[Row]:
    """Yield at most six rows."""
    text = desk.text
    address = map_link(device)
    if address:
        shown = ShowDevice(device=device.id, view=DeviceView.PLACE)
        yield [
            link(text("devices.button-map"), address),
            button(text("devices.button-location"), shown),
        ]
    if desk.devices.may_change(desk.actor, device):
        if device.state in {State.TEST, State.RELEASED, State.MAINTENANCE}:
            yield [_view(device, DeviceView.CHANGE, text), _view(device, DeviceView.TEST, text)]
            yield from _rule(desk, device)
        yield from _steps(device, text)
    listed = DeviceList.UNKNOWN if device.state == State.UNKNOWN else DeviceList.IN_USE
    yield [button(text("devices.button-list"), ShowDevices(listed=listed))]


def _rule(desk: Desk, device: Device) -> Iterator[Row]:
    """Yield the button of a new rule about a device, for who may make rules."""
    county = desk.region.facts.ars
    if desk.actor.may(Action.HANDLE_ALARMS, county, desk.devices.clock()):
        yield [button(desk.text("devices.button-alarm-rule"), BeginRule(device=device.id))]


def _view(device: Device, view: DeviceView, text: Text) -> InlineKeyboardButton:
    key = "devices.button-change" if view is DeviceView.CHANGE else "devices.button-test"
    return button(text(key), ShowDevice(device=device.id, view=view))


def _steps(device: Device, text: Text) -> Iterator[Row]:
    """Yield the states a device may go to next."""
    if device.state == State.UNKNOWN:
        yield adoption(device, text)
    elif device.state == State.RELEASED:
        maintain = AskDevice(device=device.id, field=Field.MAINTENANCE)
        yield [button(text("devices.button-maintain"), maintain)]
        yield [
            step(device, State.TEST, "devices.button-back-to-test", text),
            step(device, State.RETIRED, "devices.button-retire", text, sure=False),
        ]
    elif device.state == State.MAINTENANCE:
        prolong = AskDevice(device=device.id, field=Field.MAINTENANCE)
        yield [
            step(device, State.RELEASED, "devices.button-maintained", text),
            button(text("devices.button-prolong"), prolong),
        ]
    elif device.state == State.TEST:
        yield [
            step(device, State.IGNORED, "devices.button-ignore", text, sure=False),
            step(device, State.RETIRED, "devices.button-retire", text, sure=False),
        ]
    else:
        yield [step(device, State.TEST, "devices.button-back-to-test", text)]


def adoption(device: Device, text: Text) -> Row:
    """Return the two buttons of an unknown device."""
    return [
        step(device, State.TEST, "devices.button-adopt", text),
        step(device, State.IGNORED, "devices.button-ignore", text),
    ]


def step(
    device: Device, state: State, key: str, text: Text, *, sure: bool = True
) -> InlineKeyboardButton:
    """Return the button that leads a device to a state."""
    data = MoveDevice(device=device.id, revision=device.revision, state=state, sure=sure)
    return button(text(key), data)
