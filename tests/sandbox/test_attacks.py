"""Hostile and broken scripts: each is stopped soon, and none harms another one or the house."""

# ruff: noqa: E501 - JavaScript stays on its line

import asyncio
import time

import pytest

from lorawan.sandbox import Outcome, Sandbox, Script
from tests.sandbox.codecs import ROOM, call, doing, returning

SOON = 1.0
"""Seconds; 0.2 are promised, the tests may run on a machine busy with other things."""
ROOM_CALL = call("010b3539", 103)
ROOM_DATA = {"alarm": True, "battery": 3.6, "temperature": 21, "humidity": 57}

STOPPED = {
    "endless loop": (doing("for (;;);"), {"time"}),
    "endless loop at once": (Script.of("for (;;);"), {"time"}),
    "endless loop that catches": (doing("for (;;) { try { for (;;); } catch {} }"), {"time"}),
    "endless loop in finally": (doing("try { for (;;); } finally { for (;;); }"), {"time"}),
    "endless generator": (doing("for (const x of (function* () { for (;;) yield 1 })());"), {"time"}),
    "regex bomb": (doing("/^(a+)+$/.test('a'.repeat(40) + 'b')"), {"time"}),
    "regex bomb in split": (doing("('a'.repeat(40) + 'b').split(/^(a|a)*$/)"), {"time"}),
    "built-in function without end": (
        doing("const a = []; a.length = 4294967295; a.sort()"),
        {"time", "memory"},
    ),
    "join of nothing": (doing("Array(4294967295).join('')"), {"time", "memory"}),
    "search through nothing": (
        doing("Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)"),
        {"time"},
    ),
    "slow replacement": (
        doing("'a'.repeat(1e6).replaceAll('a', 'b'.repeat(1000))"),
        {"time", "memory"},
    ),
    "slow comparison": (
        doing("Array.from({ length: 1e5 }, (_, i) => i).sort(() => { for (;;); })"),
        {"time"},
    ),
    "waiting without computing": (
        doing("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1e9)"),
        {"threw"},
    ),
    "recursion": (doing("(function f() { return f() + 1 })()"), {"memory"}),
    "recursion over two": (doing("const f = () => g(), g = () => [f()]; f()"), {"memory"}),
    "recursion in a getter": (returning("{ get data() { return this.data } }"), {"memory"}),
    "deeply nested source": (Script.of("(" * 60_000), {"memory", "syntax"}),
    "array bomb": (doing("const a = []; for (;;) a.push({ a })"), {"memory", "time"}),
    "string bomb": (doing("'x'.repeat(2 ** 29)"), {"memory"}),
    "growing string": (doing("let s = 'x'; for (;;) s += s"), {"memory", "threw"}),
    "typed array": (doing("new Uint8Array(2 ** 30)"), {"memory"}),
    "many typed arrays": (doing("const a = []; for (;;) a.push(new Uint8Array(1e5))"), {"memory"}),
    "array buffer": (doing("new ArrayBuffer(2 ** 40)"), {"memory", "threw"}),
    "big number": (doing("2n ** (2n ** 40n)"), {"memory", "threw"}),
    "memory that is not missed": (
        doing("const a = []; for (;;) { try { for (;;) a.push('x'.repeat(9999) + a.length) } catch {} }"),
        {"time", "memory"},
    ),
    "huge output": (returning("{ data: { a: 'x'.repeat(70000) } }"), {"output"}),
    "huge list": (returning("{ data: { a: Array(40000).fill(1) } }"), {"output"}),
    "deep output": (
        doing("let x = {}; for (let i = 0; i < 50; i++) x = { x }; return { data: x }"),
        {"output"},
    ),
    "very deep output": (
        doing("let x = []; for (let i = 0; i < 5e4; i++) x = [x]; return { data: { x } }"),
        {"memory", "time"},
    ),
    "cyclic output": (doing("const x = {}; x.x = x; return { data: x }"), {"output"}),
    "no number": (returning("{ data: { deep: [{ a: NaN }] } }"), {"output"}),
    "infinite": (returning("{ data: { a: 1 / 0 } }"), {"output"}),
    "too large a number": (returning("{ data: { a: 1n } }"), {"output"}),
    "undefined": (returning("undefined"), {"output"}),
    "null": (returning("null"), {"output"}),
    "a number": (returning("5"), {"output"}),
    "a list": (returning("{ data: [1] }"), {"output"}),
    "nothing at all": (returning("{}"), {"output"}),
    "half a character": (returning("{ data: { a: '\\ud800' } }"), {"output"}),
    "async function": (
        Script.of("async function decodeUplink() { return { data: { a: 1 } } }"),
        {"output"},
    ),
    "promise inside": (returning("{ data: { a: Promise.resolve(1) } }"), {"output"}),
    "endless jobs": (
        doing("(function f() { Promise.resolve().then(f) })(); return Promise.resolve({ data: {} })"),
        {"output"},
    ),
    "toJSON without end": (returning("{ data: { toJSON() { for (;;); } } }"), {"time"}),
    "getter without end": (returning("{ get data() { for (;;); } }"), {"time"}),
    "proxy without end": (
        returning("{ data: new Proxy({}, { ownKeys() { for (;;); } }) }"),
        {"time"},
    ),
    "revoked proxy": (
        doing("const p = Proxy.revocable({}, {}); p.revoke(); return { data: p.proxy }"),
        {"threw", "output"},
    ),
    "throws null": (doing("throw null"), {"memory"}),
    "throws undefined": (doing("throw undefined"), {"threw"}),
    "throws a number": (doing("throw 42"), {"threw"}),
    "throws without end": (doing("throw { message: { toString() { for (;;); } } }"), {"time"}),
    "throws what throws": (doing("throw { get message() { throw 1 } }"), {"threw"}),
    "throws a proxy": (doing("throw new Proxy({}, { get() { throw 1 } })"), {"threw"}),
    "throws at loading without end": (
        Script.of("throw { get message() { for (;;); } }"),
        {"time"},
    ),
    "throws a huge text": (doing("throw new Error('x'.repeat(5e6))"), {"threw", "memory"}),
    "require": (doing("require('fs').readFileSync('/etc/passwd')"), {"threw"}),
    "process": (doing("process.exit(1)"), {"threw"}),
    "std": (doing("std.open('/etc/passwd', 'r')"), {"threw"}),
    "os": (doing("os.exec(['/bin/sh'])"), {"threw"}),
    "fetch": (doing("fetch('http://127.0.0.1/')"), {"threw"}),
    "timers": (doing("setTimeout(() => 1, 1)"), {"threw"}),
    "print": (doing("print('noise')"), {"threw"}),
    "import of a module": (Script.of("import * as std from 'std'; export function decodeUplink() {}"), {"syntax"}),
    "host names by eval": (doing("eval('std.exit(1)')"), {"threw"}),
    "host names by Function": (doing("new Function('return process')()"), {"threw"}),
    "host names by a constructor": (
        doing("[].constructor.constructor('return this.process.mainModule')()"),
        {"threw"},
    ),
    "the harness by its caller": (doing("decodeUplink.caller.arguments[0]"), {"threw"}),
}  # fmt: skip


