"""Bots that break the promises on purpose: a matrix that does not catch them proves nothing.

Each is applied in a freshly forked child, before the bot starts.
"""

import asyncio
from collections.abc import Callable

import sqlalchemy

import bot.intake
from bot.settings import load_settings

LATE_SECONDS = 0.05


def acknowledge_first() -> None:
    """Acknowledge updates before they are stored."""
    stored, background = bot.intake.store, set()

    async def later(*arguments) -> None:
        await asyncio.sleep(LATE_SECONDS)
        await stored(*arguments)

    async def store(*arguments) -> None:
        task = asyncio.create_task(later(*arguments))  # noqa: TID251 - a bad example
        background.add(task)
        task.add_done_callback(background.discard)

    bot.intake.store = store


def send_again_silently() -> None:
    """After a crash send again what was being sent, and tell nobody."""
    _at_start("UPDATE outbox SET status = 'queued' WHERE status = 'sending'")


def forget_what_is_done() -> None:
    """Handle updates anew after a crash, as if their effects had not been stored with them."""
    _at_start(
        "UPDATE inbox SET state = 'new' WHERE update_id IN"
        " (SELECT update_id FROM inbox WHERE state = 'done' ORDER BY update_id DESC LIMIT 2)"
    )


def forget_what_changed() -> None:
    """Forget after a crash which alarms changed, as if that were kept in memory."""
    _at_start("UPDATE alarm SET news = false")


def _at_start(statement: str) -> None:
    url = load_settings().database.url.replace("+aiosqlite", "")
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text(statement))
    engine.dispose()


ALL: dict[str, Callable[[], None]] = {
    "acknowledge-first": acknowledge_first,
    "forget-what-changed": forget_what_changed,
    "forget-what-is-done": forget_what_is_done,
    "send-again-silently": send_again_silently,
}
