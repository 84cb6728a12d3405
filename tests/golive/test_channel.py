"""The channel: at most one post a day with everything new; in the demo one a batch, at once."""

from dataclasses import replace

import pytest

from services.golive.model import Batch
from tests.conftest import FRIDAY_NOON
from tests.county import CHANNEL, County
from tests.golive.town_hall import (
    BUILD,
    DOG,
    MOVE,
    ZERBST,
    announces,
    proposes,
    rows,
    stops,
    time_is_over,
)

POST = "channel post"


async def at(county: County, hour: int, minute: int = 0, days: int = 0) -> None:
    """Move to a local time of the Friday, or of a later day, and let the job run."""
    county.clock.now = FRIDAY_NOON.replace(hour=hour - 1, minute=minute)
    county.clock.forward(days=days)
    await county.runs(POST)


async def test_one_post_a_day_at_17_with_everything_new(county: County) -> None:
    await announces(county)
    await time_is_over(county)
    await announces(county, service=MOVE, area=ZERBST)
    await at(county, 16, 59)
    assert county.told(CHANNEL) == []
    await at(county, 17)
    [post] = county.told(CHANNEL)
    assert "Hund anmelden" in post
    assert "Wohnsitz" in post

    await announces(county, service=BUILD)
    for hour in (18, 19, 23):
        await at(county, hour)
    assert len(county.told(CHANNEL)) == 1
    await at(county, 16, days=1)
    assert len(county.told(CHANNEL)) == 1
    await at(county, 17, days=1)
    assert len(county.told(CHANNEL)) == 2
    assert "Baugenehmigung" in county.told(CHANNEL)[-1]
    assert "Hund" not in county.told(CHANNEL)[-1]
    await at(county, 17, days=2)
    assert len(county.told(CHANNEL)) == 2, "no news, no post"


async def test_the_post_of_a_quiet_day_leaves_when_there_is_news(county: County) -> None:
    await at(county, 18)
    await announces(county)
    await at(county, 18, 1)
    assert county.told(CHANNEL) == []
    await at(county, 18, 2)
    assert len(county.told(CHANNEL)) == 1


async def test_only_what_may_be_told_is_posted(county: County) -> None:
    await proposes(county)
    stopped = await announces(county, service=MOVE)
    await stops(county, stopped)
    await at(county, 17)
    await announces(county, service=BUILD)
    await at(county, 17, 1)
    assert county.told(CHANNEL) == [], "neither proposed, nor stopped, nor still stoppable"
    await at(county, 17, 2)
    [post] = county.told(CHANNEL)
    assert "Hund" not in post
    assert "Wohnsitz" not in post


async def test_a_correction_is_posted_too(county: County) -> None:
    await announces(county)
    await announces(county, online=False)
    await at(county, 17)
    [post] = county.told(CHANNEL)
    assert post.count("Hund anmelden") == 2
    assert "zurzeit nicht online" in post


@pytest.mark.parametrize("at_once", [False, True])
async def test_without_a_channel_nothing_is_posted_and_nothing_is_lost(
    county: County, *, at_once: bool
) -> None:
    work = county.application.work
    policy = replace(work.house.policy, channel=None, channel_at_once=at_once)
    work.house = replace(work.house, policy=policy)
    await announces(county)
    await at(county, 17)
    assert county.told(CHANNEL) == []
    county.application.know_channel(CHANNEL)
    await at(county, 17, 1)
    assert len(county.told(CHANNEL)) == 1


async def test_in_the_demo_every_batch_has_its_own_post_at_once(county: County) -> None:
    work = county.application.work
    policy = replace(work.house.policy, channel_at_once=True, quiet_hours=False)
    work.house = replace(work.house, policy=policy)
    county.clock.now = FRIDAY_NOON.replace(hour=2)
    await announces(county)
    await announces(county, service=MOVE)
    await county.runs(POST)
    assert county.told(CHANNEL) == []
    county.clock.forward(minutes=2)
    for _ in range(4):
        await county.runs(POST)
    first, second = county.told(CHANNEL)
    assert "Hund anmelden" in first
    assert "Wohnsitz" not in first
    assert "Wohnsitz" in second
    keys = [batch.channel_key for batch in await rows(county, Batch)]
    assert keys == ["channel:batch:1", "channel:batch:2"]


async def test_the_day_of_the_post_is_the_local_one_when_the_clocks_change(
    county: County,
) -> None:
    county.clock.now = FRIDAY_NOON.replace(month=10, day=24, hour=14, minute=0)
    await announces(county)
    await time_is_over(county)
    county.clock.now = county.clock.now.replace(hour=15, minute=0)  # 17 o'clock in summer
    await county.runs(POST)
    assert len(county.told(CHANNEL)) == 1
    await announces(county, service=DOG, area=ZERBST)
    county.clock.now = county.clock.now.replace(day=25, hour=15)  # 16 o'clock in winter
    await county.runs(POST)
    assert len(county.told(CHANNEL)) == 1
    county.clock.forward(hours=1)
    await county.runs(POST)
    assert len(county.told(CHANNEL)) == 2
