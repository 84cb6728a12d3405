"""Twenty seeds of kills on each run of the tests, and three bots that break the promises."""

import asyncio
import os
from collections.abc import Mapping, Sequence

import pytest

from tests.crash.kills import plan
from tests.crash.matrix import House, Report, Wanted, house, run

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]
POSTGRESQL = "ABIBOT_TEST_DATABASE_URL"
JOBS = 5
HONEST = "honest"
MARKED = [one for one in range(100, 200) if any(kill.window == "marked" for kill in plan(one))]
SEEDS: Mapping[str, Sequence[int]] = {
    HONEST: range(20),
    "acknowledge-first": range(100, 104),
    "forget-what-is-done": range(100, 108),
    "send-again-silently": MARKED[:8],
}


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    """Run everything under one roof: importing and migrating once is what takes long."""
    url = os.environ.get(POSTGRESQL, "")  # noqa: TID251 - tests have no settings
    return asyncio.run(_run_all(url))


async def _run_all(url: str) -> dict[str, Report]:
    kinds = ("sqlite", "postgresql") if url else ("sqlite",)
    async with house(JOBS, kinds, url) as slots:
        found = await asyncio.gather(*(_run(slots, name, url) for name in SEEDS))
    return dict(zip(SEEDS, found, strict=True))


async def _run(slots: House, name: str, url: str) -> Report:
    if name != HONEST:
        return await run(slots, Wanted([*SEEDS[name]], sabotage=name, keep=False))
    seeds = [seed for seed in SEEDS[name] if url or seed % 2 == 0]
    return await run(slots, Wanted(seeds))


def test_kills_at_any_moment_lose_nothing_and_double_nothing(reports: dict[str, Report]) -> None:
    report = reports[HONEST]
    assert report.fine, report
    assert report.databases["sqlite"] == len(SEEDS[HONEST]) / 2


def test_the_same_holds_on_postgresql(reports: dict[str, Report]) -> None:
    if not reports[HONEST].databases["postgresql"]:
        pytest.skip(f"set {POSTGRESQL} to run the storage tests on PostgreSQL too")
    assert reports[HONEST].databases["postgresql"] == len(SEEDS[HONEST]) / 2


def test_the_kills_strike_where_it_hurts(reports: dict[str, Report]) -> None:
    hits = reports[HONEST].hits
    assert hits["updates"] + hits["sending+updates"] > 0
    assert hits["sending"] + hits["sending+updates"] > 0


def test_what_a_kill_left_doubtful_is_listed_and_no_more(reports: dict[str, Report]) -> None:
    report = reports[HONEST]
    assert 0 < report.ambiguous <= report.kills


def test_a_bot_that_acknowledges_before_storing_is_caught(reports: dict[str, Report]) -> None:
    assert reports["acknowledge-first"].lost > 0


def test_a_bot_that_sends_again_without_saying_so_is_caught(reports: dict[str, Report]) -> None:
    assert reports["send-again-silently"].doubled > 0


def test_a_bot_whose_effects_and_done_do_not_commit_together_is_caught(
    reports: dict[str, Report],
) -> None:
    assert reports["forget-what-is-done"].doubled > 0
