"""/regeln: rules in plain words; switched off and on, given back to the folder, sent as its file.

How a rule is changed, and a new one made, stands in forming.py.
"""

from aiogram.filters import CommandObject
from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from handlers.alarms import forming
from handlers.alarms.desk import AlarmDesk, Card
from handlers.alarms.filing import file_of
from handlers.alarms.rule_card import card, to_card
from handlers.alarms.rule_words import name_of_rule
from handlers.alarms.trying import preview
from handlers.alarms.vocabulary import words
from handlers.buttons.alarms import BeginRule, DraftRule, EditRule, Part, RuleField, ShowRules
from handlers.messages import Reply, Row, button
from services.alarms.drafting import BadRuleError, changed
from services.alarms.drafts import Form
from services.alarms.reading import FILE
from services.alarms.records import RuleRecord
from services.alarms.ruling import NoSuchRuleError, RuleChangedError, Standing

ON_A_PAGE = 8


async def rules(message: Message, command: CommandObject, alarm_desk: AlarmDesk) -> Reply:
    """/regeln: all rules; "/regeln neu": begin a new one."""
    desk = alarm_desk
    said = (command.args or "").strip().casefold()
    if said in words(desk.text, "alarms.words-new"):
        return desk.says(message, await forming.begun(desk, BeginRule()))
    return desk.says(message, await _listed(desk, 0))


async def turn(query: CallbackQuery, callback_data: ShowRules, alarm_desk: AlarmDesk) -> Reply:
    """Show a page of the rules, or send them as a file."""
    if callback_data.file:
        return await _file(alarm_desk)
    return alarm_desk.shows(query, await _listed(alarm_desk, callback_data.page))


async def edit(query: CallbackQuery, callback_data: EditRule, alarm_desk: AlarmDesk) -> Reply:
    """Show a rule, or what a change of the whole would mean; or make it."""
    desk, wanted = alarm_desk, callback_data
    standing = await desk.ruling.get(desk.actor, wanted.key)
    if wanted.field is RuleField.SHOW:
        return desk.shows(query, await card(desk, standing))
    if standing.version != wanted.version:
        raise RuleChangedError
    record = await _changed(desk, standing, wanted)
    if not wanted.sure:
        return desk.shows(query, await _tried(desk, standing, record, wanted))
    saved = await _saved(desk, standing, record, wanted)
    said, rows = await card(desk, saved)
    told = desk.text("alarms.rule-saved", version=saved.version)
    return desk.shows(query, (desk.text.lines([told, "", said]), rows))


async def _changed(desk: AlarmDesk, standing: Standing, wanted: EditRule) -> RuleRecord:
    """Return the rule as it would be."""
    match wanted.field:
        case RuleField.EXERCISE:
            return changed(standing.record, exercise=False)
        case RuleField.ACTIVE:
            return standing.record
        case RuleField.REGION:
            record = await desk.ruling.of_region(desk.actor, standing.key)
            if record is None:
                raise NoSuchRuleError
            return record
    raise BadRuleError


async def _saved(
    desk: AlarmDesk, standing: Standing, record: RuleRecord, wanted: EditRule
) -> Standing:
    if wanted.field is RuleField.REGION:
        return await desk.ruling.give_back(desk.actor, standing)
    active = bool(wanted.value) if wanted.field is RuleField.ACTIVE else None
    return await desk.ruling.save(desk.actor, standing, record, active=active)


async def _listed(desk: AlarmDesk, page: int) -> Card:
    found = await desk.ruling.listed(desk.actor)
    draft = await desk.drafts.get(desk.actor)
    text, pages = desk.text, max(1, -(-len(found) // ON_A_PAGE))
    page = min(max(page, 0), pages - 1)
    part = found[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    rows: list[Row] = [
        [button(name_of_rule(desk, one), EditRule(key=one.key, version=one.version))]
        for one in part
    ]
    rows.append(
        [
            button(text(key), ShowRules(page=number))
            for key, number in (("ask.button-previous", page - 1), ("ask.button-next", page + 1))
            if 0 <= number < pages
        ]
    )
    if draft is not None and draft.form is Form.RULE:
        rows.append([button(text("alarms.button-go-on"), DraftRule(part=Part.MENU))])
    rows.append([button(text("alarms.button-new-rule"), BeginRule())])
    if found:
        rows.append([button(text("alarms.button-file"), ShowRules(file=True))])
    return text("alarms.rules" if found else "alarms.rules-none", number=len(found)), rows


async def _file(desk: AlarmDesk) -> Reply:
    """Send all rules that hold as the region's file, to be put into its folder."""
    found = await desk.ruling.listed(desk.actor)
    content = file_of(found, desk.text)
    return SendDocument(
        chat_id=desk.chat.telegram_id,
        document=BufferedInputFile(content.encode(), FILE),
        caption=desk.text("alarms.rules-file"),
        parse_mode="HTML",
    )


async def _tried(
    desk: AlarmDesk, standing: Standing, record: RuleRecord, wanted: EditRule
) -> Card:
    trials = await desk.ruling.rehearse(desk.actor, record)
    lines = await preview(desk, record, trials)
    if wanted.field is RuleField.ACTIVE:
        key = "alarms.rule-would-hold" if wanted.value else "alarms.rule-would-rest"
        lines = [desk.text(key), *lines[1:]]
    save = button(desk.text("alarms.button-save"), wanted.model_copy(update={"sure": True}))
    return desk.text.lines(lines), [[save], to_card(desk, standing)]
