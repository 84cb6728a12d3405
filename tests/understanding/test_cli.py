"""`abibot nlu vectors`: computed once, told in few lines, and gone on with after a break."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.settings import NluSettings, Settings
from bot.terminal import BotTerminal
from handlers.nlu.cli import COMMANDS, command
from handlers.understanding import Options
from nlu.encoders import Vectors
from tests.conftest import ROOT
from tests.small_encoder import SmallEncoder

REGION = ROOT / "tests" / "region_folder"


class Tired(SmallEncoder):
    """Is broken off after some texts."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def queries(self, texts: Sequence[str]) -> Vectors:
        if len(self.encoded) >= self.most:
            raise KeyboardInterrupt
        return super().queries(texts)


class SmallTerminal(BotTerminal):
    """Has a small encoder, or none."""

    def __init__(self, folder: Path, encoder: SmallEncoder | None) -> None:
        super().__init__(Settings(_env_file=None, region=str(REGION), nlu=NluSettings()))
        self.options = Options(("small",), folder, load=lambda _name: encoder)

    @property
    def understanding(self) -> Options:
        return self.options


def vectors(folder: Path, encoder: SmallEncoder | None) -> Result:
    return CliRunner().invoke(command, ["vectors"], obj=SmallTerminal(folder, encoder))


def test_it_is_computed_once(tmp_path: Path, clean_environment: None) -> None:
    first = vectors(tmp_path, SmallEncoder())
    assert first.exit_code == 0, first.output
    assert "(small)" in first.output
    assert len(first.output.splitlines()) <= 12, "a line each ten percent"
    idle = SmallEncoder()
    assert vectors(tmp_path, idle).exit_code == 0
    assert idle.encoded == []


def test_it_goes_on_where_it_was_broken_off(tmp_path: Path, clean_environment: None) -> None:
    whole = SmallEncoder()
    vectors(tmp_path / "whole", whole)
    tired = Tired(most=200)
    assert vectors(tmp_path, tired).exit_code != 0
    rest = SmallEncoder()
    assert vectors(tmp_path, rest).exit_code == 0
    assert 0 < len(rest.encoded) < len(whole.encoded)


def test_no_encoder_is_said(tmp_path: Path, clean_environment: None) -> None:
    result = vectors(tmp_path, None)
    assert result.exit_code == 0
    assert "nicht installiert" in result.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_can_be_imported(name: str) -> None:
    assert CliRunner().invoke(command, [name, "--help"]).exit_code == 0
