"""Heavy work costs nothing where there is none."""

from tests.architecture.test_start import importing


def test_without_postgresql_procrastinate_is_not_even_imported() -> None:
    _, names = importing("bot.run")
    assert "sqlalchemy" in names, "this looks at the whole bot"
    assert not {"procrastinate", "psycopg_pool"} & names
