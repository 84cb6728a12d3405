"""What imports bring: facts from the first, news from the later ones, nothing from a repeat."""

import asyncio

import pytest

from services.golive import store
from services.golive.model import Batch, Item, OnlineFact, State
from services.golive.service import TooLateError
from services.staff.rules import Role
from services.staff.service import NotAllowedError
from tests.conftest import ROOT
from tests.county import County
from tests.golive.town_hall import (
    COUNTY,
    DOG,
    KOETHEN,
    LINK,
    OTHER_LINK,
    SABINE,
    STATE,
    ZERBST,
    Feed,
    actor,
    announces,
    colleague,
    crowd,
    facts,
    level,
    online,
    rows,
    stops,
    time_is_over,
    waiting_news,
    wishes,
)


async def items(county: County, batch: int | None) -> list[tuple[str, str, bool, str]]:
    assert batch is not None
    async with county.application.transaction() as house:
        found = await house.golive.items(batch)
        return sorted((one.service_id, one.area, one.online, one.evidence) for one in found)


async def test_the_first_import_announces_nothing_but_knows_what_is_online(
    feed: Feed, county: County
) -> None:
    await wishes(county, 1001)
    batch = await feed.delivers(
        link=[online(KOETHEN)],
        mature=[level(3)],
        very_mature=[level(4, COUNTY)],
        both=[level(4), online(KOETHEN), online(ZERBST, status="broken")],
        almost=[level(2)],
        unknown=[level(None)],
        other_model=[level(7, model="2.0")],
        unverified=[online(status="unverified")],
        broken=[online(status="broken")],
        withdrawn=[level(4, as_of="2024-01-01"), level(2, as_of="2025-01-01")],
        forgotten=[level(3, as_of="2024-01-01"), level(None, as_of="2025-01-01")],
        risen=[level(2, as_of="2024-01-01"), level(3, as_of="2025-01-01")],
    )
    assert batch is None
    assert await rows(county, Batch) == []
    assert await waiting_news(county) == []
    assert await facts(county) == [
        ("both", KOETHEN, "feed-link"),
        ("link", KOETHEN, "feed-link"),
        ("mature", KOETHEN, "maturity"),
        ("risen", KOETHEN, "maturity"),
        ("very-mature", COUNTY, "maturity"),
    ]
    assert {fact.batch_id for fact in await rows(county, OnlineFact)} == {None}


async def test_importing_the_county_s_own_folder_first_is_a_baseline(county: County) -> None:
    async with county.application.transaction() as house:
        report = await house.catalogue.take_in(ROOT / "tests" / "region_folder")
        assert await house.golive.announce_import(report) is None
    assert await rows(county, Batch) == []


