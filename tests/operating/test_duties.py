"""What a process has to do goes on: failures start again, one line each."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from structlog.testing import capture_logs

from bot import duties as module
from bot.duties import Duties, Duty, Standing
from bot.leadership import Alone
from bot.metrics import Metrics
from bot.roles import ALL_ROLES, Role, UnknownRoleError, roles_of
from bot.run import DUTIES
from bot.tasks import Tasks, first_ended


@pytest.fixture
async def tasks() -> AsyncIterator[Tasks]:
    async with Tasks() as tasks:
        yield tasks


@pytest.fixture
def duties(monkeypatch: pytest.MonkeyPatch) -> Duties:
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.01)
    return Duties(Alone(), Metrics(), asyncio.Event())


def test_roles_are_a_list_with_commas() -> None:
    assert roles_of("worker, web") == {Role.WEB, Role.WORKER}
    assert roles_of(",".join(Role)) == ALL_ROLES


@pytest.mark.parametrize("names", ["", "web,", "cook", "web worker"])
def test_an_unknown_role_is_named(names: str) -> None:
    with pytest.raises(UnknownRoleError):
        roles_of(names)


def test_each_role_has_its_duties() -> None:
    assert DUTIES.keys() == ALL_ROLES


@pytest.mark.parametrize("one_holder", [True, False])
async def test_work_that_fails_or_ends_begins_anew(
    duties: Duties, tasks: Tasks, one_holder: bool
) -> None:
    seen: list[Standing] = []
    third = asyncio.Event()

    async def work() -> None:
        seen.append(duties.standing["work"])
        if len(seen) == 1:
            raise ValueError("Planted")
        if len(seen) > 2:
            third.set()
            await duties.stopping.wait()

    with capture_logs() as logs:
        duties.start([Duty("work", work, one_holder)], tasks)
        assert duties.standing == {"work": Standing.STARTING}
        await third.wait()
        duties.stopping.set()
        assert await tasks.finished(1)
    assert set(seen) == {Standing.RUNNING}
    assert [line["event"] for line in logs] == ["role failed", "role ended"]
    assert logs[0]["error"] == "ValueError"
    assert "Planted" not in str(logs)


class StandsBy:
    """Somebody else holds every role."""

    async def while_holding(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        await asyncio.Event().wait()


async def test_whoever_stands_by_says_so(tasks: Tasks) -> None:
    duties = Duties(StandsBy(), Metrics(), asyncio.Event())

    async def work() -> None:
        raise AssertionError

    duties.start([Duty("delivery", work, one_holder=True)], tasks)
    await asyncio.sleep(0)
    assert duties.standing == {"delivery": Standing.STANDING_BY}
    assert b'abibot_leader{role="delivery"} 0.0' in duties.metrics.text()


async def test_the_first_to_end_ends_the_others_and_its_error_is_told() -> None:
    ended: list[str] = []

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("endless")

    async def fails() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await first_ended(endless(), fails())
    await first_ended(endless(), asyncio.sleep(0))
    assert ended == ["endless", "endless"]


async def test_waiting_for_the_end_takes_no_longer_than_said(tasks: Tasks) -> None:
    tasks.start(asyncio.Event().wait(), "endless")
    assert not await tasks.finished(0.01)
