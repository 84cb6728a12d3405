"""Which language a person was offered, so that nobody is asked twice."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("chat", sa.Column("offered_language", sa.String(length=12), nullable=True))


def downgrade() -> None:
    op.drop_column("chat", "offered_language")
