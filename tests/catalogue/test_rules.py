"""Who is responsible, what is online, and what counts as going online."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.catalogue.records import Office, Service
from services.catalogue.rules import (
    ONLINE_LEVEL,
    Change,
    Evidence,
    Snapshot,
    changes,
    nearest_link,
    nearest_maturity,
)
from tests.catalogue.kit import (
    COUNTY,
    KOETHEN,
    PORTAL,
    STATE,
    SUED,
    ZERBST,
    link,
    maturity,
    office,
    service,
)

TOWN_URL = "https://www.koethen-anhalt.de/hund"


def catalogue(*records: Service | Office) -> Snapshot:
    services = {one.id: one for one in records if isinstance(one, Service)}
    return Snapshot(1, services, {one.id: one for one in records if isinstance(one, Office)})


# -- who is responsible


def test_the_municipality_beats_the_county_and_the_county_the_state() -> None:
    hund = service()
    snapshot = catalogue(
        hund,
        office("land", area=STATE),
        office("kreis", area=COUNTY),
        office("koethen", area=KOETHEN),
        office("anderes", area=ZERBST, tasks=["kfz"]),
    )
    nearest = {
        ars: snapshot.responsible_office(hund, ars)
        for ars in (KOETHEN, ZERBST, COUNTY, "150010000000", "090010000000")
    }
    assert {ars: found.id if found else None for ars, found in nearest.items()} == {
        KOETHEN: "koethen",
        ZERBST: "kreis",
        COUNTY: "kreis",
        "150010000000": "land",
        "090010000000": None,
    }


def test_a_named_office_counts_in_its_row_wherever_else_it_works() -> None:
    rows = [{"area": COUNTY, "office": "kreis"}, {"area": KOETHEN, "office": "koethen"}]
    hund = service(task=..., responsibility=rows)
    snapshot = catalogue(hund, office("kreis", tasks=[]), office("koethen", area="", tasks=[]))
    assert snapshot.responsible_office(hund, KOETHEN) == snapshot.offices["koethen"]
    assert snapshot.responsible_office(hund, ZERBST) == snapshot.offices["kreis"]


def test_a_row_for_an_office_that_is_gone_is_passed_over() -> None:
    rows = [{"area": COUNTY, "office": "kreis"}, {"area": KOETHEN, "office": "fort"}]
    hund = service(task=..., responsibility=rows)
    assert catalogue(hund, office("kreis")).responsible_office(hund, KOETHEN) is not None
    assert catalogue(hund).responsible_office(hund, KOETHEN) is None


def test_the_town_matters_only_where_offices_differ() -> None:
    hund, towns = service(), (KOETHEN, ZERBST, SUED)
    assert not catalogue(hund, office("kreis")).depends_on_place(hund, towns)
    assert catalogue(hund, office("kreis"), office("k", area=KOETHEN)).depends_on_place(
        hund, towns
    )
    assert catalogue(hund, office("k", area=KOETHEN)).depends_on_place(hund, towns)
    assert not catalogue(hund).depends_on_place(hund, towns)


def test_services_are_found_by_key_situation_and_task() -> None:
    a, b = service("a", situations=["tiere", "umzug"]), service("b", leika=[])
    snapshot = catalogue(a, b, office("x"), office("y", tasks=["kfz", "hundesteuer"]))
    assert snapshot.by_leika == {"99102007104000": (a,)}
    assert snapshot.by_situation == {"tiere": (a, b), "umzug": (a,)}
    assert {task: [one.id for one in found] for task, found in snapshot.by_task.items()} == {
        "hundesteuer": ["x", "y"],
        "kfz": ["y"],
    }


# -- what is shown


def test_the_nearest_link_is_shown_and_a_broken_one_never() -> None:
    near, far = link(area=KOETHEN, url=TOWN_URL), link()
    hund = service(online=[far, near])
    assert nearest_link(hund, KOETHEN) == hund.online[1]
    assert nearest_link(hund, ZERBST) == hund.online[0]
    assert nearest_link(hund, "090010000000") is None
    broken = service(online=[far, {**near, "status": "broken"}])
    assert nearest_link(broken, KOETHEN) == broken.online[0]
    assert nearest_link(service(online=[link("broken")]), KOETHEN) is None
    assert nearest_link(service(online=[link("unverified")]), KOETHEN) is not None


def test_the_nearest_and_newest_maturity_is_shown() -> None:
    hund = service(
        maturity=[
            maturity(1, KOETHEN, as_of=date(2025, 1, 1)),
            maturity(2, KOETHEN, as_of=date(2026, 1, 1)),
            maturity(4, STATE, as_of=date(2026, 6, 1)),
        ]
    )
    assert nearest_maturity(hund, KOETHEN) == hund.maturity[1]
    assert nearest_maturity(hund, ZERBST) == hund.maturity[2]
    assert nearest_maturity(service(), KOETHEN) is None


# -- what counts as going online


def went(before: Service, after: Service) -> list[tuple[str, bool, Evidence]]:
    return [(one.area, one.online, one.evidence) for one in changes(before, after)]


@pytest.mark.parametrize("before", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("after", [0, 1, 2, 3, 4])
def test_model_1_1_counts_where_it_crosses_level_3(before: int, after: int) -> None:
    expected = []
    if (before >= ONLINE_LEVEL) != (after >= ONLINE_LEVEL):
        expected = [(COUNTY, after >= ONLINE_LEVEL, Evidence.MATURITY)]
    assert (
        went(service(maturity=[maturity(before)]), service(maturity=[maturity(after)])) == expected
    )


@pytest.mark.parametrize("level", [3, 4])
def test_null_is_no_level_from_which_one_rises_or_to_which_one_falls(level: int) -> None:
    unknown, known = service(maturity=[maturity(None)]), service(maturity=[maturity(level)])
    assert changes(unknown, known) == []
    assert changes(known, unknown) == []


@pytest.mark.parametrize("level", [0, 3, 4])
def test_no_maturity_is_no_level_either(level: int) -> None:
    assert changes(service(), service(maturity=[maturity(level)])) == []
    assert changes(service(maturity=[maturity(level)]), service()) == []


@pytest.mark.parametrize(("before", "after"), [(0, 7), (2, 3), (2, 4), (7, 0), (3, 2)])
def test_model_2_0_never_counts_by_its_number(before: int, after: int) -> None:
    old = service(maturity=[maturity(before, model="2.0")])
    assert changes(old, service(maturity=[maturity(after, model="2.0")])) == []


def test_the_models_are_never_compared_with_each_other() -> None:
    old = service(maturity=[maturity(2)])
    assert changes(old, service(maturity=[maturity(3, model="2.0")])) == []
    assert (
        changes(service(maturity=[maturity(2, model="2.0")]), service(maturity=[maturity(3)]))
        == []
    )


def test_areas_are_never_compared_with_each_other() -> None:
    assert (
        changes(service(maturity=[maturity(2, KOETHEN)]), service(maturity=[maturity(3, ZERBST)]))
        == []
    )


def test_the_newest_level_of_an_area_counts_in_any_order() -> None:
    old = maturity(2, as_of=date(2025, 1, 1))
    new = maturity(3, as_of=date(2026, 6, 1))
    before = service(maturity=[old])
    for rows in ([old, new], [new, old]):
        assert went(before, service(maturity=rows)) == [(COUNTY, True, Evidence.MATURITY)]
    newest_unknown = service(maturity=[old, {**new, "level": None}])
    assert changes(before, newest_unknown) == []


def test_a_new_working_link_is_going_online() -> None:
    assert changes(service(), service(online=[link()])) == [
        Change("hund-anmelden", STATE, online=True, evidence=Evidence.FEED_LINK, url=PORTAL)
    ]


@pytest.mark.parametrize("before", ["unverified", "broken"])
def test_a_link_that_is_found_to_work_is_going_online(before: str) -> None:
    assert went(service(online=[link(before)]), service(online=[link()])) == [
        (STATE, True, Evidence.FEED_LINK)
    ]


@pytest.mark.parametrize("status", ["unverified", "broken"])
def test_a_link_nobody_knows_to_work_is_no_news(status: str) -> None:
    assert changes(service(), service(online=[link(status)])) == []


@pytest.mark.parametrize("after", [[link("broken")], [link("unverified")], []])
def test_a_link_that_works_no_more_is_going_offline(after: list[Any]) -> None:
    assert went(service(online=[link()]), service(online=after)) == [
        (STATE, False, Evidence.FEED_LINK)
    ]


def test_another_address_of_a_working_link_is_no_news() -> None:
    moved = link(url="https://kfz.sachsen-anhalt.de/neu")
    assert changes(service(online=[link()]), service(online=[moved])) == []


def test_a_rise_carries_the_link_that_works() -> None:
    before = service(maturity=[maturity(2)], online=[link(area=COUNTY)])
    [change] = changes(before, service(maturity=[maturity(3)], online=[link(area=COUNTY)]))
    assert change.url == PORTAL
    [change] = changes(
        service(maturity=[maturity(2)], online=[link("broken", COUNTY)]),
        service(maturity=[maturity(3)], online=[link("broken", COUNTY)]),
    )
    assert change.url is None


def test_an_area_changes_once_however_much_speaks_for_it() -> None:
    after = service(maturity=[maturity(4)], online=[link(area=COUNTY)])
    assert went(service(maturity=[maturity(1)]), after) == [(COUNTY, True, Evidence.FEED_LINK)]


def test_words_and_fees_are_no_news() -> None:
    assert changes(service(), service(official="Anders", task="kfz")) == []


AREAS = st.sampled_from([STATE, COUNTY, KOETHEN, ZERBST])
VERSIONS = st.builds(
    lambda levels, links: service(maturity=levels, online=links),
    st.lists(
        st.builds(
            lambda level, area, model, day: maturity(
                level, area, model=model, as_of=date(2026, 1, day)
            ),
            st.none() | st.integers(0, 4),
            AREAS,
            st.sampled_from(["1.1", "2.0"]),
            st.integers(1, 28),
        ),
        max_size=4,
        unique_by=lambda row: (row["area"], row["model"], row["as_of"]),
    ),
    st.lists(
        st.builds(link, st.sampled_from(["ok", "broken", "unverified"]), AREAS),
        max_size=4,
        unique_by=lambda row: row["area"],
    ),
)


@settings(max_examples=50)
@given(version=VERSIONS)
def test_the_same_again_changes_nothing(version: Service) -> None:
    assert changes(version, version) == []


@settings(max_examples=50)
@given(before=VERSIONS, after=VERSIONS)
def test_each_area_is_told_at_most_once_and_offline_never_has_a_link(
    before: Service, after: Service
) -> None:
    found = changes(before, after)
    assert len({one.area for one in found}) == len(found)
    working = {row.url for row in after.online if row.status == "ok"}
    assert all(one.url is None or one.url in working for one in found)


@settings(max_examples=50)
@given(before=VERSIONS, after=VERSIONS, data=st.data())
def test_the_order_of_rows_does_not_matter(before: Service, after: Service, data: Any) -> None:
    shuffled = after.model_copy(
        update={
            "maturity": tuple(data.draw(st.permutations(after.maturity))),
            "online": tuple(data.draw(st.permutations(after.online))),
        }
    )
    by_area = {one.area: one for one in changes(before, after)}
    assert {one.area: one for one in changes(before, shuffled)} == by_area
