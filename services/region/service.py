"""The county as its folder describes it; everything that is not software."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field

from services.records import Record, covers
from services.region.records import Municipality, RegionFacts, Situation
from services.region.rules import Gazetteer
from services.toml_source import read_toml
from services.validation import RecordType, validate
from services.yaml_source import Problem, Source, SourceError, read_yaml


class RegionError(Exception):
    """The folder cannot be used; carries everything an editor has to mend."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


class _Municipalities(Record):
    municipalities: tuple[Municipality, ...] = Field(min_length=1)


class _Situations(Record):
    situations: tuple[Situation, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Region:
    """A county: its facts, its municipalities, its menu of life situations."""

    facts: RegionFacts
    municipalities: tuple[Municipality, ...]
    situations: tuple[Situation, ...]

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.facts.timezone)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        return Gazetteer(self.municipalities)

    def municipality(self, ars: str) -> Municipality | None:
        return next((place for place in self.municipalities if place.ars == ars), None)

    def area_name(self, area: str) -> str:
        """Return the name of a municipality, or of the county for everything larger."""
        place = self.municipality(area)
        return place.name if place else self.facts.name

    def knows_area(self, area: str) -> bool:
        return area == self.facts.ars or self.municipality(area) is not None

    def allows_link(self, host: str) -> bool:
        """Whether a link may be announced: its host is an allowed domain or below one."""
        host = host.lower().rstrip(".")
        return any(
            host == domain or host.endswith("." + domain) for domain in self.facts.link_domains
        )


def load_region(folder: Path) -> Region:
    """Read region.toml, municipalities.yaml and situations.yaml or raise `RegionError`."""
    problems: list[Problem] = []
    facts = _facts(folder / "region.toml", problems)
    places = _record(_Municipalities, folder / "municipalities.yaml", problems)
    situations = _record(_Situations, folder / "situations.yaml", problems)
    if facts is None or places is None or situations is None:
        raise RegionError(problems)
    problems += _place_problems(*places, facts)
    problems += _doubles(*situations, "situations", "id")
    if problems:
        raise RegionError(problems)
    return Region(facts, places[0].municipalities, situations[0].situations)


def _facts(path: Path, problems: list[Problem]) -> RegionFacts | None:
    try:
        source = read_toml(path)
    except SourceError as error:
        problems.append(error.problem)
        return None
    facts, found = validate(RegionFacts, source.data, source)
    problems += found
    return facts


def _record(
    model: type[RecordType], path: Path, problems: list[Problem]
) -> tuple[RecordType, Source] | None:
    try:
        source = read_yaml(path)
    except SourceError as error:
        problems.append(error.problem)
        return None
    record, found = validate(model, source.data, source)
    problems += found
    return (record, source) if record else None


def _place_problems(
    places: _Municipalities, source: Source, facts: RegionFacts
) -> Iterable[Problem]:
    for field in ("ars", "ags", "name"):
        yield from _doubles(places, source, "municipalities", field)
    for index, place in enumerate(places.municipalities):
        if not covers(facts.ars, place.ars):
            where = ("municipalities", index, "ars")
            yield source.problem(where, "catalogue.problem-unknown-area", area=place.ars)


def _doubles(record: Record, source: Source, rows: str, field: str) -> Iterable[Problem]:
    """Yield a problem for each row whose field repeats the one of a row above it."""
    seen: dict[str, int] = {}
    for index, row in enumerate(getattr(record, rows)):
        first = seen.setdefault(getattr(row, field), index)
        if first != index:
            where = f"{source.file}:{source.line((rows, first))}"
            yield source.problem((rows, index, field), "catalogue.problem-double-id", first=where)
