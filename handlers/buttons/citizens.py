"""Payloads of the buttons citizens press: services, places, languages, wishes, their own data."""

from enum import StrEnum
from typing import Self

from aiogram.filters.callback_data import CallbackData

LONGEST_REFERENCE = 0xFFFFFF
"""What fits into a button beside the longest id of a service, a place and a part."""


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


class ChooseEntry(CallbackData, prefix="e"):
    """This is what I meant: show it, or a part of it, for a place named in the question.

    An entry's id may hold a colon, which separates the fields of a payload; `question` is the
    reference under which the question is kept for learning.
    """

    entry: str
    question: str = ""
    part: Part = Part.CARD
    ars: str = ""

    @classmethod
    def of(cls, entry_id: str, ref: int | None, part: Part = Part.CARD, ars: str = "") -> Self:
        """Return the payload; a reference too long for a button is left out."""
        known = ref is not None and ref <= LONGEST_REFERENCE
        question = f"{ref:x}" if known else ""
        return cls(entry=entry_id.replace(":", "/"), question=question, part=part, ars=ars)

    @property
    def entry_id(self) -> str:
        return self.entry.replace("/", ":")

    @property
    def ref(self) -> int | None:
        try:
            return int(self.question, 16)
        except ValueError:
            return None


class NoneOfThese(CallbackData, prefix="n"):
    """Nothing of what was offered is meant; answered in the language it was offered in."""

    ref: int | None = None
    language: str = ""


class NarrowDown(CallbackData, prefix="nd"):
    """The answer to a question back: it is about this life situation."""

    situation: str
    ref: int | None = None
    language: str = ""


class RateAnswer(CallbackData, prefix="r"):
    """Thumb up or down for the answer to a question."""

    ref: int
    up: bool


class Explain(CallbackData, prefix="x"):
    """The button "Warum diese Antwort?" for staff; the token means something for ten minutes."""

    token: str


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
    """Speak this language, with the welcome in place of the message.

    Messages of some days hold a second field: whether the button stands under an answer, as
    `GoOnInLanguage` says now. They are read for ever, new ones are not written.
    """

    language: str
    _under_answer: bool = False

    @property
    def under_answer(self) -> bool:
        return self._under_answer

    @classmethod
    def unpack(cls, value: str) -> Self:
        first, _, second = value.rpartition(cls.__separator__)
        had_two = second in {"0", "1"} and first.count(cls.__separator__) == 1
        found = super().unpack(first if had_two else value)
        found._under_answer = had_two and second == "1"  # noqa: SLF001 - our own
        return found


class GoOnInLanguage(CallbackData, prefix="lo"):
    """Speak this language; the answer above the button stays."""

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
