"""How codecs look to staff."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from handlers.buttons.sensors import CodecStep, DecideCodec
from handlers.messages import Row, button
from services.codecs.model import State
from services.codecs.records import Listed
from services.text import Text

STATES = {
    State.CHECKED: "codecs.state-checked",
    State.RELEASED: "codecs.state-released",
    State.REFUSED: "codecs.state-refused",
    State.RETIRED: "codecs.state-retired",
}
DIGEST_SHOWN = 12
STEPS = {
    State.CHECKED: (
        (CodecStep.SHOW, "codecs.button-show"),
        (CodecStep.RELEASE, "codecs.button-release"),
        (CodecStep.REFUSE, "codecs.button-refuse"),
    ),
    State.RELEASED: (
        (CodecStep.SHOW, "codecs.button-show"),
        (CodecStep.RETIRE, "codecs.button-retire"),
    ),
}


def page(codecs: Sequence[Listed], text: Text) -> tuple[Markup, list[Row]]:
    """Return the list, newest first, and what can be done with each."""
    if not codecs:
        return text.lines([text("codecs.none"), "", text("codecs.how")]), []
    lines = [text("codecs.list"), *(described(one, text) for one in codecs)]
    rows = [decisions(one.id, State(one.state), text) for one in codecs]
    return text.lines([*lines, "", text("codecs.how")]), rows


def described(codec: Listed, text: Text) -> Markup:
    """Return a codec's line."""
    line = text(
        "codecs.line",
        number=codec.id,
        name=codec.name,
        state=text(STATES[State(codec.state)]),
        count=codec.examples,
        digest=codec.sha256[:DIGEST_SHOWN],
        date=text.day(codec.uploaded_at),
    )
    if not codec.failures:
        return line
    failed = text("codecs.line-failures", count=codec.failures, problem=codec.last_problem)
    return text.lines([line, failed])


def decisions(codec_id: int, state: State, text: Text) -> Row:
    """Return the buttons of a codec where it stands."""
    return [
        button(text(key, number=codec_id), DecideCodec(codec=codec_id, step=step))
        for step, key in STEPS.get(state, ())
    ]


def problems(found: Sequence[Mapping[str, Any]], text: Text) -> list[Markup]:
    """Return a line for each problem of an upload."""
    return [text(one["text_key"], **one["params"]) for one in found]
