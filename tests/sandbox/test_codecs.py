"""Codecs in the ways vendors write them give what they should."""

from datetime import datetime
from typing import Any

import pytest

from lorawan.sandbox import Call, Sandbox, Script
from tests.sandbox.codecs import (
    COMMON_JS,
    LEVEL,
    MODULE,
    NOON,
    OLD_CHIRPSTACK,
    OLD_TTN,
    ROOM,
    call,
    returning,
)


@pytest.mark.parametrize(
    ("script", "given", "expected"),
    [
        (
            ROOM,
            call("010b3539", 103),
            {"alarm": True, "battery": 3.6, "temperature": 21, "humidity": 57},
        ),
        (
            LEVEL,
            call("02016f0003806782a30b7d", 1),
            {"device": 367, "pressure": 0.103, "temperature": 6.75, "battery": 2.941},
        ),
        (LEVEL, call("02016f00020b7d"), {"device": 367, "battery": 2.941}),
        (OLD_CHIRPSTACK, call("0102", 7, offset="-8"), {"port": 7, "distance": 250}),
        (OLD_TTN, call("01", 2), {"open": True}),
        (OLD_TTN, call("01", 3), {}),
        (
            MODULE,
            call("2a", key="x"),
            {"at": "2026-11-20T11:00:00.000Z", "first": 42, "key": "x"},
        ),
        (COMMON_JS, call("0102030405"), {"length": 5}),
        (COMMON_JS, call(""), {"length": 0}),
    ],
)
async def test_what_vendors_write_is_understood(
    sandbox: Sandbox, script: Script, given: Call, expected: dict[str, Any]
) -> None:
    outcome = await sandbox.run(script, given)
    assert outcome.problem is None, outcome
    assert outcome.data == expected


async def test_warnings_and_normalised_measurements(sandbox: Sandbox) -> None:
    outcome = await sandbox.run(ROOM, call("00033539", 103))
    assert outcome.warnings == ("battery low",)
    assert outcome.normalized == (
        {"air": {"temperature": 21, "relativeHumidity": 57}, "battery": 2.8},
    )


async def test_a_codec_that_cannot_read_a_frame_says_so(sandbox: Sandbox) -> None:
    outcome = await sandbox.run(ROOM, call("00", 9))
    assert (outcome.data, outcome.errors, outcome.problem) == (None, ("unknown port 9",), None)


async def test_several_measurements_of_one_frame(sandbox: Sandbox) -> None:
    script = Script.of(
        "function decodeUplink(i) { return { data: { a: 1 } } }"
        "function normalizeUplink({ data }) { return { data: [{ x: data.a }, { x: 2 }] } }"
    )
    assert (await sandbox.run(script, call())).normalized == ({"x": 1}, {"x": 2})


@pytest.mark.parametrize(
    "broken", ["throw new Error('no')", "return 5", "missing()", "return { errors: ['no'] }"]
)
async def test_what_was_decoded_survives_a_broken_normalisation(
    sandbox: Sandbox, broken: str
) -> None:
    script = Script.of(
        "function decodeUplink(i) { return { data: { a: 1 } } }"
        f"function normalizeUplink(i) {{ {broken} }}"
    )
    outcome = await sandbox.run(script, call())
    assert (outcome.data, outcome.normalized, outcome.problem) == ({"a": 1}, (), None)
    assert outcome.warnings


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("{ data: { a: undefined, b: null } }", {"b": None}),
        ("{ data: { a: -0, b: 1e21, c: 0.1 + 0.2 } }", {"a": 0, "b": 1e21, "c": 0.1 + 0.2}),
        ("{ data: { a: 'ä€😀\\u0000' } }", {"a": "ä€😀\0"}),
        ("{ data: { now: Date.now() - input.recvTime } }", {"now": 0}),
        ("{ data: { now: new Date().getTime() === input.recvTime.getTime() } }", {"now": True}),
        ("{ data: { date: new Date(0) instanceof Date } }", {"date": True}),
        ("{ data: { date: input.recvTime instanceof Date } }", {"date": True}),
        ("{ data: { zone: new Date(2026, 0, 1).toISOString() } }", None),
        ("{ data: { random: Math.random() === Math.random() } }", {"random": True}),
        ("{ data: { bytes: Array.isArray(input.bytes) } }", {"bytes": True}),
        (
            "{ data: { text: input.bytes.slice(0, 1).map((x) => x.toString(16)) } }",
            {"text": ["0"]},
        ),
    ],
)
async def test_what_a_script_sees_and_says(
    sandbox: Sandbox, expression: str, expected: dict[str, Any] | None
) -> None:
    outcome = await sandbox.run(returning(expression), call())
    expected = expected or {"zone": "2026-01-01T00:00:00.000Z"}
    assert outcome.data == expected, outcome


async def test_the_same_frame_gives_the_same_again(sandbox: Sandbox) -> None:
    script = returning("{ data: { t: Date.now(), d: String(new Date()), r: Math.random() } }")
    assert await sandbox.run(script, call()) == await sandbox.run(script, call())


@pytest.mark.parametrize(
    ("source", "problem", "detail"),
    [
        ("", "no-decode-function", ""),
        ("var decodeUplink = 5;", "no-decode-function", ""),
        ("function decodeUplink( {", "syntax", ""),
        ("import { Buffer } from 'buffer';", "syntax", ""),
        ("throw new Error('at once')", "threw", "at once"),
        ("function decodeUplink() { missing.field }", "threw", "missing is not defined"),
        ("function decodeUplink() { throw new Error('x\\ny') }", "threw", "x y"),
        ("function decodeUplink() { return Buffer.from([1]) }", "threw", "Buffer is not defined"),
    ],
)
async def test_what_is_wrong_is_named(
    sandbox: Sandbox, source: str, problem: str, detail: str
) -> None:
    outcome = await sandbox.run(Script.of(source), call())
    assert outcome.problem == problem
    assert detail in outcome.detail
    assert outcome.data is None


@pytest.mark.parametrize(
    ("script", "wrong"),
    [
        (Script.of("x" * (128 * 1024 + 1)), call()),
        (ROOM, Call(bytes(1025), 1, NOON)),
        (ROOM, Call(b"", 1, datetime(2026, 1, 1))),  # noqa: DTZ001 - that is what is wrong
    ],
)
async def test_a_call_nobody_may_make(sandbox: Sandbox, script: Script, wrong: Call) -> None:
    with pytest.raises(ValueError, match=r"too long|naive"):
        await sandbox.run(script, wrong)
    assert not sandbox.started
