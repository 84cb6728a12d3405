"""Figures without people: pseudonyms of a month whose key is thrown away."""

import hashlib
import hmac
from datetime import UTC, datetime

import pytest

from services.statistics.model import StatisticKey, Usage
from services.statistics.service import Event, Figures
from tests.county import County
from tests.golive.town_hall import rows

ERIKA, OTTO = 1234567890, 987654321


async def counts(county: County, person: int = ERIKA, event: Event = Event.ANSWERED) -> None:
    async with county.application.transaction() as house:
        await house.statistics.count(person, event)


async def figures(county: County, days: int = 30) -> Figures:
    async with county.application.transaction() as house:
        return await house.statistics.figures(days)


async def pseudonyms(county: County) -> set[str]:
    return {one.pseudonym for one in await rows(county, Usage)}


async def test_a_person_has_one_pseudonym_within_a_month(county: County) -> None:
    for _ in range(3):
        await counts(county)
        county.clock.forward(days=3)
    assert len(await pseudonyms(county)) == 1
    await counts(county, OTTO)
    assert len(await pseudonyms(county)) == 2


async def test_another_month_has_other_pseudonyms_and_no_old_key(county: County) -> None:
    await counts(county)
    [before] = await pseudonyms(county)
    [old] = await rows(county, StatisticKey)
    county.clock.now = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
    await counts(county)
    assert await pseudonyms(county) == {before}
    county.clock.forward(seconds=1)
    await counts(county)
    assert len(await pseudonyms(county)) == 2
    [new] = await rows(county, StatisticKey)
    assert (old.month, new.month) == ("2026-11", "2026-12")
    assert new.key != old.key


async def test_the_same_month_of_another_year_has_another_key(county: County) -> None:
    await counts(county)
    county.clock.now = county.clock.now.replace(year=2027)
    await counts(county)
    assert len(await pseudonyms(county)) == 2
    assert len(await rows(county, StatisticKey)) == 1


async def test_without_the_key_nobody_finds_the_person(county: County) -> None:
    await counts(county)
    [pseudonym] = await pseudonyms(county)
    [kept] = await rows(county, StatisticKey)
    assert len(kept.key) == 32
    said = hmac.new(kept.key, str(ERIKA).encode(), hashlib.sha256).hexdigest()
    assert said.startswith(pseudonym), "while the month lasts, we can count"
    assert pseudonym not in hashlib.sha256(str(ERIKA).encode()).hexdigest()
    assert len(pseudonym) == 16


async def test_no_number_of_telegram_is_stored(county: County) -> None:
    await county.citizen(ERIKA).says("Welpe gekauft in Köthen")
    kept = [*await rows(county, Usage), *await rows(county, StatisticKey)]
    assert len(kept) == 2
    for row in kept:
        values = {name: getattr(row, name) for name in row.__table__.columns.keys()}  # noqa: SIM118
        assert str(ERIKA) not in str(values)
        assert all("chat" not in name and "telegram" not in name for name in values)


async def test_figures_are_sums(county: County) -> None:
    assert await figures(county) == Figures(30, 0, {})
    for event in (Event.ANSWERED, Event.ANSWERED, Event.UNANSWERED):
        await counts(county, event=event)
    await counts(county, OTTO, Event.ANSWERED)
    assert await figures(county) == Figures(30, 2, {"answered": 3, "unanswered": 1})


async def test_figures_reach_back_thirty_days_with_today(county: County) -> None:
    await counts(county)
    county.clock.forward(days=29)
    assert (await figures(county)).people == 1
    county.clock.forward(days=1)
    assert (await figures(county)).people == 0
    assert (await figures(county, days=31)).people == 1


async def test_a_count_that_is_rolled_back_did_not_happen(county: County) -> None:
    async def counts_and_fails() -> None:
        async with county.application.transaction() as house:
            await house.statistics.count(ERIKA, Event.CHOICE)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await counts_and_fails()
    assert await rows(county, Usage) == []
