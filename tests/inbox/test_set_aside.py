"""What could not be handled: operators hear of it, see it listed, and try it again."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.application import Application
from bot.trouble import where
from services.catalogue.service import UnknownServiceError
from services.staff.rules import Role
from tests.county import County, TestClock
from tests.inbox.test_worker import Handlers, message
from tests.rigging import inbox, pattern, rows_of, teach, words


async def give_up(county: County, person: int = 1001) -> None:
    """Let an update fail three times."""
    await county.receives(message(county, person, "abo"))
    for _ in range(3):
        await county.settle()
        county.clock.forward(seconds=10)


async def test_operators_are_told_the_number_of_the_log(county: County) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    editor = await county.staff(2002, Role.EDITOR)
    teach(county, abo=Handlers(failures=99).subscribe)
    with capture_logs() as logs:
        await give_up(county)
    number = [entry["number"] for entry in logs if entry["event"] == "update failed"][-1]
    await county.settle()
    assert operator.heard == [words(county, "inbox.set-aside", number=number)]
    assert editor.heard == []


async def test_much_trouble_is_one_alarm_in_ten_minutes(county: County) -> None:
    operator = await county.staff(2001, Role.OPERATOR)
    teach(county, abo=Handlers(failures=99).subscribe)
    for person in (7, 8):
        await county.receives(message(county, person, "abo"))
    await give_up(county, 9)
    await county.settle()
    assert len(operator.heard) == 1
    county.clock.forward(minutes=10)
    await give_up(county, 10)
    await county.settle()
    assert len(operator.heard) == 2


async def test_the_log_says_where_in_our_code_and_quotes_none(county: County) -> None:
    teach(county, abo=Handlers(failures=1, error=RuntimeError("Geheimnis")).subscribe)
    with capture_logs() as logs:
        await county.citizen().says("abo")
    [entry] = [entry for entry in logs if entry["event"] == "update failed"]
    assert entry["where"].startswith("bot/batch.py:")
    assert "Geheimnis" not in str(entry)
    assert len(entry["where"]) < 120


async def test_where_names_the_innermost_place_first(county: County) -> None:
    async with county.application.transaction() as services:
        with pytest.raises(UnknownServiceError) as caught:
            await services.catalogue.get("gibt-es-nicht")
    assert where(caught.value).startswith("services/catalogue/service.py:")


async def test_it_is_listed_without_words_and_without_the_person(county: County) -> None:
    teach(county, abo=Handlers(failures=99).subscribe)
    await give_up(county)
    async with county.application.work.reading() as services:
        [listed] = await services.inbox.set_aside()
    [row] = await inbox(county)
    assert (listed.update_id, listed.attempts) == (row["update_id"], 3)
    assert listed.number == row["number"]
    assert "1001" not in str(listed)


async def test_it_is_tried_again_when_the_cause_is_mended(county: County) -> None:
    handlers = Handlers(failures=3)
    teach(county, abo=handlers.subscribe)
    erika = county.citizen()
    await give_up(county)
    [apology] = erika.heard
    assert pattern(county, "error.unknown", number="[0-9a-f]{6}").fullmatch(apology)
    async with county.application.transaction() as services:
        assert await services.inbox.retry(1) == 0
        assert await services.inbox.retry() == 1
        assert await services.inbox.set_aside() == []
    await county.settle()
    assert erika.heard[1:] == ["abonniert"]


async def test_what_was_emptied_cannot_be_tried_again(county: County) -> None:
    teach(county, abo=Handlers(failures=99).subscribe)
    await give_up(county)
    county.clock.now += timedelta(hours=25)
    async with county.application.transaction() as services:
        await services.inbox.forget_old()
        assert await services.inbox.set_aside() == []
        assert await services.inbox.retry() == 0


async def test_a_failure_is_noted_once_and_never_of_what_is_done(
    application: Application, clock: TestClock
) -> None:
    async with application.transaction() as services:
        await services.inbox.put([{"update_id": 5}, {"update_id": 6}])
        assert not await services.inbox.failed(5, tried=0, number="aaaaaa")
        assert not await services.inbox.failed(5, tried=0, number="bbbbbb")
        await services.inbox.finish([6])
        assert not await services.inbox.failed(6, tried=2, number="cccccc")
    rows = await rows_of(application, "inbox")
    assert [(row["state"], row["attempts"], row["number"]) for row in rows] == [
        ("new", 1, "aaaaaa"),
        ("done", 0, None),
    ]
