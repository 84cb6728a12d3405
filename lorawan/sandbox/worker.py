"""The process that runs foreign scripts: reads a request, answers, and can do nothing else.

A message is its length in four bytes (little end first) and as many bytes. A request is two
messages: the script, and the frame as JSON; an answer is one. The first message of all says that
the worker is ready, and what the kernel enforces.
"""

import os
import signal
import struct

from lorawan.sandbox import kernel
from lorawan.sandbox.call import MEMORY_LIMIT, MOST_OUTPUT, TIME_LIMIT
from lorawan.sandbox.engine import run

REQUEST, ANSWER = 0, 1
LONGEST = 4 * 1024 * 1024
GIVE_UP = 2.0
"""Seconds after which the kernel ends this process, should nobody else do it."""


def main() -> None:
    """Answer requests until the parent closes the pipe or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair
    filtered = kernel.restrict()
    _send(b"filtered" if filtered else b"unfiltered")
    while True:
        source, request = _receive().decode(), _receive().decode()
        signal.setitimer(signal.ITIMER_REAL, GIVE_UP)  # SIGALRM ends a process
        answer = run(source, request, seconds=TIME_LIMIT, memory=MEMORY_LIMIT, output=MOST_OUTPUT)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(answer.encode(errors="replace"))


def _receive() -> bytes:
    (length,) = struct.unpack("<I", _read(4))
    if length > LONGEST:
        os._exit(2)
    return _read(length)


def _read(length: int) -> bytes:
    found = b""
    while len(found) < length:
        part = os.read(REQUEST, min(length - len(found), 65536))
        if not part:
            os._exit(0)  # the parent is gone
        found += part
    return found


def _send(message: bytes) -> None:
    rest = struct.pack("<I", len(message)) + message
    while rest:
        rest = rest[os.write(ANSWER, rest) :]
