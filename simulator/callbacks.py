"""Button presses that wait for the bot's answer."""

from dataclasses import dataclass

from simulator.clock import Clock
from simulator.messages import Message
from simulator.updates import CALLBACK_LIFETIME

FIRST_CALLBACK_ID = 4_200_000_000_000_000_001


@dataclass(slots=True, frozen=True)
class Press:
    """Somebody pressed a button under a message."""

    id: str
    person_id: int
    chat_id: int
    message_id: float
    """The message's place on the page, which is its id unless it is an ephemeral one."""
    pressed_at: float
    ephemeral: bool = False


class CallbackQueries:
    """The presses of the last minutes; each can be answered once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._presses: dict[str, Press] = {}
        self._answered: set[str] = set()
        self._next_id = FIRST_CALLBACK_ID

    def open(self, person_id: int, message: Message) -> Press:
        """Register a press of a button under this message with a new id."""
        self._drop_expired()
        press = Press(
            id=str(self._next_id),
            person_id=person_id,
            chat_id=message.chat_id,
            message_id=message.place,
            pressed_at=self._clock.now(),
            ephemeral=message.receiver_id is not None,
        )
        self._next_id += 1
        self._presses[press.id] = press
        return press

    def take(self, press_id: str) -> Press | None:
        """Return a press nobody has answered yet; now it is answered."""
        press = self.get(press_id)
        if press is None or press_id in self._answered:
            return None
        self._answered.add(press_id)
        return press

    def get(self, press_id: str) -> Press | None:
        """Return a press, answered or not."""
        self._drop_expired()
        return self._presses.get(press_id)

    def _drop_expired(self) -> None:
        oldest_allowed = self._clock.now() - CALLBACK_LIFETIME
        for press in list(self._presses.values()):
            if press.pressed_at >= oldest_allowed:
                break
            del self._presses[press.id]
            self._answered.discard(press.id)
