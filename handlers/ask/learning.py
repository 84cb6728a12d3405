"""What a conversation tells the learning: the question, what was chosen, what was right."""

from typing import Protocol

from nlu.understanding import Understanding


class Learning(Protocol):
    """Keeps questions, without the person, as candidates for examples."""

    async def asked(self, question: str, understanding: Understanding) -> int | None:
        """Keep a question; return its reference, None when nothing of it may be kept."""
        ...

    async def chosen(self, ref: int, entry_id: str) -> None:
        """Note what the person chose; an unknown reference changes nothing."""
        ...

    async def thumb(self, ref: int, up: bool) -> None:
        """Note whether the answer was right; an unknown reference changes nothing."""
        ...


class NothingLearnt:
    """Keeps nothing: for questions that are no citizen's, and where learning is not there."""

    async def asked(self, question: str, understanding: Understanding) -> int | None:  # noqa: ARG002
        return None

    async def chosen(self, ref: int, entry_id: str) -> None:
        """Forget it."""

    async def thumb(self, ref: int, up: bool) -> None:
        """Forget it."""


NOTHING_LEARNT = NothingLearnt()
