"""Gauges whose values cross thresholds, a rule about them, and groups that hear of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy
from sqlalchemy.orm import Session

from services.alarms.model import AlarmRule, AlarmSubscription
from services.chats.model import Chat
from services.clock import utc_now
from services.devices.model import Device
from tests.crash.databases import driver
from tests.lorawan.encoders import RENDERINGS, Uplink

MEMBER, GROUPS = 4001, (-1004001, -1004002)
INTERVAL = timedelta(minutes=15)
BEGAN = utc_now() - timedelta(hours=2)
RULE: Mapping[str, Any] = {
    "id": "high-water",
    "name": {"de": "Hochwasser", "en": "Flood"},
    "quantity": "water.distance",
    "direction": "below",
    "lateness": "30 min",
    "levels": [
        {"severity": "guard", "at": 1.0, "clear": 1.2},
        {"severity": "defence", "at": 0.5, "clear": 0.6},
    ],
}
"""Grave enough to be told at night."""
HEADS: Mapping[str, tuple[int, str]] = {
    "fired": (900, ": Schwere"),
    "rose": (400, "gestiegen auf"),
    "fell": (2000, "gefallen auf"),
    "resolved": (2000, "Entwarnung"),
}
"""What a gauge lives through: the millimetres it measures then, and what a message says of it."""


def name_of(number: int) -> str:
    return f"Pegel {number:02}."


def eui(number: int) -> str:
    return f"24e124713b5{number:05}"


def message(number: int, step: int, millimetres: int) -> bytes:
    """Return what a network server posts of a gauge."""
    payload = bytes.fromhex("0175640382") + millimetres.to_bytes(2, "little")
    uplink = Uplink(
        dev_eui=eui(number),
        f_cnt=100 + step,
        f_port=85,
        payload=payload,
        time=BEGAN + step * INTERVAL,
        brand="milesight-iot",
        model="em500-udl",
    )
    return RENDERINGS["tts"](uplink).body


def stock(url: str, gauges: int) -> None:
    """Put gauges, a rule and groups that want to hear of it into an empty database."""
    engine = sqlalchemy.create_engine(driver(url))
    with Session(engine) as session, session.begin():
        session.add(
            AlarmRule(
                key=RULE["id"], version=1, origin="staff", document=dict(RULE), created_at=BEGAN
            )
        )
        for telegram_id in GROUPS:
            chat = Chat(
                telegram_id=telegram_id, kind="supergroup", language="de", created_at=BEGAN
            )
            session.add(chat)
            session.flush()
            session.add(AlarmSubscription(chat_id=chat.id, matcher={}, created_at=BEGAN))
        for number in range(gauges):
            session.add(_device(number))
    engine.dispose()


def _device(number: int) -> Device:
    """Return a gauge of a type of its own: alarms of one type share their messages."""
    return Device(
        address=eui(number),
        name=name_of(number),
        state="released",
        profile="milesight-em500-udl",
        type=f"gauge-{number}",
        source="county",
        interval_seconds=int(timedelta(days=1).total_seconds()),  # nobody is missed meanwhile
        created_at=BEGAN,
    )
