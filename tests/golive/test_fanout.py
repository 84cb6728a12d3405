"""Telling everybody is one statement, however many they are."""

from pathlib import Path

from benchmarks.golive_fanout import announce, one_by_one, open_house, populate
from tests.conftest import ROOT

REGION = ROOT / "tests" / "region_folder"


async def test_fifty_thousand_people_are_queued_within_two_seconds(
    tmp_path: Path, clean_environment: None
) -> None:
    async with open_house(f"sqlite:///{tmp_path}/fanout.db", REGION) as house:
        await populate(house, 50_000)
        figures = await announce(house)
    assert figures.people == figures.messages == 50_000
    assert figures.seconds < 2
    assert figures.statements < 40


async def test_the_number_of_statements_does_not_grow_with_the_people(
    database_url: str, clean_environment: None
) -> None:
    statements = set()
    for people in (1, 500):
        async with open_house(database_url, REGION) as house:
            await populate(house, people)
            figures = await announce(house)
            assert figures.messages == people
            statements.add(figures.statements)
    assert len(statements) == 1


async def test_the_baseline_writes_the_same_rows(tmp_path: Path, clean_environment: None) -> None:
    async with open_house(f"sqlite:///{tmp_path}/baseline.db", REGION) as house:
        await populate(house, 20)
        figures = await one_by_one(house)
    assert figures.people == figures.messages == 20
    assert figures.statements > 2 * 20
