"""Vendors' codecs, and the files they arrive in.

Revision: 0011.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "codec",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("style", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("examples", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_problem", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["staff_member.id"], name=op.f("fk_codec_uploaded_by")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["staff_member.id"], name=op.f("fk_codec_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codec")),
        sa.UniqueConstraint("sha256", name=op.f("uq_codec_sha256")),
    )
    op.create_index(op.f("ix_codec_state"), "codec", ["state"], unique=False)
    op.create_table(
        "codec_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("script_file", sa.String(length=200), nullable=False),
        sa.Column("examples_file", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name=op.f("fk_codec_upload_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codec_upload")),
    )
    op.create_index("ix_codec_upload_state", "codec_upload", ["state", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_codec_upload_state", table_name="codec_upload")
    op.drop_table("codec_upload")
    op.drop_index(op.f("ix_codec_state"), table_name="codec")
    op.drop_table("codec")
