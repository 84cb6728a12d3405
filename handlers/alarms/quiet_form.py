"""The form of a silence: what, until when, why; tapped or written."""

from datetime import datetime, timedelta

from aiogram.types import CallbackQuery

from handlers.alarms.desk import AlarmDesk, Card
from handlers.alarms.quiet_words import REASONS, matcher_of, reason_of
from handlers.alarms.quieting import back, choices, silences
from handlers.alarms.vocabulary import vocabulary
from handlers.buttons.alarms import Prolong, QuietTarget
from handlers.messages import Reply, Row, button
from services.alarms.drafts import Draft, Form, NoDraftError
from services.alarms.rules.matching import Matcher
from services.alarms.rules.spoken import end

HOURS = (1, 4, 12, 24, 72, 168)
AS_WRITTEN = -1
LONG = timedelta(days=30)
"""For longer nobody should hear nothing by a slip of the pen."""
UNTIL, REASON = "until", "reason"
WRITTEN = frozenset({UNTIL, REASON})


async def choose_silence(
    query: CallbackQuery, callback_data: QuietTarget, alarm_desk: AlarmDesk
) -> Reply:
    """Ask for what is open: what, how long, why; then silence it."""
    desk, chosen = alarm_desk, callback_data
    if not chosen.about:
        await desk.drafts.drop(desk.actor)
        return desk.shows(query, await silences(desk))
    if chosen.about.startswith("?"):
        return desk.shows(query, await choices(desk, chosen.about, window=False))
    matcher = matcher_of(desk, chosen.about)
    desk.peaces.require(desk.actor, matcher)
    if chosen.hours not in (*HOURS, AS_WRITTEN):
        await _keep(desk, Form.SILENCE, UNTIL, about=chosen.about)
        return desk.shows(query, _ask_until(desk, chosen))
    until = await _until(desk, Form.SILENCE, chosen.hours)
    if _is_long(desk, until) and not chosen.sure:
        return desk.shows(query, _sure(desk, until, chosen))
    if chosen.reason not in REASONS:
        return desk.shows(query, await _ask_reason(desk, chosen, until))
    return desk.shows(
        query, await _silence(desk, matcher, until, desk.text(REASONS[chosen.reason]))
    )


async def _silence(desk: AlarmDesk, matcher: Matcher, until: datetime, reason: str) -> Card:
    await desk.peaces.silence(desk.actor, matcher, until=until, reason=reason)
    await desk.drafts.drop(desk.actor)
    return await silences(desk)


async def prolong(query: CallbackQuery, callback_data: Prolong, alarm_desk: AlarmDesk) -> Reply:
    """Let a silence end at another time."""
    desk, chosen = alarm_desk, callback_data
    await desk.peaces.lasting(desk.actor, chosen.number)
    if chosen.hours not in (*HOURS, AS_WRITTEN):
        await _keep(desk, Form.PROLONGING, UNTIL, number=chosen.number)
        return desk.shows(query, _ask_until(desk, chosen))
    until = await _until(desk, Form.PROLONGING, chosen.hours)
    if _is_long(desk, until) and not chosen.sure:
        return desk.shows(query, _sure(desk, until, chosen))
    return desk.shows(query, await _prolong(desk, chosen.number, until))


async def _prolong(desk: AlarmDesk, number: int, until: datetime) -> Card:
    await desk.peaces.prolong(desk.actor, number, until)
    await desk.drafts.drop(desk.actor)
    return await silences(desk)


async def told(desk: AlarmDesk, draft: Draft, said: str) -> Card:
    """Take what was written: an end, a reason; then ask for the rest."""
    if draft.asked == UNTIL:
        return await _told_until(desk, draft, said)
    reason, matcher = reason_of(said), matcher_of(desk, draft.given["about"])
    return await _silence(desk, matcher, datetime.fromisoformat(draft.given[UNTIL]), reason)


async def _told_until(desk: AlarmDesk, draft: Draft, said: str) -> Card:
    until = end(said, vocabulary(desk.text), desk.now, desk.region.zone)
    given = {**draft.given, UNTIL: until.isoformat()}
    await _keep(desk, draft.form, UNTIL, **given)
    if draft.form is Form.PROLONGING:
        again = Prolong(number=given["number"], hours=AS_WRITTEN)
        if _is_long(desk, until):
            return _sure(desk, until, again)
        return await _prolong(desk, given["number"], until)
    chosen = QuietTarget(about=given["about"], hours=AS_WRITTEN)
    if _is_long(desk, until):
        return _sure(desk, until, chosen)
    return await _ask_reason(desk, chosen, until)


async def _keep(desk: AlarmDesk, form: Form, asked: str, **given: object) -> None:
    await desk.drafts.keep(desk.actor, Draft(form, asked=asked, given=given))


async def _until(desk: AlarmDesk, form: Form, chosen: int) -> datetime:
    if chosen != AS_WRITTEN:
        return desk.now + timedelta(hours=chosen)
    draft = await _draft(desk, form)
    return datetime.fromisoformat(draft.given[UNTIL])


async def _draft(desk: AlarmDesk, form: Form) -> Draft:
    draft = await desk.drafts.get(desk.actor)
    if draft is None or draft.form is not form or UNTIL not in draft.given:
        raise NoDraftError
    return draft


def _is_long(desk: AlarmDesk, until: datetime) -> bool:
    return until - desk.now > LONG


def _sure(desk: AlarmDesk, until: datetime, chosen: QuietTarget | Prolong) -> Card:
    """Ask whether so long a silence is meant."""
    text, yes = desk.text, chosen.model_copy(update={"sure": True})
    words = text("alarms.ask-long", until=text.moment(until), days=(until - desk.now).days)
    other = chosen.model_copy(update={"hours": 0})
    rows: list[Row] = [
        [button(text("alarms.button-long"), yes)],
        [button(text("alarms.button-other-end"), other)],
    ]
    return words, [*rows, back(desk, window=False)]


def _ask_until(desk: AlarmDesk, chosen: QuietTarget | Prolong) -> Card:
    rows: list[Row] = [
        [
            button(
                desk.text.span(timedelta(hours=hours)),
                chosen.model_copy(update={"hours": hours}),
            )
        ]
        for hours in HOURS
    ]
    return desk.text("alarms.ask-hours"), [*rows, back(desk, window=False)]


async def _ask_reason(desk: AlarmDesk, chosen: QuietTarget, until: datetime) -> Card:
    await _keep(desk, Form.SILENCE, REASON, about=chosen.about, until=until.isoformat())
    rows: list[Row] = [
        [button(desk.text(key), chosen.model_copy(update={"reason": reason}))]
        for reason, key in REASONS.items()
    ]
    words = desk.text("alarms.ask-reason", until=desk.text.moment(until))
    return words, [*rows, back(desk, window=False)]
