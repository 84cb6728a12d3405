"""Payloads of inline buttons; the one thing features share: any of them may offer any button.

Telegram allows 64 bytes: ids only, never anything about a person.
"""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData


class Part(StrEnum):
    """A part of a service's card."""

    CARD = "c"
    DOCUMENTS = "d"
    FEES = "f"
    OFFICE = "o"
    ONLINE = "l"


class ShowService(CallbackData, prefix="s"):
    """Show a service's card, or a part of it; `ars` where it is not the person's own town."""

    service_id: str
    part: Part = Part.CARD
    ars: str = ""


class ShowFaq(CallbackData, prefix="q"):
    """Show the answer to a question of the region, about this office where one was chosen."""

    slug: str
    office: str = ""


class ShowMenu(CallbackData, prefix="m"):
    """Show the menu of life situations, or one page of one of them."""

    situation: str = ""
    page: int = 0


class ChooseTown(CallbackData, prefix="t"):
    """This is my municipality; then go on with the service (if any)."""

    ars: str
    service_id: str = ""


class AskTown(CallbackData, prefix="at"):
    """Ask for the municipality again."""

    service_id: str = ""


class ChooseLanguage(CallbackData, prefix="l"):
    """Speak this language."""

    language: str


class Subscribe(CallbackData, prefix="sub"):
    """The button "Bescheid geben, wenn online"; "*" is everything in the municipality."""

    service_id: str


class ShowWishes(CallbackData, prefix="w"):
    """Show a page of my subscriptions."""

    page: int = 0


class Unsubscribe(CallbackData, prefix="uns"):
    """Remove one subscription from the list."""

    subscription_id: int


class SetNews(CallbackData, prefix="nm"):
    """Tell news at once, or once a week."""

    mode: str


class Why(CallbackData, prefix="why"):
    """The button "Warum bekomme ich das?" under a piece of news."""

    bundle: str


class Silence(CallbackData, prefix="off"):
    """One tap off: remove the wish that caused a piece of news."""

    because: str


class Erase(CallbackData, prefix="del"):
    """The second step of /loeschen."""

    sure: bool


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
