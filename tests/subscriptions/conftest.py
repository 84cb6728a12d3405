from tests.golive.kept import application

__all__ = ["application"]
