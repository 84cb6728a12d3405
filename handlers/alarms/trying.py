"""The dry run of a rule over the last 30 days: in words, and as a chart."""

from collections.abc import Sequence

from aiogram.methods import AnswerCallbackQuery
from aiogram.types import CallbackQuery

from handlers.alarms.course import Course, drawn
from handlers.alarms.desk import AlarmDesk, thread_of
from handlers.alarms.rule_words import in_words
from handlers.messages import Reply
from services.alarms.records import RuleRecord
from services.alarms.rules.records import What
from services.alarms.ruling import Trial

TRY = "draw a tried rule"
MOST_MARKS = 60
"""Each moment at which the rule would have fired; more would be one grey field."""


async def preview(desk: AlarmDesk, record: RuleRecord, trials: Sequence[Trial]) -> list[str]:
    """Return a rule in words and what it would have done: "hätte 3-mal ausgelöst"."""
    text = desk.text
    lines: list[str] = [text("alarms.rule-would-be"), *await in_words(desk, record), ""]
    lines += [tried(desk, one) for one in trials]
    return lines if trials else [*lines, text("alarms.rule-no-trial")]


def tried(desk: AlarmDesk, one: Trial) -> str:
    """Return what a rule would have done at a sensor."""
    return desk.text(
        "alarms.rule-trial",
        sensor=one.sensor.name,
        number=len(one.rehearsal.episodes),
        values=one.rehearsal.values,
    )


async def order(
    query: CallbackQuery, desk: AlarmDesk, record: RuleRecord, trials: Sequence[Trial]
) -> Reply:
    """Have the first sensor's 30 days drawn with the levels, and where they would have fired."""
    one, text = trials[0], desk.text
    course = Course(
        title=text("alarms.rule-course", sensor=one.sensor.name),
        device=one.sensor.id,
        quantity=record.quantity or "",
        channel=one.channel,
        since=one.rehearsal.since,
        until=one.rehearsal.until,
        limits=[level.at for level in record.levels],
        moves=[(episode.began, What.ROSE.value) for episode in one.rehearsal.episodes],
        most=MOST_MARKS,
    )
    await desk.heavy.defer(
        TRY,
        chat_id=desk.chat.id,
        thread=thread_of(query),
        chart=await drawn(desk, course),
        caption=str(text.lines([tried(desk, one), *await in_words(desk, record)])),
    )
    drawing = text("readings.drawing").unescape()
    return AnswerCallbackQuery(callback_query_id=query.id, text=drawing)
