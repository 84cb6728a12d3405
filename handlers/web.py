"""What a feature's `http.py` works with: `routes(desk)` returns where others may post to."""

from collections.abc import Mapping
from typing import Any, Protocol


class WebDesk(Protocol):
    """What the web server gives a feature."""

    @property
    def sources(self) -> Mapping[str, Any]:
        """Who may send sensor data, by name (`handlers.uplinks.sources.Sender`)."""
        ...

    async def store(self, uplink: Any) -> None:
        """Return when a message (`services.uplinks.service.Incoming`) is durable, or raise."""
        ...

    def counted(self, source: str, outcome: str, seconds: float | None = None) -> None:
        """Count a message that was taken or refused; the seconds it took to store it."""
        ...
