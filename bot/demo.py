"""`abibot demo`: everything on this machine, with the local Telegram and its chat page."""

import asyncio
import json
import secrets
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click
from aiohttp import ClientError, ClientSession

from bot.settings import (
    ROOT,
    DatabaseSettings,
    GoLiveSettings,
    LorawanSettings,
    Settings,
    TelegramSettings,
    WebSettings,
)
from bot.terminal import BotTerminal
from services.region.service import Region
from simulator.default_world import DEFAULT_WORLD

if TYPE_CHECKING:
    from bot.application import Application
    from services.alarms.rules.notify import Pace

TOKEN = "42:DEMO"  # noqa: S105 - the local Telegram takes any
STAFF = ((2001, "admin", "Serviceportal 1"), (2002, "editor", "Serviceportal 2"))
"""People of the local Telegram who have a role in the demo."""
SOURCE = "demo"
"""The name under which the demonstration sends sensor data to itself."""
STOP_SECONDS = 5
PACE_SECONDS = (2, 10, 5)
"""How long news of alarms wait, how far apart messages and edits of them are."""
WAIT_SECONDS = 20


def demo(terminal: BotTerminal, port: int, started: float) -> None:
    """Start the local Telegram, a fresh database and the bot; print the one address."""
    port = port or _free_port()
    with TemporaryDirectory(prefix="abibot-demo-") as name, ExitStack() as children:
        folder = Path(name)
        world = folder / "world.json"
        world.write_text(json.dumps(_world(terminal.region)), encoding="utf-8")
        token = secrets.token_urlsafe(24)
        settings = demo_settings(terminal.settings, folder, port)
        settings = settings.model_copy(
            update={"lorawan": LorawanSettings(sources=_write_sources(folder, token))}
        )
        options = ["--port", str(port), "--token", TOKEN, "--world", str(world)]
        options += ["--name", terminal.region.facts.name]
        simulator = _child(["-m", "simulator", *options], children)
        migrate = f"from bot.migrate import migrate; migrate({settings.database.url!r})"
        migration = _child(["-c", migrate], children)

        import bot.run  # noqa: F401, PLC0415 - takes seconds: while the others start

        if migration.wait() != 0:
            raise click.ClickException(terminal.text("cli.demo-no-database").unescape())
        asyncio.run(Demo(BotTerminal(settings), simulator, port, token).serve(started))


