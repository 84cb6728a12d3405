"""How questions look to staff: what was asked, what the bot did, what people made of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handlers.buttons.staff import DecideQuestion, QuestionStep, ShowQuestions
from handlers.faq.names import name_of
from handlers.messages import Row, button
from services.catalogue.rules import Snapshot
from services.faq.service import Faqs
from services.learning.model import Signal
from services.learning.records import Question, QuestionPage
from services.text import Text

DID = {
    "answer": "learning.did-answer",
    "choose": "learning.did-choose",
    "clarify": "learning.did-clarify",
    "refuse": "learning.did-refuse",
}
MADE = {
    Signal.CHOSEN: "learning.made-chosen",
    Signal.THUMB_UP: "learning.made-thumb-up",
    Signal.THUMB_DOWN: "learning.made-thumb-down",
    Signal.UNANSWERED: "learning.made-unanswered",
}


@dataclass(frozen=True)
class Names:
    """What entries are called in a language."""

    snapshot: Snapshot
    faqs: Faqs
    language: str

    def of(self, entry_id: str) -> str:
        """Return the name of an entry of any kind; the id of what is none any more."""
        service = self.snapshot.services.get(entry_id)
        if service is not None:
            return service.name.of(self.language)
        return name_of(entry_id, self.faqs, self.language) or entry_id


def waiting_page(
    found: QuestionPage, figures: str, names: Names, text: Text
) -> tuple[str, list[Row]]:
    """Return words and buttons of the questions that wait."""
    if not found.questions:
        words = text("learning.nothing-waits")
    else:
        heading = text("learning.page", page=found.page + 1, pages=found.pages, total=found.total)
        shown = [described(one, names, text) for one in found.questions]
        words = text.lines([heading, *(line for one in shown for line in ("", one))])
    rows: list[Row] = [decisions(one, text) for one in found.questions]
    taught = button(text("learning.button-taught"), ShowQuestions(taught=True))
    return text.lines([figures, "", words]), [*rows, _turning(found, text), [taught]]


def taught_page(found: QuestionPage, names: Names, text: Text) -> tuple[str, list[Row]]:
    """Return words and buttons of the examples that staff released."""
    waiting = button(text("learning.button-waiting"), ShowQuestions())
    if not found.questions:
        return text("learning.nothing-taught"), [[waiting]]
    heading = text("learning.taught", page=found.page + 1, pages=found.pages, total=found.total)
    lines = [
        text(
            "learning.example",
            number=one.id,
            question=one.text,
            entry=names.of(one.entry_id),
        )
        for one in found.questions
    ]
    rows: list[Row] = [
        [
            button(
                text("learning.button-withdraw", number=one.id),
                DecideQuestion(question=one.id, step=QuestionStep.WITHDRAW),
            )
        ]
        for one in found.questions
    ]
    turning = _turning(found, text, taught=True)
    return text.lines([heading, *lines]), [*rows, turning, [waiting]]


def described(question: Question, names: Names, text: Text) -> str:
    """Return a question, what the bot did, and what people made of it."""
    entry = names.of(question.entry_id)
    return text(
        "learning.question",
        number=question.id,
        times=question.count,
        language=question.language,
        question=question.text,
        did=text(DID[question.decision]),
        made=text(MADE[Signal(question.signal)], entry=entry),
    )


def decisions(question: Question, text: Text) -> Row:
    """Return the buttons of a question; it can be taken over where people agreed on an entry."""
    agreed = question.entry_id and question.signal in {Signal.CHOSEN, Signal.THUMB_UP}
    steps = (
        (QuestionStep.RELEASE, "learning.button-release"),
        (QuestionStep.ASSIGN, "learning.button-assign"),
        (QuestionStep.REJECT, "learning.button-reject"),
    )
    return [
        button(
            text(key, number=question.id),
            DecideQuestion(
                question=question.id,
                step=step,
                entry=question.entry_id if step is QuestionStep.RELEASE else "",
            ),
        )
        for step, key in steps
        if agreed or step is not QuestionStep.RELEASE
    ]


def entries(question: int, named: Iterable[tuple[str, str]], text: Text) -> list[Row]:
    """Return a button for each entry a question may be an example of."""
    found: list[Row] = [
        [button(name, DecideQuestion(question=question, step=QuestionStep.RELEASE, entry=entry))]
        for entry, name in named
    ]
    return [*found, [button(text("learning.button-waiting"), ShowQuestions())]]


def most_missed(questions: Sequence[Question], text: Text) -> list[str]:
    """Return what people asked most without finding anything, with how often."""
    return [text("learning.missed", question=one.text, times=one.count) for one in questions]


def _turning(found: QuestionPage, text: Text, *, taught: bool = False) -> Row:
    before, after = found.page > 0, found.page + 1 < found.pages
    back = button(text("ask.button-previous"), ShowQuestions(page=found.page - 1, taught=taught))
    on = button(text("ask.button-next"), ShowQuestions(page=found.page + 1, taught=taught))
    return [*([back] if before else []), *([on] if after else [])]
