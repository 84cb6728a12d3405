"""Everything that happened with an alarm, in order: what was measured, told, and done by whom."""

from collections.abc import Iterator
from datetime import datetime

from markupsafe import Markup

from handlers.alarms.desk import AlarmDesk
from handlers.readings.quantities import shown
from services.alarms.model import AlarmChange, AlarmDeed, AlarmPost, AlarmSilence, Kind, PostState
from services.alarms.rules.notify import News
from services.alarms.rules.records import NO_LEVEL, Severity, Signal, What
from services.alarms.situation import History

Entry = tuple[datetime, Markup]
CHANGES = {
    What.ROSE: "alarms.change-rose",
    What.FELL: "alarms.change-fell",
    What.IMPLAUSIBLE: "alarms.change-implausible",
    What.STUCK: "alarms.change-stuck",
    What.FLAPPING: "alarms.change-flapping",
    What.CALM: "alarms.change-calm",
}
DEEDS = {
    "acknowledged": "alarms.deed-acknowledged",
    "given-back": "alarms.deed-given-back",
    "escalated": "alarms.deed-escalated",
    "explains": "alarms.deed-explains",
    "reopened": "alarms.deed-reopened",
}
OF_SILENCE = {
    "opened": "alarms.deed-opened",
    "rose": "alarms.deed-rose",
    "fell": "alarms.deed-fell",
}
"""Steps of alarms without values; of the others the log of changes tells them, by event time."""
ENDS = {
    "cleared": "alarms.deed-heard-again",
    "withdrawn": "alarms.deed-withdrawn",
    "rule-changed": "alarms.deed-rule-changed",
    "device-gone": "alarms.deed-device-gone",
}
TOLD = {
    News.FIRED: "alarms.told-fired",
    News.ROSE: "alarms.told-rose",
    News.FELL: "alarms.told-fell",
    News.RESOLVED: "alarms.told-resolved",
    News.REPEATED: "alarms.told-repeated",
    News.FLAPPING: "alarms.told-flapping",
    News.CALM: "alarms.told-calm",
}
DECIDED = {
    PostState.RELEASED: "alarms.deed-post-released",
    PostState.DROPPED: "alarms.deed-post-dropped",
    PostState.WITHDRAWN: "alarms.deed-post-withdrawn",
}


def happened(desk: AlarmDesk, found: History) -> list[Entry]:
    """Return what happened with an alarm, line by line."""
    entries = [
        *((one.time, _change(desk, found, one)) for one in found.changes),
        *((one.at, words) for one in found.deeds if (words := _deed(desk, found, one))),
        *((at, desk.text("alarms.deed-void")) for at in _void(found)),
        *(entry for one in found.posts for entry in _post(desk, found, one)),
        *((one.since, _silence(desk, found, one)) for one in found.silences),
    ]
    return sorted(entries, key=lambda one: one[0])


def _change(desk: AlarmDesk, found: History, one: AlarmChange) -> Markup:
    """Return what the engine noticed: "gestiegen auf Richtwert 2 von 3 (320 cm)"."""
    text, alarm, what = desk.text, found.seen.alarm, What(one.what)
    value = shown(alarm.labels.quantity).words(one.value, text)
    if alarm.signal is Signal.RATE:
        value = text("alarms.an-hour", value=value)
    if what is What.FELL and one.after == NO_LEVEL:
        return text("alarms.change-over", value=value)
    levels = max(len(alarm.thresholds), 1)
    return text(CHANGES[what], level=one.after + 1, levels=levels, value=value)


def _deed(desk: AlarmDesk, found: History, one: AlarmDeed) -> Markup | None:
    """Return what somebody or the engine did; None: another line says it already."""
    text, detail = desk.text, one.detail
    if one.what == "told":
        return text(TOLD[News(detail["kind"])], count=detail["chats"])
    if one.what == "ended":
        by_value = found.seen.alarm.kind is Kind.VALUE and detail["why"] == "cleared"
        key = None if by_value else ENDS.get(detail["why"])
        return text(key) if key else None
    if one.what in OF_SILENCE and found.seen.alarm.kind is not Kind.VALUE:
        severity = desk.severity(Severity(detail["severity"]))
        return text(OF_SILENCE[one.what], severity=severity)
    key = DEEDS.get(one.what)
    if key is None:
        return None
    devices = len(detail.get("devices", ()))
    return text(key, label=found.labels.get(one.staff_id or 0, ""), number=devices)


def _void(found: History) -> Iterator[datetime]:
    """Yield when whoever had taken the alarm on was asked anew, because it got graver."""
    taken: int | None = None
    for one in found.deeds:
        if one.what == "acknowledged":
            taken = one.detail.get("severity", Severity.NOTICE)
        elif one.what == "given-back":
            taken = None
        elif taken is not None and one.what == "rose" and one.detail["severity"] > taken:
            taken = None
            yield one.at


def _silence(desk: AlarmDesk, found: History, one: AlarmSilence) -> Markup:
    return desk.text(
        "alarms.deed-silenced",
        label=found.labels.get(one.created_by or 0, ""),
        until=desk.text.moment(one.until),
        reason=one.reason,
    )


def _post(desk: AlarmDesk, found: History, one: AlarmPost) -> Iterator[Entry]:
    """Yield that a post for the channel was proposed, and what became of it."""
    yield one.proposed_at, desk.text("alarms.deed-post-proposed")
    if one.decided_at is None:
        return
    if one.decided_by is None:
        yield one.decided_at, desk.text("alarms.deed-post-void")
    else:
        label = found.labels.get(one.decided_by, "")
        yield one.decided_at, desk.text(DECIDED[PostState(one.state)], label=label)
