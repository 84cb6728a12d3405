"""A body is JSON, an object and not too deep, or it is refused with one word."""

import gzip

import pytest

from lorawan.dialects.body import DEEPEST, parse_json
from lorawan.events import NotUnderstoodError


def nested(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b" \r\n\t", "empty", id="blank"),
        pytest.param(b"{", "not-json", id="cut off"),
        pytest.param(b'{"fCnt":1', "not-json", id="cut off later"),
        pytest.param(b'{"fCnt":1}x', "not-json", id="something behind"),
        pytest.param(b"{'fCnt':1}", "not-json", id="single quotes"),
        pytest.param(b'{"a":NaN}', "not-json", id="NaN"),
        pytest.param(b'{"a":-Infinity}', "not-json", id="infinity"),
        pytest.param(b'{"a":1e999}', "not-json", id="too large for a float"),
        pytest.param(b'{"a":"\\ud800"}', "not-json", id="half a surrogate"),
        pytest.param(b'{"a":"\x00"}', "not-json", id="naked NUL"),
        pytest.param(b'\xef\xbb\xbf{"a":1}', "not-json", id="byte order mark"),
        pytest.param('{"a":1}'.encode("utf-16-le"), "not-json", id="UTF-16"),
        pytest.param('{"a":1}'.encode("utf-16"), "not-utf8", id="UTF-16 with a mark"),
        pytest.param('{"a":"ä"}'.encode("latin-1"), "not-utf8", id="Latin 1"),
        pytest.param(gzip.compress(b'{"a":1}'), "not-utf8", id="still packed"),
        pytest.param(b"[]", "not-an-object", id="list"),
        pytest.param(b'[{"a":1}]', "not-an-object", id="list of objects"),
        pytest.param(b'"text"', "not-an-object", id="text"),
        pytest.param(b"true", "not-an-object", id="yes"),
        pytest.param(b"null", "not-an-object", id="null"),
        pytest.param(b"1", "not-an-object", id="number"),
        pytest.param(nested(DEEPEST + 1), "too-deep", id="one too deep"),
        pytest.param(nested(1000), "too-deep", id="1,000 deep"),
        pytest.param(nested(1_000_000), "too-deep", id="1,000,000 deep"),
        pytest.param(b'{"a":' + b"[" * 1_000_000, "too-deep", id="1,000,000 brackets"),
    ],
)
def test_a_broken_body_is_refused_with_one_word(body: bytes, problem: str) -> None:
    with pytest.raises(NotUnderstoodError) as refusal:
        parse_json(body)
    assert (refusal.value.problem, refusal.value.where) == (problem, "")


def test_the_deepest_allowed_body_is_read() -> None:
    found: object = parse_json(nested(DEEPEST))
    depth = 0
    while isinstance(found, dict | list):
        depth += 1
        found = next(iter(found.values() if isinstance(found, dict) else found), None)
    assert depth == DEEPEST


def test_width_is_not_depth() -> None:
    assert len(parse_json(b'{"a":[' + b"[]," * 5000 + b"[]]}")["a"]) == 5001


def test_brackets_in_texts_are_not_depth() -> None:
    assert parse_json(b'{"a":"' + b"{" * 100 + b'"}')["a"] == "{" * 100


def test_a_nul_character_becomes_one_that_can_be_stored() -> None:
    assert parse_json(b'{"firmware\\u0000":"1.2\\u0000"}') == {"firmware\ufffd": "1.2\ufffd"}
