"""Problems from the literature as assignment problems, so that anybody can compare.

- Generalised assignment ("gap"): m agents, n jobs; m rows of n costs, m rows of n weights, m
  capacities; minimise the cost under hard capacities.
- Equal machines ("pcmax", P||Cmax): number of machines, number of jobs, then one processing time
  each; minimise the longest machine. A capacity is the time every machine needs at least on
  average, so that a utilisation of 1 is perfect.
"""

from collections.abc import Callable, Mapping, Sequence
from math import ceil
from pathlib import Path
from types import MappingProxyType
from typing import Any

from services.assignment.files.columns import LARGEST
from services.assignment.files.sources import read_bytes
from services.assignment.mistakes import Mistakes

Data = dict[str, Any]
MOST_CELLS = 50_000_000


def convert(kind: str, path: Path) -> Data:
    """Return a file of a kind (a key of `KINDS`) as the JSON of a problem.

    Raises:
        MistakesError: the file is cut off, has something left over, or holds what is no number.
    """
    mistakes = Mistakes(path.name)
    numbers = _numbers(read_bytes(path, mistakes), mistakes)
    mistakes.refuse_if_any()
    data = KINDS[kind](numbers, mistakes)
    mistakes.refuse_if_any()
    return data


def _numbers(content: bytes, mistakes: Mistakes) -> list[int]:
    numbers = []
    for line, words in enumerate(content.decode("ascii", "replace").splitlines(), 1):
        for word in words.split():
            if not word.isdigit() or len(word) > len(str(LARGEST)) or int(word) > LARGEST:
                mistakes.add(
                    str(line), "assignment.mistake-literature-number", value=word, most=LARGEST
                )
            else:
                numbers.append(int(word))
    return numbers


def _gap(numbers: Sequence[int], mistakes: Mistakes) -> Data:
    m, n = _sizes(numbers, mistakes)
    if not _complete(numbers, 2 + 2 * m * n + m, mistakes):
        return {}
    costs, weights = (numbers[2 + part * m * n : 2 + (part + 1) * m * n] for part in (0, 1))
    capacities = numbers[2 + 2 * m * n :]
    return {
        "unit_minutes": 1,
        "hard_capacity": True,
        "staff": [
            {"id": f"agent-{agent}", "capacity": capacity}
            for agent, capacity in enumerate(capacities)
        ],
        "cases": [{"id": f"job-{job}"} for job in range(n)],
        "effort": [list(weights[job::n]) for job in range(n)],
        "cost": [list(costs[job::n]) for job in range(n)],
    }


def _pcmax(numbers: Sequence[int], mistakes: Mistakes) -> Data:
    m, n = _sizes(numbers, mistakes)
    if not _complete(numbers, 2 + n, mistakes):
        return {}
    times = numbers[2:]
    mean = max(1, ceil(sum(times) / m))
    kinds = {time: kind for kind, time in enumerate(sorted(set(times)))}
    return {
        "unit_minutes": 1,
        "staff": [{"id": f"machine-{machine}", "capacity": mean} for machine in range(m)],
        "classes": [
            {"effort": time, "eligible": list(range(m)), "cost": [0] * m} for time in kinds
        ],
        "cases": [{"id": f"job-{job}", "class": kinds[time]} for job, time in enumerate(times)],
    }


KINDS: Mapping[str, Callable[[Sequence[int], Mistakes], Data]] = MappingProxyType(
    {"gap": _gap, "pcmax": _pcmax}
)


def _sizes(numbers: Sequence[int], mistakes: Mistakes) -> tuple[int, int]:
    """Return the first two numbers: agents or machines, and jobs."""
    first = [*numbers[:2], 0, 0][:2]
    if min(first) < 1 or first[0] * first[1] > MOST_CELLS:
        mistakes.add("1", "assignment.mistake-literature-sizes", most=MOST_CELLS)
        mistakes.refuse_if_any()
    return first[0], first[1]


def _complete(numbers: Sequence[int], wanted: int, mistakes: Mistakes) -> bool:
    if len(numbers) != wanted:
        mistakes.add("", "assignment.mistake-literature-length", found=len(numbers), wanted=wanted)
    return len(numbers) == wanted
