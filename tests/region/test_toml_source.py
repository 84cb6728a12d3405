"""region.toml: the same promise as for YAML, file and line of everything to mend."""

from pathlib import Path

import pytest

from services.toml_source import read_toml
from services.yaml_source import SourceError


def test_every_key_knows_its_line(tmp_path: Path) -> None:
    file = tmp_path / "region.toml"
    file.write_text('# Kopf\nid = "a"\nlinks = [\n  "x",\n]\n\n[hotline]\nphone = "115"\n')
    source = read_toml(file)
    assert source.data == {"id": "a", "links": ["x"], "hotline": {"phone": "115"}}
    assert source.line(("id",)) == 2
    assert source.line(("links", 0)) == 3
    assert source.line(("hotline",)) == 7
    assert source.line(("hotline", "phone")) == 8
    assert source.line(("hotline", "gone")) == 7
    assert source.line(("gone",)) == 1


@pytest.mark.parametrize(
    ("content", "key", "line"),
    [
        (b'id = "a"\nname = \n', "catalogue.not-toml", 2),
        (b'id = "a"\nid = "b"\n', "catalogue.not-toml", 2),
        (b'id = "a"\nname = "K\xf6then"\n', "catalogue.not-utf8", 2),
    ],
)
def test_what_cannot_be_read_names_its_line(
    tmp_path: Path, content: bytes, key: str, line: int
) -> None:
    file = tmp_path / "region.toml"
    file.write_bytes(content)
    with pytest.raises(SourceError) as raised:
        read_toml(file)
    assert (raised.value.problem.text_key, raised.value.problem.line) == (key, line)


def test_a_missing_file_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as raised:
        read_toml(tmp_path / "region.toml")
    assert raised.value.problem.text_key == "catalogue.unreadable"
