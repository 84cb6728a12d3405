"""/zustellung: operators see how the delivery stands, and try again what did not arrive."""

from datetime import timedelta
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest

from services.outbox.model import Lane
from services.staff.rules import Role
from tests.county import County, Person
from tests.outbox.post_office import CALL, ERIKA, HANS, hung_up, meet, queue, tell
from tests.rigging import label, outbox, rows_of, words

SECRET = "Planted-Secret"


@pytest.fixture
async def operator(county: County) -> Person:
    return await county.staff(2001, Role.OPERATOR)


def refusal(why: str = "Bad Request: message text is empty") -> TelegramBadRequest:
    return TelegramBadRequest(CALL, why)


async def fails(county: County, *people: int) -> list[int]:
    """Have a message to each fail; return the numbers of the messages."""
    for person in people:
        await queue(county, person, f"{SECRET} {person}")
        county.telegram.refusals[person] = [refusal()]
    await county.delivery.drain()
    return [row["id"] for row in await outbox(county) if row["status"] == "failed"]


async def statuses(county: County, numbers: list[int]) -> list[str]:
    return [row["status"] for row in await outbox(county) if row["id"] in numbers]


def lane(county: County, name: str, what: str) -> str:
    return words(county, "outbox.lane", lane=words(county, f"outbox.lane-{name}"), what=what)


async def test_all_is_well(county: County, operator: Person) -> None:
    await queue(county, ERIKA, "Hallo")
    await county.delivery.drain()
    answer = await operator.says("/zustellung")
    assert words(county, "outbox.no-letters") in answer
    assert lane(county, "conversation", words(county, "outbox.lane-sent", number=1)) in answer
    assert lane(county, "broadcast", words(county, "outbox.lane-quiet")) in answer
    assert operator.buttons == []


async def test_what_waits_is_shown_with_the_oldest(county: County, operator: Person) -> None:
    chat = await meet(county, ERIKA)
    async with county.application.transaction() as services:
        for hours in (0, 5):
            await services.outbox.tell(
                chat,
                "golive.dropped",
                dedup_key=str(hours),
                lane=Lane.BROADCAST,
                not_before=county.clock() + timedelta(hours=hours),
            )
    county.delivery.limits.hold(3600)
    await operator.says("/zustellung")
    county.clock.forward(hours=1)
    county.delivery.limits.held_until = 0
    figures = (await county_overview(county))[Lane.BROADCAST]
    assert (figures.waiting, figures.later) == (1, 1)
    assert figures.oldest == county.clock() - timedelta(hours=1)


async def county_overview(county: County) -> Any:
    async with county.application.work.reading() as services:
        chat = await services.chats.find(2001)
        assert chat
        return (await services.deliveries.overview(await services.staff.actor(chat.id))).lanes


async def test_today_begins_at_midnight_here(county: County, operator: Person) -> None:
    await queue(county, ERIKA, "gestern")
    await county.delivery.drain()
    county.clock.now = county.clock().replace(hour=23, minute=30)  # half past midnight in Berlin
    await queue(county, ERIKA, "heute")
    await county.delivery.drain()
    assert (await county_overview(county))[Lane.CONVERSATION].sent == 1


async def test_what_failed_is_named_by_number_and_reason_never_by_person_or_words(
    county: County, operator: Person
) -> None:
    [first, second] = await fails(county, ERIKA, HANS)
    answer = await operator.says("/zustellung")
    assert answer.index(f"Nr. {second}") < answer.index(f"Nr. {first}"), "newest first"
    assert words(county, "outbox.reason-other", why="Bad Request: message text is empty") in answer
    for hidden in (SECRET, str(ERIKA), str(HANS)):
        assert hidden not in answer


@pytest.mark.parametrize(
    ("why", "key"),
    [
        ("Bad Request: chat not found", "outbox.reason-no-chat"),
        ("Forbidden: user is deactivated", "outbox.reason-deactivated"),
    ],
)
async def test_reasons_are_plain_words(
    county: County, operator: Person, why: str, key: str
) -> None:
    await queue(county, ERIKA, "Hallo")
    county.telegram.refusals[ERIKA] = [refusal(why)]
    await county.delivery.drain()
    assert words(county, key) in await operator.says("/zustellung")


async def test_one_is_sent_again_with_a_fresh_try(county: County, operator: Person) -> None:
    numbers = await fails(county, ERIKA, HANS)
    await operator.says("/zustellung")
    await operator.taps(label(county, "outbox.button-resend", number=numbers[0]))
    assert await statuses(county, numbers) == ["sent", "failed"]
    assert county.told(ERIKA) == [f"{SECRET} {ERIKA}"]
    acts = await rows_of(county.application, "audit_entry")
    assert [(row["action"], row["subject"]) for row in acts][-1] == (
        "delivery.resend",
        str(numbers[0]),
    )
    assert f"Nr. {numbers[1]}" in operator.heard[-1]
    assert f"Nr. {numbers[0]}" not in operator.heard[-1]