async def test_only_what_really_came_online_is_announced(feed: Feed, county: County) -> None:
    before, after = level(2, as_of="2025-01-01"), level(3, as_of="2026-01-01")
    await feed.delivers(
        two_to_three=[level(2)],
        zero_to_four=[level(0)],
        one_to_two=[level(1)],
        three_to_four=[level(3)],
        unknown_to_three=[level(None)],
        nothing_to_three=[],
        other_model_rises=[level(2, model="2.0")],
        model_changes=[level(2)],
        newer_line=[before],
        older_line=[level(2, as_of="2025-01-01")],
        new_link=[],
        unverified_link=[],
        broken_link=[],
        repaired_link=[online(status="broken")],
        moved_link=[online(url=LINK)],
        link_elsewhere=[online(KOETHEN)],
        whole_county=[level(1, COUNTY)],
        another_town=[level(1, ZERBST), level(1, KOETHEN)],
    )
    batch = await feed.delivers(
        two_to_three=[level(3)],
        zero_to_four=[level(4)],
        one_to_two=[level(2)],
        three_to_four=[level(4)],
        unknown_to_three=[level(3)],
        nothing_to_three=[level(3)],
        other_model_rises=[level(7, model="2.0")],
        model_changes=[level(7, model="2.0")],
        newer_line=[after, before],
        older_line=[level(3, as_of="2024-01-01"), level(2, as_of="2025-01-01")],
        new_link=[online()],
        unverified_link=[online(status="unverified")],
        broken_link=[online(status="broken")],
        repaired_link=[online()],
        moved_link=[online(url=OTHER_LINK)],
        link_elsewhere=[online(KOETHEN), online(ZERBST)],
        whole_county=[level(3, COUNTY)],
        another_town=[level(3, ZERBST), level(2, KOETHEN)],
    )
    expected = [
        ("another-town", ZERBST, True, "maturity"),
        ("link-elsewhere", ZERBST, True, "feed-link"),
        ("new-link", KOETHEN, True, "feed-link"),
        ("newer-line", KOETHEN, True, "maturity"),
        ("repaired-link", KOETHEN, True, "feed-link"),
        ("two-to-three", KOETHEN, True, "maturity"),
        ("whole-county", COUNTY, True, "maturity"),
        ("zero-to-four", KOETHEN, True, "maturity"),
    ]
    assert await items(county, batch) == expected
    opened = [one for one in await rows(county, OnlineFact) if one.batch_id == batch]
    told = sorted((one.service_id, one.area, True, one.evidence) for one in opened)
    assert told == expected, "each fact keeps its own evidence"


async def test_an_import_is_one_message_with_everything(feed: Feed, county: County) -> None:
    erika = await wishes(county, 1001)
    await feed.delivers(alpha=[level(1)], beta=[], gamma=[])
    await feed.delivers(alpha=[level(3)], beta=[online()], gamma=[online(ZERBST)])
    await time_is_over(county)
    [heard] = erika.heard
    assert "Name alpha" in heard
    assert "Name beta" in heard
    assert LINK in heard
    assert "Name gamma" not in heard, "that is Zerbst"


async def test_the_same_import_again_brings_nothing(feed: Feed, county: County) -> None:
    erika = await wishes(county, 1001)
    await feed.delivers(alpha=[level(2)], beta=[])
    assert await feed.delivers(alpha=[level(3)], beta=[online()]) is not None
    await time_is_over(county)
    before = await facts(county)
    for _ in range(2):
        assert await feed.delivers(alpha=[level(3)], beta=[online()]) is None
    await time_is_over(county)
    assert len(erika.heard) == 1
    assert await facts(county) == before


async def test_a_service_new_in_a_known_source_is_a_fact_and_no_news(
    feed: Feed, county: County
) -> None:
    await wishes(county, 1001)
    await feed.delivers(alpha=[])
    assert await feed.delivers(alpha=[], beta=[online(), level(2)]) is None
    assert await facts(county) == [("beta", KOETHEN, "feed-link")]


async def test_another_source_has_a_first_import_of_its_own(
    feed: Feed, county: County, tmp_path
) -> None:
    await feed.delivers(alpha=[])
    (tmp_path / "other").mkdir()
    other = Feed(county, tmp_path / "other", source="testkreis/other")
    assert await other.delivers(beta=[online()]) is None
    assert await rows(county, Batch) == []
    assert await facts(county) == [("beta", KOETHEN, "feed-link")]


async def test_an_import_corrects_what_went_offline(feed: Feed, county: County) -> None:
    erika = await wishes(county, 1001)
    await feed.delivers(alpha=[level(3)], beta=[online()], gamma=[online()], delta=[level(2)])
    batch = await feed.delivers(
        alpha=[level(2)], beta=[online(status="broken")], gamma=[], delta=[level(1)]
    )
    assert await items(county, batch) == [
        ("alpha", KOETHEN, False, "maturity"),
        ("beta", KOETHEN, False, "feed-link"),
        ("gamma", KOETHEN, False, "feed-link"),
    ]
    assert await facts(county) == []
    await time_is_over(county)
    [heard] = erika.heard
    assert heard.startswith("<b>Korrektur: zurzeit nicht online</b>")


