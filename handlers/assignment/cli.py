"""`abibot assign`: place the cases of a file, convert, make up and verify; needs no database."""

import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from handlers.assignment.report import mistake_lines, plan_json, solution_lines, verdict_lines
from services.assignment.checking import judge
from services.assignment.files import read_plan, read_problem, write_problem
from services.assignment.generating import MOST_CASES, MOST_STAFF, MOST_WEEKS, Size, generate
from services.assignment.literature import KINDS, convert
from services.assignment.mistakes import MistakesError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markupsafe import Markup

    from handlers.terminal import Terminal  # costs a quarter of a second to import

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, writable=True, path_type=Path)
GOALS = ("balance", "makespan", "cost")
LARGEST_SEED = 2**31 - 1
SEED = click.IntRange(0, LARGEST_SEED)


@click.group("assign")
def command() -> None:
    """Place cases with staff: fair, proven, reproducible."""


@command.command()
@click.argument("problem", type=FILE)
@click.option(
    "--objective",
    "goal",
    type=click.Choice(GOALS),
    default=GOALS[0],
    show_default=True,
    help="What is made as good as possible.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(0.1, 86_400),
    default=30.0,
    show_default=True,
    help="Seconds.",
)
@click.option("--seed", type=SEED, default=1, show_default=True, help="Same seed, same start.")
@click.option(
    "--deterministic", is_flag=True, help="The same plan on every run; takes one processor."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def solve(
    terminal: "Terminal",
    problem: Path,
    goal: str,
    time_limit: float,
    seed: int,
    *,
    deterministic: bool,
    as_json: bool,
) -> None:
    """Place the cases of PROBLEM with its staff."""
    with _told(terminal):
        cases = read_problem(problem)
    from services.assignment.rules import engine  # noqa: PLC0415 - it loads OR-Tools
    from services.assignment.rules.records import Objective, UnsolvedError  # noqa: PLC0415

    before = time.perf_counter()
    try:
        solution = engine.solve(
            cases,
            objective=Objective(goal),
            time_limit=time_limit,
            seed=seed,
            deterministic=deterministic,
        )
    except (UnsolvedError, OverflowError) as error:
        line = terminal.text("assignment.unsolved", detail=str(error))
        raise click.ClickException(line.unescape()) from None
    seconds = time.perf_counter() - before
    if as_json:
        click.echo(orjson.dumps(plan_json(cases, solution, goal, seconds)))
    else:
        _show(solution_lines(cases, solution, seconds, terminal.text))


@command.command("convert")
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@click.argument("file", type=FILE)
@click.option("-o", "--output", type=TARGET, help="Write to this file (.json or .json.gz).")
@click.pass_obj
def convert_(terminal: "Terminal", kind: str, file: Path, output: Path | None) -> None:
    """Turn FILE from the literature into a problem."""
    with _told(terminal):
        _write(convert(kind, file), output)


@command.command("generate")
@click.option("--cases", type=click.IntRange(1, MOST_CASES), required=True)
@click.option("--staff", type=click.IntRange(1, MOST_STAFF), required=True)
@click.option("--seed", type=SEED, required=True)
@click.option(
    "--weeks", type=click.IntRange(0, MOST_WEEKS), default=0, help="Weeks with deadlines."
)
@click.option("--limited", is_flag=True, help="Everybody has a largest number of cases.")
@click.option(
    "--held", type=click.FloatRange(0, 1), default=0.0, help="Share of cases somebody has."
)
@click.option("-o", "--output", type=TARGET, help="Write to this file (.json or .json.gz).")
def generate_(
    cases: int,
    staff: int,
    seed: int,
    weeks: int,
    held: float,
    output: Path | None,
    *,
    limited: bool,
) -> None:
    """Make up a realistic problem."""
    _write(generate(Size(cases, staff, weeks, limited, held), seed), output)


@command.command()
@click.argument("problem", type=FILE)
@click.argument("plan", type=FILE)
@click.pass_obj
def verify(terminal: "Terminal", problem: Path, plan: Path) -> None:
    """Check PLAN for PROBLEM without any solver; leave with 1 if anything is wrong."""
    with _told(terminal):
        cases = read_problem(problem)
        stated = read_plan(plan, cases)
    verdict = judge(cases, stated.plan, objective=stated.objective, bound=stated.bound)
    _show(verdict_lines(cases, verdict, terminal.text))
    if not verdict.fine:
        raise SystemExit(1)


@contextmanager
def _told(terminal: "Terminal") -> "Iterator[None]":
    """Turn mistakes of a file into the lines of an error."""
    try:
        yield
    except MistakesError as error:
        lines = [line.unescape() for line in mistake_lines(error, terminal.text)]
        raise click.ClickException("\n".join(lines)) from None


def _write(data: dict[str, Any], output: Path | None) -> None:
    if output is None:
        click.echo(orjson.dumps(data))
    else:
        try:
            write_problem(data, output)
        except OSError as error:
            raise click.FileError(str(output), error.strerror or "") from None


def _show(lines: "Sequence[Markup]") -> None:
    for line in lines:
        click.echo(line.unescape())
