"""A real Mosquitto: the one of this machine, or one of a test's own that may be stopped."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from aiomqtt import Client, MqttError

from bot.application import Application
from bot.hooks import UplinkCommits
from bot.mqtt import Listener
from bot.tasks import Tasks
from handlers.uplinks.sources import Broker, Sender
from services.uplinks.rules import Source
from tests.running.processes import free_port

HOST, PORT = "127.0.0.1", 1883


@dataclass
class Field:
    """A broker, topics nobody else uses, and our listener."""

    application: Application
    port: int
    name: str
    user: str | None = None
    password_file: Path | None = None

    @property
    def topics(self) -> tuple[str, ...]:
        return (
            f"application/{self.name}/device/+/event/+",
            f"v3/{self.name}@ttn/devices/+/up",
            f"v3/{self.name}@ttn/devices/+/down/+",
        )

    def up(self, device: str = "70b3d57ed0000001", event: str = "up") -> str:
        return f"application/{self.name}/device/{device}/event/{event}"

    def broker(self) -> Broker:
        return Broker(
            HOST,
            self.port,
            self.topics,
            f"abibot-{self.name}",
            user=self.user,
            password_file=self.password_file,
        )

    @asynccontextmanager
    async def listening(self, listener: Listener | None = None) -> AsyncIterator[Listener]:
        """Listen meanwhile; afterwards the listener is cut off wherever it is."""
        listener = listener or self.listener()
        async with Tasks() as tasks:
            tasks.start(listener.run(), "listener")
            yield listener

    def listener(self) -> Listener:
        work = self.application.work
        sender = Sender(Source("field"), broker=self.broker())
        put = UplinkCommits(work, 10**9).put
        return Listener(sender, self.broker(), put, work.metrics, pause=0.05)

    async def publish(self, *messages: tuple[str, bytes]) -> None:
        async with Client(HOST, self.port, timeout=20) as client:
            for topic, body in messages:
                await client.publish(topic, body, qos=1)

    async def subscribed(self, listener: Listener) -> None:
        """Wait until the broker keeps messages for us."""
        for _ in range(400):
            if listener.connected:
                return
            await asyncio.sleep(0.02)
        raise AssertionError("not connected")

    async def forgotten(self) -> None:
        """Let the broker forget our session."""
        async with Client(HOST, self.port, identifier=f"abibot-{self.name}", clean_session=True):
            pass


@asynccontextmanager
async def field(application: Application) -> AsyncIterator[Field]:
    """Use the broker of this machine."""
    opened = Field(application, PORT, uuid4().hex)
    try:
        async with Client(HOST, PORT, timeout=2):
            pass
    except MqttError:
        pytest.skip(f"no MQTT broker listens at {HOST}:{PORT}")
    yield opened
    await opened.forgotten()


@contextmanager
def mosquitto(folder: Path, port: int, *lines: str) -> Iterator[None]:
    """Run a broker that remembers sessions in a folder."""
    program = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if program is None:
        pytest.skip("mosquitto is not installed")
    settings = folder / "mosquitto.conf"
    usual = (f"listener {port} {HOST}", "persistence true", f"persistence_location {folder}/")
    settings.write_text("\n".join((*usual, "user root", *lines)) + "\n", encoding="utf-8")
    popen = subprocess.Popen(  # noqa: S603 - our own configuration
        [program, "-c", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        time.sleep(0.3)
        assert popen.poll() is None, "mosquitto does not start"
        yield
    finally:
        popen.terminate()
        popen.wait(timeout=10)


def own_port() -> int:
    return free_port()
