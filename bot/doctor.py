"""`abibot doctor`: checks what a running bot needs, and prints what to do."""

import time
from collections.abc import AsyncIterator
from email.utils import parsedate_to_datetime

from aiogram.exceptions import TelegramAPIError
from aiohttp import ClientError, ClientSession
from sqlalchemy.exc import SQLAlchemyError

from bot.application import Application
from bot.migrate import Schema, schema_of
from bot.run import find_channel, open_bot
from bot.terminal import BotTerminal
from handlers.catalogue.report import problem_lines
from services.region.service import RegionError
from services.text import Text
from services.yaml_source import ProblemsError

Finding = tuple[bool, str]
"""Whether it is fine, and a line that says what, or what to do."""
CLOCK_TOLERANCE = 5.0


async def findings(terminal: BotTerminal) -> AsyncIterator[Finding]:
    """Yield one finding after the other; later checks need the earlier ones."""
    text, settings = terminal.text, terminal.settings
    yield True, text("cli.doctor-settings", region=settings.region)
    try:
        application = Application(settings, terminal.region)
    except RegionError:
        yield False, text("cli.doctor-region")
        return
    except ProblemsError as error:
        for line in problem_lines(error.problems, text):
            yield False, line
        return
    try:
        async for finding in _database(application, text):
            yield finding
        async for finding in _telegram(application, text):
            yield finding
    finally:
        await application.close()


async def _database(application: Application, text: Text) -> AsyncIterator[Finding]:
    try:
        schema = await schema_of(application.database)
    except (SQLAlchemyError, OSError) as error:
        yield False, text("cli.doctor-database-unreachable", error=type(error).__name__)
        return
    if schema is not Schema.FITS:
        old = schema is Schema.OLD
        yield False, text("cli.doctor-database-old" if old else "cli.database-newer")
        return
    yield True, text("cli.doctor-database")
    async with application.work.reading() as services:
        count = len((await services.catalogue.snapshot()).services)
        team = len(await services.staff.team())
    folder = application.settings.region_folder
    if count:
        yield True, text("cli.doctor-catalogue", count=count)
    else:
        yield False, text("cli.doctor-catalogue-empty", folder=folder)
    yield (team > 0), text("cli.doctor-staff", count=team) if team else text("cli.doctor-no-staff")


async def _telegram(application: Application, text: Text) -> AsyncIterator[Finding]:
    if application.settings.telegram.token is None:
        yield False, text("cli.no-token")
        return
    async with open_bot(application.settings) as bot:
        try:
            me = await bot.get_me()
            webhook = await bot.get_webhook_info()
        except TelegramAPIError as error:
            yield False, text("cli.doctor-token-wrong", error=type(error).__name__)
            return
        yield True, text("cli.doctor-token", username=me.username)
        expected = application.settings.telegram.webhook_url or ""
        if webhook.last_error_message:
            yield False, text("cli.doctor-webhook-error", error=webhook.last_error_message)
        elif webhook.url != expected:
            yield False, text("cli.doctor-webhook-other")
        else:
            yield True, text("cli.doctor-webhook")
        username = application.region.facts.channel.username
        found = await find_channel(bot, application) is not None
        key = "cli.doctor-channel" if found else "cli.doctor-no-channel"
        yield found, text(key, username=username)
    yield await _clock(application.settings.telegram.api_url, text)


async def _clock(url: str, text: Text) -> Finding:
    """Compare our clock with the date Telegram's server sends."""
    try:
        async with ClientSession() as session, session.get(url) as response:
            theirs = parsedate_to_datetime(response.headers["Date"]).timestamp()
    except (ClientError, OSError, KeyError, ValueError) as error:
        return False, text("cli.doctor-token-wrong", error=type(error).__name__)
    difference = abs(time.time() - theirs)
    if difference > CLOCK_TOLERANCE:
        return False, text("cli.doctor-clock-wrong", seconds=round(difference))
    return True, text("cli.doctor-clock")
