"""Staff see what an understanding rests on, by the button "Warum diese Antwort?".

The question itself is kept nowhere. An understanding is remembered for ten minutes in the memory
of this process, under a token that only the button holds.
"""

import secrets
from collections import OrderedDict
from datetime import datetime, timedelta

from aiogram.types import CallbackQuery
from markupsafe import Markup

from handlers.ask.desk import Desk
from handlers.buttons.citizens import Explain
from handlers.messages import Reply, Row, button, say
from nlu.understanding import Candidate, Decision, Kind, Understanding
from services.chats.model import Chat
from services.chats.model import Kind as ChatKind
from services.clock import Clock
from services.staff.rules import Actor
from services.text import Text

KEPT = timedelta(minutes=10)
MOST_KEPT = 500
MOST_SHOWN = 5
DECISIONS = {
    Decision.ANSWER: "ask.decided-answer",
    Decision.CHOOSE: "ask.decided-choose",
    Decision.CLARIFY: "ask.decided-clarify",
    Decision.REFUSE: "ask.decided-refuse",
}
KINDS = {
    Kind.SERVICE: "ask.kind-service",
    Kind.FAQ: "ask.kind-faq",
    Kind.KNOWN: "ask.kind-known",
    Kind.ELSEWHERE: "ask.kind-elsewhere",
}


class Explanations:
    """Remembers the latest understandings that staff may ask about."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, tuple[datetime, Understanding]] = OrderedDict()

    def keep(self, understanding: Understanding) -> str:
        """Remember an understanding; return its token."""
        token = secrets.token_urlsafe(9)
        self._kept[token] = (self._clock(), understanding)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return token

    def find(self, token: str) -> Understanding | None:
        """Return the understanding of a token; None when it is unknown or too old."""
        kept = self._kept.get(token)
        if kept is None or kept[0] <= self._clock() - KEPT:
            self._kept.pop(token, None)
            return None
        return kept[1]

    def button_for(
        self, understanding: Understanding, text: Text, chat: Chat, actor: Actor
    ) -> list[Row]:
        """Return the button for staff, nothing for everybody else."""
        if chat.kind != ChatKind.PRIVATE or not actor.is_staff(self._clock()):
            return []
        token = self.keep(understanding)
        return [[button(text("ask.button-why"), Explain(token=token))]]


async def explain(
    query: CallbackQuery,
    callback_data: Explain,
    desk: Desk,
    actor: Actor,
    clock: Clock,
    explanations: Explanations,
) -> Reply:
    """Show the candidates, how likely each is, and what speaks for it."""
    understanding = explanations.find(callback_data.token)
    if understanding is None or not actor.is_staff(clock()):
        return say(desk.chat.telegram_id, desk.text("ask.why-gone"))
    text = desk.text
    decided = text(
        "ask.why",
        decision=text(DECISIONS.get(understanding.decision, "ask.decided-refuse")),
        by=understanding.by,
        language=understanding.language,
        in_scope=text.number(round(understanding.in_scope, 2)),
    )
    shown = [await _candidate(one, desk) for one in understanding.candidates[:MOST_SHOWN]]
    return say(desk.chat.telegram_id, Markup("\n\n").join([decided, *shown]))


async def _candidate(candidate: Candidate, desk: Desk) -> Markup:
    text = desk.text
    signals = (
        text("ask.why-signal", name=name, value=text.number(round(float(value), 2)))
        for name, value in candidate.signals.items()
    )
    lines = [
        text(
            "ask.why-candidate",
            name=await desk.name(candidate.id) or candidate.id,
            kind=text(KINDS[candidate.kind]),
            score=text.number(round(candidate.score, 2)),
        ),
        text("ask.why-phrase", phrase=candidate.why),
        *signals,
    ]
    return text.lines(lines)
