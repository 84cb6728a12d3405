"""What people ask about alarms: /alarme, own thresholds, the board, silences."""

from aiogram import Router
from aiogram.filters import BaseFilter, Command
from aiogram.types import Message

from handlers.alarms import (
    board,
    declaring,
    exercising,
    forming,
    history,
    own,
    quiet_form,
    quieting,
    ruling,
    subscribing,
    taking,
    window_form,
)
from handlers.alarms.desk import AlarmDesk
from handlers.alarms.listening import AnswersAlarmForm, answer
from handlers.buttons.alarms import (
    AttachAlarms,
    BeginRule,
    ChooseAlarms,
    ChooseWindow,
    DraftRule,
    EditRule,
    EndAlarms,
    EndExercise,
    EndQuiet,
    ListAlarms,
    OfferThresholds,
    PlanExercise,
    Prolong,
    QuietTarget,
    RecordStage,
    ShowAlarm,
    ShowBoard,
    ShowRules,
    ShowThresholds,
    TurnHistory,
    WatchValue,
)
from handlers.filters import OnlyStaff


class MayAskForBoard(BaseFilter):
    """Staff, or anybody in a group; to other people the command does not exist."""

    async def __call__(self, _message: Message, alarm_desk: AlarmDesk) -> bool:
        desk = alarm_desk
        return not desk.is_private or desk.situation.may_look(desk.actor)


def router() -> Router:
    """Return a fresh router; a router can join one dispatcher only."""
    router = Router(name="alarms")
    router.message.register(subscribing.alarms, Command("alarme", "alarms"))
    router.callback_query.register(subscribing.turn, ListAlarms.filter())
    router.callback_query.register(subscribing.choose, ChooseAlarms.filter())
    router.callback_query.register(subscribing.end, EndAlarms.filter())
    router.callback_query.register(subscribing.attach, AttachAlarms.filter())
    router.callback_query.register(own.offer, OfferThresholds.filter())
    router.callback_query.register(own.watch, WatchValue.filter())
    router.callback_query.register(own.listed, ShowThresholds.filter())
    router.message.register(board.board, Command("lage"), MayAskForBoard())
    router.callback_query.register(board.show_board, ShowBoard.filter())
    router.callback_query.register(history.show_alarm, ShowAlarm.filter())
    router.callback_query.register(history.turn, TurnHistory.filter())
    router.message.register(quieting.silence, Command("stumm"), OnlyStaff())
    router.message.register(quieting.maintenance, Command("wartung"), OnlyStaff())
    router.callback_query.register(quiet_form.choose_silence, QuietTarget.filter())
    router.callback_query.register(window_form.choose_window, ChooseWindow.filter())
    router.callback_query.register(quiet_form.prolong, Prolong.filter())
    router.callback_query.register(quieting.end, EndQuiet.filter())
    router.message.register(exercising.exercise, Command("uebung"), OnlyStaff())
    router.callback_query.register(exercising.plan, PlanExercise.filter())
    router.callback_query.register(exercising.end, EndExercise.filter())
    router.message.register(declaring.stage, Command("stufe"), OnlyStaff())
    router.callback_query.register(declaring.record, RecordStage.filter())
    router.message.register(ruling.rules, Command("regeln"), OnlyStaff())
    router.callback_query.register(ruling.turn, ShowRules.filter())
    router.callback_query.register(ruling.edit, EditRule.filter())
    router.callback_query.register(forming.begin, BeginRule.filter())
    router.callback_query.register(forming.step, DraftRule.filter())
    router.message.register(answer, AnswersAlarmForm())
    taking.register(router)
    return router
