"""What a worker answers is read as if a script had written it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorawan.sandbox.answers import read_answer


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (b"", "output"),
        (b"x", "output"),
        (b"[]", "output"),
        (b"{}", "output"),
        (b"\xff", "output"),
        (b'{"data": NaN}', "output"),
        (b'{"data": {"a": NaN}}', "output"),
        (b'{"data": [1]}', "output"),
        (b'{"data": {}, "normalized": {}}', "output"),
        (b'{"data": {}, "normalized": [1]}', "output"),
        (b'{"data": {"a": "\\ud800"}}', "output"),
        (b'{"data": {"a": ' + b"[" * 40 + b"]" * 40 + b"}}", "output"),
        (b'{"data": ' + b'{"a":' * 5000 + b"1" + b"}" * 5001, "output"),
        (b'{"problem": "time"}', "time"),
        (b'{"problem": "invented"}', "crashed"),
        (b'{"problem": "breaker"}', "crashed"),
        (b'{"problem": ["time"]}', "crashed"),
        (b'{"problem": null}', "crashed"),
    ],
)
def test_what_is_no_result(answer: bytes, problem: str) -> None:
    outcome = read_answer(answer)
    assert (outcome.problem, outcome.data) == (problem, None)


def test_a_result() -> None:
    given = {"data": {"a": 1}, "warnings": ["w", 5], "normalized": [{"b": 2}], "more": ["m\nn"]}
    outcome = read_answer(json.dumps(given).encode())
    assert (outcome.data, outcome.normalized) == ({"a": 1}, ({"b": 2},))
    assert outcome.warnings == ("w", "", "m n")


@given(
    st.binary()
    | st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    ["data", "problem", "errors", "warnings", "normalized", "more", "detail"]
                ),
                inner,
            )
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_nothing_an_answer_says_breaks_its_reader(answer: Any) -> None:
    outcome = read_answer(answer)
    assert outcome.data is None or isinstance(outcome.data, dict)
    assert outcome.data is None or outcome.problem is None
