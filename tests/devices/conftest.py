from tests.golive.kept import application, county, stocked_sqlite

__all__ = ["application", "county", "stocked_sqlite"]
