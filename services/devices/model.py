"""Devices: what hangs where, whom it belongs to, who may see it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Double, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from services.db import Base, UtcDateTime
from services.personal import Personal


class State(StrEnum):
    """Where a device stands between the cardboard box and the scrap yard."""

    UNKNOWN = "unknown"
    """It sends, but nobody registered it: it waits to be adopted."""
    TEST = "test"
    """Registered; its values are for staff only."""
    RELEASED = "released"
    """Accepted with a report; values may be shown and raise alarms."""
    MAINTENANCE = "maintenance"
    """Being worked on: values are kept, but count for nothing."""
    RETIRED = "retired"
    """Out of use; its past stays."""
    IGNORED = "ignored"
    """Somebody else's: what it sends is not interpreted."""


class Visibility(StrEnum):
    """Who may see a released device's values."""

    INTERNAL = "internal"
    PUBLIC = "public"


class Device(Base):
    """A sensor and its place. No radio keys stand here: those belong to the network server."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(120), unique=True)
    """`lorawan.events.Event.address`: the EUI, or application/device at the network server."""
    name: Mapped[str] = mapped_column(String(80))
    """Staff's name; until then what the network server calls it."""
    state: Mapped[str] = mapped_column(String(12), default=State.UNKNOWN)
    visibility: Mapped[str] = mapped_column(String(10), default=Visibility.INTERNAL)
    profile: Mapped[str] = mapped_column(String(60), default="")
    """How its payload is read: a key of `lorawan/profiles`, or "script:<id of a codec>"."""
    type: Mapped[str] = mapped_column(String(20), default="")
    """What it is to people: gauge, weather, soil, parking, waste, air, door, leak, …"""
    join_eui: Mapped[str] = mapped_column(String(16), default="")
    serial: Mapped[str] = mapped_column(String(40), default="")
    model: Mapped[str] = mapped_column(String(80), default="")
    """How the network server calls the kind of device; helps to choose the profile."""
    source: Mapped[str] = mapped_column(String(40), default="")
    latitude: Mapped[float | None] = mapped_column(Double)
    longitude: Mapped[float | None] = mapped_column(Double)
    place: Mapped[str] = mapped_column(String(120), default="")
    """In words: "Brücke Muldensteiner Straße"."""
    water: Mapped[str] = mapped_column(String(40), default="")
    """The river or lake a gauge hangs over: "Mulde"."""
    ars: Mapped[str] = mapped_column(String(12), default="")
    """The municipality it belongs to."""
    mounting_height: Mapped[float | None] = mapped_column(Double)
    """Metres from the sensor down to the gauge's zero: level = height - distance."""
    gauge_datum: Mapped[float | None] = mapped_column(Double)
    """Metres above sea level (NHN) of the gauge's zero."""
    interval_seconds: Mapped[int | None] = mapped_column()
    """How often it is expected to send; None: learned from what it sends."""
    learned_seconds: Mapped[int | None] = mapped_column()
    """Median time between what it sent lately, learned where nobody said it."""
    tags: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Labels for rules and subscriptions, separated by spaces."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The newest event, by the time it happened."""
    battery: Mapped[float | None] = mapped_column(Double)
    """Percent; from device status or a codec."""
    battery_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When that was so: each figure is the newest by event time, in whatever order they came."""
    battery_volt: Mapped[float | None] = mapped_column(Double)
    battery_volt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    margin: Mapped[int | None] = mapped_column()
    margin_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decode_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Its frames since then are to be decoded anew; None: nothing to do."""
    maintenance_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=0)
    """Counts changes by people, so that two of them do not overwrite each other."""

    __table_args__ = (Index("ix_device_state", "state"),)


class Acceptance(Base):
    """A report on a device's test: what it was judged by, who released it, and when."""

    __tablename__ = "device_acceptance"

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    passed: Mapped[bool] = mapped_column()
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    """Staff member; None while nobody has decided."""
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DeviceQuestion(Base):
    """What a staff member was asked about a device and has not answered: it outlives a restart."""

    __tablename__ = "device_question"
    personal = Personal(
        owner="chat_id",
        purpose_key="privacy.purpose-device-question",
        shown=("device_id", "revision", "field", "guided", "asked_at"),
    )

    chat_id: Mapped[int] = mapped_column(
        ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True
    )
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id", ondelete="CASCADE"))
    revision: Mapped[int] = mapped_column()
    field: Mapped[str] = mapped_column(String(20))
    guided: Mapped[bool] = mapped_column(default=False, server_default=false())
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DevicePhoto(Base):
    """A photo of a QR code that is to be read; its content is never stored here."""

    __tablename__ = "device_photo"
    personal = Personal(
        owner="chat_id",
        purpose_key="privacy.purpose-device-photo",
        shown=("file_id", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chat.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[str] = mapped_column(String(200))
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
