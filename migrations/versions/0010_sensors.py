"""Sensors: raw messages, frames, devices, readings and their sums.

Revision: 0010. On PostgreSQL the readings are partitioned by month.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("visibility", sa.String(length=10), nullable=False),
        sa.Column("profile", sa.String(length=60), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("join_eui", sa.String(length=16), nullable=False),
        sa.Column("serial", sa.String(length=40), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("water", sa.String(length=40), nullable=False),
        sa.Column("ars", sa.String(length=12), nullable=False),
        sa.Column("mounting_height", sa.Double(), nullable=True),
        sa.Column("gauge_datum", sa.Double(), nullable=True),
        sa.Column("interval_seconds", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("battery", sa.Double(), nullable=True),
        sa.Column("battery_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("battery_volt", sa.Double(), nullable=True),
        sa.Column("battery_volt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("margin", sa.Integer(), nullable=True),
        sa.Column("margin_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decode_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("maintenance_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("address", name=op.f("uq_device_address")),
    )
    op.create_index("ix_device_state", "device", ["state"], unique=False)
    op.create_table(
        "gateway",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_gateway")),
    )
    op.create_table(
        "raw_uplink",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problem", sa.String(length=120), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raw_uplink")),
    )
    op.create_index(
        "ix_raw_uplink_new",
        "raw_uplink",
        ["id"],
        unique=False,
        postgresql_where=sa.text("stage = 'new'"),
        sqlite_where=sa.text("stage = 'new'"),
    )
    op.create_index("ix_raw_uplink_received", "raw_uplink", ["received_at"], unique=False)
    op.create_index("uq_raw_uplink_digest", "raw_uplink", ["source", "digest"], unique=True)
    op.create_table(
        "reading",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frame_id", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("marks", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("series_id", "time", "frame_id", name=op.f("pk_reading")),
        postgresql_partition_by="RANGE (time)",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "uplink_source",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("silent_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_uplink_source")),
    )
    op.create_table(
        "device_acceptance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["device.id"],
            name=op.f("fk_device_acceptance_device_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_acceptance")),
    )
    op.create_index(
        op.f("ix_device_acceptance_device_id"), "device_acceptance", ["device_id"], unique=False
    )
    op.create_table(
        "frame",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("content", sa.LargeBinary(length=16), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("measured_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session", sa.String(length=40), nullable=False),
        sa.Column("f_cnt", sa.BigInteger(), nullable=True),
        sa.Column("f_port", sa.SmallInteger(), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("decoded", sa.JSON(), nullable=True),
        sa.Column("decoder", sa.String(length=60), nullable=False),
        sa.Column("problem", sa.String(length=120), nullable=True),
        sa.Column("rssi", sa.Double(), nullable=True),
        sa.Column("snr", sa.Double(), nullable=True),
        sa.Column("spreading_factor", sa.SmallInteger(), nullable=True),
        sa.Column("gateways", sa.SmallInteger(), nullable=False),
        sa.Column("gateway", sa.String(length=40), nullable=False),
        sa.Column("copies", sa.SmallInteger(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_frame_device_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frame")),
        sa.UniqueConstraint("key", name=op.f("uq_frame_key")),
    )
    op.create_index("ix_frame_content", "frame", ["content", "until"], unique=False)
    op.create_index("ix_frame_device", "frame", ["device_id", "time"], unique=False)
    op.create_index("ix_frame_received", "frame", ["received_at"], unique=False)
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_series_device_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_index(
        "uq_series_device", "series", ["device_id", "quantity", "channel"], unique=True
    )
    op.create_table(
        "reading_day",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("lowest", sa.Double(), nullable=False),
        sa.Column("highest", sa.Double(), nullable=False),
        sa.Column("total", sa.Double(), nullable=False),
        sa.Column("last", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_reading_day_series_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("series_id", "day", name=op.f("pk_reading_day")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reading_hour",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("lowest", sa.Double(), nullable=False),
        sa.Column("highest", sa.Double(), nullable=False),
        sa.Column("total", sa.Double(), nullable=False),
        sa.Column("last", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["series.id"],
            name=op.f("fk_reading_hour_series_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("series_id", "hour", name=op.f("pk_reading_hour")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollup_due",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_rollup_due_series_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("series_id", "hour", name=op.f("pk_rollup_due")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("rollup_due")
    op.drop_table("reading_hour")
    op.drop_table("reading_day")
    op.drop_table("series")
    op.drop_table("frame")
    op.drop_table("device_acceptance")
    op.drop_table("uplink_source")
    op.drop_table("reading")
    op.drop_table("raw_uplink")
    op.drop_table("gateway")
    op.drop_table("device")
