"""Whatever an editor saves, the answer is values with lines, or one problem with its line."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from services.yaml_source import MAX_DEPTH, Problem, SourceError, read_yaml


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "services.yaml"


def problem_of(file: Path, content: str | bytes) -> Problem:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SourceError) as raised:
        read_yaml(file)
    return raised.value.problem


def test_every_path_knows_its_line(file: Path) -> None:
    file.write_text("a: 1\n\n# Kommentar\nb:\n- c: x\n  d:\n  - y\n  - z\n- {e: 1,\n   f: 2}\n")
    source = read_yaml(file)
    assert source.data == {"a": 1, "b": [{"c": "x", "d": ["y", "z"]}, {"e": 1, "f": 2}]}
    lines = {
        ("a",): 1,
        ("b",): 4,
        ("b", 0): 5,
        ("b", 0, "c"): 5,
        ("b", 0, "d"): 6,
        ("b", 0, "d", 1): 8,
        ("b", 1, "e"): 9,
        ("b", 1, "f"): 10,
    }
    assert {steps: source.line(steps) for steps in lines} == lines


def test_a_missing_field_stands_where_its_record_stands(file: Path) -> None:
    file.write_text("x: 1\nservices:\n- id: a\n- id: b\n")
    problem = read_yaml(file).problem(("services", 1, "name", "de"), "some.key", limit=3)
    assert problem == Problem("services.yaml", 4, "services.1.name.de", "some.key", {"limit": "3"})


def test_an_empty_file_is_no_data(file: Path) -> None:
    file.write_text("# nur ein Kommentar\n")
    source = read_yaml(file)
    assert source.data is None
    assert source.line(("services", 0)) == 1


def test_a_byte_order_mark_and_windows_line_ends_are_fine(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: K\xc3\xb6then\r\n")
    source = read_yaml(file)
    assert source.data == {"a": 1, "b": "Köthen"}
    assert source.line(("b",)) == 2


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_a_wrong_encoding_names_its_line(file: Path, encoding: str) -> None:
    problem = problem_of(file, "a: 1\nb: 2\nc: Köthen\n".encode(encoding))
    assert (problem.text_key, problem.line) == ("catalogue.not-utf8", 3)


def test_utf_16_is_refused(file: Path) -> None:
    assert problem_of(file, "a: 1\n".encode("utf-16")).text_key == "catalogue.not-utf8"


def test_a_missing_file_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as raised:
        read_yaml(tmp_path / "gone.yaml")
    assert raised.value.problem.text_key == "catalogue.unreadable"
    assert raised.value.problem.file == "gone.yaml"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("a: 1\nb: [1, 2\n", 3),
        ("a: 1\n\tb: 2\n", 2),
        ("a: 1\nb: 'x\n", 3),
        ("a: 1\n---\nb: 2\n", 2),
        ("a: 1\nb: x\x07\n", 2),
        ("ä: 1\nb: 2\nc: \x00\n", 3),
        ("a: 1\nb: c: d\n", 2),
        ("a: 1\nb: !!python/name:os.system x\n", 2),
        ("a: 1\n\nb: !unbekannt x\n", 3),
    ],
)
def test_what_is_no_yaml_names_its_line(file: Path, content: str, line: int) -> None:
    problem = problem_of(file, content)
    assert (problem.text_key, problem.line) == ("catalogue.not-yaml", line)
    assert problem.params["detail"]


def test_a_tag_builds_no_object(file: Path) -> None:
    file.write_text("a: !!python/object/apply:os.system [exit 1]\n")
    assert read_yaml(file).data == {"a": ["exit 1"]}


def test_aliases_are_refused_where_the_first_one_stands(file: Path) -> None:
    problem = problem_of(file, "a: &x [1]\nb: 2\nc: *x\nd: *x\n")
    assert (problem.text_key, problem.line) == ("catalogue.aliases", 3)


def test_a_bomb_of_aliases_is_refused_before_it_grows(file: Path) -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert problem_of(file, bomb).text_key == "catalogue.aliases"


@pytest.mark.parametrize("size", [MAX_DEPTH + 1, 1_000, 100_000])
def test_endless_nesting_is_refused_and_never_exhausts_the_stack(file: Path, size: int) -> None:
    problem = problem_of(file, "a: 1\nb: " + "[" * size)
    assert (problem.text_key, problem.line) == ("catalogue.too-deep", 2)


def test_nesting_up_to_the_limit_is_read(file: Path) -> None:
    file.write_text("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    read_yaml(file)


def test_a_double_key_names_the_second_line(file: Path) -> None:
    problem = problem_of(file, "a:\n  x: 1\nb:\n  x: 2\n  y: 3\n  x: 4\n")
    assert (problem.text_key, problem.line) == ("catalogue.double-key", 6)
    assert problem.params == {"key": "x"}


def test_a_merge_key_merges_nothing(file: Path) -> None:
    file.write_text("a: {<<: {id: x}}\n")
    assert read_yaml(file).data == {"a": {"<<": {"id": "x"}}}


@pytest.mark.parametrize(
    "value", ["2026-02-30", "2026-13-01", "2026-11-01 25:00:00", "0b_", "9" * 5000, "!!int abc"]
)
def test_an_impossible_date_or_number_is_left_to_its_field(file: Path, value: str) -> None:
    file.write_text(f"a: 1\nb: {value}\n")
    source = read_yaml(file)
    assert source.data["b"] == value.removeprefix("!!int ")


PRINTED = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=20)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | PRINTED | st.dates(),
    lambda child: (
        st.lists(child, max_size=4)
        | st.dictionaries(st.text("abcäöü -", min_size=1, max_size=8), child, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=50)
@given(tree=TREES)
def test_whatever_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, tree: Any
) -> None:
    file = tmp_path_factory.getbasetemp() / "tree.yaml"

    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    file.write_text(yaml.dump(tree, Dumper=Plain, allow_unicode=True), encoding="utf-8")
    source = read_yaml(file)
    assert source.data == tree
    assert all(line >= 1 for line in source.lines.values())


@settings(max_examples=100)
@given(
    content=st.binary(max_size=200) | st.text("-:[]{}&*!'\"# \nab", max_size=80).map(str.encode)
)
def test_no_file_crashes_the_reader(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(content)
    last_line = content.count(b"\n") + content.count(b"\r") + 2
    try:
        lines = list(read_yaml(file).lines.values())
    except SourceError as error:
        lines = [error.problem.line]
    assert all(1 <= line <= last_line for line in lines)
