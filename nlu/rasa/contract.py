"""What a Rasa server is asked, and what its answers mean to us.

An answer is foreign data: it is checked against a schema, and intents we do not know are dropped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nlu.emergencies import emergency_in
from nlu.intents import intent_of
from nlu.language import Language, language_of
from nlu.rasa.export import OUT_OF_SCOPE
from nlu.understanding import Candidate, Decision, Entry, Kind, Understanding
from nlu.words import MAX_LENGTH

BY = "rasa"
ALONE = 0.5
"""Confidence from which one entry is answered alone; docs/rasa.md has the figures."""
POSSIBLE = 0.3
"""Confidence of the best from which entries are offered; below it Rasa guesses."""
MOST_CHOICES = 3
OFFERED = frozenset({Kind.SERVICE, Kind.FAQ})
"""What can be shown; whose the rest is, the embedded understander says better."""
ROUNDED = 1.001
"""Confidences are single-precision numbers: a sure one may be a little above 1."""


class UnreadableError(Exception):
    """Something else than an answer of Rasa."""


class StrangeError(Exception):
    """Only intents we do not know: the model was trained for another catalogue."""


class _Ranked(BaseModel):
    model_config = ConfigDict(strict=True)
    name: str
    confidence: Annotated[float, Field(ge=0, le=ROUNDED, allow_inf_nan=False)]


class _Answer(BaseModel):
    """The part of an answer that counts."""

    model_config = ConfigDict(strict=True)
    intent_ranking: list[_Ranked]


@dataclass(frozen=True)
class Reading:
    """What may be meant, best first, and the confidence that it is none of our business."""

    candidates: Sequence[Candidate]
    out_of_scope: float


def question_for_rasa(question: str) -> str:
    """Return what Rasa is asked; nothing where Rasa has no say.

    Emergencies and what is asked of the bot itself are decided by our own rules alone. Rasa takes
    a text that begins with "/" as the name of an intent, with confidence 1: nobody may set that.
    """
    if emergency_in(question) or intent_of(question):
        return ""
    readable = question.encode("utf-8", "ignore").decode()
    return readable[:MAX_LENGTH].lstrip("/ \t\r\n").rstrip()


def read(body: bytes, intents: Mapping[str, Entry]) -> Reading:
    """Return what an answer says, or raise `UnreadableError` or `StrangeError`.

    `intents` are our entries by `nlu.rasa.export.intents_of`.
    """
    try:
        ranking = _Answer.model_validate_json(body).intent_ranking
    except ValidationError as error:
        raise UnreadableError from error
    ranked = {one.name: min(one.confidence, 1.0) for one in ranking}
    known = sorted(ranked.keys() & intents.keys(), key=lambda name: (-ranked[name], name))
    if ranking and not known:
        raise StrangeError
    candidates = [_candidate(intents[one], ranked[one]) for one in known]
    return Reading(candidates, ranked.get(OUT_OF_SCOPE, 0.0))


def decide(question: str, reading: Reading) -> Understanding | None:
    """Return what to do, or None where Rasa is not sure enough to have a say."""
    best = reading.candidates[0] if reading.candidates else None
    if best is None or best.score < POSSIBLE or best.score <= reading.out_of_scope:
        return None
    if best.kind not in OFFERED:
        return None
    alone = best.score >= ALONE
    offered = [one for one in reading.candidates if one.kind in OFFERED]
    return Understanding(
        Decision.ANSWER if alone else Decision.CHOOSE,
        offered[: 1 if alone else MOST_CHOICES],
        language=language_of(question, chat=Language.GERMAN),
        in_scope=1 - reading.out_of_scope,
        by=BY,
    )


def _candidate(entry: Entry, confidence: float) -> Candidate:
    return Candidate(entry.id, confidence, entry.names[0], entry.kind, {BY: confidence})
