"""Timed exercises, stages that authorities declared, and posts about those.

Revision: 0014.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "alarm_exercise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matcher", sa.JSON(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["staff_member.id"], name=op.f("fk_alarm_exercise_created_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_exercise")),
    )
    op.create_index(op.f("ix_alarm_exercise_until"), "alarm_exercise", ["until"], unique=False)
    op.create_table(
        "declared_stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("water", sa.String(length=80), nullable=False),
        sa.Column("ars", sa.String(length=12), nullable=False),
        sa.Column("stage", sa.SmallInteger(), nullable=False),
        sa.Column("declarer", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["staff_member.id"], name=op.f("fk_declared_stage_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_stage")),
    )
    op.create_index(
        "uq_declared_stage_open",
        "declared_stage",
        ["water", "ars"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    with op.batch_alter_table("alarm_post") as posts:  # nothing refers to it
        posts.alter_column("alarm_id", existing_type=sa.Integer(), nullable=True)
        posts.alter_column("value", existing_type=sa.Double(), nullable=True)
        posts.alter_column("value_at", existing_type=sa.DateTime(timezone=True), nullable=True)
        posts.add_column(sa.Column("stage_id", sa.Integer(), nullable=True))
        posts.create_foreign_key(
            op.f("fk_alarm_post_stage_id"),
            "declared_stage",
            ["stage_id"],
            ["id"],
            ondelete="CASCADE",
        )
        posts.create_unique_constraint(op.f("uq_alarm_post_stage_id"), ["stage_id"])


def downgrade() -> None:
    op.execute("DELETE FROM alarm_post WHERE stage_id IS NOT NULL")
    with op.batch_alter_table("alarm_post") as posts:
        posts.drop_constraint(op.f("uq_alarm_post_stage_id"), type_="unique")
        posts.drop_constraint(op.f("fk_alarm_post_stage_id"), type_="foreignkey")
        posts.drop_column("stage_id")
        posts.alter_column("value_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        posts.alter_column("value", existing_type=sa.Double(), nullable=False)
        posts.alter_column("alarm_id", existing_type=sa.Integer(), nullable=False)
    op.drop_table("declared_stage")
    op.drop_table("alarm_exercise")
