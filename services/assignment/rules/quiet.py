"""Keeps what a solver prints by itself out of the standard output.

HiGHS writes a line of its own now and then, past every option; whoever prints a plan as JSON
must not find it there. It goes to the standard error, in which it harms nobody.
"""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

OUTPUT, ERROR = 1, 2


@contextmanager
def quiet() -> Iterator[None]:
    """Lead file descriptor 1 to 2 meanwhile, for the whole process."""
    library = ctypes.CDLL(None)
    library.fflush(None)
    kept = os.dup(OUTPUT)
    os.dup2(ERROR, OUTPUT)
    try:
        yield
    finally:
        library.fflush(None)
        os.dup2(kept, OUTPUT)
        os.close(kept)
