"""Alarms: what rules say, what the engine remembers, what came of it, and whom it is told."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.db import LONG, Base, UtcDateTime
from services.personal import Personal

TEXT_ONLY = "text_only"
"""Stands beside a subscription's matcher where no picture and no place is wanted."""
IS_OPEN = text("ended_at IS NULL")
HAS_NEWS = text("news")


class Origin(StrEnum):
    """Who made a rule."""

    REGION = "region"
    """alarms.yaml of the region folder."""
    STAFF = "staff"
    """Changed or made in the chat."""


class AlarmRule(Base):
    """A version of a rule; the highest version of a key counts, none is ever changed."""

    __tablename__ = "alarm_rule"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column()
    origin: Mapped[str] = mapped_column(String(8))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    """`services.alarms.records.RuleRecord`."""
    active: Mapped[bool] = mapped_column(default=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("key", "version"),)


class AlarmDraft(Base):
    """What somebody of the staff has begun in the chat and not saved (`drafts.Draft`)."""

    __tablename__ = "alarm_draft"

    staff_id: Mapped[int] = mapped_column(
        ForeignKey("staff_member.id", ondelete="CASCADE"), primary_key=True
    )
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OwnThreshold(Base):
    """A person's own threshold on a public sensor; to the engine it is the rule "own:<id>"."""

    __tablename__ = "own_threshold"
    personal = Personal(
        owner="chat_id",
        purpose_key="privacy.purpose-own-threshold",
        shown=("device_id", "document", "active", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chat.id", ondelete="CASCADE"), index=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id", ondelete="CASCADE"))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AlarmTrack(Base):
    """What the engine remembers of a rule at a series (`packing.packed`)."""

    __tablename__ = "alarm_track"

    series_id: Mapped[int] = mapped_column(
        ForeignKey("series.id", ondelete="CASCADE"), primary_key=True
    )
    rule_key: Mapped[str] = mapped_column(String(60), primary_key=True)
    version: Mapped[int] = mapped_column()
    """Of the rule; another version begins anew."""
    state: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = ({"sqlite_with_rowid": False},)


class AlarmChange(Base):
    """An entry of the alarm log, at event time (`rules.records.Change`)."""

    __tablename__ = "alarm_change"

    id: Mapped[int] = mapped_column(LONG, primary_key=True)
    rule_key: Mapped[str] = mapped_column(String(60))
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column()
    """Of the rule; what an older version said stays."""
    time: Mapped[datetime] = mapped_column(UtcDateTime)
    what: Mapped[str] = mapped_column(String(12))
    before: Mapped[int] = mapped_column(SmallInteger)
    after: Mapped[int] = mapped_column(SmallInteger)
    value: Mapped[float] = mapped_column(Double)

    __table_args__ = (Index("ix_alarm_change_series", "series_id", "rule_key", "time"),)


class Kind(StrEnum):
    """What an alarm is about."""

    VALUE = "value"
    OFFLINE = "offline"
    """A device that is not heard any more."""
    GATEWAY = "gateway"
    """A gateway whose devices fell silent together."""
    DOUBT = "doubt"
    """A sensor whose values cannot be real; they decide nothing."""
    STUCK = "stuck"
    """A sensor that says the same again and again."""


class Alarm(Base):
    """An episode: from the first level to below all of them; one at a time of the same thing."""

    __tablename__ = "alarm"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    about: Mapped[str] = mapped_column(String(120))
    """Rule and series, device or gateway: the same thing has the same word."""
    rule_key: Mapped[str] = mapped_column(String(60))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id", ondelete="CASCADE"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"))
    level: Mapped[int] = mapped_column(SmallInteger)
    """Index in the rule's levels; of a stuck sensor how many equal values came in a row."""
    severity: Mapped[int] = mapped_column(SmallInteger)
    highest: Mapped[int] = mapped_column(SmallInteger)
    """The gravest severity it had."""
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Event time."""
    level_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When we learnt of the present level."""
    value: Mapped[float | None] = mapped_column(Double)
    value_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recovering: Mapped[bool] = mapped_column(default=False)
    """Below the clear threshold, but not yet long enough."""
    flapping: Mapped[bool] = mapped_column(default=False)
    exercise: Mapped[bool] = mapped_column(default=False)
    inhibited: Mapped[bool] = mapped_column(default=False)
    """Something greater explains it: its gateway or its source is gone."""
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Cleared when the level rises."""
    escalated: Mapped[int] = mapped_column(SmallInteger, default=0)
    """Steps of the escalation already taken at this level."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Event time where a value ended it; `level_at` is when we learnt of that."""
    end: Mapped[str] = mapped_column(String(12), default="")
    """Why it ended: cleared, withdrawn (a late value), rule-changed, device-gone."""

    news: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It changed, and the heralds have not looked at it yet."""

    __table_args__ = (
        Index(
            "uq_alarm_open",
            "about",
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
        Index("ix_alarm_began", "began_at"),
        Index("ix_alarm_news", "id", sqlite_where=HAS_NEWS, postgresql_where=HAS_NEWS),
        Index("ix_alarm_device", "device_id", "began_at"),
    )


class AlarmDeed(Base):
    """What people and the engine did with an alarm, for its history."""

    __tablename__ = "alarm_deed"

    id: Mapped[int] = mapped_column(LONG, primary_key=True)
    alarm_id: Mapped[int] = mapped_column(ForeignKey("alarm.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    what: Mapped[str] = mapped_column(String(16))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)


class AlarmSubscription(Base):
    """A chat (and topic of a forum) that wants to hear of some alarms."""

    __tablename__ = "alarm_subscription"
    personal = Personal(
        owner="chat_id",
        purpose_key="privacy.purpose-alarm-subscription",
        shown=("thread_id", "matcher", "step", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chat.id", ondelete="CASCADE"), index=True)
    thread_id: Mapped[int | None] = mapped_column(BigInteger)
    matcher: Mapped[dict[str, Any]] = mapped_column(JSON)
    step: Mapped[int] = mapped_column(SmallInteger, default=0)
    """0 hears at once; 1, 2 … only when nobody before acknowledged in time."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def text_only(self) -> bool:
        """Whether neither a picture nor a place comes with its messages."""
        stored: object = self.matcher  # another version may have written anything
        return isinstance(stored, dict) and bool(stored.get(TEXT_ONLY))


