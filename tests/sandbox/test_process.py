"""The worker process: what it may do, what becomes of it, and the breaker."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from lorawan.sandbox import Sandbox
from lorawan.sandbox.breaker import FAILURES, Breaker
from lorawan.sandbox.process import Worker, WorkerDiedError
from tests.sandbox.codecs import ROOM, call, doing

ROOT = Path(__file__).resolve().parents[2]
ROOM_CALL = call("010b3539", 103)


def of(sandbox: Sandbox) -> Worker:
    [worker] = [*sandbox._idle, *sandbox._busy]  # noqa: SLF001 - to see its process
    return worker


async def test_it_starts_with_the_first_call_and_ends_with_the_sandbox() -> None:
    async with Sandbox() as sandbox:
        assert not sandbox.started
        started = time.monotonic()
        await sandbox.run(ROOM, ROOM_CALL)
        print(f"first call: {1000 * (time.monotonic() - started):.0f} ms")  # noqa: T201 - the figure
        pid = of(sandbox).process.pid
        os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_killed_in_the_middle_costs_one_call(sandbox: Sandbox) -> None:
    await sandbox.run(ROOM, ROOM_CALL)
    pid = of(sandbox).process.pid
    asyncio.get_running_loop().call_later(0.01, os.kill, pid, signal.SIGKILL)
    outcome = await sandbox.run(doing("const a = []; a.length = 2 ** 32 - 1; a.sort()"), call())
    assert outcome.problem == "crashed"
    assert (await sandbox.run(ROOM, ROOM_CALL)).data is not None
    assert of(sandbox).process.pid != pid


async def test_killed_while_it_waits_costs_nothing(sandbox: Sandbox) -> None:
    await sandbox.run(ROOM, ROOM_CALL)
    of(sandbox).process.kill()
    await of(sandbox).process.wait()
    assert (await sandbox.run(ROOM, ROOM_CALL)).data is not None


async def test_a_worker_is_replaced_before_it_grows_old(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lorawan.sandbox.sandbox.MOST_CALLS", 2)
    await sandbox.run(ROOM, ROOM_CALL)
    first = of(sandbox).process
    await sandbox.run(ROOM, ROOM_CALL)
    assert first.returncode is not None
    assert (await sandbox.run(ROOM, ROOM_CALL)).data is not None


async def test_the_kernel_ends_a_worker_whose_parent_hangs() -> None:
    worker = await Worker.start()
    attack = doing("const a = []; a.length = 2 ** 32 - 1; a.sort()")
    request = b'{"bytes": [], "fPort": 1, "time": 0, "variables": {}}'
    await worker.send(attack.source.encode(), request)
    async with asyncio.timeout(10):
        assert await worker.process.wait() == -signal.SIGALRM
    await worker.end()


@pytest.mark.parametrize(
    "garbage", [b"\xff\xff\xff\xff", b"\x01\x00\x00\x00x\x02\x00\x00\x00{", b"\x04\x00\x00\x00abc"]
)
async def test_a_worker_that_gets_nonsense_ends(garbage: bytes) -> None:
    worker = await Worker.start()
    assert worker.process.stdin is not None
    worker.process.stdin.write(garbage)
    worker.process.stdin.write_eof()
    with pytest.raises(WorkerDiedError):
        await worker.receive()
    await worker.end()


async def test_whoever_stops_waiting_leaves_no_answer_for_the_next(sandbox: Sandbox) -> None:
    await sandbox.run(ROOM, ROOM_CALL)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await sandbox.run(doing("for (;;);"), call())
    assert (await sandbox.run(ROOM, ROOM_CALL)).data is not None


async def test_it_ends_when_its_parent_dies() -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c",
        textwrap.dedent("""
            import asyncio, sys
            sys.path.insert(0, sys.argv[1])
            from lorawan.sandbox import Sandbox
            from tests.sandbox.codecs import ROOM, call
            async def main():
                sandbox = Sandbox()
                await sandbox.run(ROOM, call("010b3539", 103))
                print(sandbox._idle[0].process.pid, flush=True)
                await asyncio.sleep(60)
            asyncio.run(main())
        """),
        str(ROOT), stdout=subprocess.PIPE,
    )  # fmt: skip
    assert parent.stdout is not None
    pid = int(await parent.stdout.readline())
    os.kill(pid, 0)
    parent.kill()
    await parent.wait()
    async with asyncio.timeout(5):
        while _state(pid) != "Z":  # noqa: ASYNC110 - it is not our child
            await asyncio.sleep(0.01)


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


FORBIDDEN = {
    "a file": "open('/etc/passwd')",
    "a socket": "__import__('socket').socket()",
    "a process": "os.fork()",
    "another program": "os.execv('/bin/true', ['true'])",
    "a signal": "os.kill(os.getppid(), 0)",
    "memory": "bytearray(1 << 30)",
    "more memory": "__import__('resource').setrlimit(resource.RLIMIT_AS, (-1, -1))",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_process_can_do_nothing_else(what: str) -> None:
    program = textwrap.dedent(f"""
        import os, sys, socket, resource
        sys.path.insert(0, sys.argv[1])
        from lorawan.sandbox.kernel import restrict
        filtered = restrict()
        try:
            {FORBIDDEN[what]}
        except (OSError, MemoryError, ValueError) as error:
            os.write(1, f"refused {{filtered}}".encode())
        os._exit(0)
    """)
    answer = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program, str(ROOT)], capture_output=True, timeout=20, check=True
    )
    if b"False" in answer.stdout and what in {"another program", "a signal"}:
        pytest.skip("this kernel or machine has no filter of system calls for us")
    assert answer.stdout.startswith(b"refused"), answer


def test_the_process_knows_no_secrets_and_imports_little() -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import lorawan.sandbox.worker;"
        "print(*sorted(sys.modules))"
    )
    answer = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program, str(ROOT)], capture_output=True, timeout=20, check=True
    )
    modules = set(answer.stdout.decode().split())
    assert "quickjs" in modules
    assert not {"asyncio", "aiogram", "aiohttp", "sqlalchemy", "orjson"} & modules


@pytest.mark.parametrize("program", ["/there/is/none", "/bin/false"])
async def test_a_machine_that_starts_no_process_is_no_fault_of_the_script(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    with monkeypatch.context() as changed:
        changed.setattr(sys, "executable", program)
        for _ in range(FAILURES + 1):
            assert (await sandbox.run(ROOM, ROOM_CALL)).detail == "no worker"
    assert (await sandbox.run(ROOM, ROOM_CALL)).data is not None


async def test_the_environment_stays_outside(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ABIBOT_TELEGRAM__TOKEN", "planted-secret")
    await sandbox.run(ROOM, ROOM_CALL)
    process = Path(f"/proc/{of(sandbox).process.pid}")
    assert b"planted" not in (process / "environ").read_bytes()
    opened = [one.readlink().name for one in (process / "fd").iterdir()]
    assert len(opened) == 3, opened


async def test_a_script_that_fails_again_and_again_has_to_wait() -> None:
    now = [0.0]
    async with Sandbox(clock=lambda: now[0]) as sandbox:
        script = doing("if (input.fPort === 1) for (;;);")
        for _ in range(FAILURES):
            assert (await sandbox.run(script, call())).problem == "time"
        assert (await sandbox.run(script, call())).problem == "breaker"
        assert (await sandbox.run(script, call(f_port=2))).problem == "breaker"
        assert (await sandbox.run(ROOM, ROOM_CALL)).data is not None, "the others run"
        now[0] = 11
        assert (await sandbox.run(script, call())).problem == "time", "the trial"
        now[0] = 30
        assert (await sandbox.run(script, call())).problem == "breaker", "twenty seconds now"
        now[0] = 32
        assert (await sandbox.run(script, call(f_port=2))).data == {"done": True}
        assert (await sandbox.run(script, call())).problem == "time", "all is forgotten"


async def test_a_wrong_script_never_has_to_wait(sandbox: Sandbox) -> None:
    for _ in range(3 * FAILURES):
        assert (await sandbox.run(doing("throw 1"), call())).problem == "threw"


def test_one_trial_at_a_time_and_the_pause_has_an_end() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    for _ in range(FAILURES):
        assert breaker.admits("x")
        breaker.failed("x")
    for _ in range(20):
        now[0] += 3600
        assert breaker.admits("x")
        assert not breaker.admits("x"), "somebody tries already"
        breaker.failed("x")
        assert not breaker.admits("x")
    now[0] += 3600
    assert breaker.admits("x")
    breaker.gave_up("x")
    assert breaker.admits("x")
    breaker.succeeded("x")
    assert breaker.admits("x")
    assert breaker.admits("x")
