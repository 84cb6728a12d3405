"""What becomes of a message that did not simply arrive: try again, give up, ask; no I/O."""

from datetime import datetime, timedelta
from enum import Enum, auto

from services.chats.model import Kind as ChatKind
from services.outbox.model import Lane

GIVE_UP = timedelta(hours=24)
"""A message that could not leave for so long is news no more."""
LONGEST_PAUSE = timedelta(minutes=5)
FRESH = timedelta(minutes=5)
"""So long a picture or a place is worth sending after the message it belongs to."""


class Kind(Enum):
    """What a message is to whoever gets it; decides what a doubt about it means."""

    REPLY = auto()
    ALARM = auto()
    NOTICE = auto()
    BROADCAST = auto()
    POST = auto()
    """In a channel: everybody sees it, also a second time."""


class Verdict(Enum):
    """What to do with a message of which nobody knows whether it arrived."""

    RESEND = auto()
    RESEND_MARKED = auto()
    """As a repetition, so that nobody takes it for a second alarm."""
    ASK_EDITORS = auto()
    REPORT = auto()
    """Say to the operators that there are such messages."""
    LEAVE = auto()
    """Listed as unknown, and that is all."""


def kind_of(*, lane: Lane, chat_kind: str) -> Kind:
    """Return what a message is."""
    if chat_kind == ChatKind.CHANNEL:
        return Kind.POST
    return {
        Lane.CONVERSATION: Kind.REPLY,
        Lane.ALARM: Kind.ALARM,
        Lane.NOTICE: Kind.NOTICE,
        Lane.BROADCAST: Kind.BROADCAST,
        Lane.ATTACHMENT: Kind.NOTICE,
    }[lane]


def judge(kind: Kind, *, first: bool) -> Verdict:
    """Say what follows from an ambiguous attempt; a second one is never repeated by itself."""
    if kind is Kind.POST:
        return Verdict.ASK_EDITORS
    if kind is Kind.BROADCAST:
        return Verdict.REPORT
    if not first:
        return Verdict.LEAVE
    return Verdict.RESEND_MARKED if kind is Kind.ALARM else Verdict.RESEND


def is_repetition(kind: Kind, *, unknown_at: datetime | None) -> bool:
    """Whether a message must be marked, because it may be there already."""
    return unknown_at is not None and judge(kind, first=True) is Verdict.RESEND_MARKED


def is_stale(lane: Lane, due: datetime, now: datetime) -> bool:
    """Whether something has waited so long that it only disturbs what is new."""
    return lane is Lane.ATTACHMENT and now - due > FRESH


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after the nth attempt: 1, 2, 4 … seconds, at most five minutes."""
    longest = int(LONGEST_PAUSE.total_seconds())
    return timedelta(seconds=min(longest, 2 ** min(attempts - 1, longest.bit_length())))


def is_over(first_due: datetime, now: datetime) -> bool:
    """Whether a message has been trying to leave for too long."""
    return now - first_due >= GIVE_UP