async def test_up_and_down_and_up_again_is_told_each_time(feed: Feed, county: County) -> None:
    erika = await wishes(county, 1001)
    for number in (2, 3, 2, 3):
        await feed.delivers(alpha=[level(number)])
        await time_is_over(county)
    assert len(erika.heard) == 3


async def test_a_level_that_was_unknown_for_a_while_is_not_known_to_have_risen(
    feed: Feed, county: County
) -> None:
    await feed.delivers(alpha=[level(2)])
    assert await feed.delivers(alpha=[level(None)]) is None
    assert await feed.delivers(alpha=[level(3)]) is None


async def test_what_staff_announced_an_import_does_not_announce_again(
    feed: Feed, county: County
) -> None:
    erika = await wishes(county, 1001)
    await feed.delivers(alpha=[level(2, COUNTY)])
    await announces(county, service="alpha", area=COUNTY)
    await time_is_over(county)
    assert await feed.delivers(alpha=[level(3, COUNTY), online(KOETHEN)]) is None
    await time_is_over(county)
    assert len(erika.heard) == 1
    assert await facts(county) == [("alpha", COUNTY, "staff")]


async def test_what_was_never_said_to_be_online_is_not_corrected(
    feed: Feed, county: County
) -> None:
    await feed.delivers(alpha=[level(3)])
    await announces(county, service="alpha", online=False)
    assert await feed.delivers(alpha=[level(1)]) is None


async def test_an_import_that_is_rolled_back_announces_nothing(feed: Feed, county: County) -> None:
    await feed.delivers(alpha=[level(2)])
    before = county.application.transaction

    async def imports_and_fails() -> None:
        async with before() as house:
            file = feed.folder / "feed.yaml"
            file.write_text(file.read_text().replace('"level": 2', '"level": 3'))
            report = await house.catalogue.take_in(file)
            assert await house.golive.announce_import(report) is not None
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await imports_and_fails()
    assert await rows(county, Batch) == []
    assert await facts(county) == []
    assert await feed.delivers(alpha=[level(3)]) is not None, "it is still news"


async def test_staff_of_the_county_hear_of_an_import_and_can_stop_it(
    feed: Feed, county: County
) -> None:
    erika = await wishes(county, 1001)
    sabine = await colleague(county, SABINE, Role.EDITOR)
    zerbst = await colleague(county, 2002, Role.EDITOR, ZERBST)
    worker = await colleague(county, 2003, Role.CASE_WORKER)
    await feed.delivers(alpha=[])
    await feed.delivers(alpha=[online()])
    await county.settle()
    assert "Ein Import meldet Neues" in sabine.heard[-1]
    assert "Name alpha" in sabine.heard[-1]
    assert zerbst.heard == worker.heard == []

    assert "Gestoppt" in await sabine.taps("Stopp")
    await time_is_over(county)
    assert erika.heard == []
    assert await facts(county) == []


@pytest.mark.parametrize("area", [STATE, COUNTY])
async def test_what_the_whole_state_got_the_county_s_staff_can_stop(
    feed: Feed, county: County, area: str
) -> None:
    erika = await wishes(county, 1001)
    await colleague(county, SABINE, Role.EDITOR)
    await colleague(county, 2002, Role.EDITOR, ZERBST)
    await feed.delivers(alpha=[])
    batch = await feed.delivers(alpha=[online(area)])
    assert batch is not None
    with pytest.raises(NotAllowedError):
        await stops(county, batch, by=2002)
    assert await stops(county, batch, by=SABINE) == 1
    await time_is_over(county)
    assert erika.heard == []


