"""Runs the bot: takes updates in, works them off, sends, and keeps the clock."""

import asyncio
import signal
from zoneinfo import ZoneInfo

import structlog
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError
from aiohttp import web

from bot.application import Application, given
from bot.delivery import Delivery
from bot.dispatcher import dispatcher, jobs, renderers
from bot.heavy_start import heavy_runner
from bot.intake import ALLOWED_UPDATES, Poller, webhook
from bot.links import LinkCheck
from bot.profile import introduce
from bot.scheduler import JobDesk, scheduler
from bot.settings import LOCALES, Settings
from bot.tasks import Tasks
from bot.worker import Worker
from handlers.matching import Understanders
from services.text import Texts, load_texts

log = structlog.get_logger()


def open_bot(settings: Settings) -> Bot:
    """Return a client for Telegram, or for the local Telegram of the demo."""
    if settings.telegram.token is None:
        raise LookupError("no token")
    api = TelegramAPIServer.from_base(settings.telegram.api_url)
    return Bot(settings.telegram.token.get_secret_value(), session=AiohttpSession(api=api))


async def find_channel(bot: Bot, application: Application) -> int | None:
    """Return the channel's id; None when it does not exist or the bot is not in it."""
    name = application.settings.telegram.channel or application.region.facts.channel.username
    try:
        return (await bot.get_chat("@" + name.removeprefix("@"))).id
    except TelegramAPIError as error:
        log.warning("channel not found", error=type(error).__name__)
        return None


async def serve(application: Application, bot: Bot, ready: asyncio.Event | None = None) -> None:
    """Run all roles in this process until SIGTERM or SIGINT."""
    settings = application.settings
    texts = load_texts(LOCALES, ZoneInfo(application.region.facts.timezone))
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    channel = await find_channel(bot, application)
    if channel is not None:
        application.know_channel(channel)
    await introduce(bot, texts)
    async with bot, Tasks() as tasks:
        worker, delivery = build(application, bot, texts, tasks)
        schedule = scheduler(JobDesk(application.work, LinkCheck(application.region)), jobs())
        schedule.start()
        tasks.start(worker.run(), "worker")
        tasks.start(delivery.run(), "delivery")
        tasks.start(heavy_runner(application, texts).run(), "heavy work")
        server = await _take_in(application, bot, settings, tasks)
        if ready is not None:
            ready.set()
        await stopping.wait()
        schedule.shutdown(wait=False)
        if server is not None:
            await server.cleanup()
        await delivery.finish()


def build(
    application: Application, bot: Bot, texts: Texts, tasks: Tasks
) -> tuple[Worker, Delivery]:
    """Return what works updates off and what sends."""
    injected = given(application, texts=texts, understanders=Understanders(application.region))
    worker = Worker(application.work, dispatcher(), bot, texts, tasks, injected)
    return worker, Delivery(application.work, bot, texts, renderers(), tasks)


async def _take_in(
    application: Application, bot: Bot, settings: Settings, tasks: Tasks
) -> web.AppRunner | None:
    """Start long polling, or the web server for the webhook."""
    telegram = settings.telegram
    if telegram.webhook_url is None or telegram.webhook_secret is None:
        await bot.delete_webhook()
        address = bot.session.api.base.format(token=bot.token, method="").rstrip("/")
        tasks.start(Poller(application.work, address).run(), "poller")
        return None
    secret = telegram.webhook_secret.get_secret_value()
    runner = web.AppRunner(webhook(application.work, secret), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, settings.web.host, settings.web.port).start()
    await bot.set_webhook(
        telegram.webhook_url, secret_token=secret, allowed_updates=ALLOWED_UPDATES
    )
    return runner
