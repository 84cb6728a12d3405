"""Kills the bot over and over and counts what that costs: python -m tests.crash --seeds 1000.

A seed that failed is run again by `--seed N`; its story (timeline, logs) is kept in data/crash.
"""

import argparse
import asyncio
import os
import sys

from tests.crash.matrix import Report, Wanted, house, run
from tests.crash.sabotage import ALL

POSTGRESQL = "ABIBOT_TEST_DATABASE_URL"


def main() -> int:
    """Run the matrix; return 1 when a promise was broken."""
    options = _options()
    url = os.environ.get(POSTGRESQL, "")  # noqa: TID251 - tests have no settings
    kinds = tuple(options.database or ("sqlite", "postgresql"))
    if "postgresql" in kinds and not url:
        _say(f"no seeds on PostgreSQL: {POSTGRESQL} is not set")
        kinds = tuple(one for one in kinds if one != "postgresql")
    report = asyncio.run(_run(options, kinds, url))
    _summarise(report)
    return 0 if report.fine else 1


async def _run(options: argparse.Namespace, kinds: tuple[str, ...], url: str) -> Report:
    first = options.first
    seeds = [options.seed] if options.seed is not None else [*range(first, first + options.seeds)]
    wanted = Wanted(seeds, resets=options.resets, sabotage=options.sabotage or "")
    async with house(min(options.jobs, len(seeds)), kinds, url) as slots:
        return await run(slots, wanted)


def _summarise(report: Report) -> None:
    struck = ", ".join(f"{name} {count}" for name, count in report.hits.most_common())
    _say(f"kills struck: {struck or 'nothing'}; injected resets: {report.resets}")
    if report.broken:
        _say(f"trials that broke down: {report.broken}")
    _say(str(report))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="how many")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    parser.add_argument("--seed", type=int, help="this one alone; its story is kept")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time")
    parser.add_argument("--database", action="append", choices=("sqlite", "postgresql"))
    parser.add_argument(
        "--resets", action="store_true", help="cut connections, too: these sends are ambiguous"
    )
    parser.add_argument("--sabotage", choices=sorted(ALL), help="run a bot that breaks promises")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
