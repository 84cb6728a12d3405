"""The way out: leases, doubtful messages, and how much left lately."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

COLUMNS = ("first_due_at", "leased_until", "unknown_at")
PUT_OFF = sa.text("status = 'queued' AND attempts > 0")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("outbox", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE outbox SET unknown_at = created_at WHERE status = 'unknown'")
    op.create_index(
        "ix_outbox_put_off",
        "outbox",
        ["chat_id", "lane"],
        sqlite_where=PUT_OFF,
        postgresql_where=PUT_OFF,
    )
    op.create_table(
        "send_rate",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("tokens", sa.Double(), nullable=False),
        sa.Column("rate", sa.Double(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_send_rate")),
    )
    op.create_table(
        "chat_rate",
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.Double(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chat.id"], name=op.f("fk_chat_rate_chat_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_chat_rate")),
    )


def downgrade() -> None:
    op.drop_table("chat_rate")
    op.drop_table("send_rate")
    op.drop_index("ix_outbox_put_off", "outbox")
    for name in reversed(COLUMNS):
        op.drop_column("outbox", name)
