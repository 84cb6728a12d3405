"""Network servers for benchmarks: they post ChirpStack uplinks, none twice."""

import asyncio
import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

TOKEN = "benchmark-token-0123456789"  # noqa: S105 - of this benchmark's own server
PATH = "/hooks/lorawan/chirpstack?event=up"
DEVICES = 1_000


RECEPTION = {
    "gatewayId": "24e124fffef00001",
    "uplinkId": 31337,
    "gwTime": "2026-11-20T11:00:00.123456789+00:00",
    "nsTime": "2026-11-20T11:00:00.140119483+00:00",
    "timeSinceGpsEpoch": "1447844418.123s",
    "rssi": -97,
    "snr": 8.2,
    "channel": 5,
    "location": {"latitude": 51.6235, "longitude": 12.3121, "altitude": 82.0},
    "context": "AAAAAAAAAAAAAAAAAAAAAA==",
    "metadata": {"region_config_id": "eu868", "region_common_name": "EU868"},
    "crcStatus": "CRC_OK",
}
EVENT = {
    "deduplicationId": "00000000-0000-4000-8000-@@@@@@@@@@@@",
    "time": "2026-11-20T11:00:00.123456789+00:00",
    "deviceInfo": {
        "tenantId": "52f14cd4-c6f1-4fbd-8f87-4025e1d49242",
        "tenantName": "Landkreis",
        "applicationId": "ca739e26-7b67-4f14-b69e-d568c22a5a75",
        "applicationName": "Pegel",
        "deviceProfileId": "605d08d4-65f5-4d2c-8a5a-3d2457662f79",
        "deviceProfileName": "Decentlab DL-MBX",
        "deviceName": "pegel-@@@@@@@@@@@@",
        "devEui": "70b3@@@@@@@@@@@@",
        "deviceClassEnabled": "CLASS_A",
        "tags": {"gewaesser": "Mulde"},
    },
    "devAddr": "01a2b3c4",
    "adr": True,
    "dr": 5,
    "fCnt": 0,
    "fPort": 1,
    "confirmed": False,
    "data": "Aj4NAAMBIgDIDBo=",
    "object": {"distance": 1342.0, "battery": 3.126, "valid_samples": 12.0},
    "rxInfo": [RECEPTION],
    "txInfo": {
        "frequency": 868300000,
        "modulation": {"lora": {"bandwidth": 125000, "spreadingFactor": 7, "codeRate": "CR_4_5"}},
    },
    "regionConfigId": "eu868",
}
"""As ChirpStack 4 writes an uplink; the marks become numbers."""


def bodies() -> Iterator[bytes]:
    """Yield uplinks as ChirpStack 4 writes them, about 1.4 KB, all different."""
    before, name, eui, after = json.dumps(EVENT).encode().split(b"@@@@@@@@@@@@")
    after_counter = after.replace(b'"fCnt": 0', b'"fCnt": %d')
    for number in itertools.count(1):
        device = b"%012x" % (number % DEVICES)
        unique, counter = b"%012x" % number, number // DEVICES
        yield before + unique + name + device + eui + device + after_counter % counter


def requests() -> Iterator[bytes]:
    """Yield whole requests."""
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {TOKEN}\r\nUser-Agent: chirpstack\r\nContent-Length: "
    ).encode()
    for body in bodies():
        yield head + b"%d\r\n\r\n" % len(body) + body


@dataclass
class Tally:
    """What came back."""

    stored: int = 0
    seconds: list[float] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    most: float = float("inf")


class Sender(asyncio.Protocol):
    """One connection: each request is answered before the next one leaves."""

    def __init__(self, queue: Iterator[bytes], tally: Tally) -> None:
        self.queue = queue
        self.tally = tally
        self.due: list[float] = []
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def send(self, due: float | None = None) -> None:
        """Post the next message; `due` is when it should have left."""
        self.due.append(due or time.perf_counter())
        self.transport.write(next(self.queue))

    def data_received(self, data: bytes) -> None:
        self.received += data
        while b"\r\n\r\n" in self.received:
            head, _, self.received = self.received.partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 204"), head
            self.tally.seconds.append(time.perf_counter() - self.due.pop(0))
            self.tally.stored += 1
            self.answered()

    def answered(self) -> None:
        if self.tally.stored >= self.tally.most:
            self.tally.done.set()


class Eager(Sender):
    """A connection that posts again as soon as it is answered, until enough has left."""

    left = 0.0

    def answered(self) -> None:
        super().answered()
        if type(self).left > 0 and not self.transport.is_closing():
            type(self).left -= 1
            self.send()


async def opened(kind: type[Sender], port: int, count: int, tally: Tally) -> list[Sender]:
    """Open connections."""
    loop, queue = asyncio.get_running_loop(), QUEUE
    return [
        (await loop.create_connection(lambda: kind(queue, tally), "127.0.0.1", port))[1]
        for _ in range(count)
    ]


QUEUE = requests()


async def for_a_time(port: int, connections: int, seconds: float, warm_up: float) -> Tally:
    """Post as fast as it is answered; return what came back after the warm-up."""
    tally = Tally()
    Eager.left = float("inf")
    senders = await opened(Eager, port, connections, tally)
    for sender in senders:
        sender.send()
    await asyncio.sleep(warm_up)
    tally.stored, tally.seconds = 0, []
    await asyncio.sleep(seconds)
    found = Tally(tally.stored, tally.seconds)
    Eager.left = 0
    await asyncio.sleep(0.2)
    _close(senders)
    return found


async def burst(port: int, connections: int, count: int) -> float:
    """Post so many messages as fast as they are answered; return the seconds it took."""
    tally = Tally(most=count)
    Eager.left = count - connections
    senders = await opened(Eager, port, connections, tally)
    began = time.perf_counter()
    for sender in senders:
        sender.send()
    await tally.done.wait()
    took = time.perf_counter() - began
    _close(senders)
    return took


async def at_a_rate(port: int, connections: int, rate: float, seconds: float) -> list[float]:
    """Post at a fixed rate whatever comes back; return how long each waited since it was due."""
    tally = Tally(most=int(rate * seconds))
    senders = itertools.cycle(await opened(Sender, port, connections, tally))
    began = time.perf_counter()
    for number in range(int(tally.most)):
        due = began + number / rate
        if (pause := due - time.perf_counter()) > 0:
            await asyncio.sleep(pause)
        next(senders).send(due)
    await tally.done.wait()
    _close([next(senders) for _ in range(connections)])
    return tally.seconds


def _close(senders: list[Sender]) -> None:
    for sender in senders:
        sender.transport.close()
