"""Who is not heard, in words: network servers, gateways, sensors; grouped when there are many."""

from collections.abc import Callable, Iterable, Sequence

from handlers.alarms.desk import AlarmDesk
from services.alarms.hearing import Hearing, Missing, Unheard
from services.alarms.model import Kind
from services.alarms.rules.records import Severity
from services.alarms.silence import OF_A_GATEWAY
from services.alarms.situation import Board, Seen

MOST_NAMED = 6
"""More sensors are counted by municipality."""
MOST_PLACES = 8
MOST_SOURCES = 5
HEADS = {
    Missing.OFFLINE: "alarms.board-offline",
    Missing.LATE: "alarms.board-late",
    Missing.EXPLAINED: "alarms.board-explained",
}


State = Callable[[AlarmDesk, Seen], str]
"""Says since when something is so, and who has it."""


def unheard(desk: AlarmDesk, found: Board, state: State) -> list[list[str]]:
    """Return paragraphs: network servers and gateways before what their outage explains."""
    paragraphs = [
        _sources(desk, found.hearing),
        _gateways(desk, found.firing, state),
        *(_devices(desk, found.hearing.of(one), one) for one in HEADS),
    ]
    return [one for one in paragraphs if one]


def stands_below(found: Board, one: Seen) -> bool:
    """Whether an alarm is about a silence that is listed for itself, and no graver than usual."""
    alarm = one.alarm
    if alarm.kind is Kind.GATEWAY:
        return alarm.severity <= OF_A_GATEWAY
    listed = {each.alarm for each in found.hearing.devices}
    return alarm.kind is Kind.OFFLINE and alarm.id in listed and alarm.severity is Severity.NOTICE


def _sources(desk: AlarmDesk, heard: Hearing) -> list[str]:
    text = desk.text
    lines: list[str] = [
        text(
            "alarms.source-line",
            name=one.label,
            moment=text.moment(one.since),
            count=one.devices,
        )
        for one in heard.sources[:MOST_SOURCES]
    ]
    return _under(desk, "alarms.board-sources", len(heard.sources), lines)


def _gateways(desk: AlarmDesk, firing: Iterable[Seen], state: State) -> list[str]:
    gone = [one for one in firing if one.alarm.kind is Kind.GATEWAY]
    lines: list[str] = [
        desk.text(
            "alarms.gateway-line",
            name=one.alarm.device,
            count=round(one.alarm.value or 0),
            state=state(desk, one),
            number=one.alarm.id,
        )
        for one in gone[:MOST_SOURCES]
    ]
    return _under(desk, "alarms.board-gateways", len(gone), lines)


def _devices(desk: AlarmDesk, devices: Sequence[Unheard], missing: Missing) -> list[str]:
    if missing is Missing.EXPLAINED:
        return [desk.text(HEADS[missing], number=len(devices))] if devices else []
    if len(devices) <= MOST_NAMED:
        return _under(desk, HEADS[missing], len(devices), [_named(desk, one) for one in devices])
    lines = _by_place(desk, devices)
    head = desk.text(HEADS[missing], number=len(devices))
    more = len(lines) - MOST_PLACES
    rest = [desk.text("alarms.more-places", count=more)] if more > 0 else []
    return [head, *lines[:MOST_PLACES], *rest]


def _named(desk: AlarmDesk, one: Unheard) -> str:
    text, moment = desk.text, desk.text.moment(one.since)
    if one.alarm is None:
        return text("alarms.silent-line", name=one.name, moment=moment)
    return text("alarms.silent-line-alarm", name=one.name, moment=moment, number=one.alarm)


def _by_place(desk: AlarmDesk, devices: Sequence[Unheard]) -> list[str]:
    """Return a line for each municipality, that with most devices first."""
    places: dict[str, list[Unheard]] = {}
    for one in devices:  # the one missed longest comes first
        places.setdefault(one.ars, []).append(one)
    return [
        desk.text(
            "alarms.silent-place",
            place=desk.region.area_name(ars) if ars else desk.text("alarms.no-place"),
            number=len(members),
            moment=desk.text.moment(members[0].since),
        )
        for ars, members in sorted(places.items(), key=lambda one: (-len(one[1]), one[0]))
    ]


def _under(desk: AlarmDesk, key: str, number: int, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    more = number - len(lines)
    rest = [desk.text("alarms.more", count=more)] if more > 0 else []
    return [desk.text(key, number=number), *lines, *rest]
