"""Tries a codec out: does it run, and do its examples give what they should?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from lorawan.sandbox import Call, Outcome, Script
from services.codecs.model import Style
from services.codecs.rules import (
    Difference,
    Example,
    Problem,
    UploadError,
    check_name,
    difference,
    examples_within,
    read_examples,
    read_source,
    style_of,
)

MOST_PROBLEMS = 10
EXAMPLE_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""The moment of every example, so that it gives the same each time."""
PROBLEMS = {
    "time": "codecs.run-time",
    "memory": "codecs.run-memory",
    "output": "codecs.run-output",
    "crashed": "codecs.run-crashed",
    "syntax": "codecs.run-syntax",
    "no-decode-function": "codecs.run-no-function",
    "threw": "codecs.run-threw",
    "breaker": "codecs.run-breaker",
}


class Runs(Protocol):
    """Runs scripts safely (`lorawan.sandbox.Sandbox`)."""

    async def run(self, script: Script, call: Call) -> Outcome: ...


@dataclass(frozen=True)
class Checked:
    """A codec that was tried out.

    Attributes:
        name: a slug.
        script: what will run, and its digest.
        style: how it is written.
        examples: all of them, in their order.
        right: how many gave what they should.
        problems: what is wrong, at most `MOST_PROBLEMS`; none: it may be released.
    """

    name: str
    script: Script
    style: Style | None
    examples: tuple[Example, ...]
    right: int
    problems: tuple[Problem, ...]


async def check(sandbox: Runs, name: str, content: bytes, examples: bytes | None) -> Checked:
    """Return what became of every example; raise `UploadError` for what cannot even be tried.

    Args:
        sandbox: runs the script.
        name: of the codec.
        content: the script's file.
        examples: a file of examples; None: they stand in a comment of the script.
    """
    name, source = check_name(name), read_source(content)
    written = examples if examples is not None else examples_within(source)
    if written is None:
        raise UploadError("codecs.problem-no-examples")
    wanted, script = read_examples(written), Script.of(source)
    style = style_of(source)
    if style is None:
        raise UploadError("codecs.run-no-function", detail="")
    right, problems = await _try_all(sandbox, script, wanted)
    return Checked(name, script, style, tuple(wanted), right, tuple(problems))


async def _try_all(
    sandbox: Runs, script: Script, examples: Sequence[Example]
) -> tuple[int, list[Problem]]:
    right, problems = 0, list[Problem]()
    for number, example in enumerate(examples, 1):
        call = Call(example.payload, example.f_port, EXAMPLE_TIME, example.variables)
        problem = _problem(number, example, await sandbox.run(script, call))
        if problem is None:
            right += 1
        elif len(problems) < MOST_PROBLEMS:
            problems.append(problem)
        if problem and problem.text_key == PROBLEMS["syntax"]:
            break  # it would be the same each time
    return right, problems


def _problem(number: int, example: Example, outcome: Outcome) -> Problem | None:
    if outcome.problem is not None:
        return Problem(PROBLEMS[outcome.problem], {"number": number, "detail": outcome.detail})
    if outcome.errors:
        detail = "; ".join(outcome.errors)
        return Problem("codecs.run-errors", {"number": number, "detail": detail[:200]})
    found = difference(example.expected, outcome.data)
    if found is None and example.normalized is not None:
        found = difference(example.normalized, outcome.normalized, "normalized")
    return _mismatch(number, found) if found else None


def _mismatch(number: int, found: Difference) -> Problem:
    return Problem(
        "codecs.run-mismatch",
        {
            "number": number,
            "path": found.path,
            "expected": found.expected,
            "actual": found.actual,
        },
    )
