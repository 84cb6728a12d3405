"""The form of a recurring window: what, on which days, at which hours, why; tapped or written."""

from datetime import time

from aiogram.types import CallbackQuery

from handlers.alarms.desk import AlarmDesk, Card
from handlers.alarms.quiet_words import REASONS, days_in_words, matcher_of, reason_of
from handlers.alarms.quieting import back, choices, windows
from handlers.alarms.vocabulary import vocabulary
from handlers.buttons.alarms import ChooseWindow
from handlers.messages import Reply, Row, button
from services.alarms.drafts import Draft, Form, NoDraftError
from services.alarms.rules.calm import LocalHours
from services.alarms.rules.matching import Matcher
from services.alarms.rules.spoken import hours

WHEN, REASON = "hours", "window-reason"
WRITTEN = frozenset({WHEN, REASON})
WINDOW_REASONS = {"window": "alarms.reason-window", **REASONS}
DAYS = ("0123456", "01234", "56", "0", "1", "2", "3", "4", "5", "6")
WINDOWS = (
    "06:00-08:00",
    "08:00-12:00",
    "12:00-16:00",
    "16:00-20:00",
    "20:00-00:00",
    "22:00-06:00",
)
HOURS_AS_WRITTEN = "*"


async def choose_window(
    query: CallbackQuery, callback_data: ChooseWindow, alarm_desk: AlarmDesk
) -> Reply:
    """Ask for what is open: what, on which days, at which hours, why; then expect alarms then."""
    desk, chosen = alarm_desk, callback_data
    if not chosen.about:
        await desk.drafts.drop(desk.actor)
        return desk.shows(query, await windows(desk))
    if chosen.about.startswith("?"):
        return desk.shows(query, await choices(desk, chosen.about, window=True))
    matcher = matcher_of(desk, chosen.about)
    desk.peaces.require(desk.actor, matcher)
    if chosen.hours != HOURS_AS_WRITTEN:
        if chosen.days not in DAYS:
            await _keep(desk, WHEN, about=chosen.about)
            return desk.shows(query, _ask_days(desk, chosen))
        if chosen.hours not in WINDOWS:
            return desk.shows(query, _ask_window(desk, chosen))
    if chosen.reason not in WINDOW_REASONS:
        return desk.shows(query, await _ask_window_reason(desk, chosen))
    local = await _hours(desk, chosen)
    reason = desk.text(WINDOW_REASONS[chosen.reason])
    return desk.shows(query, await _maintain(desk, matcher, local, reason))


async def _maintain(desk: AlarmDesk, matcher: Matcher, local: LocalHours, reason: str) -> Card:
    await desk.peaces.maintain(desk.actor, matcher, local, reason=reason)
    await desk.drafts.drop(desk.actor)
    return await windows(desk)


async def told(desk: AlarmDesk, draft: Draft, said: str) -> Card:
    """Take what was written: days and hours, or a reason; then ask for the rest."""
    if draft.asked == WHEN:
        return await _told_window(desk, draft, said)
    reason, matcher = reason_of(said), matcher_of(desk, draft.given["about"])
    return await _maintain(desk, matcher, _local(desk, draft), reason)


async def _told_window(desk: AlarmDesk, draft: Draft, said: str) -> Card:
    found = hours(said, vocabulary(desk.text))
    days = "".join(str(day) for day in sorted(found.weekdays))
    when = f"{found.start:%H:%M}-{found.end:%H:%M}"
    await _keep(desk, WHEN, about=draft.given["about"], days=days, hours=when)
    chosen = ChooseWindow(about=draft.given["about"], hours=HOURS_AS_WRITTEN)
    return await _ask_window_reason(desk, chosen)


async def _keep(desk: AlarmDesk, asked: str, **given: object) -> None:
    await desk.drafts.keep(desk.actor, Draft(Form.WINDOW, asked=asked, given=given))


async def _hours(desk: AlarmDesk, chosen: ChooseWindow) -> LocalHours:
    if chosen.hours == HOURS_AS_WRITTEN:
        draft = await desk.drafts.get(desk.actor)
        if draft is None or draft.form is not Form.WINDOW or WHEN not in draft.given:
            raise NoDraftError
        return _local(desk, draft)
    return _local(desk, Draft(Form.WINDOW, given={"days": chosen.days, WHEN: chosen.hours}))


def _local(desk: AlarmDesk, draft: Draft) -> LocalHours:
    start, _, finish = str(draft.given[WHEN]).partition("-")
    return LocalHours(
        time.fromisoformat(start),
        time.fromisoformat(finish),
        desk.region.zone,
        frozenset(int(day) for day in draft.given["days"]),
    )


async def _ask_window_reason(desk: AlarmDesk, chosen: ChooseWindow) -> Card:
    local = await _hours(desk, chosen)
    days = "".join(str(day) for day in sorted(local.weekdays))
    when = f"{local.start:%H:%M}-{local.end:%H:%M}"
    await _keep(desk, REASON, about=chosen.about, days=days, hours=when)
    rows: list[Row] = [
        [button(desk.text(key), chosen.model_copy(update={"reason": reason}))]
        for reason, key in WINDOW_REASONS.items()
    ]
    said = desk.text(
        "alarms.window-when",
        days=days_in_words(desk, days),
        start=f"{local.start:%H:%M}",
        end=f"{local.end:%H:%M}",
    )
    return desk.text("alarms.ask-window-reason", when=said), [*rows, back(desk, window=True)]


def _ask_days(desk: AlarmDesk, chosen: ChooseWindow) -> Card:
    found = [
        button(days_in_words(desk, days), chosen.model_copy(update={"days": days}))
        for days in DAYS
    ]
    rows: list[Row] = [[one] for one in found[:3]]
    rows.append(found[3:])
    return desk.text("alarms.ask-days"), [*rows, back(desk, window=True)]


def _ask_window(desk: AlarmDesk, chosen: ChooseWindow) -> Card:
    found = [button(one, chosen.model_copy(update={"hours": one})) for one in WINDOWS]
    rows: list[Row] = [found[at : at + 2] for at in range(0, len(found), 2)]
    return desk.text("alarms.ask-window"), [*rows, back(desk, window=True)]
