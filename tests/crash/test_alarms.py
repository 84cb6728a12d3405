"""A bot that is killed anywhere on the way of an alarm tells it: once, or twice and says so."""

import asyncio
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy

from bot.migrate import migrate
from bot.settings import DatabaseSettings
from tests.conftest import POSTGRESQL, emptying
from tests.crash.field import AGAIN, Field, open_field
from tests.crash.gauges import GROUPS, HEADS, name_of
from tests.crash.points import POINTS
from tests.crash.processes import Nursery, nursery

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]
LOG = (
    "SELECT device.name, rule_key, time, what, alarm_change.before, alarm_change.after,"
    " alarm_change.value FROM alarm_change JOIN series ON series.id = series_id"
    " JOIN device ON device.id = series.device_id ORDER BY time, alarm_change.id"
)
EPISODES = (
    'SELECT device.name, rule_key, began_at, ended_at, "end", level, highest FROM alarm'
    " JOIN device ON device.id = device_id ORDER BY began_at, alarm.id"
)
Row = tuple[object, ...]
DIES_AT = {"sqlite": ("fired", "resolved"), "postgresql": ("rose",)}
"""Before which news the bot dies, by database."""
DOUBTFUL = frozenset({"claimed, not sent", "Telegram has it", "noted as sent"})
"""Here a message of one of both groups may be under way."""
ONCE = ([False],)
TOLD_OR_REPEATED = ([False], [True], [False, True])
WRONG = {
    "forget-what-changed": ("values and alarm committed", 3.0),
    "send-again-silently": ("Telegram has it", None),
}
"""Bots that break a promise, where they die, and how long to wait for what never comes."""
UNHARMED = 0
"""The gauge on whose way nobody dies; the others have the numbers of the points."""


@dataclass(frozen=True)
class Story:
    """What stood in the database and in the groups in the end."""

    deaths: Sequence[str]
    log: Sequence[Row]
    episodes: Sequence[Row]
    heads: Sequence[Sequence[str]]
    """Of each group."""

    def of(self, rows: Sequence[Row], number: int) -> list[Row]:
        """Return the rows of a gauge without its name."""
        return [row[1:] for row in rows if row[0] == name_of(number)]


@pytest.fixture(scope="module")
def stories(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Story]:
    """Live through everything under one roof: both databases at a time."""
    folder = tmp_path_factory.mktemp("alarms")
    for name in ("empty", "sqlite"):
        shutil.copy(empty_sqlite, folder / f"{name}.db")
    urls = {"sqlite": f"sqlite:///{folder}/sqlite.db"}
    if url := os.environ.get(POSTGRESQL, ""):  # noqa: TID251 - tests have no settings
        urls["postgresql"] = _emptied(url)
    return asyncio.run(_live_everywhere(folder, urls))


def _emptied(url: str) -> str:
    """Empty a database that may not be there yet."""
    url = DatabaseSettings(url=url).url
    migrate(url)
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(emptying())
    engine.dispose()
    return url


async def _live_everywhere(folder: Path, urls: Mapping[str, str]) -> dict[str, Story]:
    for name in (*urls, *WRONG):
        (folder / name).mkdir()
    async with nursery() as home:
        found = await asyncio.gather(*(_live(home, folder, *one) for one in urls.items()))
        wrongs = [await _live_wrongly(home, folder, name) for name in WRONG]
    return {**dict(zip(urls, found, strict=True)), **dict(zip(WRONG, wrongs, strict=True))}


async def _live(home: Nursery, folder: Path, name: str, url: str) -> Story:
    """Let one gauge after the other come to each step, and the bot die on the way."""
    async with open_field(home, folder / name, url, len(POINTS) + 1) as field:
        for step in HEADS:
            await field.measures(UNHARMED, step)
        for number, point in enumerate(POINTS, 1):
            for step in HEADS:
                await field.measures(number, step, point if step in DIES_AT[name] else "")
        return await _story(field)


async def _live_wrongly(home: Nursery, folder: Path, name: str) -> Story:
    """Let a bot that breaks a promise die once."""
    shutil.copy(folder / "empty.db", folder / f"{name}.db")
    url = f"sqlite:///{folder}/{name}.db"
    async with open_field(home, folder / name, url, 1, sabotage=name) as field:
        await field.measures(UNHARMED, "fired", *WRONG[name])
        return await _story(field)


async def _story(field: Field) -> Story:
    heads = [await field.heads(group) for group in GROUPS]
    return Story(field.deaths, field.rows(LOG), field.rows(EPISODES), heads)


@pytest.fixture(params=list(DIES_AT))
def story(request: pytest.FixtureRequest, stories: Mapping[str, Story]) -> Story:
    if request.param not in stories:
        pytest.skip(f"set {POSTGRESQL} to run the storage tests on PostgreSQL too")
    return stories[request.param]


def test_it_died_at_every_point(story: Story) -> None:
    assert list(dict.fromkeys(story.deaths)) == list(POINTS)


@pytest.mark.parametrize("number", range(len(POINTS) + 1), ids=["nowhere", *POINTS])
def test_each_level_is_told_once_or_again_as_a_repetition(story: Story, number: int) -> None:
    point = ["", *POINTS][number]
    for heads in story.heads:
        told = [one for one in heads if name_of(number) in one]
        for words in (words for _, words in HEADS.values()):
            of_step = [one.startswith(AGAIN) for one in told if words in one]
            told = [one for one in told if words not in one]
            assert of_step in (TOLD_OR_REPEATED if point in DOUBTFUL else ONCE), (point, words)
        assert told == []


def test_what_may_have_arrived_is_marked_when_it_comes_again(story: Story) -> None:
    for number, point in enumerate(POINTS, 1):
        heads = [one for each in story.heads for one in each if name_of(number) in one]
        repeated = [one for one in heads if one.startswith(AGAIN)]
        assert repeated or point not in {"claimed, not sent", "Telegram has it"}, point
        assert not repeated or point in DOUBTFUL, point


@pytest.mark.parametrize("number", range(1, len(POINTS) + 1), ids=list(POINTS))
def test_the_log_is_that_of_a_life_without_deaths(story: Story, number: int) -> None:
    assert len(story.of(story.log, UNHARMED)) == len(HEADS)
    assert story.of(story.log, number) == story.of(story.log, UNHARMED)
    assert story.of(story.episodes, number) == story.of(story.episodes, UNHARMED)
    assert len(story.of(story.episodes, number)) == 1


def test_a_bot_that_forgets_what_changed_is_caught(stories: Mapping[str, Story]) -> None:
    assert stories["forget-what-changed"].heads == [[], []]
    assert len(stories["forget-what-changed"].episodes) == 1


def test_a_bot_that_sends_again_without_saying_so_is_caught(stories: Mapping[str, Story]) -> None:
    heads = stories["send-again-silently"].heads
    assert any(len(one) == 2 for one in heads)
    assert not any(one.startswith(AGAIN) for each in heads for one in each)
