"""What a command of the terminal may use; `bot.cli` provides it."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol

from handlers.understanding import Options
from services.region.service import Region
from services.text import Text


class Terminal(Protocol):
    """The terminal's language and county, and a transaction with all use cases in it."""

    @property
    def text(self) -> Text: ...

    @property
    def region_folder(self) -> Path: ...

    @property
    def region(self) -> Region: ...

    @property
    def understanding(self) -> Options:
        """How questions are understood."""
        ...

    def transaction(self) -> AbstractAsyncContextManager[Any]:
        """Open a unit of work; yields the use cases, commits when left without an error."""
        ...

    def rehearsal(self) -> AbstractAsyncContextManager[Any]:
        """Open a unit of work that is undone; yields the use cases and what else handlers get."""
        ...
