"""What finding the handler costs, with 200 commands of ten names each.

    python benchmarks/dispatcher.py [--updates 3000]

The real dispatcher, filled up with invented features of ten commands, gets a command of the last
feature, words in free text and the press of a button; its handlers do nothing. Beside it, in the
same run: a dispatcher whose only handler does nothing. The target is 0.25 ms more than that.
"""

import argparse
import asyncio
import string
import time
from typing import Any

from aiogram import Bot, Dispatcher, Router
from aiogram.filters import Command
from aiogram.types import Update

from bot.dispatcher import routers
from bot.switchboard import Switchboard
from handlers.buttons.citizens import ShowService
from handlers.filters import Private
from services.clock import utc_now
from services.staff.rules import Actor

COMMANDS = 200
LANGUAGES = 10
OF_ONE_FEATURE = 10
ROUNDS = 5
TARGET = 0.25


async def nothing(event: Any) -> None:
    """Handle an update by doing nothing."""


def idle(router: Router) -> Router:
    """Return a router that chooses as before; what it chooses does nothing."""
    quiet = Router()
    for name, observer in router.observers.items():
        for handler in observer.handlers:
            filters = [one.magic or one.callback for one in handler.filters or ()]
            quiet.observers[name].register(nothing, *filters)
    return quiet


def invented(first: int) -> Router:
    """Return a feature of ten commands, each with a name in every language."""
    router = Router()
    for number in range(first, first + OF_ONE_FEATURE):
        names = [f"{letter}{number}" for letter in string.ascii_lowercase[:LANGUAGES]]
        router.message.register(nothing, Command(*names), Private())
    return router


def all_features() -> list[Router]:
    """Return the features of the bot and enough others, free text last."""
    ours = [idle(router) for router in routers()]
    known = sum(
        isinstance(one.callback, Command)
        for router in ours
        for handler in router.message.handlers
        for one in handler.filters or ()
    )
    others = [invented(first) for first in range(known, COMMANDS, OF_ONE_FEATURE)]
    return [*ours[:-1], *others, ours[-1]]


def updates(bot: Bot) -> dict[str, Update]:
    """Return what is measured: a command, words, a press."""
    user = {"id": 7, "is_bot": False, "first_name": "Erika"}
    chat = {"id": 7, "type": "private", "first_name": "Erika"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": user}
    data = ShowService(service_id="hund-anmelden").pack()
    query = {"id": "1", "from": user, "chat_instance": "1", "data": data}
    found = {
        "command": {"message": {**message, "text": f"/j{COMMANDS - 1} wort"}},
        "words": {"message": {**message, "text": "Ich möchte meinen Hund anmelden"}},
        "press": {"callback_query": {**query, "message": {**message, "text": "…"}}},
    }
    return {
        name: Update.model_validate({"update_id": 1, **content}, context={"bot": bot})
        for name, content in found.items()
    }


async def milliseconds(dispatcher: Dispatcher, bot: Bot, update: Update, times: int) -> float:
    """Return what one update takes: the best of five rounds, which others disturbed least."""
    given = {"clock": utc_now, "actor": Actor()}
    rounds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(times):
            await dispatcher.feed_update(bot, update, **given)
        rounds.append((time.process_time() - started) / times * 1000)
    return min(rounds)


async def main(times: int) -> None:
    """Measure and print."""
    bot = Bot("42:TEST")
    full, table, empty = (Dispatcher(disable_fsm=True) for _ in range(3))
    full.include_routers(*all_features())
    table.include_router(Switchboard(all_features()))
    empty.message.register(nothing)
    empty.callback_query.register(nothing)
    worst = 0.0
    for name, update in updates(bot).items():
        ours = await milliseconds(table, bot, update, times)
        baseline = await milliseconds(empty, bot, update, times)
        unsorted_ = await milliseconds(full, bot, update, times // 10)
        worst = max(worst, ours - baseline)
        print(
            f"{name:8} {ours:6.3f} ms, empty dispatcher {baseline:6.3f} ms, ratio"
            f" {ours / baseline:5.2f}, overhead {ours - baseline:6.3f} ms"
            f" (without the table {unsorted_ - baseline:6.3f} ms)"
        )
    print(f"target (overhead at most {TARGET} ms): {'met' if worst <= TARGET else 'NOT met'}")
    await bot.session.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=3000)
    asyncio.run(main(parser.parse_args().updates))
