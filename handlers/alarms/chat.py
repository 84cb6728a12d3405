"""Alarms in the chat."""

from aiogram import Router

from handlers.alarms import taking


def router() -> Router:
    """Return a fresh router; a router can join one dispatcher only."""
    router = Router(name="alarms")
    taking.register(router)
    return router
