"""What runs by the clock: a name, a rhythm, a function."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from lorawan.sandbox import Sandbox


class Links(Protocol):
    """Tries links out."""

    async def problem(self, url: str) -> str | None:
        """Return None when the link answers, else what is wrong with it (a text key)."""
        ...


class FileProblemError(Exception):
    """A file could not be fetched; the message is the key of a text.

    `final`: it will not be different later.
    """

    def __init__(self, text_key: str, *, final: bool) -> None:
        super().__init__(text_key)
        self.text_key = text_key
        self.final = final


class Files(Protocol):
    """Fetches what people sent."""

    async def fetch(self, file_id: str, limit: int) -> bytes:
        """Return a file of at most so many bytes, or raise `FileProblemError`."""
        ...


class Desk(Protocol):
    """What a job works with: transactions, and the outside world it may ask between them."""

    @property
    def links(self) -> Links: ...

    @property
    def files(self) -> Files: ...

    @property
    def sandbox(self) -> "Sandbox":
        """Where vendors' scripts are tried out."""
        ...

    async def aside(self, work: Callable[..., Any], **arguments: Any) -> Any:
        """Return what a plain function returns, computed in a process of its own.

        Raises what it raises, `RuntimeError` when the process dies, `TimeoutError` after 20 s.
        """
        ...

    def transaction(self) -> AbstractAsyncContextManager[Any]: ...

    def reading(self) -> AbstractAsyncContextManager[Any]: ...

    async def tidy(self) -> None:
        """Overwrite what was deleted, so that it does not linger in files of the database."""
        ...


@dataclass(frozen=True)
class Job:
    """Work that is done every so many seconds, never twice at once.

    `at_start`: for the first time right after the start, not only after its interval.
    """

    name: str
    seconds: float
    run: Callable[[Desk], Awaitable[None]]
    at_start: bool = False
