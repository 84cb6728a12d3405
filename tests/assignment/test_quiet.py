"""What a solver prints by itself never reaches the standard output."""

import ctypes

import pytest

from services.assignment.rules.quiet import quiet


def test_lines_of_a_library_go_to_the_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    library = ctypes.CDLL(None)
    with quiet():
        library.puts(b"from the library")
    library.puts(b"afterwards")
    library.fflush(None)
    out, err = capfd.readouterr()
    assert out.strip() == "afterwards"
    assert err.strip() == "from the library"
