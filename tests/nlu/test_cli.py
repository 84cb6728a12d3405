"""`abibot nlu`: how well questions are understood, from the terminal."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.settings import NluSettings, Settings
from bot.terminal import BotTerminal
from handlers.nlu.calibrate_cli import digest_of
from handlers.nlu.cli import command
from handlers.understanding import Options
from nlu.calibration import FALSE_OFFERS
from nlu.listener_learning import lesson
from nlu.training import read_training
from nlu.understanding import Decision
from tests.conftest import ROOT
from tests.small_encoder import SmallEncoder

Run = Callable[..., Result]
REGION = ROOT / "tests" / "region_folder"
GOOD = {"text": "Wohnsitz anmelden", "services": ["wohnsitz-anmelden"], "lang": "de"}
BEYOND = {"text": "Rezept für Apfelkuchen", "services": [], "oos": True, "lang": "de"}
OZG = {
    "id": "10999",
    "title": "Papageiensteuer",
    "leika": [{"key": "99000000000001", "name": "Papageiensteuer Anmeldung"}],
    "munich": [{"name": "Papagei", "keywords": ["Vogelabgabe"], "description": "…"}],
}


@pytest.fixture
def run() -> Run:
    """Run a command by words alone: encoders are measured, not tested."""
    settings = Settings(_env_file=None, region=str(REGION), nlu=NluSettings(encoders="none"))
    terminal = BotTerminal(settings)
    return lambda *given: CliRunner().invoke(command, [*map(str, given)], obj=terminal)


def written(path: Path, *lines: dict[str, Any]) -> Path:
    content = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(content, encoding="utf-8")
    return path


def test_figures_as_json(run: Run, tmp_path: Path) -> None:
    result = run("evaluate", written(tmp_path / "asked.jsonl", GOOD, BEYOND), "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["n"], found["oos_n"], found["recall_at_1"]) == (1, 1, 1.0)
    assert found["by_lang"]["de"]["n"] == found["by_style"]["unknown"]["n"] == 1
    assert found["latency_ms"].keys() == {"p50", "p95"}


def test_figures_in_words(run: Run, tmp_path: Path) -> None:
    result = run("evaluate", written(tmp_path / "asked.jsonl", GOOD))
    assert result.exit_code == 0, result.output
    assert "1 Fragen zu Leistungen. Richtig auf Platz 1: 1" in result.stdout
    assert "  Sprache de: " in result.stdout


def test_each_question_is_written_down(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    asked = written(tmp_path / "asked.jsonl", GOOD, BEYOND)
    assert run("evaluate", asked, "--json", "--out", out).exit_code == 0
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line["text"] for line in lines] == [GOOD["text"], BEYOND["text"]]
    assert lines[0]["ranked"][0] == "wohnsitz-anmelden"
    assert len(lines[0]["ranked"]) == len(lines[0]["scores"])
    assert lines[0]["decision"] in set(Decision)


def test_a_list_of_ozg_services_is_a_catalogue(run: Run, tmp_path: Path) -> None:
    catalogue = written(tmp_path / "ozg.jsonl", OZG, {**OZG, "id": "10998", "title": "Anderes"})
    questions = [
        {"text": text, "services": [right]}
        for text in ("Papageiensteuer", "Vogelabgabe")
        for right in ("10999", "99000000000001")
    ]
    asked = written(tmp_path / "asked.jsonl", *questions)
    result = run("evaluate", asked, "--catalogue", catalogue, "--json")
    assert json.loads(result.stdout)["recall_at_3"] == 1.0


def test_a_region_folder_is_a_catalogue(run: Run, tmp_path: Path) -> None:
    shutil.copytree(REGION, tmp_path / "region")
    asked = written(tmp_path / "asked.jsonl", GOOD)
    result = run("evaluate", asked, "--catalogue", tmp_path / "region", "--json")
    assert json.loads(result.stdout)["recall_at_1"] == 1.0


def test_services_that_are_not_there_are_told(run: Run, tmp_path: Path) -> None:
    asked = written(tmp_path / "asked.jsonl", GOOD, {**GOOD, "services": ["99999"]})
    result = run("evaluate", asked, "--json")
    assert "1 Frage nennt nur Leistungen" in result.stderr
    assert json.loads(result.stdout)["recall_at_1"] == 0.5


def test_a_wrong_line_is_named_and_nothing_is_measured(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path / "asked.jsonl", GOOD, {"text": "Hund?"})
    result = run("evaluate", path)
    assert result.exit_code == 2
    assert f"{path}, Zeile 2: „services“" in result.output
    assert result.stdout == ""


@pytest.mark.parametrize("content", ["", "{", '{"id": "1"}\n', "[]\n"])
def test_a_catalogue_without_services_is_refused(run: Run, tmp_path: Path, content: str) -> None:
    (tmp_path / "ozg.jsonl").write_text(content, encoding="utf-8")
    asked = written(tmp_path / "asked.jsonl", GOOD)
    result = run("evaluate", asked, "--catalogue", tmp_path / "ozg.jsonl")
    assert result.exit_code == 2
    assert "keine lesbare Leistung" in result.output


def test_a_missing_file_is_refused(run: Run, tmp_path: Path) -> None:
    assert run("evaluate", tmp_path / "nothing.jsonl").exit_code == 2


def test_a_question_is_explained_stage_by_stage(run: Run) -> None:
    result = run("explain", "wohnsitz anmelden in Köthen")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == "Sprache: de"
    assert lines[1] == "Gelesen als: wohnsitz anmelden (Wortstämme: wohnsitz anmeld)"
    assert lines[2:5] == [
        "Notfall: –",
        "Bitte an den Bot selbst: –",
        "Genannt: municipality Köthen (Anhalt)",
    ]
    assert lines[5].startswith("1. wohnsitz-anmelden (Wohnsitz an- oder ummelden): ")
    assert "words " in lines[5]
    assert lines[-1].startswith("Entscheidung: ")


def test_an_emergency_and_a_wish_of_the_bot_are_explained(run: Run) -> None:
    assert "Notfall: fire Notruf Feuerwehr" in run("explain", "die küche brennt").stdout
    assert "Bitte an den Bot selbst: thanks" in run("explain", "danke schön").stdout


def test_nothing_to_explain_without_services(run: Run, tmp_path: Path) -> None:
    (tmp_path / "ozg.jsonl").touch()
    result = run("explain", "hallo", "--catalogue", tmp_path / "ozg.jsonl")
    assert result.exit_code == 2
    assert "keine lesbare Leistung" in result.output


def test_a_gate_is_learned_anew_and_named_with_its_data(run: Run, tmp_path: Path) -> None:
    asked = ROOT / "tests" / "nlu" / "questions.jsonl"
    listener = tmp_path / "listener.json"
    listener.write_text("the one before", encoding="utf-8")
    result = run(
        *("calibrate", "--questions", asked, "--out", tmp_path / "gate.json"),
        *("--listener-out", listener),
    )
    assert result.exit_code == 0, result.output
    assert "words: Abdeckung" in result.stdout
    assert "Ohne Sprachmodelle" in result.stdout
    assert listener.read_text(encoding="utf-8") == "the one before", "words alone teach none"
    content = json.loads((tmp_path / "gate.json").read_text(encoding="utf-8"))
    assert content["data"] == digest_of(asked)
    assert content["gates"].keys() == {"words"}, "no encoder is there"
    assert content["measured"]["words"]["false_offers"] <= FALSE_OFFERS + 0.005


class WithEncoder(BotTerminal):
    """A terminal whose only encoder knows a few topics and encodes in no time."""

    vectors: Path

    @property
    def understanding(self) -> Options:
        small = SmallEncoder()
        return Options(("small",), self.vectors, load=lambda _name: small)


def test_with_encoders_the_listener_is_learned_too(tmp_path: Path) -> None:
    terminal = WithEncoder(Settings(_env_file=None, region=str(REGION)))
    terminal.vectors = tmp_path
    asked = written(tmp_path / "asked.jsonl", GOOD, BEYOND)
    gate, listener = tmp_path / "gate.json", tmp_path / "listener.json"
    given = ["calibrate", "--questions", asked, "--out", gate, "--listener-out", listener]
    result = CliRunner().invoke(command, [*map(str, given)], obj=terminal)
    assert result.exit_code == 0, result.output
    found = json.loads(listener.read_text(encoding="utf-8"))
    assert found["digest"] == lesson(read_training()).digest
    assert found["listeners"]["small"]["encoders"] == {"small": "1"}
    assert len(found["listeners"]["small"]["weights"]) == SmallEncoder.dim
    assert json.loads(gate.read_text(encoding="utf-8"))["gates"].keys() == {"words", "words+small"}


@pytest.mark.parametrize("content", [None, "{", '{"text": 1}'])
def test_a_gate_needs_questions(run: Run, tmp_path: Path, content: str | None) -> None:
    asked = tmp_path / "asked.jsonl"
    if content is not None:
        asked.write_text(content, encoding="utf-8")
    result = run("calibrate", "--questions", asked, "--out", tmp_path / "gate")
    assert result.exit_code == 2
    assert "asked.jsonl" in result.output
    assert not (tmp_path / "gate").exists()
