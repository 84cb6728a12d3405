"""`abibot nlu export-rasa`: the training files of a region."""

from pathlib import Path

import yaml

from nlu.rasa.export import OUT_OF_SCOPE
from tests.conftest import ROOT
from tests.terminal.conftest import Run

REAL = str(ROOT / "regions" / "anhalt-bitterfeld")


def test_the_services_of_the_region_become_training_files(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "rasa"
    result = run("nlu", "export-rasa", "--out", str(folder), ABIBOT_REGION=REAL)
    assert result.exit_code == 0
    assert str(folder) in result.output
    assert sorted(path.name for path in folder.iterdir()) == [
        "config.yml",
        "domain.yml",
        "nlu.yml",
    ]
    intents = yaml.safe_load((folder / "domain.yml").read_text(encoding="utf-8"))["intents"]
    assert {"hund-anmelden", "baugenehmigung", OUT_OF_SCOPE} <= set(intents)
    assert f"{len(intents) - 1} " in result.output
