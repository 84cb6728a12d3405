"""PostgreSQL rings when something was stored in the inbox or the outbox."""

from collections.abc import Sequence

from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None
QUEUES = ("inbox", "outbox")


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        "CREATE FUNCTION abibot_ring() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_notify('abibot_' || TG_TABLE_NAME, ''); RETURN NULL; END $$"
    )
    for queue in QUEUES:
        op.execute(
            f"CREATE TRIGGER abibot_ring AFTER INSERT ON {queue}"
            " FOR EACH STATEMENT EXECUTE FUNCTION abibot_ring()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for queue in QUEUES:
        op.execute(f"DROP TRIGGER abibot_ring ON {queue}")
    op.execute("DROP FUNCTION abibot_ring()")