async def test_a_page_at_once_and_no_more(county: County, operator: Person) -> None:
    numbers = await fails(county, *range(7001, 7008))
    await operator.says("/zustellung")
    await operator.taps(label(county, "outbox.button-older"))
    assert label(county, "outbox.button-newer") in operator.buttons
    await operator.taps(label(county, "outbox.button-newer"))
    await operator.taps(label(county, "outbox.button-resend-all"))
    assert await statuses(county, numbers) == ["failed"] * 2 + ["sent"] * 5
    assert words(county, "outbox.resent", count=5) in operator.heard[-2:]


async def test_what_is_discarded_loses_its_words(county: County, operator: Person) -> None:
    numbers = await fails(county, ERIKA)
    await operator.says("/zustellung")
    await operator.taps(label(county, "outbox.button-discard", number=numbers[0]))
    [row] = [row for row in await outbox(county) if row["id"] == numbers[0]]
    assert (row["status"], row["payload"]) == ("cancelled", None)
    assert words(county, "outbox.no-letters") in operator.heard[-1]
    acts = [row["action"] for row in await rows_of(county.application, "audit_entry")]
    assert acts[-1] == "delivery.discard"


async def test_rights_are_checked_again_at_the_press(county: County, operator: Person) -> None:
    numbers = await fails(county, ERIKA)
    await operator.says("/zustellung")
    async with county.application.transaction() as services:
        boss = await county_boss(county, services)
        await services.staff.off_board(boss, 1)
    await operator.taps(label(county, "outbox.button-resend", number=numbers[0]))
    for step in ("dl:r:1", "dl:d:1", "z:0"):
        await county.citizen(ERIKA).presses(step)
    assert await statuses(county, numbers) == ["failed"]


async def county_boss(county: County, services: Any) -> Any:
    code = await services.staff.invite(None, role=Role.ADMIN, area="15082", label="Chef")
    chat = await services.chats.meet(2999, "private", "de")
    await services.staff.enrol(chat.id, code)
    return await services.staff.actor(chat.id)


async def test_an_editor_has_no_business_here(county: County) -> None:
    editor = await county.staff(2002, Role.EDITOR)
    numbers = await fails(county, ERIKA)
    answer = await editor.says("/zustellung")
    assert words(county, "outbox.no-letters") not in answer
    await editor.presses(f"dl:r:{numbers[0]}")
    assert await statuses(county, numbers) == ["failed"]


async def test_a_message_by_its_number_shows_its_life(county: County, operator: Person) -> None:
    await queue(county, ERIKA, SECRET)
    county.telegram.refusals[ERIKA] = [hung_up()]
    await county.delivery.drain()
    [row] = await outbox(county)
    answer = await operator.says(f"/zustellung {row['id']}")
    assert words(county, "outbox.status-sent") in answer
    assert words(county, "outbox.life-telegram", number=row["telegram_message_id"]) in answer
    moment = county.worker.texts.of("de").moment(county.clock())
    assert words(county, "outbox.life-unknown", time=moment) in answer
    assert SECRET not in answer
    assert str(ERIKA) not in answer


async def test_a_message_that_failed_can_be_sent_again_from_its_life(
    county: County, operator: Person
) -> None:
    [number] = await fails(county, ERIKA)
    await operator.says(f"/zustellung {number}")
    await operator.taps(label(county, "outbox.button-resend", number=number))
    assert await statuses(county, [number]) == ["sent"]


async def test_a_number_that_is_none(county: County, operator: Person) -> None:
    assert await operator.says("/zustellung 4711") == words(
        county, "outbox.no-message", number="4711"
    )
    for nonsense in ("abc", "-1", "1" * 30, "²"):
        assert await operator.says(f"/zustellung {nonsense}") == words(county, "outbox.usage")


async def test_an_unknown_one_is_told_from_a_failed_one(county: County, operator: Person) -> None:
    await tell(county, ERIKA, Lane.BROADCAST)
    county.telegram.refusals[ERIKA] = [hung_up()]
    await county.delivery.drain()
    answer = await operator.says("/zustellung")
    assert words(county, "outbox.reason-unknown") in answer
    unknown = [words(county, f"outbox.lane-{name}", number=1) for name in ("unknown", "doubtful")]
    assert lane(county, "broadcast", ", ".join(unknown)) in answer
