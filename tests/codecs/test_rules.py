"""Examples are read strictly and compared exactly."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.codecs.model import Style
from services.codecs.rules import (
    UploadError,
    check_name,
    difference,
    examples_within,
    read_examples,
    read_source,
    style_of,
)

FINE = {"bytes": "00", "fPort": 1, "expected": {}}
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(VALUES)
def test_a_value_is_the_same_as_itself_after_json(value: object) -> None:
    assert difference(value, json.loads(json.dumps(value))) is None


@pytest.mark.parametrize(
    ("expected", "actual", "path"),
    [
        ({"a": 1}, {"a": 1.0}, None),
        ({"a": 21.9}, {"a": 21.900000000000002}, None),
        ({"a": 0}, {"a": 0.0}, None),
        ({"a": 1}, {"a": True}, "data.a"),
        ({"a": 1}, {"a": "1"}, "data.a"),
        ({"a": None}, {}, "data.a"),
        ({}, {"a": None}, "data.a"),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, "data.a.b[1]"),
        ({"a": [1]}, {"a": [1, 2]}, "data.a"),
        ({"a": {}}, {"a": []}, "data.a"),
        ({"a": 21.9}, {"a": 21.91}, "data.a"),
        ({"a": 1}, None, "data"),
    ],
)
def test_where_results_differ(expected: Any, actual: Any, path: str | None) -> None:
    found = difference(expected, actual)
    assert (found.path if found else None) == path


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"bytes": None}, "bytes"),
        ({"bytes": "0g"}, "bytes"),
        ({"bytes": [256]}, "bytes"),
        ({"bytes": [1.5]}, "bytes"),
        ({"bytes": [True]}, "bytes"),
        ({"bytes": "00" * 1025}, "bytes"),
        ({"fPort": "1"}, "fPort"),
        ({"fPort": True}, "fPort"),
        ({"fPort": 256}, "fPort"),
        ({"expected": []}, "expected"),
        ({"expected": None}, "expected"),
        ({"normalized": 5}, "normalized"),
        ({"variables": {"a": 1}}, "variables"),
        ({"description": 1}, "description"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_wrong_example_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(UploadError) as caught:
        read_examples(json.dumps([FINE, FINE | change]).encode())
    assert caught.value.problem.params == {"number": 2, "field": field}


def test_examples_in_all_writings() -> None:
    more = {"normalized": {"a": 1}, "variables": {"k": "v"}, "description": "d"}
    [first, second] = read_examples(
        json.dumps([{**FINE, **more, "bytes": "0A 1b"}, {**FINE, "bytes": [10, 27]}]).encode()
    )
    assert first.payload == second.payload == b"\x0a\x1b"
    assert (first.normalized, second.normalized) == (({"a": 1},), None)
    assert read_examples(json.dumps([first.as_json()]).encode()) == [first], "kept as they were"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"[NaN]",
        b"\xff",
        b"[" * 100_000,
        b"nul",
        json.dumps([FINE] * 101).encode(),
    ],
)
def test_what_is_no_list_of_examples(content: bytes) -> None:
    with pytest.raises(UploadError):
        read_examples(content)


def test_examples_that_are_too_deep() -> None:
    deep: dict[str, Any] = {}
    for _ in range(40):
        deep = {"x": deep}
    with pytest.raises(UploadError):
        read_examples(json.dumps([{**FINE, "expected": deep}]).encode())


@pytest.mark.parametrize(
    ("source", "style"),
    [
        ("function decodeUplink(i) {}", Style.UPLINK),
        ("exports.decodeUplink = 1; function Decoder() {}", Style.UPLINK),
        ("function Decode(fPort, bytes) {}", Style.DECODE),
        ("var Decode = (p, b) => 1", Style.DECODE),
        ("function Decoder(bytes, port) {}", Style.DECODER),
        ("function read() {}", None),
    ],
)
def test_the_style_of_a_script(source: str, style: Style | None) -> None:
    assert style_of(source) == style


def test_a_script_s_text() -> None:
    assert read_source("\ufeffvar ä = 1".encode()) == "var ä = 1"
    assert read_source(b"x" * 131072)
    for wrong in (b"", b" \n", b"x\0y", b"\xe4", b"x" * 131073):
        with pytest.raises(UploadError):
            read_source(wrong)


def test_examples_in_a_comment() -> None:
    assert examples_within("// a\n/* examples: [1] */ x") == b"[1] "
    assert examples_within("/* example */") is None


@pytest.mark.parametrize("name", ["", "-a", "a b", "ä", "a" * 41, "a/b", "a--b", "a\n"])
def test_names(name: str) -> None:
    if name.strip() == "a":
        assert check_name(name) == "a"
        return
    with pytest.raises(UploadError):
        check_name(name)
