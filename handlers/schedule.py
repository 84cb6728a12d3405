"""What runs by the clock: a name, a rhythm, a function."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol


class Links(Protocol):
    """Tries links out."""

    async def problem(self, url: str) -> str | None:
        """Return None when the link answers, else what is wrong with it (a text key)."""
        ...


class Desk(Protocol):
    """What a job works with: transactions, and the outside world it may ask between them."""

    @property
    def links(self) -> Links: ...

    def transaction(self) -> AbstractAsyncContextManager[Any]: ...

    def reading(self) -> AbstractAsyncContextManager[Any]: ...

    async def tidy(self) -> None:
        """Overwrite what was deleted, so that it does not linger in files of the database."""
        ...


@dataclass(frozen=True)
class Job:
    """Work that is done every so many seconds, never twice at once."""

    name: str
    seconds: float
    run: Callable[[Desk], Awaitable[None]]
