"""`abibot ask "…"`: print the answer the bot would give."""

import asyncio
import re
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import click
from aiogram.methods import SendMessage, TelegramMethod
from aiogram.types import Chat as TelegramChat
from aiogram.types import InlineKeyboardMarkup, Message
from markupsafe import Markup

from handlers.alarms.desk import alarm_desk_of
from handlers.ask.chat import ask
from handlers.ask.desk import desk_of
from handlers.ask.why import Explanations
from handlers.terminal import Terminal
from handlers.understanding import Understanders
from services.chats.model import Kind
from services.staff.rules import Actor

NOBODY = 1
LOADING_SECONDS = 20.0
"""Time for the encoders to load; their vectors should be there (`abibot nlu vectors`)."""
TAG = re.compile(r"<[^>]+>")


@click.command("ask")
@click.argument("question")
@click.option("--town", default="", help="Municipality or postcode of the person who asks.")
@click.pass_obj
def command(terminal: Terminal, question: str, town: str) -> None:
    """Print the answer the bot would give to QUESTION."""
    for line in asyncio.run(_answer(terminal, question, town)):
        click.echo(line)


async def _answer(terminal: Terminal, question: str, town: str) -> list[str]:
    now = datetime.fromtimestamp(0, UTC)
    place = TelegramChat(id=NOBODY, type=Kind.PRIVATE)
    message = Message(message_id=1, date=now, chat=place, text=question)
    async with terminal.rehearsal() as (services, given):
        chat = await services.chats.meet(NOBODY, Kind.PRIVATE, terminal.text.language)
        places = terminal.region.gazetteer.find(town)
        if town and not places:
            unknown = terminal.text("catalogue.problem-unknown-area", area=town)
            raise click.ClickException(unknown.unescape())
        if len(places) == 1:  # several: the answer asks back
            await services.chats.live_in(chat, places[0].ars)
        with closing(Understanders(given["region"], terminal.understanding)) as understanders:
            await understanders.ready(await services.catalogue.snapshot(), LOADING_SECONDS)
            scene = {**services.as_data(), **given, "chat": chat, "text": terminal.text}
            scene |= {"actor": Actor(), "administrators": None}
            answer = await ask(
                message,
                desk=desk_of(scene),
                alarm_desk=alarm_desk_of(scene),
                texts=given["texts"],
                actor=Actor(),
                statistics=services.statistics,
                subscriptions=services.subscriptions,
                privacy=services.privacy,
                learning=services.learning,
                sensors=services.sensors,
                readings=services.readings,
                clock=given["clock"],
                understanders=understanders,
                explanations=Explanations(given["clock"]),
            )
    methods = [answer] if isinstance(answer, TelegramMethod) else list(answer or ())
    return [line for method in methods for line in _lines(method, terminal)]


def _lines(method: TelegramMethod[Any], terminal: Terminal) -> list[str]:
    if not isinstance(method, SendMessage):
        return []
    lines = [Markup(TAG.sub("", method.text)).unescape()]  # noqa: S704 - printed, not sent
    if isinstance(method.reply_markup, InlineKeyboardMarkup):
        for row in method.reply_markup.inline_keyboard:
            shown = (terminal.text("cli.button", label=one.text).unescape() for one in row)
            lines.append(" ".join(shown))
    return lines
