"""Learning from use: masked questions that may become examples.

Revision: 0008. No row says who asked.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

DECIDED = sa.text("state <> 'open'")


def upgrade() -> None:
    op.create_table(
        "asked_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.Column("entry_id", sa.String(length=46), nullable=False),
        sa.Column("signal", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["staff_member.id"], name=op.f("fk_asked_question_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_question")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_asked_question_state", "asked_question", ["state", "created_at"])
    op.create_index("ix_asked_question_text", "asked_question", ["text"])
    op.create_index(
        "uq_asked_question_decided",
        "asked_question",
        ["text"],
        unique=True,
        sqlite_where=DECIDED,
        postgresql_where=DECIDED,
    )
    op.create_table(
        "taught_revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taught_revision")),
    )


def downgrade() -> None:
    op.drop_table("taught_revision")
    op.drop_table("asked_question")
