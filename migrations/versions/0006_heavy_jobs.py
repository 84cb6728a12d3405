"""Heavy work: our table of jobs, and on PostgreSQL procrastinate's schema that brings them.

The schema is the one of the installed procrastinate (3.10 or later 3.x). A new installation is
complete with it; an existing one needs procrastinate's own migration scripts of the versions in
between, each in an Alembic revision of its own, whenever the lock moves on (docs/architecture.md).
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

WITHOUT_PROCRASTINATE = r"""
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN SELECT relname FROM pg_class
        WHERE relkind = 'r' AND relname LIKE 'procrastinate\_%' AND pg_table_is_visible(oid)
    LOOP
        EXECUTE format('DROP TABLE %I CASCADE', found.relname);
    END LOOP;
    FOR found IN SELECT oid::regprocedure AS name FROM pg_proc
        WHERE proname LIKE 'procrastinate\_%' AND pg_function_is_visible(oid)
    LOOP
        EXECUTE format('DROP ROUTINE %s CASCADE', found.name);
    END LOOP;
    FOR found IN SELECT typname FROM pg_type
        WHERE typtype IN ('e', 'c') AND typname LIKE 'procrastinate\_%' AND pg_type_is_visible(oid)
    LOOP
        EXECUTE format('DROP TYPE %I CASCADE', found.typname);
    END LOOP;
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "heavy_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chat.id"], name=op.f("fk_heavy_job_chat_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heavy_job")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_heavy_job_chat_id", "heavy_job", ["chat_id"])
    op.create_index("ix_heavy_job_due", "heavy_job", ["state", "not_before", "id"])
    if op.get_bind().dialect.name == "postgresql":
        _execute(_schema())


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _execute(WITHOUT_PROCRASTINATE)
    op.drop_table("heavy_job")


def _schema() -> str:
    from procrastinate.schema import SchemaManager  # noqa: PLC0415 - on PostgreSQL only

    return SchemaManager.get_schema()


def _execute(script: str) -> None:
    """Run several statements as they are: without parameters, so that % is no placeholder."""
    cursor = op.get_bind().connection.cursor()
    try:
        cursor.execute(script)
    finally:
        cursor.close()
