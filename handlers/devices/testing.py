"""The test before release: over how long, what it showed, and who released the device by it."""

from collections.abc import Iterator
from datetime import timedelta

from aiogram.types import CallbackQuery
from markupsafe import Markup

from handlers.buttons.sensors import ReleaseDevice, ShowDevice, TestDevice
from handlers.devices.cards import card
from handlers.devices.desk import Desk
from handlers.messages import Reply, Row, button, show
from services.acceptance.records import Course, Criterion, Report
from services.acceptance.rules import PERIODS
from services.acceptance.service import OldReportError
from services.devices.model import Device, State
from services.devices.rules import may_follow
from services.text import Text

REASON = "reason"
"""Asked in place of a field of the device: why it is released although its test failed."""
DAY = timedelta(days=1)
CRITERIA = {
    "frames": "acceptance.frames",
    "loss": "acceptance.loss",
    "gap": "acceptance.gap",
    "values": "acceptance.values",
    "range": "acceptance.range",
    "stuck": "acceptance.stuck",
    "jumps": "acceptance.jumps",
    "place": "acceptance.place",
    "type": "acceptance.type",
    "profile": "acceptance.profile",
    "owner": "acceptance.owner",
    "height": "acceptance.height",
}
SHARES = frozenset({"loss", "range", "jumps"})
MOST_COURSES = 8
MOST_GATEWAYS = 4


async def offer(desk: Desk, device: Device) -> tuple[Markup, list[Row]]:
    """Ask over how long the device shall be judged."""
    text = desk.text
    rows: list[Row] = [
        [
            button(
                text("acceptance.button-days", count=period // DAY),
                TestDevice(device=device.id, days=period // DAY),
            )
            for period in pair
        ]
        for pair in (PERIODS[:2], PERIODS[2:])
    ]
    back = button(text("devices.button-card"), ShowDevice(device=device.id))
    return text("acceptance.offer", name=device.name), [*rows, [back]]


async def test(query: CallbackQuery, callback_data: TestDevice, device_desk: Desk) -> Reply:
    """Judge a device over the last days and show the report."""
    desk, period = device_desk, timedelta(days=callback_data.days)
    tested = await desk.acceptances.test(desk.actor, callback_data.device, period)
    device = await desk.devices.get(desk.actor, callback_data.device)
    text = desk.text
    rows: list[Row] = []
    if may_follow(device.state, State.RELEASED) and device.state == State.TEST:
        passed = tested.report.passed
        key = "acceptance.button-release" if passed else "acceptance.button-all-the-same"
        data = ReleaseDevice(report=tested.id, device=device.id, reason=not passed)
        rows.append([button(text(key), data)])
    rows.append([button(text("devices.button-card"), ShowDevice(device=device.id))])
    return show(query, shown(device, tested.report, text), rows)


test.__test__ = False  # type: ignore[attr-defined]


async def release(query: CallbackQuery, callback_data: ReleaseDevice, device_desk: Desk) -> Reply:
    """Release a device by its report; where that failed, ask for the reason first."""
    desk = device_desk
    device = await desk.devices.get(desk.actor, callback_data.device)
    desk.devices.require(desk.actor, device)
    if callback_data.reason:
        await desk.form.ask(desk.chat.id, device, REASON)
        return show(query, desk.text("acceptance.ask-reason", name=device.name))
    device = await desk.acceptances.release(desk.actor, callback_data.report)
    words, rows = await card(desk, device)
    return show(query, desk.text.lines([desk.text("acceptance.released"), "", words]), rows)


async def reasoned(desk: Desk, device: Device, reason: str) -> tuple[Markup, list[Row]]:
    """Release a device although its test failed, for a reason that is kept."""
    newest = await desk.acceptances.newest(device.id)
    if newest is None:
        raise OldReportError
    device = await desk.acceptances.release(desk.actor, newest.id, reason)
    await desk.form.close(desk.chat.id)
    words, rows = await card(desk, device)
    return desk.text.lines([desk.text("acceptance.released"), "", words]), rows


def shown(device: Device, report: Report, text: Text) -> Markup:
    """Return a report as a card: the verdict, each demand with its figure, link and values."""
    verdict = text("acceptance.passed" if report.passed else "acceptance.failed")
    heading = text(
        "acceptance.heading",
        name=device.name,
        since=text.moment(report.since),
        until=text.moment(report.until),
    )
    demands = [_demand(one, text) for one in report.criteria]
    courses = [_course(one, text) for one in report.courses[:MOST_COURSES]]
    return text.lines([heading, verdict, "", *demands, "", *_link(report, text), *courses])


def _demand(criterion: Criterion, text: Text) -> Markup:
    key = "acceptance.fine" if criterion.passed else "acceptance.not-fine"
    name = text(CRITERIA[criterion.name])
    if criterion.limit is None:
        return text(key, demand=name)
    figures = text(
        "acceptance.figures",
        figure=_figure(criterion.name, criterion.figure, text),
        limit=_figure(criterion.name, criterion.limit, text),
    )
    return text(key, demand=text.plain(f"{name.unescape()} {figures.unescape()}"))


def _figure(name: str, figure: float | None, text: Text) -> str:
    if figure is None:
        return str(text("acceptance.no-figure"))
    if name in SHARES:
        return f"{text.number(round(100 * figure, 1))} %"
    return text.number(round(figure, 1))


def _link(report: Report, text: Text) -> Iterator[Markup]:
    if report.interval:
        minutes = text.number(round(report.interval / 60, 1))
        key = "acceptance.interval-learned" if report.learned else "acceptance.interval"
        yield text(key, minutes=minutes, expected=report.expected, received=report.received)
    if report.longest_gap is not None:
        hours = text.number(round(report.longest_gap / 3600, 1))
        yield text("acceptance.longest-gap", hours=hours)
    for unit, middle, worst in (
        ("RSSI", report.rssi_median, report.rssi_worst),
        ("SNR", report.snr_median, report.snr_worst),
    ):
        if middle is not None and worst is not None:
            yield text(
                "acceptance.radio",
                what=unit,
                median=text.number(round(middle, 1)),
                worst=text.number(round(worst, 1)),
            )
    if report.spreading:
        shares = ", ".join(f"SF{sf} {round(100 * one)} %" for sf, one in report.spreading.items())
        yield text("acceptance.spreading", shares=shares)
    if report.gateways:
        named = list(report.gateways.items())[:MOST_GATEWAYS]
        listed = ", ".join(f"{name} ({count})" for name, count in named)
        yield text("acceptance.gateways", gateways=listed)
    if report.battery_start is not None and report.battery_end is not None:
        yield text(
            "acceptance.battery",
            start=text.number(round(report.battery_start, 2)),
            end=text.number(round(report.battery_end, 2)),
        )


def _course(course: Course, text: Text) -> Markup:
    quantity = f"{course.quantity} {course.channel}" if course.channel else course.quantity
    return text(
        "acceptance.course",
        quantity=quantity,
        number=course.count,
        lowest=text.number(round(course.lowest, 3)),
        highest=text.number(round(course.highest, 3)),
    )
