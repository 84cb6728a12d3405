"""Files of the literature become problems; a damaged one is refused with the reason."""

import json
from pathlib import Path

import numpy as np
import pytest

from services.assignment.checking import judge
from services.assignment.files import problem_of
from services.assignment.literature import convert
from services.assignment.mistakes import MistakesError
from tests.conftest import SHARED

GAP = " 2 3\n 5 6 7\n 8 9 10\n 1 2 3\n 4 5 6\n 9 12\n"
PCMAX = "2\n4\n5\n3\n5\n2\n"
LITERATURE = SHARED / "data" / "assignment"


def written(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "instance.txt"
    path.write_text(content)
    return path


def test_generalised_assignment(tmp_path: Path) -> None:
    problem = problem_of(convert("gap", written(tmp_path, GAP)))
    assert problem.capacity.tolist() == [9, 12]
    assert problem.cost.tolist() == [[5, 8], [6, 9], [7, 10]]
    assert problem.effort.tolist() == [[1, 4], [2, 5], [3, 6]]
    assert problem.hard_capacity
    assert problem.cases == ("job-0", "job-1", "job-2")
    verdict = judge(problem, np.array([0, 1, 0]))
    assert (verdict.values["cost"], verdict.values["max_utilisation"]) == (21, 4 / 9)


def test_equal_machines(tmp_path: Path) -> None:
    problem = problem_of(convert("pcmax", written(tmp_path, PCMAX)))
    assert problem.capacity.tolist() == [8, 8]
    assert problem.effort[problem.class_of, 0].tolist() == [5, 3, 5, 2]
    assert problem.same_for_all
    assert judge(problem, np.array([0, 0, 1, 1])).values["max_utilisation"] == 1.0


@pytest.mark.parametrize(
    ("kind", "content", "slug"),
    [
        ("gap", GAP[:-4], "length"),
        ("gap", GAP + "7", "length"),
        ("gap", "", "sizes"),
        ("gap", "0 3\n", "sizes"),
        ("gap", "999999999 999999999\n", "sizes"),
        ("gap", GAP.replace("12", "-12"), "number"),
        ("gap", GAP.replace("12", "1.5"), "number"),
        ("gap", GAP.replace("12", "nan"), "number"),
        ("gap", GAP.replace("12", "9" * 30), "number"),
        ("gap", PCMAX, "length"),
        ("pcmax", PCMAX[:-2], "length"),
        ("pcmax", GAP, "length"),
        ("pcmax", "2\n4\n\x00\n", "number"),
        ("pcmax", "²\n", "number"),
    ],
)
def test_a_damaged_file_is_refused(kind: str, content: str, slug: str, tmp_path: Path) -> None:
    with pytest.raises(MistakesError) as caught:
        convert(kind, written(tmp_path, content))
    assert f"assignment.mistake-literature-{slug}" in {
        one.text_key for one in caught.value.mistakes
    }


@pytest.mark.skipif(not LITERATURE.exists(), reason="the literature's files are not here")
def test_the_certificates_of_the_literature_are_worth_what_is_known() -> None:
    known = json.loads((LITERATURE / "best_known.json").read_text())
    seen = 0
    for name, facts in known.items():
        if "certificate" not in facts:
            continue
        plan = np.array((LITERATURE / facts["certificate"]).read_text().split(), int)
        stated = {"cost": facts["certificate_value"], "unplaced": 0}
        verdict = judge(problem_of(convert("gap", LITERATURE / name)), plan, objective=stated)
        assert verdict.fine, name
        assert verdict.bounds["cost"] <= facts["bound"]
        seen += 1
    assert seen > 30


@pytest.mark.skipif(not LITERATURE.exists(), reason="the literature's files are not here")
def test_bounds_of_equal_machines_are_below_what_is_known() -> None:
    known = json.loads((LITERATURE / "best_known.json").read_text())
    names = [name for name in known if name.startswith("pcmax")]
    assert names
    for name in names:
        problem = problem_of(convert("pcmax", LITERATURE / name))
        verdict = judge(problem, np.full(len(problem.cases), -1))
        longest = verdict.bounds["max_utilisation"] * problem.capacity[0]
        assert longest <= known[name]["best_known"] + 1e-9
