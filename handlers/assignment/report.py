"""What the terminal says of a plan: levels, bounds, mistakes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from services.assignment.checking import LEVELS

if TYPE_CHECKING:
    from markupsafe import Markup

    from services.assignment.checking import Verdict
    from services.assignment.mistakes import Mistake, MistakesError
    from services.assignment.problem import Ints, Problem
    from services.text import Text

NAMES = {
    "unplaced": "assignment.level-unplaced",
    "late": "assignment.level-late",
    "max_utilisation": "assignment.level-max-utilisation",
    "mean_deviation_minutes": "assignment.level-mean-deviation",
    "sigma": "assignment.level-sigma",
    "moves": "assignment.level-moves",
    "cost": "assignment.level-cost",
}
MOST_NAMES = 5


class Solved(Protocol):
    """What is told of a solution: a plan (n), values and bounds by level."""

    @property
    def plan(self) -> "Ints": ...
    @property
    def objective(self) -> Mapping[str, float]: ...
    @property
    def bound(self) -> Mapping[str, float]: ...
    @property
    def proven(self) -> Mapping[str, bool]: ...
    @property
    def gap(self) -> float: ...
    @property
    def seed(self) -> int: ...
    @property
    def first_plan_seconds(self) -> float | None: ...
    @property
    def solver(self) -> str: ...


def plan_json(problem: "Problem", solution: Solved, goal: str, seconds: float) -> dict[str, Any]:
    """Return what `--json` prints."""
    persons = (*problem.staff, None)  # NOBODY is -1, the last
    return {
        "plan": {
            case: persons[person]
            for case, person in zip(problem.cases, solution.plan.tolist(), strict=True)
        },
        "objective": _plain(solution.objective),
        "bound": _plain(solution.bound),
        "gap": float(solution.gap),
        "seconds": round(seconds, 3),
        "seed": solution.seed,
        "goal": goal,
        "proven": {level: bool(value) for level, value in solution.proven.items()},
        "first_plan_seconds": solution.first_plan_seconds,
        "solver": solution.solver,
    }


def solution_lines(
    problem: "Problem", solution: Solved, seconds: float, text: "Text"
) -> "list[Markup]":
    """Return the report on a solution: each level, the gap, the time."""
    lines = [_sizes(problem, text)]
    for level in _known(solution.objective):
        shown = _value(level, solution.objective[level], problem, text)
        line = _level(level, shown, solution.bound.get(level), problem, text)
        proven = solution.proven.get(level, False)
        lines.append(text("assignment.proven", line=line) if proven else line)
    first = solution.first_plan_seconds
    return [
        *lines,
        text("assignment.gap", gap=text.number(100 * solution.gap, 2)),
        text("assignment.seconds", seconds=text.number(seconds, 1)),
        *([] if first is None else [text("assignment.first-plan", seconds=text.number(first, 2))]),
        text("assignment.solver", solver=solution.solver, seed=solution.seed),
        text("assignment.plan-by-json"),
    ]


def verdict_lines(problem: "Problem", verdict: "Verdict", text: "Text") -> "list[Markup]":
    """Return the report of the independent check: what is wrong first."""
    lines = [_sizes(problem, text)]
    lines += [_mistake(one, text) for one in verdict.broken]
    if verdict.left_out:
        lines.append(text("assignment.mistake-more", number=verdict.left_out))
    for level in _known(verdict.values):
        shown = _value(level, verdict.values[level], problem, text)
        lines.append(_level(level, shown, verdict.bounds[level], problem, text))
    if verdict.bottleneck:
        names = ", ".join(verdict.bottleneck[:MOST_NAMES])
        more = " …" if len(verdict.bottleneck) > MOST_NAMES else ""
        lines.append(text("assignment.bottleneck", names=names + more))
    lines.append(text("assignment.verdict-fine" if verdict.fine else "assignment.verdict-refused"))
    return lines


def mistake_lines(error: "MistakesError", text: "Text") -> "Iterator[Markup]":
    """Yield the file and each mistake in it."""
    yield text("assignment.mistakes", source=error.source)
    for one in error.mistakes:
        yield _mistake(one, text)
    if error.left_out:
        yield text("assignment.mistake-more", number=error.left_out)


def _mistake(mistake: "Mistake", text: "Text") -> "Markup":
    what = text(mistake.text_key, **mistake.params)
    place = text(NAMES[mistake.place]) if mistake.place in NAMES else mistake.place
    return text("assignment.mistake", place=place, what=what) if place else what


def _sizes(problem: "Problem", text: "Text") -> "Markup":
    return text("assignment.sizes", cases=len(problem.cases), staff=len(problem.staff))


def _known(values: Mapping[str, float]) -> Sequence[str]:
    return [level for level in LEVELS if level in values]


def _level(
    level: str, shown: "Markup", bound: float | None, problem: "Problem", text: "Text"
) -> "Markup":
    name = text(NAMES[level])
    if bound is None:
        return text("assignment.level", name=name, value=shown)
    limit = _value(level, bound, problem, text)
    return text("assignment.level-bound", name=name, value=shown, bound=limit)


def _value(level: str, value: float, problem: "Problem", text: "Text") -> "Markup":
    if level == "late":
        hours = value * problem.unit_minutes / 60
        return text("assignment.hours", number=text.number(hours, 2))
    if level == "max_utilisation":
        return text("assignment.percent", number=text.number(100 * value, 3))
    if level == "mean_deviation_minutes":
        return text("assignment.minutes", number=text.number(value, 2))
    if level == "sigma":
        return text("assignment.points", number=text.number(value, 3))
    return text("assignment.number", number=text.number(value, 0))


def _plain(values: Mapping[str, float]) -> dict[str, int | float]:
    """Return values by level; whole numbers without a fraction."""
    return {
        level: int(value) if float(value).is_integer() else float(value)
        for level, value in values.items()
    }