@pytest.mark.parametrize("name", STOPPED)
async def test_an_attack_is_stopped_soon_and_the_next_codec_is_right(
    sandbox: Sandbox, name: str
) -> None:
    script, problems = STOPPED[name]
    await sandbox.run(ROOM, ROOM_CALL)  # the worker has started
    started = time.monotonic()
    outcome = await sandbox.run(script, call())
    took = time.monotonic() - started
    print(f"{name}: {outcome.problem} after {1000 * took:.0f} ms")  # noqa: T201 - the figure
    assert outcome.problem in problems, outcome
    assert outcome.data is None
    assert took < SOON
    assert (await sandbox.run(ROOM, ROOM_CALL)).data == ROOM_DATA


POLLUTIONS = {
    "Object.prototype": "Object.prototype.temperature = 99; Object.prototype.fPort = 103",
    "Object.prototype setter": "Object.defineProperty(Object.prototype, 'data', { set() {}, get() { return { a: 1 } } })",
    "Array.prototype": "Array.prototype.map = () => [0]; Array.prototype[0] = 7",
    "Array iteration": "Array.prototype[Symbol.iterator] = function* () { yield 9 }",
    "JSON.stringify": 'JSON.stringify = () => \'{"data":{"a":1}}\'; JSON.parse = () => ({})',
    "toJSON": "Object.prototype.toJSON = () => 5; Number.prototype.toJSON = () => 6",
    "String.prototype": "String.prototype.slice = () => 'x'; String.prototype.charCodeAt = () => 1",
    "Promise": "Promise.prototype.then = (f) => f(); globalThis.Promise = null",
    "Date": "Date.now = () => 0; Date.prototype.toISOString = () => 'x'; globalThis.Date = null",
    "Math": "Math.floor = () => 0; Math.round = () => 1",
    "globals": "globalThis.decodeUplink = () => ({ data: { a: 1 } }); globalThis.eval = null",
    "frozen": "Object.freeze(Object.prototype); Object.freeze(Array.prototype)",
    "Function.prototype": "Function.prototype.call = () => 1; Function.prototype.apply = () => 1",
    "pending jobs": "Promise.resolve().then(() => { globalThis.decodeUplink = 1 })",
    "console": "console.log = () => { throw 1 }; module.exports = 5",
}


