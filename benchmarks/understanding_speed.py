"""How long understanding takes, and how much memory: with 5,500 records, and from a cold start.

    python -m benchmarks.understanding_speed [--vectors FOLDER] [--records FILE.csv]

Each part runs in a process of its own, so that its memory is its own. The records are the starter
catalogue and the names in the column "name" of a CSV file (semicolons); without a file, numbered
copies of the starter catalogue's names fill up. A busy machine stretches the clock, the
processor's time less.
"""

import argparse
import csv
import subprocess
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from statistics import mean, quantiles

ROOT = Path(__file__).resolve().parent.parent
REGION = ROOT / "regions" / "anhalt-bitterfeld"
QUESTIONS = ROOT / "tests" / "nlu" / "questions.jsonl"
RECORDS = 5_500
COLUMN = "name"
ASKED = 300


def _part(vectors: Path, records: int, file: Path | None) -> None:
    """Build an index from a warm cache and ask it; print the figures."""
    began = time.perf_counter()
    from handlers.nlu.catalogues import read_entries  # noqa: PLC0415 - imports belong to the start
    from nlu.encoders import available_encoders  # noqa: PLC0415
    from nlu.evaluation import memory  # noqa: PLC0415
    from nlu.index import build  # noqa: PLC0415
    from nlu.questions import read_questions  # noqa: PLC0415
    from nlu.understanding import Entry  # noqa: PLC0415
    from nlu.vectors import VectorStore  # noqa: PLC0415

    imported = time.perf_counter()
    entries = [*read_entries(REGION).entries]
    names = cycle(_names(file) or [f"{one.names[0]} {at}" for at, one in enumerate(entries)])
    missing = max(records - len(entries), 0)
    entries += [Entry(f"record-{at}", (name,)) for at, name in enumerate(islice(names, missing))]
    read = time.perf_counter()
    understander = build(entries).with_meaning(
        [VectorStore(vectors, one) for one in available_encoders()]
    )
    understander.understand("Wo melde ich meinen Hund an?")
    ready = time.perf_counter()
    print(
        f"{len(entries)} records: imports {imported - began:.2f} s, "
        f"catalogue {read - imported:.2f} s, "
        f"encoders, index and first question {ready - read:.2f} s, memory {memory()} MB"
    )
    took, computed = [], []
    for question in read_questions(QUESTIONS)[:ASKED]:
        before, worked = time.perf_counter(), time.process_time()
        understander.understand(question.text)
        took.append(1000 * (time.perf_counter() - before))
        computed.append(1000 * (time.process_time() - worked))
    for name, found in (("clock", took), ("processor", computed)):
        shares = quantiles(found, n=100)
        print(
            f"  a question by the {name}: p50 {shares[49]:.1f} ms, p95 {shares[94]:.1f} ms; "
            f"{1000 / mean(found):.1f} questions/s of one process"
        )
    print(f"  memory {memory()} MB", flush=True)


def _names(file: Path | None) -> list[str]:
    if file is None:
        return []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(dict.fromkeys(row[COLUMN] for row in csv.DictReader(lines, delimiter=";")))


def main() -> None:
    """Print the figures; the first round fills the cache of vectors and is not shown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=Path, default=ROOT / "data" / "vectors")
    parser.add_argument("--records", type=Path)
    parser.add_argument("--count", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.count is not None:
        _part(given.vectors, given.count, given.records)
        return
    for count in (0, RECORDS):
        command = [sys.executable, "-m", "benchmarks.understanding_speed", "--count", str(count)]
        command += ["--vectors", str(given.vectors)]
        command += ["--records", str(given.records)] if given.records else []
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - ourselves
        subprocess.run(command, check=True)  # noqa: S603


if __name__ == "__main__":
    main()
