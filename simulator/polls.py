"""Polls: who has voted for what, and when they close."""

from dataclasses import dataclass, field

from simulator.wire import Json

FIRST_POLL_ID = 5_400_000_000_000_000_001


@dataclass(slots=True)
class Poll:
    """One poll; the fields are as the bot gave them, the votes as people cast them."""

    id: int
    options: list[str]
    kind: Json
    """The fields from is_anonymous on."""
    question: str = ""
    description: str = ""
    hides_results: bool = False
    open_period: int = 0
    close_date: int = 0
    is_closed: bool = False
    chat_id: int = 0
    message_id: int = 0
    votes: dict[int, list[int]] = field(default_factory=dict)

    def as_json(self, *, described: bool = False) -> Json:
        """Return the Poll object; only a message shows the description."""
        counts = [0] * len(self.options)
        for chosen in self.votes.values():
            for number in chosen:
                counts[number] += 1
        shown: Json = {
            "id": str(self.id),
            "question": self.question,
            "options": [
                {"persistent_id": str(number), "text": text, "voter_count": count}
                for number, (text, count) in enumerate(zip(self.options, counts, strict=True))
            ],
            "total_voter_count": len(self.votes),
        }
        if self.close_date:
            shown |= {"open_period": self.open_period, "close_date": self.close_date}
        shown["is_closed"] = self.is_closed
        shown |= self.kind
        if described and self.description:
            shown["description"] = self.description
        return shown


class Polls:
    """All polls, by the chat and message they stand in."""

    def __init__(self) -> None:
        self._next_id = FIRST_POLL_ID
        self._polls: dict[tuple[int, int], Poll] = {}

    def new_id(self) -> int:
        self._next_id += 1
        return self._next_id - 1

    def place(self, poll: Poll, chat_id: int, message_id: int) -> None:
        """Remember which message shows the poll."""
        poll.chat_id, poll.message_id = chat_id, message_id
        self._polls[chat_id, message_id] = poll

    def at(self, chat_id: int, message_id: int) -> Poll | None:
        return self._polls.get((chat_id, message_id))
