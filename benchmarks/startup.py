"""How long the demo takes to be ready, and how much memory the bot holds.

    python benchmarks/startup.py [--runs 3]

The baseline of the same run is a Python that only imports aiogram, SQLAlchemy and its driver.
"""

import argparse
import re
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BASELINE = (
    "import time, aiogram, sqlalchemy.ext.asyncio, aiosqlite; print('ready'); time.sleep(60)"
)
DEMO = ["-m", "bot", "demo", "--port", "0"]


def measure(arguments: list[str], ready: str) -> tuple[float, float]:
    """Return seconds until a line matches, and the resident memory (MB) at that moment."""
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own modules
        [sys.executable, "-u", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if re.search(ready, line):
            break
    seconds = time.perf_counter() - began
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    resident = int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]
    process.send_signal(signal.SIGINT)
    process.communicate()
    return seconds, resident


def main() -> None:
    """Print the medians of both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    for name, arguments, ready in (
        ("imports alone (baseline)", ["-c", BASELINE], "ready"),
        ("demo, ready to answer", DEMO, "http://"),
    ):
        found = [measure(arguments, ready) for _ in range(runs)]
        seconds = statistics.median(one[0] for one in found)
        resident = statistics.median(one[1] for one in found)
        print(f"{name:26} {seconds:5.1f} s  {resident:5.0f} MB  (median of {runs})")


if __name__ == "__main__":
    main()