@pytest.mark.parametrize("answer", ["Freigeben", "Ablehnen"])
async def test_above_the_threshold_somebody_must_agree_to_an_import(
    feed: Feed, county: County, answer: str
) -> None:
    await crowd(county, 4)
    sabine = await colleague(county, SABINE, Role.EDITOR)
    await feed.delivers(alpha=[])
    await feed.delivers(alpha=[online(STATE)])
    await time_is_over(county)
    assert "Freigabe erbeten" in sabine.heard[-1]
    assert "Name alpha" in sabine.heard[-1]
    assert await facts(county) == []

    await sabine.taps(answer)
    await time_is_over(county)
    told = [len(county.told(5000 + number)) for number in range(1, 5)]
    if answer == "Freigeben":
        assert told == [1, 1, 1, 1]
        assert await facts(county) == [("alpha", STATE, "feed-link")]
    else:
        assert told == [0, 0, 0, 0]
        assert await facts(county) == []


async def test_where_nobody_can_agree_a_large_import_tells_nobody(
    feed: Feed, county: County
) -> None:
    await crowd(county, 4)
    await colleague(county, SABINE, Role.EDITOR, ZERBST)
    await feed.delivers(alpha=[])
    batch = await feed.delivers(alpha=[online(COUNTY)])
    [dropped] = await rows(county, Batch)
    assert (dropped.id, dropped.state) == (batch, State.DROPPED)
    assert await waiting_news(county) == []


async def test_two_decisions_about_an_import_at_once_count_once(
    feed: Feed, county: County
) -> None:
    await crowd(county, 4)
    people = [await colleague(county, 2001 + number, Role.EDITOR) for number in range(2)]
    await feed.delivers(alpha=[])
    await feed.delivers(alpha=[online()])
    await county.settle()
    await asyncio.gather(*(one.taps("Freigeben") for one in people))
    await time_is_over(county)
    assert [len(county.told(5000 + number)) for number in range(1, 5)] == [1, 1, 1, 1]


async def test_a_stop_takes_towns_and_county_of_one_import_back(
    feed: Feed, county: County
) -> None:
    await colleague(county, SABINE, Role.EDITOR)
    await feed.delivers(alpha=[])
    batch = await feed.delivers(
        alpha=[online(KOETHEN), online(COUNTY), online(ZERBST, OTHER_LINK)]
    )
    assert batch is not None
    await stops(county, batch)
    assert await facts(county) == []
    with pytest.raises(TooLateError):
        await stops(county, batch)


async def test_a_huge_import_has_its_recipients_counted(county: County) -> None:
    await wishes(county, 1001)
    await wishes(county, 1002, DOG)
    async with county.application.transaction() as house:
        batch = Batch(created_at=county.clock(), state=State.READY)
        house.golive.session.add(batch)
        await house.golive.session.flush()
        house.golive.session.add_all(
            Item(
                batch_id=batch.id,
                service_id=f"service-{number}",
                area=KOETHEN,
                online=True,
                evidence="maturity",
            )
            for number in range(1_500)
        )
        await house.golive.session.flush()
        assert await store.audience(house.golive.session, batch.id) == 1


async def test_a_long_list_fits_into_one_message(feed: Feed, county: County) -> None:
    erika = await wishes(county, 1001)
    names = [f"service_{number}" for number in range(60)]
    await feed.delivers(**{name: [] for name in names})
    await feed.delivers(**{name: [online()] for name in names})
    await time_is_over(county)
    [heard] = erika.heard
    assert len(heard) <= 4096
    assert heard.count(LINK) == 25
    assert "35 weitere" in heard


async def test_staff_s_own_proposal_is_news_only_once_beside_an_import(
    feed: Feed, county: County
) -> None:
    await feed.delivers(alpha=[])
    async with county.application.transaction() as house:
        await house.chats.meet(SABINE, "private", "de")
    await colleague(county, SABINE, Role.EDITOR)
    async with county.application.transaction() as house:
        proposal = await house.golive.propose(
            await actor(house, SABINE),
            service_id=DOG,
            area=KOETHEN,
            url=LINK,
            online=True,
        )
        assert proposal.state == State.READY
    assert await feed.delivers(alpha=[online()]) is not None
    assert await facts(county) == [("alpha", KOETHEN, "feed-link")], "the proposal is no fact yet"
