"""Runs the bot: takes updates in, works them off, sends, and keeps the clock.

Each role has its duties; what a role starts stands in `DUTIES`.
"""

import asyncio
import gc
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import structlog
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError
from aiohttp import web

from bot.administrators import Administrators
from bot.ahead import Ahead
from bot.alarms import HeraldDesk
from bot.application import Application, given
from bot.bells import listen
from bot.delivery import Delivery
from bot.dispatcher import dispatcher, follow_ups, jobs, renderers, routes
from bot.duties import Duties, Duty
from bot.files import TelegramFiles
from bot.health import Health
from bot.heavy_start import heavy_runner
from bot.hooks import Hooks
from bot.intake import ALLOWED_UPDATES, Poller, webhook
from bot.leadership import leadership
from bot.links import LinkCheck
from bot.mqtt import listen as listen_to_brokers
from bot.profile import introduce
from bot.roles import ALL_ROLES, Role
from bot.scheduler import JobDesk, scheduler
from bot.settings import LOCALES, Settings
from bot.tasks import Tasks, first_ended
from bot.understanding import open_understanders
from bot.uplinks import UplinkDesk, profiles_of
from bot.web import serving
from bot.worker import Worker
from handlers.ask.why import Explanations
from handlers.understanding import Understanders
from lorawan.sandbox import Sandbox
from services.frames.interpreting import Interpreting
from services.text import Texts, load_texts

log = structlog.get_logger()
FINISH_SECONDS = 12.0
GIVE_UP_SECONDS = 20.0
ASK_SECONDS = 10
LOOK_SECONDS = 0.25
"""How often the understanding looks for a new version of the catalogue."""


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
        chat = await bot.get_chat("@" + name.removeprefix("@"), request_timeout=ASK_SECONDS)
    except TelegramAPIError as error:
        log.warning("channel not found", error=type(error).__name__)
        return None
    return chat.id


def build(
    application: Application,
    bot: Bot,
    texts: Texts,
    tasks: Tasks,
    understanders: Understanders,
) -> tuple[Worker, Delivery]:
    """Return what works updates off and what sends."""
    administrators = Administrators(bot)
    injected = given(
        application,
        administrators=administrators,
        texts=texts,
        understanders=understanders,
        explanations=Explanations(application.work.house.clock),
    )
    ahead = Ahead(application.work, understanders, tasks, administrators)
    worker = Worker(application.work, dispatcher(), bot, texts, injected, ahead)
    delivery = Delivery(application.work, bot, texts, renderers(), tasks, follow_ups=follow_ups())
    return worker, delivery


@dataclass(frozen=True)
class Crew:
    """What the roles do: each method goes on until `stopping`, and finishes what it has begun."""

    application: Application
    bot: Bot
    texts: Texts
    stopping: asyncio.Event
    understanders: Understanders
    introduced: asyncio.Event
    """Telegram knows our menus and where to send updates; or another process has seen to it."""

    async def take_in(self) -> None:
        """Introduce the bot and say where updates go; without a webhook fetch them."""
        telegram = self.application.settings.telegram
        await introduce(self.bot, self.texts)
        if telegram.webhook_url is None or telegram.webhook_secret is None:
            await self.bot.delete_webhook()
            self.introduced.set()
            address = self.bot.session.api.base.format(token=self.bot.token, method="")
            poller = Poller(self.application.work, address.rstrip("/"))
            await first_ended(poller.run(), self.stopping.wait())
            return
        secret = telegram.webhook_secret.get_secret_value()
        await self.bot.set_webhook(
            telegram.webhook_url, secret_token=secret, allowed_updates=ALLOWED_UPDATES
        )
        self.introduced.set()
        await self.stopping.wait()

    async def listen(self) -> None:
        """Take in what network servers publish."""
        application = self.application
        put = Hooks(application).store
        senders = application.senders.values()
        await first_ended(
            listen_to_brokers(senders, put, application.work.metrics), self.stopping.wait()
        )

    def listening(self) -> tuple[Duty, ...]:
        """Return the duty of listening to brokers, if there are any."""
        if not any(sender.broker for sender in self.application.senders.values()):
            return ()
        return (Duty("mqtt", self.listen, one_holder=True),)

    async def work_off(self) -> None:
        async with Tasks() as tasks:
            worker, _ = build(self.application, self.bot, self.texts, tasks, self.understanders)
            await first_ended(worker.run(), self._stopped_and_at_rest())
            await tasks.finished(FINISH_SECONDS)

    async def work_heavily(self) -> None:
        """Run heavy jobs; one that is not done when the house closes is repeated."""
        await first_ended(heavy_runner(self.application, self.texts).run(), self.stopping.wait())

    async def keep_understanding(self) -> None:
        """Load the encoders, and bring the index up to every new version of the catalogue."""

        async def follow() -> None:
            loaded = False
            while True:
                async with self.application.work.reading() as services:
                    self.understanders.follow(await services.catalogue.snapshot())
                if not loaded and self.understanders.is_ready:
                    loaded = True
                    gc.freeze()  # the encoders, too
                await asyncio.sleep(LOOK_SECONDS)

        await first_ended(follow(), self.stopping.wait())

    async def work_uplinks_off(self) -> None:
        """Turn what network servers sent into frames and values."""
        async with Sandbox() as sandbox:
            known = profiles_of(self.application.settings.region_folder)
            desk = UplinkDesk(self.application.work, Interpreting(known, sandbox))
            await first_ended(desk.run(), self._stopped_and_at_rest())

    async def tell_of_alarms(self) -> None:
        """Tell chats of alarms as they fall due."""
        desk = HeraldDesk(self.application.work)
        await first_ended(desk.run(), self._stopped_and_at_rest())

    async def _stopped_and_at_rest(self) -> None:
        await self.stopping.wait()
        await self.application.work.at_rest()

    async def send(self) -> None:
        async with Tasks() as tasks:
            _, delivery = build(self.application, self.bot, self.texts, tasks, self.understanders)

            async def stopped_and_finished() -> None:
                await self.stopping.wait()
                await delivery.finish()

            await first_ended(delivery.run(), stopped_and_finished())

    async def keep_the_clock(self) -> None:
        links, files = LinkCheck(self.application.region), TelegramFiles(self.bot)
        async with Sandbox() as sandbox:
            desk = JobDesk(self.application.work, links, files, sandbox)
            schedule = scheduler(desk, jobs())
            schedule.start()
            try:
                await self.stopping.wait()
            finally:
                schedule.shutdown(wait=False)
                desk.close()


