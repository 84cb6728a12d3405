"""Messages for tests, and an interpreter that knows one made-up kind of device.

Its payload is centimetres as two bytes; a network server that decodes says {"cm": 240}.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.application import Application
from bot.uplinks import UplinkDesk
from lorawan.events import Event, Form
from lorawan.measurement import Mark, Measurement
from lorawan.sandbox import Script
from services.frames.records import Meant
from services.uplinks.service import Incoming
from tests.rigging import rows_of

EUI = "70b3d57ed0000001"
LEVEL = "water.level"


class BrokenInterpreterError(RuntimeError):
    """What a message with the payload ff ff does to us."""


class PlainInterpreter:
    """Understands the profile "plain" (metres) and "doubled" (twice as much)."""

    def __init__(self) -> None:
        self.released: Mapping[int, Script] = {}

    def choose(self, event: Event) -> str:
        return "plain" if event.model.startswith("Plain") else ""

    async def interpret(self, event: Event, profile: str, height: float | None) -> Meant:
        if event.payload == b"\xff\xff":
            raise BrokenInterpreterError
        if not profile:
            return Meant(decoded=event.decoded, decoder="server", problem="no-profile")
        if event.normalized:
            return Meant(
                decoder="server",
                measurements=tuple(
                    Measurement("soil.moisture", float(part.get("moisture", 20.5)), channel)
                    for channel, part in enumerate(event.normalized)
                ),
            )
        if event.payload is None:
            return Meant(problem="no-payload")
        metres = int.from_bytes(event.payload) / 100 * (2 if profile == "doubled" else 1)
        marks = Mark.OUT_OF_RANGE if metres > 100 else Mark.FINE
        return Meant(
            decoded={"cm": metres * 100},
            decoder="python:plain",
            measurements=(Measurement(LEVEL, metres, marks=marks),),
            battery_volt=3.6,
        )


@dataclass(frozen=True)
class Sent:
    """A message as it came: body, and what the query says."""

    body: bytes
    event: str = "up"
    source: str = "county"


def chirpstack(
    time: datetime | None,
    f_cnt: int = 1,
    payload: bytes = b"\x00\xf0",
    *,
    key: str | None = None,
    eui: str = EUI,
    session: str = "01020304",
    event: str = "up",
    source: str = "county",
    **more: Any,
) -> Sent:
    """Return an event of ChirpStack 4."""
    body = {
        "deduplicationId": key or f"{eui}-{session}-{f_cnt}-{time}",
        "deviceInfo": {"devEui": eui, "deviceName": "Pegel", "deviceProfileName": "Plain"},
        **({"time": time.isoformat()} if time else {}),
        **more,
    }
    if event == "up":
        body |= {
            "devAddr": session,
            "fCnt": f_cnt,
            "fPort": 1,
            "data": b64encode(payload).decode(),
            "rxInfo": [{"gatewayId": "0016c001f1500812", "rssi": -80, "snr": 7.5}],
        }
    return Sent(json.dumps(body).encode(), event, source)


def things(
    time: datetime,
    f_cnt: int = 1,
    payload: bytes = b"\x00\xf0",
    *,
    normalized: Any = None,
    eui: str = EUI,
    session: str = "AYfg8rhha5n+FWx0ZaAprA==",
    **more: Any,
) -> Sent:
    """Return an uplink of The Things Stack, or its normalized double."""
    key = "uplink_message" if normalized is None else "uplink_normalized"
    message = {
        "session_key_id": session,
        "f_cnt": f_cnt,
        "f_port": 1,
        "frm_payload": b64encode(payload).decode(),
        "received_at": time.isoformat(),
        "version_ids": {"brand_id": "Plain", "model_id": "Plain"},
        **({} if normalized is None else {"normalized_payload": normalized}),
    }
    ids = {"dev_eui": eui.upper(), "application_ids": {"application_id": "a"}}
    body = {"end_device_ids": ids, key: message, **more}
    return Sent(json.dumps(body).encode(), "", "things")


async def arrive(application: Application, *sent: Sent) -> None:
    """Store messages as they came."""
    async with application.transaction() as services:
        await services.uplinks.put(
            [Incoming(one.source, one.event, Form.JSON, one.body) for one in sent]
        )


def desk(application: Application) -> UplinkDesk:
    return UplinkDesk(application.work, PlainInterpreter())


async def work_off(application: Application, *sent: Sent) -> None:
    """Let messages arrive and work everything off."""
    await arrive(application, *sent)
    while await desk(application).work_off() + await desk(application).decode_again():
        pass


async def frames(application: Application) -> list[dict[str, Any]]:
    return await rows_of(application, "frame")


async def levels(application: Application) -> list[tuple[datetime, float, int]]:
    """Return time, value and marks of everything measured."""
    rows = await rows_of(application, "reading")
    return sorted((row["time"], row["value"], row["marks"]) for row in rows)


async def raws(application: Application) -> Mapping[str, int]:
    """Return how many messages are how far."""
    found: dict[str, int] = {}
    for row in await rows_of(application, "raw_uplink"):
        found[row["stage"]] = found.get(row["stage"], 0) + 1
    return found
