"""What staff see of questions, and what was taught; values without a database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Question:
    """Equal questions: what was asked, what the bot did, what came of it, how often.

    `decision`, `signal` and `entry_id` are those of `services.learning.model.AskedQuestion`.
    """

    id: int
    text: str
    language: str
    decision: str
    entry_id: str
    signal: str
    count: int


@dataclass(frozen=True)
class QuestionPage:
    """A page of questions (counted from 0), and how many there are in all."""

    page: int
    pages: int
    total: int
    questions: Sequence[Question]


@dataclass(frozen=True)
class Taught:
    """The examples that staff released, by entry; the revision moves with every change."""

    revision: int = 0
    examples: Mapping[str, Sequence[str]] = field(default_factory=dict)


NOTHING_TAUGHT = Taught()