DUTIES: dict[Role, Callable[[Crew], tuple[Duty, ...]]] = {
    Role.WEB: lambda crew: (Duty("web", crew.take_in, one_holder=True), *crew.listening()),
    Role.WORKER: lambda crew: (
        Duty("worker", crew.work_off),
        Duty("uplinks", crew.work_uplinks_off, one_holder=True),
        Duty("alarms", crew.tell_of_alarms, one_holder=True),
        Duty("heavy", crew.work_heavily),
        Duty("understanding", crew.keep_understanding),
    ),
    Role.DELIVERY: lambda crew: (Duty("delivery", crew.send, one_holder=True),),
    Role.SCHEDULE: lambda crew: (Duty("schedule", crew.keep_the_clock, one_holder=True),),
}
"""What each role starts."""


@contextmanager
def stopped_by_signals() -> Iterator[asyncio.Event]:
    """Yield what the first signal to stop sets; the second one ends everything at once."""
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()
    everything = asyncio.current_task()

    def stop() -> None:
        if stopping.is_set() and everything is not None:
            everything.cancel()
        stopping.set()

    numbers = [signal.SIGTERM, signal.SIGINT]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup: outlive the terminal
        numbers.append(signal.SIGHUP)
    for number in numbers:
        loop.add_signal_handler(number, stop)
    try:
        yield stopping
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


async def serve(
    application: Application,
    bot: Bot,
    ready: asyncio.Event | None = None,
    roles: frozenset[Role] = ALL_ROLES,
) -> None:
    """Do the work of some roles in this process until SIGTERM or SIGINT, then finish it."""
    gc.freeze()  # what is loaded by now stays: looking through it takes a tenth of a second
    opened = closing(open_understanders(application))
    with stopped_by_signals() as stopping, opened as understanders:
        texts = load_texts(LOCALES, ZoneInfo(application.region.facts.timezone))
        crew = Crew(application, bot, texts, stopping, understanders, asyncio.Event())
        duties = Duties(
            leadership(application.database, stopping), application.work.metrics, stopping
        )
        answers = Role.WORKER in roles
        health = Health(application.work, duties, understanders if answers else None)
        page = _page(application, roles)
        listening = serving(page, health, application.settings.web, stopping)
        async with bot, Tasks() as tasks, Tasks() as kept, listening:
            channel = await find_channel(bot, application)
            if channel is not None:
                application.know_channel(channel)
            tasks.start(listen(application.work), "bells")
            tasks.start(health.watch_the_loop(), "loop")
            duties.start([duty for role in sorted(roles) for duty in DUTIES[role](crew)], kept)
            if ready is not None:
                await first_ended(crew.introduced.wait(), stopping.wait())
                ready.set()
            await stopping.wait()
            log.info("stopping")
            if not await kept.finished(GIVE_UP_SECONDS):
                log.error("not everything finished in time")


def _page(application: Application, roles: frozenset[Role]) -> web.Application:
    """Return what this process serves beside the health pages."""
    telegram = application.settings.telegram
    if Role.WEB not in roles:
        return web.Application()
    page = web.Application()
    if telegram.webhook_url is not None and telegram.webhook_secret is not None:
        page = webhook(application.work, telegram.webhook_secret.get_secret_value())
    page.router.add_routes(routes(Hooks(application)))
    return page
