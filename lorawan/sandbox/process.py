"""One worker process, as its parent sees it."""

import asyncio
import os
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path

START = "import sys; sys.path[:] = sys.argv[1:]; from lorawan.sandbox.worker import main; main()"
ROOT = Path(__file__).resolve().parents[2]
LONGEST_ANSWER = 128 * 1024
START_SECONDS = 20.0


class WorkerDiedError(Exception):
    """The process ended, or said something that is no answer."""


class Worker:
    """A started process; after any error it is of no use and must be ended."""

    def __init__(self, process: Process, *, filtered: bool) -> None:
        self.process = process
        self.filtered = filtered
        """The kernel filters its system calls."""
        self.calls = 0

    @classmethod
    async def start(cls) -> "Worker":
        """Start a process and wait until it is ready; raise `WorkerDiedError` when it is not."""
        # No environment: the bot's own holds secrets. No site: it would look for files first.
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-I", "-S", "-c", START, str(ROOT), *sys.path,
                stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}, cwd="/", start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise WorkerDiedError from error
        worker = cls(process, filtered=False)
        try:
            async with asyncio.timeout(START_SECONDS):
                worker.filtered = await worker.receive() == b"filtered"
        except BaseException as error:
            await worker.end()
            if isinstance(error, TimeoutError):
                raise WorkerDiedError from error
            raise
        return worker

    async def send(self, *messages: bytes) -> None:
        assert self.process.stdin is not None  # noqa: S101 - it was started with a pipe
        self.calls += 1
        try:
            for message in messages:
                self.process.stdin.write(struct.pack("<I", len(message)) + message)
            await self.process.stdin.drain()
        except OSError as error:
            raise WorkerDiedError from error

    async def receive(self) -> bytes:
        assert self.process.stdout is not None  # noqa: S101 - see above
        try:
            (length,) = struct.unpack("<I", await self.process.stdout.readexactly(4))
            if length > LONGEST_ANSWER:
                raise WorkerDiedError
            return await self.process.stdout.readexactly(length)
        except asyncio.IncompleteReadError as error:
            raise WorkerDiedError from error

    def computed(self) -> float | None:
        """Return how many seconds it has computed in its life; None when nobody can say."""
        try:
            status = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        except (OSError, UnicodeError):
            return None
        fields = status.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def end(self) -> None:
        """End the process at once, whatever it does, and leave no zombie."""
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.kill()
        await self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()