class AlarmGroup(Base):
    """What a chat was told of alarms of one place and type (`rules.notify.Group`)."""

    __tablename__ = "alarm_group"
    personal = Personal(
        owner="chat_id",
        purpose_key="privacy.purpose-alarm-group",
        shown=("thread_id", "key", "told", "message", "sent_at", "edited_at", "look_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chat.id", ondelete="CASCADE"))
    thread_id: Mapped[int] = mapped_column(BigInteger, default=0)
    key: Mapped[str] = mapped_column(String(80))
    told: Mapped[dict[str, Any]] = mapped_column(JSON)
    message: Mapped[int | None] = mapped_column(BigInteger)
    """Outbox number of the newest message, to edit it."""
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    look_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)

    __table_args__ = (UniqueConstraint("chat_id", "thread_id", "key"),)


class AlarmSilence(Base):
    """Somebody's decision to hear nothing of some alarms until a time, with a reason."""

    __tablename__ = "alarm_silence"

    id: Mapped[int] = mapped_column(primary_key=True)
    matcher: Mapped[dict[str, Any]] = mapped_column(JSON)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(200))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))


class AlarmMaintenance(Base):
    """A recurring window of local time in which some alarms are expected."""

    __tablename__ = "alarm_maintenance"

    id: Mapped[int] = mapped_column(primary_key=True)
    matcher: Mapped[dict[str, Any]] = mapped_column(JSON)
    weekdays: Mapped[str] = mapped_column(String(7))
    """Digits; 0 is Monday, so 56 is the weekend."""
    start: Mapped[str] = mapped_column(String(5))
    end: Mapped[str] = mapped_column(String(5))
    reason: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))


class PostState(StrEnum):
    """Where a post for the public channel stands."""

    PROPOSED = "proposed"
    """Waits for an editor's word; nobody outside has seen it."""
    RELEASED = "released"
    DROPPED = "dropped"
    """An editor refused it, or its cause was over before anybody decided."""
    WITHDRAWN = "withdrawn"
    """It was in the channel and says now that it holds no more."""


class AlarmPost(Base):
    """What the public channel may be told, once a person says so: of an alarm, or of a stage."""

    __tablename__ = "alarm_post"

    id: Mapped[int] = mapped_column(primary_key=True)
    alarm_id: Mapped[int | None] = mapped_column(ForeignKey("alarm.id", ondelete="CASCADE"))
    stage_id: Mapped[int | None] = mapped_column(
        ForeignKey("declared_stage.id", ondelete="CASCADE"), unique=True
    )
    severity: Mapped[int] = mapped_column(SmallInteger)
    """Of the alarm, or the stage that was declared."""
    state: Mapped[str] = mapped_column(String(10), default=PostState.PROPOSED)
    value: Mapped[float | None] = mapped_column(Double)
    value_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """What the editor sees is what the channel sees, however long the decision takes."""
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("alarm_id", "severity"),)


class AlarmExercise(Base):
    """Hours in which alarms of some rule, device or place are an exercise, with a reason."""

    __tablename__ = "alarm_exercise"

    id: Mapped[int] = mapped_column(primary_key=True)
    matcher: Mapped[dict[str, Any]] = mapped_column(JSON)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    reason: Mapped[str] = mapped_column(String(200))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))


class DeclaredStage(Base):
    """An Alarmstufe that an authority declared for a water, as staff recorded it.

    A raise or a fall ends one and begins the next; at most one is open for a water in an area.
    """

    __tablename__ = "declared_stage"

    id: Mapped[int] = mapped_column(primary_key=True)
    water: Mapped[str] = mapped_column(String(80))
    """As region.toml names it."""
    ars: Mapped[str] = mapped_column(String(12))
    """Where it holds, an area; as wide as the county where nothing else was said."""
    stage: Mapped[int] = mapped_column(SmallInteger)
    """1 to 4."""
    declarer: Mapped[dict[str, str]] = mapped_column(JSON)
    """Who declared it (`records.DeclarerRecord`), as the region's file said then."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it is cancelled, or another stage holds."""
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))

    __table_args__ = (
        Index(
            "uq_declared_stage_open",
            "water",
            "ars",
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
    )
