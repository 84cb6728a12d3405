"""What people ask about alarms: /alarme, own thresholds, the board, silences."""

from aiogram import Router
from aiogram.filters import Command

from handlers.alarms import own, subscribing, taking
from handlers.buttons import (
    ChooseAlarms,
    EndAlarms,
    ListAlarms,
    OfferThresholds,
    ShowThresholds,
    WatchValue,
)


def router() -> Router:
    """Return a fresh router; a router can join one dispatcher only."""
    router = Router(name="alarms")
    router.message.register(subscribing.alarms, Command("alarme", "alarms"))
    router.callback_query.register(subscribing.turn, ListAlarms.filter())
    router.callback_query.register(subscribing.choose, ChooseAlarms.filter())
    router.callback_query.register(subscribing.end, EndAlarms.filter())
    router.callback_query.register(own.offer, OfferThresholds.filter())
    router.callback_query.register(own.watch, WatchValue.filter())
    router.callback_query.register(own.listed, ShowThresholds.filter())
    taking.register(router)
    return router
