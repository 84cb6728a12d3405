"""Evidence belongs to an item, not to its batch; a fact knows which batch closed it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# Plain ALTER TABLE on both databases: a batch operation would drop tables others refer to.


def upgrade() -> None:
    op.add_column(
        "golive_item",
        sa.Column("evidence", sa.String(length=12), nullable=False, server_default="staff"),
    )
    op.execute(
        "UPDATE golive_item SET evidence ="
        " (SELECT b.evidence FROM golive_batch b WHERE b.id = golive_item.batch_id)"
    )
    op.drop_column("golive_batch", "evidence")
    op.add_column(
        "online_fact",
        sa.Column("closed_by", sa.Integer(), sa.ForeignKey("golive_batch.id"), nullable=True),
        inline_references=True,
    )


def downgrade() -> None:
    op.drop_column("online_fact", "closed_by")
    op.add_column(
        "golive_batch",
        sa.Column("evidence", sa.String(length=12), nullable=False, server_default="staff"),
    )
    op.drop_column("golive_item", "evidence")
