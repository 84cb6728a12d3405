"""What must be true before the bot runs; each refusal is one clear line for the operator."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.roles import ALL_ROLES, Role

SQLITE = "sqlite"


class StartError(Exception):
    """The bot must not start like this; `text_key` says why and what to do."""

    def __init__(self, text_key: str, **params: object) -> None:
        super().__init__(text_key)
        self.text_key = text_key
        self.params = params


@contextmanager
def alone_where_needed(url: str, roles: frozenset[Role]) -> Iterator[None]:
    """Let only one process with all roles work with an SQLite file; PostgreSQL takes any number.

    The kernel frees the lock when the process ends, however it ends.
    """
    if not url.startswith(SQLITE):
        yield
        return
    if roles != ALL_ROLES:
        raise StartError("cli.sqlite-all-roles")
    path = Path(url.split(":///", 1)[1] + ".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartError("cli.already-running", path=str(path)) from None
        yield
