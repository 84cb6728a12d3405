"""Lists of devices: how many stand where, who waits to be adopted, who is silent."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from handlers.buttons.sensors import DeviceList, MoveDevice, ShowDevice, ShowDevices
from handlers.devices.cards import where
from handlers.devices.desk import STATES, Desk
from handlers.messages import Row, button
from services.devices.model import Device, State
from services.devices.rules import is_silent
from services.devices.service import IN_USE, DevicePage
from services.text import Text

LISTS = {
    DeviceList.IN_USE: IN_USE,
    DeviceList.UNKNOWN: (State.UNKNOWN,),
    DeviceList.PUT_AWAY: (State.RETIRED, State.IGNORED),
}
HEADINGS = {
    DeviceList.IN_USE: "devices.list-in-use",
    DeviceList.UNKNOWN: "devices.list-unknown",
    DeviceList.SILENT: "devices.list-silent",
    DeviceList.PUT_AWAY: "devices.list-put-away",
}
MOST_SILENT = 6


async def overview(desk: Desk) -> tuple[Markup, list[Row]]:
    """Return how many devices there are in which state, and where to look."""
    text, found = desk.text, await desk.devices.overview(desk.actor)
    lines = [text("devices.overview")]
    for state, key in STATES.items():
        if found.counts.get(state):
            number = found.counts[state]
            lines.append(text("devices.overview-line", state=text(key), number=number))
    if not found.counts:
        lines.append(text("devices.overview-empty"))
    if found.silent:
        lines.append(text("devices.overview-silent", number=found.silent))
    waiting = found.counts.get(State.UNKNOWN, 0)
    rows: list[Row] = [
        [_to(DeviceList.IN_USE, "devices.button-in-use", text)],
        [_to(DeviceList.UNKNOWN, "devices.button-unknown", text)] if waiting else [],
        [_to(DeviceList.SILENT, "devices.button-silent", text)] if found.silent else [],
        [_to(DeviceList.PUT_AWAY, "devices.button-put-away", text)],
    ]
    return text.lines([*lines, "", text("devices.how-to")]), rows


async def page(desk: Desk, wanted: ShowDevices) -> tuple[Markup, list[Row]]:
    """Return a page of a list; without a list the overview."""
    if wanted.listed is None:
        return await overview(desk)
    if wanted.listed is DeviceList.SILENT:
        silent = await desk.devices.silent(desk.actor)
        found = DevicePage(silent[:MOST_SILENT], 0, 1, len(silent))
    else:
        found = await desk.devices.page(desk.actor, LISTS[wanted.listed], wanted.page)
    heading = desk.text(
        HEADINGS[wanted.listed], total=found.total, page=found.page + 1, pages=found.pages
    )
    shown = [
        _unknown(number, one, desk) if wanted.listed is DeviceList.UNKNOWN else _line(one, desk)
        for number, one in enumerate(found.devices, 1)
    ]
    rows = _decisions(found, desk) if wanted.listed is DeviceList.UNKNOWN else names(found.devices)
    back = [_to(None, "devices.button-overview", desk.text)]
    return desk.text.lines([heading, *shown]), [*rows, _turning(found, wanted, desk.text), back]


def names(devices: Sequence[Device]) -> list[Row]:
    """Return a button for each device."""
    return [[button(one.name, ShowDevice(device=one.id))] for one in devices]


def _line(device: Device, desk: Desk) -> Markup:
    text = desk.text
    silent = is_silent(device, desk.devices.clock())
    return text(
        "devices.list-line",
        name=device.name,
        state=text(STATES[State(device.state)]),
        place=where(device, text),
        seen=text.moment(device.seen_at) if device.seen_at else text("devices.never"),
        silent=text("devices.silent") if silent else "",
    )


def _unknown(number: int, device: Device, desk: Desk) -> Markup:
    text = desk.text
    return text(
        "devices.unknown-line",
        number=number,
        name=device.name,
        address=device.address,
        since=text.moment(device.created_at),
        model=device.model or text("devices.open"),
        profile=device.profile or text("devices.open"),
    )


def _decisions(found: DevicePage, desk: Desk) -> list[Row]:
    return [
        [
            _decide(number, one, State.TEST, "devices.button-adopt-number", desk.text),
            _decide(number, one, State.IGNORED, "devices.button-ignore-number", desk.text),
        ]
        for number, one in enumerate(found.devices, 1)
        if desk.devices.may_change(desk.actor, one)
    ]


def _decide(
    number: int, device: Device, state: State, key: str, text: Text
) -> InlineKeyboardButton:
    data = MoveDevice(device=device.id, revision=device.revision, state=state)
    return button(text(key, number=number), data)


def _turning(found: DevicePage, wanted: ShowDevices, text: Text) -> Row:
    back = ShowDevices(listed=wanted.listed, page=found.page - 1)
    more = ShowDevices(listed=wanted.listed, page=found.page + 1)
    return [
        *([button(text("ask.button-previous"), back)] if found.page else []),
        *([button(text("ask.button-next"), more)] if found.page + 1 < found.pages else []),
    ]


def _to(listed: DeviceList | None, key: str, text: Text) -> InlineKeyboardButton:
    return button(text(key), ShowDevices(listed=listed))
