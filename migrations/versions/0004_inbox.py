"""Open updates are found by indexes of their own; who was set aside keeps the log's number."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

OPEN = sa.text("state = 'new'")


def upgrade() -> None:
    op.add_column("inbox", sa.Column("number", sa.String(length=6), nullable=True))
    op.drop_index("ix_inbox_open", table_name="inbox")
    op.create_index(
        "ix_inbox_open", "inbox", ["update_id"], postgresql_where=OPEN, sqlite_where=OPEN
    )
    op.create_index(
        "ix_inbox_open_person",
        "inbox",
        ["person_id", "update_id"],
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )
    op.create_index("ix_inbox_received", "inbox", ["received_at", "update_id"])


def downgrade() -> None:
    op.drop_index("ix_inbox_received", table_name="inbox")
    op.drop_index("ix_inbox_open_person", table_name="inbox")
    op.drop_index("ix_inbox_open", table_name="inbox")
    op.create_index("ix_inbox_open", "inbox", ["state", "update_id"])
    op.drop_column("inbox", "number")
