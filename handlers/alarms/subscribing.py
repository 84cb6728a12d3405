"""/alarme: what a group hears, chosen by buttons by those who run it; staff for all groups."""

from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from handlers.alarms.desk import AlarmDesk, Card, thread_of
from handlers.alarms.own import page as own_page
from handlers.alarms.wording import SEVERITIES
from handlers.buttons.alarms import AttachAlarms, ChooseAlarms, EndAlarms, ListAlarms
from handlers.devices.desk import TYPES
from handlers.messages import Reply, Row, button
from services.alarms.model import AlarmSubscription, Kind
from services.alarms.rules.matching import Matcher
from services.alarms.rules.records import Severity

ALL = "*"
STEPS = ("alarms.step-first", "alarms.step-second", "alarms.step-third")
KINDS = {**TYPES, Kind.GATEWAY.value: "alarms.type-gateway"}


async def alarms(message: Message, alarm_desk: AlarmDesk) -> Reply:
    """/alarme: in a group its subscriptions; for staff those of all; else one's own thresholds."""
    desk = alarm_desk
    if desk.is_private and not desk.subscriptions.is_staff(desk.actor):
        return desk.says(message, await own_page(desk))
    desk.subscriptions.require(desk.caller(message))
    return desk.says(message, await _listed(desk, thread_of(message)))


async def turn(query: CallbackQuery, callback_data: ListAlarms, alarm_desk: AlarmDesk) -> Reply:
    """Show the list again, or the groups that can be given a subscription."""
    desk = alarm_desk
    if callback_data.groups:
        return desk.shows(query, await _groups(desk))
    desk.subscriptions.require(desk.caller(query))
    return desk.shows(query, await _listed(desk, thread_of(query)))


async def choose(
    query: CallbackQuery, callback_data: ChooseAlarms, alarm_desk: AlarmDesk
) -> Reply:
    """Ask for what is still open; when nothing is, subscribe."""
    desk, chosen = alarm_desk, callback_data
    desk.subscriptions.require(desk.caller(query))
    if chosen.area != ALL and not desk.region.knows_area(chosen.area):
        return desk.shows(query, _areas(desk, chosen))
    if chosen.type not in (ALL, *KINDS):
        return desk.shows(query, _types(desk, chosen))
    if chosen.severity < 0:
        return desk.shows(query, _severities(desk, chosen))
    if chosen.step < 0:
        return desk.shows(query, _steps(desk, chosen))
    new = await desk.subscriptions.subscribe(
        desk.caller(query),
        desk.chat,
        matcher_of(chosen),
        thread_id=None if chosen.chat else thread_of(query),
        step=chosen.step,
        for_chat=chosen.chat or None,
    )
    words, rows = await _listed(desk, thread_of(query))
    told = desk.text("alarms.subscribed" if new else "alarms.already-subscribed")
    return desk.shows(query, (desk.text.lines([told, "", words]), rows))


def matcher_of(chosen: ChooseAlarms) -> Matcher:
    """Return which alarms a finished choice means."""
    severity = min(max(chosen.severity, 0), len(SEVERITIES) - 1)
    return Matcher(
        area="" if chosen.area == ALL else chosen.area,
        type=None if chosen.type == ALL else chosen.type,
        at_least=Severity(severity),
    )


async def end(query: CallbackQuery, callback_data: EndAlarms, alarm_desk: AlarmDesk) -> Reply:
    """End a subscription and show what is left."""
    desk = alarm_desk
    await desk.subscriptions.end(desk.caller(query), desk.chat, callback_data.subscription)
    return desk.shows(query, await _listed(desk, thread_of(query)))


async def attach(
    query: CallbackQuery, callback_data: AttachAlarms, alarm_desk: AlarmDesk
) -> Reply:
    """Send a picture and the place with what this chat hears, or the text alone."""
    desk, thread = alarm_desk, thread_of(query)
    await desk.subscriptions.set_text_only(
        desk.caller(query), desk.chat, thread, text_only=callback_data.text_only
    )
    return desk.shows(query, await _listed(desk, thread))


