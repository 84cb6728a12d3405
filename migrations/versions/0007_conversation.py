"""What a conversation was about a moment ago: ids, whether we asked back, and since when."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("chat", sa.Column("last_candidates", sa.JSON(), nullable=True))
    op.add_column(
        "chat",
        sa.Column("asked_back", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("chat", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    # Nobody knows how old it is, and nothing older than half an hour is kept.
    op.execute("UPDATE chat SET last_service = NULL")


def downgrade() -> None:
    for name in ("asked_at", "asked_back", "last_candidates"):
        op.drop_column("chat", name)
