"""`abibot assign` as an operator uses it."""

from pathlib import Path

import orjson
import pytest

from services.assignment.files import problem_of, read_problem
from services.assignment.generating import Size, generate
from services.text import Texts
from tests.terminal.conftest import Run, nothing_set, quiet_afterwards, run

__all__ = ["nothing_set", "quiet_afterwards", "run"]
PLACED = {"plan": {"x": "a", "y": "b"}, "objective": {"cost": 3}, "bound": {"cost": 2}}
PROBLEM = {
    "staff": [{"id": "a", "capacity": 10}, {"id": "b", "capacity": 10}],
    "classes": [{"effort": 4, "eligible": [0, 1], "cost": [1, 2]}],
    "cases": [{"id": "x", "class": 0}, {"id": "y", "class": 0, "excluded": [0]}],
}


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    path = tmp_path / "problem.json"
    path.write_bytes(orjson.dumps(PROBLEM))
    return path


def plan_of(tmp_path: Path, data: object) -> Path:
    path = tmp_path / "plan.json"
    path.write_bytes(orjson.dumps(data))
    return path


def test_a_made_up_problem_goes_to_the_screen_or_to_a_file(run: Run, tmp_path: Path) -> None:
    asked = ("assign", "generate", "--cases", "50", "--staff", "5", "--seed", "2")
    shown = run(*asked)
    assert shown.exit_code == 0
    assert orjson.loads(shown.output) == generate(Size(50, 5), 2)
    path = tmp_path / "p.json.gz"
    assert run(*asked, "--weeks", "3", "--limited", "--held", "0.5", "-o", str(path)).output == ""
    assert read_problem(path).capacity_until.shape == (5, 3)


def test_a_file_of_the_literature_is_converted(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "times.txt"
    path.write_text("2\n3\n5\n4\n3\n")
    result = run("assign", "convert", "pcmax", str(path))
    assert result.exit_code == 0
    assert problem_of(orjson.loads(result.output)).cases == ("job-0", "job-1", "job-2")


def test_a_damaged_file_is_a_clear_line(run: Run, tmp_path: Path, texts: Texts) -> None:
    path = tmp_path / "times.txt"
    path.write_text("2\n3\n5\n")
    result = run("assign", "convert", "pcmax", str(path))
    text = texts.of("de")
    expected = text("assignment.mistake-literature-length", found=3, wanted=5)
    assert result.exit_code == 1
    assert expected.unescape() in result.output
    assert "times.txt" in result.output


def test_a_true_plan_is_fine(run: Run, problem: Path, tmp_path: Path, texts: Texts) -> None:
    result = run("assign", "verify", str(problem), str(plan_of(tmp_path, PLACED)))
    assert result.exit_code == 0, result.output
    assert texts.of("de")("assignment.verdict-fine") in result.output
    assert "40,000 % (Schranke 40,000 %)" in result.output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"objective": {"cost": 4}}, "Angegeben ist 4, nachgerechnet 3."),
        ({"plan": {"x": "b", "y": "a"}}, "y: a ist von diesem Fall ausgeschlossen"),
        ({"plan": {"x": "a"}}, "plan.y: "),
        ({"plan": {"x": "a", "y": "c"}}, "plan.y: Die Person c"),
    ],
)
def test_a_false_plan_is_refused(
    change: dict[str, object], said: str, run: Run, problem: Path, tmp_path: Path
) -> None:
    result = run("assign", "verify", str(problem), str(plan_of(tmp_path, {**PLACED, **change})))
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output


def test_the_report_speaks_english_where_that_is_set(
    run: Run, problem: Path, tmp_path: Path
) -> None:
    plan = plan_of(tmp_path, PLACED)
    result = run("assign", "verify", str(problem), str(plan), ABIBOT_LANGUAGE="en")
    assert "The plan is fine." in result.output


def test_a_problem_with_mistakes_names_them(run: Run, tmp_path: Path, problem: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_bytes(orjson.dumps({**PROBLEM, "unit_minutes": 0, "speed": 1}))
    result = run("assign", "verify", str(path), str(plan_of(tmp_path, PLACED)))
    assert result.exit_code == 1
    assert "wrong.json" in result.output
    assert "speed: Dieses Feld gibt es nicht" in result.output


def test_what_is_solved_is_verified(run: Run, tmp_path: Path, texts: Texts) -> None:
    path = tmp_path / "p.json"
    path.write_bytes(orjson.dumps(generate(Size(60, 6), 1)))
    asked = ("assign", "solve", str(path), "--time-limit", "3", "--seed", "5")
    solved = orjson.loads(run(*asked, "--json").output)
    assert list(solved)[:6] == ["plan", "objective", "bound", "gap", "seconds", "seed"]
    assert solved["seed"] == 5
    assert len(solved["plan"]) == 60
    plan = plan_of(tmp_path, solved)
    checked = run("assign", "verify", str(path), str(plan))
    assert checked.exit_code == 0, checked.output
    report = run(*asked)
    assert texts.of("de")("assignment.plan-by-json") in report.output