async def _listed(desk: AlarmDesk, thread: int | None) -> Card:
    """Return what this chat hears; for those who route, what every chat does."""
    text, here = desk.text, desk.subscriptions
    central = desk.is_private and here.may_route(desk.actor)
    found = await (here.everywhere(desk.actor) if central else here.of(desk.chat, thread))
    lines: list[str] = [text("alarms.everywhere" if central else "alarms.here")]
    rows: list[Row] = []
    for one in found:
        words = _words(desk, one, named=central)
        lines.append(text("alarms.subscription-line", what=words))
        rows.append(
            [button(text("alarms.button-end", what=words), EndAlarms(subscription=one.id))]
        )
    if not found:
        lines.append(text("alarms.no-subscriptions"))
    if own := [one for one in found if one.chat_id == desk.chat.id]:
        text_only = all(one.text_only for one in own)
        lines += ["", text("alarms.text-only" if text_only else "alarms.with-picture")]
        other = "alarms.button-with-picture" if text_only else "alarms.button-text-only"
        rows.append([button(text(other), AttachAlarms(text_only=not text_only))])
    rows.append([button(text("alarms.button-subscribe"), ChooseAlarms())])
    if central:
        rows.append([button(text("alarms.button-other-group"), ListAlarms(groups=True))])
    return text.lines(lines), rows


def _words(desk: AlarmDesk, one: AlarmSubscription, *, named: bool) -> str:
    """Return a subscription in words: whose, where, what, from which severity, when."""
    text, matcher = desk.text, Matcher.of(one.matcher)
    parts = [
        desk.region.area_name(matcher.area or desk.region.facts.ars),
        text(KINDS[matcher.type]) if matcher.type in KINDS else text("alarms.all-types"),
        text("alarms.from-severity", severity=desk.severity(matcher.at_least)),
        text(STEPS[one.step]),
    ]
    if named:
        whose = "alarms.whose-own" if one.chat_id == desk.chat.id else "alarms.whose-chat"
        parts.insert(0, text(whose, number=one.chat_id))
    if one.thread_id is not None:
        parts.append(text("alarms.in-topic", number=one.thread_id))
    return ", ".join(text.plain(part).unescape() for part in parts)


async def _groups(desk: AlarmDesk) -> Card:
    """Return the groups the bot is in; it knows no names of them."""
    text, groups = desk.text, await desk.subscriptions.groups(desk.actor)
    rows: list[Row] = [
        [button(text("alarms.whose-chat", number=one.id), ChooseAlarms(chat=one.id))]
        for one in groups
    ]
    rows.append([_back(desk)])
    return text("alarms.which-group" if groups else "alarms.no-groups"), rows


def _areas(desk: AlarmDesk, chosen: ChooseAlarms) -> Card:
    text = desk.text
    county = button(
        text("alarms.whole-county", county=desk.region.facts.name),
        chosen.model_copy(update={"area": ALL}),
    )
    towns = [
        button(one.name, chosen.model_copy(update={"area": one.ars}))
        for one in desk.region.municipalities
    ]
    pairs: list[Row] = [towns[at : at + 2] for at in range(0, len(towns), 2)]
    return text("alarms.ask-area"), [[county], *pairs, [_back(desk)]]


def _types(desk: AlarmDesk, chosen: ChooseAlarms) -> Card:
    text = desk.text
    every = button(text("alarms.all-types"), chosen.model_copy(update={"type": ALL}))
    kinds = [
        button(text(key), chosen.model_copy(update={"type": kind})) for kind, key in KINDS.items()
    ]
    pairs: list[Row] = [kinds[at : at + 2] for at in range(0, len(kinds), 2)]
    return text("alarms.ask-type"), [[every], *pairs, [_back(desk)]]


def _severities(desk: AlarmDesk, chosen: ChooseAlarms) -> Card:
    rows: list[Row] = [
        [button(desk.text(key), chosen.model_copy(update={"severity": int(number)}))]
        for number, key in SEVERITIES.items()
    ]
    return desk.text("alarms.ask-severity"), [*rows, [_back(desk)]]


def _steps(desk: AlarmDesk, chosen: ChooseAlarms) -> Card:
    rows: list[Row] = [
        [button(desk.text(key), chosen.model_copy(update={"step": number}))]
        for number, key in enumerate(STEPS)
    ]
    return desk.text("alarms.ask-step"), [*rows, [_back(desk)]]


def _back(desk: AlarmDesk) -> InlineKeyboardButton:
    return button(desk.text("alarms.button-back"), ListAlarms())