@pytest.mark.parametrize("name", POLLUTIONS)
async def test_what_a_script_changes_is_not_seen_by_the_next(sandbox: Sandbox, name: str) -> None:
    outcome = await sandbox.run(doing(POLLUTIONS[name]), call())
    assert outcome.problem != "crashed"
    assert await sandbox.run(ROOM, ROOM_CALL) == Outcome(
        data=ROOM_DATA,
        normalized=({"air": {"temperature": 21, "relativeHumidity": 57}, "battery": 3.6},),
    )


async def test_a_script_does_not_remember_its_last_frame(sandbox: Sandbox) -> None:
    script = Script.of(
        "var seen = 0; globalThis.all = globalThis.all || [];"
        "function decodeUplink(i) { seen++; all.push(1); Object.prototype.x = (Object.prototype.x || 0) + 1;"
        "return { data: { seen, all: all.length, x: ({}).x } } }"
    )
    for _ in range(3):
        assert (await sandbox.run(script, call())).data == {"seen": 1, "all": 1, "x": 1}


async def test_noise_is_not_an_answer(sandbox: Sandbox) -> None:
    script = doing("for (let i = 0; i < 1000; i++) console.log('\\u0000\\u0000', i, console)")
    assert (await sandbox.run(script, call())).data == {"done": True}


async def test_a_forged_answer_is_read_with_suspicion(sandbox: Sandbox) -> None:
    """A script may deceive what stands around it, but only about its own frame."""
    forged = doing("return { data: { toJSON: () => 'x' } }")
    assert (await sandbox.run(forged, call())).problem == "output"
    endless = returning("{ warnings: { length: 2 ** 40, 0: 'a' }, data: { a: 1 } }")
    assert (await sandbox.run(endless, call())).data == {"a": 1}
    many = returning("{ warnings: Array(1000).fill('x'.repeat(1000)), data: { a: 1 } }")
    outcome = await sandbox.run(many, call())
    assert (len(outcome.warnings), max(map(len, outcome.warnings))) == (20, 300)


async def test_a_good_codec_beside_an_attack_is_not_held_up() -> None:
    async with Sandbox(workers=2) as sandbox:
        await asyncio.gather(*(sandbox.run(ROOM, ROOM_CALL) for _ in range(2)))

        async def good() -> float:
            started = time.monotonic()
            assert (await sandbox.run(ROOM, ROOM_CALL)).data == ROOM_DATA
            return time.monotonic() - started

        attack = sandbox.run(doing("const a = []; a.length = 2 ** 32 - 1; a.sort()"), call())
        outcome, *took = await asyncio.gather(attack, *(good() for _ in range(20)))
        print(f"beside an attack: {1000 * max(took):.0f} ms at most")  # noqa: T201 - the figure
        assert outcome.problem in {"time", "memory"}
        assert max(took) < SOON
