"""Payloads of the buttons staff press: publishing, approving, deliveries, questions, the team."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData


class GoLiveStep(StrEnum):
    """What a staff member does with prepared news."""

    CONFIRM = "y"
    DROP = "n"
    STOP = "s"


class DecideGoLive(CallbackData, prefix="gl"):
    """Confirm, drop or stop a batch of news."""

    batch: int
    step: GoLiveStep


class DecideApproval(CallbackData, prefix="ap"):
    """The second person's word."""

    approval: int
    approve: bool


class OffBoard(CallbackData, prefix="ob"):
    """End all roles of a staff member; asked twice."""

    staff_id: int
    sure: bool = False


class ShowDeliveries(CallbackData, prefix="z"):
    """Show a page of what did not arrive."""

    page: int


class DeadLetterStep(StrEnum):
    """What an operator does with messages that did not arrive."""

    RESEND = "r"
    DISCARD = "d"


class DecideDeadLetters(CallbackData, prefix="dl"):
    """Send messages again or give them up: their numbers, joined by dashes."""

    step: DeadLetterStep
    messages: str


class SettlePost(CallbackData, prefix="po"):
    """An editor's word about a post that may be in the channel: once more, or it is there."""

    message: int
    again: bool


class ReadFolder(CallbackData, prefix="rf"):
    """Have the region folder read again."""


class ShowQuestions(CallbackData, prefix="qs"):
    """Show a page of the questions that wait, or of the examples that staff released."""

    page: int = 0
    taught: bool = False


class QuestionStep(StrEnum):
    """What an editor does with a question."""

    RELEASE = "r"
    ASSIGN = "a"
    REJECT = "x"
    WITHDRAW = "w"


class DecideQuestion(CallbackData, prefix="qd", sep="|"):
    """Make a question an example of an entry, look for another entry, reject it, take it back."""

    question: int
    step: QuestionStep
    entry: str = ""
