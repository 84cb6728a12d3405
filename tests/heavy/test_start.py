"""Heavy work costs nothing where there is none."""

from pathlib import Path

from tests.architecture.test_start import importing

NEWEST_SCRIPT = "03.04.00_50_post_add_retry_failed_job_procedure.sql"
"""The last change of procrastinate's schema that our migrations know."""


def test_without_postgresql_procrastinate_is_not_even_imported() -> None:
    _, names = importing("bot.run")
    assert "sqlalchemy" in names, "this looks at the whole bot"
    assert not {"procrastinate", "psycopg_pool"} & names


def test_procrastinate_s_schema_is_the_one_our_migrations_build() -> None:
    """A newer one needs an Alembic revision of its own: docs/architecture.md, "Heavy work"."""
    from procrastinate.schema import SchemaManager  # noqa: PLC0415 - see the test above

    folder = Path(SchemaManager.get_migrations_path())
    assert max(script.name for script in folder.glob("*.sql")) == NEWEST_SCRIPT
