"""Made-up problems that look like an office's: nine types, qualifications, languages, districts.

Nobody's data: everything is drawn from a seed, and the same seed gives the same problem.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Data = dict[str, Any]
Random = np.random.Generator

TYPES: tuple[tuple[str, int, int, float], ...] = (
    ("Sozialbericht", 32, 0, 0.26),
    ("Eilverfahren", 18, 0, 0.07),
    ("Überprüfung", 12, 0, 0.22),
    ("Betreuervorschlag", 10, 1, 0.14),
    ("Vorführung", 12, 1, 0.03),
    ("Beratung Vorsorge", 4, 2, 0.16),
    ("Erweiterte Unterstützung", 64, 2, 0.03),
    ("Beglaubigung", 1, 3, 0.07),
    ("Registrierung Berufsbetreuer", 30, 4, 0.02),
)
"""Name, mean effort in units, needed qualification, share of the cases."""
QUALIFICATIONS = 5
LEVELS = (0.5, 0.75, 1.0, 1.5)
"""How light or heavy a case of a type is."""
LANGUAGES = (None, "ar", "dgs", "ru", "uk")
WITH_LANGUAGE = 0.08
PREVIOUS, CONFLICT = 0.15, 0.01
UTILISATION = 0.85
PART_TIME = (0.5, 0.6, 0.75, 0.8, 1.0, 1.0, 1.0)
LOADED = (0.2, 0.5)
CONTINUITY_COST = 8
MOST_STAFF, MOST_CASES, MOST_WEEKS = 2_000, 1_000_000, 520


@dataclass(frozen=True)
class Size:
    """How large a made-up problem is, and what more it has.

    Attributes:
        cases: number of cases, from 1.
        staff: number of persons, from 1.
        weeks: so many weeks with deadlines; 0 for none.
        limited: everybody has a largest number of cases.
        held: share of the cases that somebody holds already, 0 to 1.
    """

    cases: int
    staff: int
    weeks: int = 0
    limited: bool = False
    held: float = 0.0

    def __post_init__(self) -> None:
        """Raise `ValueError` for a size that cannot be."""
        if not (1 <= self.cases <= MOST_CASES and 1 <= self.staff <= MOST_STAFF):
            raise ValueError("at least one case and one person, not too many of either")
        if not (0 <= self.held <= 1 and 0 <= self.weeks <= MOST_WEEKS):
            raise ValueError("a share is between 0 and 1, weeks from 0 to ten years")


def generate(size: Size, seed: int) -> Data:
    """Return the JSON of a made-up problem; the same size and seed give the same bytes."""
    random = np.random.default_rng(seed)
    districts = _districts(size.staff)
    staff = _Staff(random, size.staff, districts)
    kinds = _Kinds(random, staff, districts)
    class_of = kinds.draw(random, size.cases)
    used, numbers = np.unique(class_of, return_inverse=True)
    classes = [kinds.row(kind) for kind in used.tolist()]
    cases: list[Data] = [
        {"id": f"c{index}", "class": kind} for index, kind in enumerate(numbers.tolist())
    ]
    _add_history(random, cases, classes, size)
    efforts = np.array([row["effort"] for row in classes])[numbers]
    people = _rows(random, staff, int(efforts.sum()))
    if size.weeks:
        _add_weeks(random, people, cases, size.weeks)
    if size.limited:
        for person in people:
            share = person["capacity"] / sum(one["capacity"] for one in people)
            person["most_cases"] = int(np.ceil(1.6 * share * size.cases)) + 1
    return {
        "unit_minutes": 15,
        "continuity_cost": CONTINUITY_COST,
        "staff": people,
        "classes": classes,
        "cases": cases,
    }


def _districts(staff: int) -> int:
    """Return the number of districts: more for larger offices."""
    return next(
        number for limit, number in ((20, 3), (60, 6), (300, 24), (10**9, 60)) if staff < limit
    )


class _Staff:
    """What persons can do and where they are."""

    def __init__(self, random: Random, count: int, districts: int) -> None:
        self.hours = random.choice(PART_TIME, count)
        self.home = random.integers(0, districts, count)
        self.skills = random.random((count, QUALIFICATIONS)) < (0.75, 0.6, 0.6, 0.5, 0.25)
        self.speaks = random.random((count, len(LANGUAGES))) < (1.0, 0.1, 0.1, 0.3, 0.15)
        for language in range(len(LANGUAGES)):
            for skill in range(QUALIFICATIONS):
                self._somebody(skill, language, random)

    def _somebody(self, skill: int, language: int, random: Random) -> None:
        """Make sure that there is somebody for every kind of case."""
        if (self.skills[:, skill] & self.speaks[:, language]).any():
            return
        speakers = np.flatnonzero(self.speaks[:, language])
        person = random.choice(speakers) if len(speakers) else random.integers(len(self.hours))
        self.skills[person, skill] = self.speaks[person, language] = True


class _Kinds:
    """Classes: type, weight, district and language together say who may do it for how much."""

    def __init__(self, random: Random, staff: _Staff, districts: int) -> None:
        self.staff = staff
        self.shape = (len(TYPES), len(LEVELS), districts, len(LANGUAGES))
        distance = random.integers(2, 6, (districts, districts))
        self.distance = np.minimum(distance, distance.T)
        np.fill_diagonal(self.distance, 1)

    def draw(self, random: Random, count: int) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return the class of each case."""
        types = random.choice(len(TYPES), count, p=[share for *_, share in TYPES])
        levels = random.choice(len(LEVELS), count, p=(0.2, 0.25, 0.4, 0.15))
        places = random.integers(0, self.shape[2], count)
        spoken = random.integers(1, len(LANGUAGES), count)
        spoken[random.random(count) >= WITH_LANGUAGE] = 0
        return np.ravel_multi_index((types, levels, places, spoken), self.shape)

    def row(self, kind: int) -> Data:
        type_, level, place, spoken = (int(one) for one in np.unravel_index(kind, self.shape))
        name, effort, skill, _ = TYPES[type_]
        who = np.flatnonzero(self.staff.skills[:, skill] & self.staff.speaks[:, spoken])
        return {
            "type": name,
            "effort": max(1, round(effort * LEVELS[level])),
            "district": place,
            "language": LANGUAGES[spoken],
            "eligible": who.tolist(),
            "cost": self.distance[place, self.staff.home[who]].tolist(),
        }


