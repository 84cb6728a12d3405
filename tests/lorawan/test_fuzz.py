"""Broken at random: a message is refused or read into what the tables hold, never worse."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorawan.dialects.reading import read
from lorawan.events import Dialect, Event, Form, NotUnderstoodError
from tests.lorawan.bounds import check
from tests.lorawan.encoders import RENDERINGS, Uplink


def understood(body: bytes, form: Form, name: str, dialect: Dialect | None) -> list[Event]:
    """Return what was read, nothing for what was refused; anything else fails the test."""
    try:
        return read(body, form, name, dialect)
    except NotUnderstoodError:
        return []


def mutations() -> st.SearchStrategy[Callable[[bytes], bytes]]:
    """Ways to break a body: cut, repeat, overwrite, put something in."""
    place = st.integers(0, 2**16)
    noise = st.one_of(
        st.binary(max_size=8),
        st.sampled_from(
            [b"null", b"-1", b"1e308", b"{}", b"[]", b'"', b"\\u0000", b"\xff", b"true"]
        ),
    )
    return st.one_of(
        st.builds(lambda at: lambda body: body[: at % (len(body) + 1)], place),
        st.builds(
            lambda at, new: (
                lambda body: body[: at % len(body)] + new + body[at % len(body) + len(new) :]
            ),
            place,
            noise,
        ),
        st.builds(
            lambda at, new: lambda body: body[: at % len(body)] + new + body[at % len(body) :],
            place,
            noise,
        ),
        st.builds(lambda at, new: lambda body: swap(body, at, new), place, noise),
    )


def swap(body: bytes, at: int, new: bytes) -> bytes:
    """Put something else in the place of one value, so that the JSON often stays well-formed."""
    colons = [place for place, byte in enumerate(body) if byte == ord(":")]
    if not colons:
        return body
    start = colons[at % len(colons)] + 1
    ends = [place for place in range(start, len(body)) if body[place : place + 1] in b",}"]
    return body[:start] + new + body[ends[0] :] if ends else body


@pytest.mark.parametrize("name", RENDERINGS)
@settings(max_examples=300, deadline=None)
@given(
    changes=st.lists(mutations(), min_size=1, max_size=4),
    event=st.sampled_from(["", "up", "join", "ack", "txack", "log", "status", "location", "new"]),
    configured=st.booleans(),
)
def test_a_broken_message_is_refused_or_read_but_never_worse(
    name: str, changes: list[Callable[[bytes], bytes]], event: str, configured: bool
) -> None:
    rendering = RENDERINGS[name](Uplink(decoded={"level": 1.5}))
    body = rendering.body
    for change in changes:
        body = change(body) or b"{}"
    dialect = rendering.dialect if configured else None
    for one in understood(body, rendering.form, event, dialect):
        check(one)


ODD = [None, "", "x", "\x00", -1, 0, 1e300, 2**63, True, [], [None], {}, {"a": []}, "9" * 500]


def put(body: Any, at: int, value: Any) -> None:
    """Put an odd value in the place of one field, wherever it stands; "x" takes the field away."""
    inside = [body]
    places: list[tuple[Any, Any]] = []
    while inside:
        parent = inside.pop()
        keys = list(parent) if isinstance(parent, dict) else range(len(parent))
        places += [(parent, key) for key in keys]
        inside += [parent[key] for key in keys if isinstance(parent[key], dict | list)]
    if not places:
        return
    parent, key = places[at % len(places)]
    if value == "x" and isinstance(parent, dict):
        del parent[key]
    else:
        parent[key] = value


@pytest.mark.parametrize("name", [name for name in RENDERINGS if "protobuf" not in name])
@settings(max_examples=300, deadline=None)
@given(
    changes=st.lists(
        st.tuples(st.integers(0, 1000), st.sampled_from(ODD)), min_size=1, max_size=3
    ),
    event=st.sampled_from(["", "up", "join", "ack", "txack", "log", "status", "location", "new"]),
    configured=st.booleans(),
)
def test_odd_fields_are_refused_or_read_but_never_worse(
    name: str, changes: list[tuple[int, Any]], event: str, configured: bool
) -> None:
    rendering = RENDERINGS[name](Uplink(decoded={"level": 1.5}))
    body = orjson.loads(rendering.body)
    for at, value in changes:
        put(body, at, deepcopy(value))
    dialect = rendering.dialect if configured else None
    for one in understood(orjson.dumps(body), rendering.form, event, dialect):
        check(one)


@settings(deadline=None)
@given(
    body=st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63), st.floats(), st.text()),
        lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    ),
    dialect=st.sampled_from([None, *Dialect]),
    name=st.text(max_size=50),
)
def test_any_json_at_all_is_refused_or_read(body: Any, dialect: Dialect | None, name: str) -> None:
    for event in understood(orjson.dumps(body), Form.JSON, name, dialect):
        check(event)


@settings(deadline=None)
@given(
    body=st.binary(max_size=200), form=st.sampled_from(Form), name=st.sampled_from(["up", "log"])
)
def test_any_bytes_at_all_are_refused_or_read(body: bytes, form: Form, name: str) -> None:
    for event in understood(body, form, name, None):
        check(event)
