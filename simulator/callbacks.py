"""Button presses that wait for the bot's answer."""

from dataclasses import dataclass

from simulator.clock import Clock
from simulator.updates import CALLBACK_LIFETIME

FIRST_CALLBACK_ID = 4_200_000_000_000_000_001


@dataclass(slots=True, frozen=True)
class Press:
    """Somebody pressed a button under a message."""

    id: str
    person_id: int
    chat_id: int
    message_id: int
    pressed_at: float


class CallbackQueries:
    """Open presses; each can be answered once, for a short time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, Press] = {}
        self._next_id = FIRST_CALLBACK_ID

    def open(self, person_id: int, chat_id: int, message_id: int) -> Press:
        """Register a press under a new id."""
        self._drop_expired()
        press = Press(str(self._next_id), person_id, chat_id, message_id, self._clock.now())
        self._next_id += 1
        self._open[press.id] = press
        return press

    def take(self, press_id: str) -> Press | None:
        """Return an open press and close it."""
        self._drop_expired()
        return self._open.pop(press_id, None)

    def _drop_expired(self) -> None:
        oldest_allowed = self._clock.now() - CALLBACK_LIFETIME
        for press in list(self._open.values()):
            if press.pressed_at >= oldest_allowed:
                break
            del self._open[press.id]
