"""A team on a day: staff, cases, agreed weights, and how its work is shared."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import Field, ValidationError

from services.assignment.domain.cases import Case
from services.assignment.domain.kinds import CaseType, Units
from services.assignment.domain.staff import Person
from services.assignment.mistakes import Mistakes
from services.records import Line, Record, Slug
from services.validation import TEXT_KEYS

MOST_WEEKS = 52
UNIT_MINUTES = 15


class Weights(Record):
    """What a case of each type counts, as agreed for a team.

    A version never changes: a plan names the version it was made with. Without `agreed_on` and
    `agreed_by` (the reference of the agreement) they are placeholders, and reports say so.
    """

    team: Slug
    version: Annotated[int, Field(ge=1)]
    efforts: Mapping[Slug, Units] = Field(default_factory=dict)
    """Units by type; a type that is missing counts its default."""
    interpreter: Annotated[int, Field(ge=0, le=1_000)] = 4
    """Units more where nobody speaks the client's language."""
    agreed_on: date | None = None
    agreed_by: Line | None = None

    @property
    def agreed(self) -> bool:
        return self.agreed_on is not None and self.agreed_by is not None


class Policy(Record):
    """How a team's work is shared."""

    weeks: Annotated[int, Field(ge=1, le=MOST_WEEKS)] = 12
    """How far ahead capacity and deadlines are looked at."""
    reserve: Annotated[float, Field(ge=0, le=0.5, allow_inf_nan=False)] = 0.05
    """Part of the capacity kept for emergencies."""
    carried: Annotated[float, Field(ge=0, le=0.5, allow_inf_nan=False)] = 0.1
    """Part of the capacity that earlier debit or credit may count at most."""
    continuity_cost: Annotated[int, Field(ge=0, le=1_000)] = 8
    travel: Annotated[int, Field(ge=0, le=1_000)] = 2
    """Units to a district that is not one's own."""
    most_moves: Annotated[int, Field(ge=0, le=100_000)] | None = None
    closed: frozenset[date] = frozenset()
    """Days on which nobody works: public holidays."""


class Team(Record):
    """Everything a proposal is made from."""

    types: tuple[CaseType, ...]
    weights: Weights
    policy: Policy = Policy()
    staff: tuple[Person, ...] = Field(min_length=1)
    cases: tuple[Case, ...] = ()


def team_of(data: Mapping[str, Any], name: str = "") -> Team:
    """Return a checked team; raise `MistakesError` naming record, field and rule."""
    mistakes = Mistakes(name)
    try:
        team = Team.model_validate(data)
    except ValidationError as error:
        for one in error.errors():
            key = TEXT_KEYS.get(one["type"], "catalogue.problem-other")
            told = {"detail": one["msg"], **one.get("ctx", {})}
            mistakes.add(_place(one["loc"], data), key, **told)
        mistakes.refuse_if_any()
        raise
    check_team(team, mistakes)
    mistakes.refuse_if_any()
    return team


def _place(steps: Iterable[str | int], data: Mapping[str, Any]) -> str:
    """Return "cases[3] (AB-17).deadline": the record is named by its id, too."""
    shown, value = "", data
    for step in steps:
        shown += f"[{step}]" if isinstance(step, int) else f".{step}" if shown else step
        try:
            value = value[step]  # type: ignore[index]
        except (LookupError, TypeError):
            continue
        if isinstance(step, int) and isinstance(value, dict) and isinstance(value.get("id"), str):
            shown += f" ({value['id']})"
    return shown


def check_team(team: Team, mistakes: Mistakes) -> None:
    """Note what the records say of each other and is not so: ids that are double or unknown."""
    for name in ("types", "staff", "cases"):
        _check_doubles(name, [row.id for row in getattr(team, name)], mistakes)
    types, people = {one.id for one in team.types}, {one.id for one in team.staff}
    for index, case in enumerate(team.cases):
        place = f"cases[{index}] ({case.id})"
        if case.type not in types:
            mistakes.add(f"{place}.type", "assignment.mistake-unknown-type", value=case.type)
        named = [("accepted_by", case.accepted_by), ("proposed_to", case.proposed_to)]
        named += [("exclusions", one.person) for one in case.exclusions]
        _check_people(place, named, people, mistakes)
    for index, person in enumerate(team.staff):
        place = f"staff[{index}] ({person.id})"
        _check_people(place, [("deputies", one) for one in person.deputies], people, mistakes)
        if person.id in person.deputies:
            mistakes.add(f"{place}.deputies", "assignment.mistake-own-deputy")
    for kind in sorted(team.weights.efforts.keys() - types):
        mistakes.add(f"weights.efforts.{kind}", "assignment.mistake-unknown-type", value=kind)


def _check_doubles(name: str, ids: Sequence[str], mistakes: Mistakes) -> None:
    first: dict[str, int] = {}
    for index, one in enumerate(ids):
        if first.setdefault(one, index) != index:
            mistakes.add(
                f"{name}[{index}] ({one}).id",
                "assignment.mistake-double-id",
                value=one,
                first=f"{name}[{first[one]}]",
            )


def _check_people(
    place: str, named: Iterable[tuple[str, str | None]], people: set[str], mistakes: Mistakes
) -> None:
    for field, one in named:
        if one is not None and one not in people:
            mistakes.add(f"{place}.{field}", "assignment.mistake-no-such-person", value=one)