def _child(arguments: list[str], children: ExitStack) -> subprocess.Popen[bytes]:
    """Start one of our own modules; it ends with the demo."""
    process = subprocess.Popen(  # noqa: S603 - our own modules
        [sys.executable, *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        process_group=0,  # Ctrl+C goes to a whole group; the bot may still have to send
    )
    children.callback(process.wait)
    children.callback(process.terminate)
    return process


def _world(region: Region) -> dict[str, Any]:
    """Return the people and chats of the local Telegram: the county's channel, and a group.

    Staff are in the group, so that they can try there what alarms do.
    """
    channel, staff = region.facts.channel, [person for person, _, _ in STAFF]
    own = {"title": channel.title, "username": channel.username}
    fire_brigade = {
        "title": f"Feuerwehr {region.facts.seat}",
        "members": staff,
        "admins": staff[:1],
    }
    chats = [
        {**chat, **(own if chat["type"] == "channel" else fire_brigade)}
        for chat in DEFAULT_WORLD["chats"]
    ]
    return {**DEFAULT_WORLD, "chats": chats}


def _write_sources(folder: Path, token: str) -> Path:
    """Write who may send sensor data: the demonstration itself; return the file."""
    (folder / "token").write_text(token, encoding="utf-8")
    path = folder / "sources.toml"
    path.write_text(f'[{SOURCE}]\ntoken_file = "token"\n', encoding="utf-8")
    return path


def _awake(region: Region) -> Region:
    """Return the region without quiet hours: who tries alarms at night wants to see them."""
    alarms = region.facts.alarms.model_copy(update={"quiet": None})
    return replace(region, facts=region.facts.model_copy(update={"alarms": alarms}))


def _pace() -> "Pace":
    """Return a pace of alarms for somebody who is watching: seconds instead of minutes."""
    from services.alarms.rules.notify import Pace  # noqa: PLC0415 - takes time: not at the start

    wait, interval, edit = (timedelta(seconds=one) for one in PACE_SECONDS)
    return Pace(group_wait=wait, group_interval=interval, edit=edit)


def demo_settings(settings: Settings, folder: Path, port: int) -> Settings:
    """Return settings for looking at things happen: no quiet hours, five seconds to stop."""
    return settings.model_copy(
        update={
            "database": DatabaseSettings(url=f"sqlite:///{folder / 'demo.db'}"),
            "telegram": TelegramSettings.model_validate(
                {"token": TOKEN, "api_url": f"http://127.0.0.1:{port}"}
            ),
            "web": WebSettings(port=_free_port()),
            "golive": GoLiveSettings(
                stop_seconds=STOP_SECONDS,
                quiet_hours=False,
                channel_at_once=True,
                check_links=False,  # the demo must work without a network
            ),
        }
    )


@dataclass(frozen=True)
class Demo:
    """The bot and its sensors, beside the local Telegram."""

    terminal: BotTerminal
    simulator: subprocess.Popen[bytes]
    port: int
    token: str

    async def serve(self, started: float) -> None:
        """Serve until somebody stops it."""
        from bot.application import open_application  # noqa: PLC0415 - see above
        from bot.demo_sensors import read_demo, with_rules  # noqa: PLC0415
        from bot.run import open_bot, serve  # noqa: PLC0415
        from bot.tasks import Tasks  # noqa: PLC0415

        terminal = self.terminal
        if not await _answers(f"http://127.0.0.1:{self.port}/sim/world", self.simulator):
            words = terminal.text("cli.demo-no-telegram", port=self.port)
            raise click.ClickException(words.unescape())
        application = open_application(terminal.settings, _awake(terminal.region))
        house, (shown, _) = application.work.house, read_demo(terminal.region_folder)
        book = with_rules(house.rule_book, shown)
        application.work.house = replace(house, rule_book=book, pace=_pace())
        ready = asyncio.Event()
        try:
            async with application.transaction() as services:
                await services.catalogue.take_in(terminal.region_folder)
            await _enrol_staff(application)
            async with Tasks() as tasks:
                tasks.start(self._announce(ready, started), "announce")
                tasks.start(self._keep_sensors_alive(application, ready), "sensors")
                await serve(application, open_bot(terminal.settings), ready)
        finally:
            await application.close()

    async def _announce(self, ready: asyncio.Event, started: float) -> None:
        await ready.wait()
        seconds = f"{time.time() - started:.1f}"
        url = f"http://127.0.0.1:{self.port}/"
        click.echo(self.terminal.text("cli.demo-ready", seconds=seconds, url=url))

    async def _keep_sensors_alive(self, application: "Application", ready: asyncio.Event) -> None:
        """Release the invented sensors, and send their values through the real hook."""
        from bot.demo_sensors import add_up, enrol, keep_alive, read_demo  # noqa: PLC0415
        from handlers.sensors.posting import open_hook  # noqa: PLC0415

        shown, _ = read_demo(self.terminal.region_folder)
        if not shown.sensors:
            return
        why = self.terminal.text("cli.demo-sensor").unescape()
        async with application.transaction() as services:
            chat = await services.chats.meet(STAFF[0][0], "private", "de")
            actor = await services.staff.actor(chat.id)
            await enrol(services, actor, shown.sensors, why)
        await ready.wait()
        port = self.terminal.settings.web.port
        url = f"http://127.0.0.1:{port}/hooks/lorawan/{SOURCE}"
        async with open_hook(url, self.token) as hook:
            work = application.work
            await keep_alive(hook, shown, work.house.clock, lambda: add_up(work))


async def _enrol_staff(application: "Application") -> None:
    from services.staff.rules import Role  # noqa: PLC0415

    for person, role, label in STAFF:
        async with application.transaction() as services:
            chat = await services.chats.meet(person, "private", "de")
            area = application.region.facts.ars
            code = await services.staff.invite(None, role=Role(role), area=area, label=label)
            await services.staff.enrol(chat.id, code)
            await services.outbox.tell(chat.id, "staff.menu", dedup_key=f"menu:demo:{chat.id}")


async def _answers(url: str, simulator: subprocess.Popen[bytes]) -> bool:
    """Wait for the local Telegram; False when it ended, for example because the port is taken."""
    deadline = time.monotonic() + WAIT_SECONDS
    async with ClientSession() as session:
        while simulator.poll() is None and time.monotonic() < deadline:
            try:
                async with session.get(url) as response:
                    if response.ok:
                        return True
            except (ClientError, OSError):
                await asyncio.sleep(0.05)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
