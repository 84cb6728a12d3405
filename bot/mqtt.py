"""The second way in for sensor data: what network servers publish with an MQTT broker.

The broker keeps a message until we say that it is stored, and we say so after the commit: a
session that outlives the connection, quality of service 1, acknowledged by hand. Whatever comes
twice is stored once.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence

import structlog
from aiomqtt import Client, Message, MqttError
from paho.mqtt.client import Client as PahoClient

from bot.metrics import Metrics
from bot.tasks import first_ended
from handlers.uplinks.body import BODY_LIMIT
from handlers.uplinks.secrets import SecretFileError, read_secrets
from handlers.uplinks.sources import Broker, Sender
from lorawan.dialects.topics import parse_topic
from lorawan.events import Form
from services.uplinks.service import Incoming

log = structlog.get_logger()
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
MOST_FAILURES = 10
"""More make the pause no longer."""
MOST_TOGETHER = 1_000
REFUSED = 128
"""From this code on a broker's answer to a subscription means no."""
Put = Callable[[Incoming], Awaitable[None]]


class Listener:
    """Listens to the broker of one source until cancelled; comes again when it is away."""

    def __init__(
        self,
        sender: Sender,
        broker: Broker,
        put: Put,
        metrics: Metrics,
        pause: float = FIRST_PAUSE,
    ) -> None:
        """Take what stores a message durably, and the seconds after a first failure."""
        self.name = sender.source.name
        self.broker = broker
        self.put = put
        self.metrics = metrics
        self.first_pause = pause
        self.connected: bool | None = None
        self.failures = 0

    async def run(self) -> None:
        """Listen; wait longer after each failure in a row."""
        try:
            while True:
                await self._until_it_fails()
                await asyncio.sleep(min(LONGEST_PAUSE, self.first_pause * 2**self.failures))
                self.failures = min(self.failures + 1, MOST_FAILURES)
        finally:
            self.metrics.uplinks.broker(self.name, connected=False)

    async def _until_it_fails(self) -> None:
        try:
            await self._listen()
        except (MqttError, SecretFileError, OSError) as error:
            self._stands(connected=False, error=_shown(error))

    async def _listen(self) -> None:
        client = _client(self.broker)
        async with client:
            for topic in self.broker.topics:
                await _subscribe(client, topic, self.broker.qos)
            self._stands(connected=True)
            self.failures = 0
            async for first in client.messages:
                waiting = min(len(client.messages), MOST_TOGETHER - 1)
                group = [first, *[await anext(client.messages) for _ in range(waiting)]]
                await self._take(group)
                _acknowledge(client, group)

    async def _take(self, messages: Sequence[Message]) -> None:
        """Return when every message of a group is stored, or is none that ever will be."""
        incoming = [one for message in messages if (one := self._read(message)) is not None]
        await asyncio.gather(*(self._store(one) for one in incoming))

    async def _store(self, incoming: Incoming) -> None:
        """Try until it is stored: meanwhile the broker keeps what comes after it."""
        pause = self.first_pause
        while True:
            try:
                await self.put(incoming)
            except Exception as error:  # noqa: BLE001 - whatever it was, it is not stored
                self.metrics.uplinks.received(self.name, "not-stored")
                log.error("uplink not stored", source=self.name, error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(LONGEST_PAUSE, pause * 2)
            else:
                self.metrics.uplinks.received(self.name, "stored")
                return

    def _read(self, message: Message) -> Incoming | None:
        """Return a message; None for one that tells nothing or is too large.

        Anything else is stored, also what is no JSON: nobody could be told, so it is kept and
        later found to be odd.
        """
        body, topic = bytes(message.payload or b""), parse_topic(message.topic.value)
        problem = "topic" if topic is None else "empty" if not body else ""
        if len(body) > BODY_LIMIT:
            problem = "too-large"
        if topic is None or problem:
            self.metrics.uplinks.received(self.name, problem)
            log.warning("uplink refused", source=self.name, reason=problem)
            return None
        form = Form.JSON if body.startswith(b"{") else Form.PROTOBUF
        return Incoming(self.name, topic.event, form, body)

    def _stands(self, *, connected: bool, **more: str) -> None:
        """Note whether the broker is there; say so when that changes."""
        self.metrics.uplinks.broker(self.name, connected=connected)
        if connected != self.connected:
            self.connected = connected
            tell = log.info if connected else log.warning
            tell("broker reached" if connected else "broker away", source=self.name, **more)


async def listen(senders: Iterable[Sender], put: Put, metrics: Metrics) -> None:
    """Listen to the brokers of all sources that have one, until cancelled."""
    listeners = [
        Listener(sender, sender.broker, put, metrics) for sender in senders if sender.broker
    ]
    await first_ended(*(listener.run() for listener in listeners))


def _client(broker: Broker) -> Client:
    """Return a client that leaves it to us to acknowledge."""
    password = read_secrets(broker.password_file, 1)[0] if broker.password_file else None
    client = Client(
        broker.host,
        broker.port,
        identifier=broker.client_id,
        clean_session=False,
        username=broker.user,
        password=password,
        tls_context=ssl.create_default_context() if broker.tls else None,
    )
    _paho(client).manual_ack_set(on=True)
    return client


def _acknowledge(client: Client, messages: Sequence[Message]) -> None:
    """Tell the broker, in the order in which they came, that it may forget these messages."""
    for message in messages:
        _paho(client).ack(message.mid, message.qos)


def _paho(client: Client) -> PahoClient:
    """Return paho's client: aiomqtt acknowledges by itself and has no other way to stop it."""
    return client._client  # noqa: SLF001


async def _subscribe(client: Client, topic: str, qos: int) -> None:
    for code in await client.subscribe(topic, qos=qos):
        if (code if isinstance(code, int) else code.value) >= REFUSED:
            raise MqttError("subscription refused")


def _shown(error: Exception) -> str:
    """Return what kind of error it is; a broker's own text may name users and hosts."""
    return str(error) if isinstance(error, SecretFileError) else type(error).__name__