def _add_history(random: Random, cases: list[Data], classes: Sequence[Data], size: Size) -> None:
    """Say who knew a client before, who must not take a case, and who has one already."""
    known, barred, held = random.random((3, len(cases)))
    for index, case in enumerate(cases):
        who = classes[case["class"]]["eligible"]
        if known[index] < PREVIOUS:
            case["previous"] = int(random.choice(who))
        if barred[index] < CONFLICT and len(who) > 1:
            case["excluded"] = [int(random.choice(who))]
        if held[index] < size.held:
            case["holder"] = int(random.choice(who))


def _rows(random: Random, staff: _Staff, work: int) -> list[Data]:
    """Return persons whose capacity makes the mean utilisation what it shall be.

    Of a capacity some share is used already; the rest, on the mean, takes the work.
    """
    loaded = random.uniform(*LOADED, len(staff.hours))
    free = float((staff.hours * (UTILISATION - loaded)).sum())
    full = max(4.0, work / free)
    return [
        {"id": f"s{index}", "capacity": round(full * hours), "load": round(full * hours * share)}
        for index, (hours, share) in enumerate(zip(staff.hours, loaded, strict=True))
    ]


def _add_weeks(random: Random, staff: list[Data], cases: list[Data], weeks: int) -> None:
    """Spread what everybody has left evenly over the weeks; a third of the cases is due."""
    for person in staff:
        left = person["capacity"] - person["load"]
        person["capacity_until"] = [left * (week + 1) // weeks for week in range(weeks)]
    due = random.random(len(cases)) < 1 / 3
    for index in np.flatnonzero(due).tolist():
        cases[index]["due"] = int(random.integers(0, weeks))
