"""What the worker process gives up before it touches a foreign script; Linux enforces it.

Limits: no new files or sockets, no processes, no core file, memory, a lifetime of computing. A
system call filter (seccomp) leaves what computing and one pipe need; anything else is refused
("not permitted"): no exec, no open, no connect, no signal to another process.
"""

import ctypes
import os
import resource
import struct

MEMORY = 192 * 1024 * 1024
"""Bytes the process may have beside what it has at its start; twelve JavaScript heaps."""
LIFETIME = 900
"""Seconds of computing; a worker is replaced long before."""

NO_NEW_PRIVILEGES = 38
SET_SECCOMP = 22
FILTER_MODE = 2
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050001, 0x80000000  # REFUSE: EPERM
LOAD, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06
NUMBER_AT, ARCHITECTURE_AT = 0, 4

SYSTEM_CALLS: dict[str, tuple[int, tuple[int, ...]]] = {
    # read write mmap mprotect munmap brk rt_sigaction rt_sigprocmask rt_sigreturn sched_yield
    # mremap madvise setitimer exit gettimeofday futex clock_gettime exit_group getrandom
    "x86_64": (
        0xC000003E,
        (0, 1, 9, 10, 11, 12, 13, 14, 15, 24, 25, 28, 38, 60, 96, 202, 228, 231, 318),
    ),
    "aarch64": (
        0xC00000B7,
        (63, 64, 222, 226, 215, 214, 134, 135, 139, 124, 216, 233, 103, 93, 169, 98, 113, 94, 278),
    ),
}
"""By machine: the kernel's number of the architecture, and the calls that are left."""


def restrict() -> bool:
    """Give everything up; return whether the kernel filters system calls, too."""
    library = ctypes.CDLL(None, use_errno=True)
    pages = int(_status("VmSize"))
    _limit(resource.RLIMIT_AS, pages + MEMORY)
    _limit(resource.RLIMIT_CPU, LIFETIME)
    for what in (
        resource.RLIMIT_CORE,
        resource.RLIMIT_FSIZE,
        resource.RLIMIT_NPROC,
        resource.RLIMIT_NOFILE,
    ):
        _limit(what, 0)
    library.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return _filter_calls(library)


def _status(name: str) -> int:
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - imports little
        for line in status:
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return 0


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(what, (most, most))


def _filter_calls(library: ctypes.CDLL) -> bool:
    """Install the filter; False on a machine whose numbers we do not know, or without it."""
    known = SYSTEM_CALLS.get(os.uname().machine)
    if known is None:
        return False
    architecture, calls = known
    program = _program(architecture, calls)
    code = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: a short, padding, a pointer
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    passed = ctypes.create_string_buffer(header, len(header))
    return bool(library.prctl(SET_SECCOMP, FILTER_MODE, passed, 0, 0) == 0)


def _program(architecture: int, calls: tuple[int, ...]) -> bytes:
    """Return the filter in the kernel's own little language (classic BPF)."""
    steps = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (JUMP_EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_AT),
    ]
    steps += [
        (JUMP_EQUAL, len(calls) - place, 0, call) for place, call in enumerate(sorted(calls))
    ]
    steps += [(RETURN, 0, 0, REFUSE), (RETURN, 0, 0, ALLOW)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
