"""Wishes in the chat: one tap to add, one tap to remove, a second tap does no harm."""

import pytest

from services.subscriptions.model import EVERYTHING, Subscription
from tests.county import County, Person
from tests.golive.town_hall import (
    COUNTY,
    DOG,
    KOETHEN,
    MOVE,
    ZERBST,
    announces,
    rows,
    time_is_over,
    wishes,
)

SUBSCRIBE = "Bescheid geben, wenn online"
WEEKLY = "Lieber einmal in der Woche"
IMMEDIATE = "Lieber sofort"


@pytest.fixture
async def erika(county: County) -> Person:
    async with county.application.transaction() as house:
        chat = await house.chats.meet(1001, "private", "de")
        await house.chats.live_in(chat, KOETHEN)
    return county.citizen()


async def wanted(county: County) -> list[tuple[str, str]]:
    return [(one.service_id, one.area) for one in await rows(county, Subscription)]


def removal(person: Person) -> list[str]:
    return [label for label in person.buttons if label.startswith("Entfernen")]


async def test_one_tap_on_a_card_is_a_wish_and_a_second_one_changes_nothing(
    county: County, erika: Person
) -> None:
    await erika.says("Welpe gekauft")
    assert "Wir sagen Ihnen hier Bescheid" in await erika.taps(SUBSCRIBE)
    assert "schon vorgemerkt" in await erika.taps(SUBSCRIBE)
    assert await wanted(county) == [(DOG, KOETHEN)]


async def test_everything_in_one_s_municipality_is_one_tap_in_the_list(
    county: County, erika: Person
) -> None:
    assert "warten zurzeit auf nichts" in await erika.says("/abos")
    assert erika.buttons == [
        "Alles Neue melden: Köthen (Anhalt)",
        "Schwellenwerte von Sensoren",
    ]
    answer = await erika.taps("Alles Neue melden: Köthen (Anhalt)")
    assert "Alles Neue" in answer
    assert "Köthen (Anhalt)" in answer
    await erika.taps("Alles Neue melden: Köthen (Anhalt)")
    assert await wanted(county) == [(EVERYTHING, KOETHEN)]
    await erika.says("/abos")
    assert not any("Alles Neue melden" in label for label in erika.buttons)


async def test_whose_municipality_is_unknown_waits_for_the_whole_county(county: County) -> None:
    otto = county.citizen(1002)
    await otto.says("/abos")
    await otto.taps("Alles Neue melden: Landkreis Testkreis")
    assert await wanted(county) == [(EVERYTHING, COUNTY)]


async def test_who_moves_can_wait_for_everything_in_the_new_place(
    county: County, erika: Person
) -> None:
    await erika.presses(f"sub:{EVERYTHING}")
    await erika.says("ich wohne in Zerbst")
    await erika.says("/abos")
    assert removal(erika) == ["Entfernen: Alles Neue, Köthen (Anhalt)"]
    await erika.taps("Alles Neue melden: Zerbst/Anhalt")
    assert await wanted(county) == [(EVERYTHING, KOETHEN), (EVERYTHING, ZERBST)]


async def test_the_list_removes_with_one_tap_and_shows_what_is_left(
    county: County, erika: Person
) -> None:
    await wishes(county, 1001, DOG, MOVE)
    assert "2 Benachrichtigungen (sofort)" in await erika.says("/abos")
    assert removal(erika) == [
        "Entfernen: Hund anmelden, Köthen (Anhalt)",
        "Entfernen: Wohnsitz an- oder ummelden, Köthen (Anhalt)",
    ]
    listed = county.telegram.said[-1].buttons
    first = listed["Entfernen: Hund anmelden, Köthen (Anhalt)"]
    assert "1 Benachrichtigung " in await erika.presses(first)
    assert removal(erika) == ["Entfernen: Wohnsitz an- oder ummelden, Köthen (Anhalt)"]
    assert "1 Benachrichtigung " in await erika.presses(first), "a second tap harms nothing"
    await erika.taps("Entfernen: Wohnsitz an- oder ummelden, Köthen (Anhalt)")
    assert "warten zurzeit auf nichts" in erika.heard[-1]
    assert await wanted(county) == []


async def test_a_long_list_has_pages_and_every_wish_can_be_removed(
    county: County, erika: Person
) -> None:
    async with county.application.transaction() as house:
        chat = await house.chats.find(1001)
        assert chat is not None
        house.subscriptions.session.add_all(
            Subscription(
                chat_id=chat.id, service_id=f"s{number}", area=KOETHEN, created_at=county.clock()
            )
            for number in range(41)
        )
    assert "41 Benachrichtigungen" in await erika.says("/abos")
    pages = [removal(erika)]
    for _ in range(2):
        await erika.taps("Nächste Seite")
        pages.append(removal(erika))
    assert [len(page) for page in pages] == [20, 20, 1]
    assert len({label for page in pages for label in page}) == 41
    assert "Nächste Seite" not in erika.buttons
    await erika.taps(pages[2][0])
    assert "40 Benachrichtigungen" in erika.heard[-1]
    for page, shown in (("99", pages[1]), ("-1", pages[0])):
        await erika.presses(f"w:{page}")
        assert removal(erika) == shown, "a page that does not exist is the nearest one"


async def test_unknown_wishes_cannot_be_removed(county: County, erika: Person) -> None:
    await wishes(county, 1001, DOG)
    for data in ("uns:0", "uns:-1", "uns:999999"):
        await erika.presses(data)
    assert await wanted(county) == [(DOG, KOETHEN)]


async def test_nobody_removes_somebody_else_s_wish(county: County, erika: Person) -> None:
    await wishes(county, 1002, DOG)
    [wish] = await rows(county, Subscription)
    await erika.presses(f"uns:{wish.id}")
    assert await wanted(county) == [(DOG, KOETHEN)]


async def test_what_does_not_exist_cannot_be_wished_for(county: County, erika: Person) -> None:
    for service in ("gibt-es-nicht", "x" * 60, "🐕", "' OR 1=1 --"):
        assert await erika.presses(f"sub:{service}")
    assert await wanted(county) == []


async def test_at_once_or_once_a_week(county: County, erika: Person) -> None:
    await erika.presses(f"sub:{DOG}")
    assert erika.buttons == [WEEKLY]
    assert "einmal in der Woche" in await erika.taps(WEEKLY)
    assert "(einmal in der Woche)" in await erika.says("/abos")
    assert IMMEDIATE in erika.buttons
    await announces(county)
    await time_is_over(county)
    assert "Neu online" not in erika.heard[-1]
    assert "sofort" in await erika.taps(IMMEDIATE)
    assert "(sofort)" in await erika.says("/abos")
    assert WEEKLY in erika.buttons


async def test_an_unknown_rhythm_means_at_once(county: County, erika: Person) -> None:
    for data in ("nm:", "nm:never", "nm:weeklyweekly"):
        await wishes(county, 1001, DOG, weekly=True)
        await erika.presses(data)
        assert "(sofort)" in await erika.says("/abos")


async def test_the_list_in_english(county: County) -> None:
    alice = county.citizen(1003, "en")
    await alice.presses(f"sub:{DOG}")
    answer = await alice.says("/subscriptions")
    assert "Register a dog" in " ".join(alice.buttons)
    assert "Benachrichtigung" not in answer


async def test_wishes_are_for_people_not_for_groups(county: County, erika: Person) -> None:
    group = {"id": -500, "type": "group", "title": "Verein"}
    said = await erika.sends({"text": "/abos", "chat": group})
    assert said == []
    assert county.told(-500) == []
