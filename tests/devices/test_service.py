"""The devices' desk behind the chat: races, trails, queries; on both databases."""

from datetime import timedelta

import pytest

from bot.application import Application
from bot.wiring import Services
from lorawan.labels import Label
from services.devices.model import State
from services.devices.rules import AnswerError, StateError
from services.devices.service import ChangedError, NoDeviceError
from services.staff.rules import Actor, Grant, Role
from services.staff.service import NotAllowedError
from tests.county import TestClock
from tests.devices.field import EUI, alter, device, heard, hourly, sends
from tests.rigging import rows_of

KOETHEN, ZERBST = "150820180180", "150820430430"


def somebody(clock: TestClock, area: str = "15082", role: Role = Role.EDITOR) -> Actor:
    return Actor(7, (Grant(role, area, clock() - timedelta(days=1)),))


async def test_an_unknown_device_is_adopted_by_its_label(
    application: Application, clock: TestClock
) -> None:
    number = await heard(application, model="M", profile="p")
    async with application.transaction() as services:
        found, is_new = await services.devices.register(
            somebody(clock), Label(EUI, "1122334455667788", serial="S1")
        )
    assert is_new
    assert (found.id, found.state, found.join_eui, found.serial) == (
        number,
        State.TEST,
        "1122334455667788",
        "S1",
    )
    assert found.profile == "p", "what its messages told stays"
    [entry] = await rows_of(application, "audit_entry")
    assert (entry["action"], entry["subject"], entry["staff_id"]) == ("devices.move", EUI, 7)
    assert entry["before"]["state"] == "unknown"
    assert entry["after"]["state"] == "test"


async def test_only_the_first_of_two_changes_counts(
    application: Application, clock: TestClock
) -> None:
    number = await heard(application, state=State.TEST)
    actor = somebody(clock)
    async with application.transaction() as services:
        await services.devices.change(actor, number, 0, name="Erster")
    with pytest.raises(ChangedError):
        async with application.transaction() as services:
            await services.devices.change(actor, number, 0, name="Zweiter")
    found = await device(application)
    assert (found.name, found.revision) == ("Erster", 1)
    assert len(await rows_of(application, "audit_entry")) == 1


async def test_what_a_device_sends_stands_in_nobody_s_way(
    application: Application, clock: TestClock
) -> None:
    number = await heard(application, state=State.TEST)
    await alter(application, seen_at=clock() + timedelta(hours=1), battery=80.0)
    async with application.transaction() as services:
        changed = await services.devices.change(somebody(clock), number, 0, name="Neu")
    assert (changed.name, changed.battery) == ("Neu", 80.0)


async def test_test_is_never_left_out(application: Application, clock: TestClock) -> None:
    number = await heard(application, state=State.TEST)
    actor = somebody(clock)
    for wanted in (State.RELEASED, State.MAINTENANCE, State.UNKNOWN):
        with pytest.raises(StateError):
            async with application.transaction() as services:
                await services.devices.move(actor, number, 0, wanted)
    with pytest.raises(StateError):
        async with application.transaction() as services:
            await services.devices.maintain(actor, number, 0, clock() + timedelta(hours=1))


@pytest.mark.parametrize(
    "said", [{"ars": "000000000000"}, {"type": "rocket"}, {"ars": ""}], ids=str
)
async def test_what_nobody_knows_is_refused(
    application: Application, clock: TestClock, said: dict[str, str]
) -> None:
    number = await heard(application, state=State.TEST)
    with pytest.raises(AnswerError):
        async with application.transaction() as services:
            await services.devices.change(somebody(clock), number, 0, **said)


async def test_rights_are_those_for_the_device_s_municipality(
    application: Application, clock: TestClock
) -> None:
    number = await heard(application, state=State.TEST, ars=ZERBST)

    async def rename(services: Services, actor: Actor) -> None:
        await services.devices.change(actor, number, 0, name="x")

    for actor in (
        somebody(clock, KOETHEN),
        somebody(clock, role=Role.CASE_WORKER),
        Actor(),
        Actor(7, (Grant(Role.ADMIN, "15082", clock() - timedelta(2), clock()),)),
    ):
        with pytest.raises(NotAllowedError):
            async with application.transaction() as services:
                await rename(services, actor)
    async with application.transaction() as services:
        await rename(services, somebody(clock, ZERBST, Role.OPERATOR))
    with pytest.raises(NoDeviceError):
        async with application.transaction() as services:
            await services.devices.get(somebody(clock), 4711)


async def test_a_new_profile_or_height_reads_everything_anew(
    application: Application, clock: TestClock
) -> None:
    number = await heard(application, state=State.TEST)
    async with application.transaction() as services:
        actor = somebody(clock)
        await services.devices.change(actor, number, 0, name="x")
        assert (await services.devices.get(actor, number)).decode_from is None
        changed = await services.devices.change(actor, number, 1, mounting_height=5.0)
    assert changed.decode_from is not None
    assert changed.decode_from < changed.created_at


@pytest.mark.parametrize("words", ["mulde", "MULDE", "051E7A", "brücke"])
async def test_found_by_name_place_or_address(
    application: Application, clock: TestClock, words: str
) -> None:
    await heard(application, name="Pegel Mulde", place="an der brücke")
    await heard(application, "70b3d57ed0000002", name="100%_\\ voll")
    async with application.work.reading() as services:
        actor = somebody(clock)
        assert [one.address for one in await services.devices.find(actor, words)] == [EUI]
        for special in ("%", "_", "\\", "%_\\"):
            found = await services.devices.find(actor, special)
            assert [one.address for one in found] == ["70b3d57ed0000002"]


async def test_pages_never_run_past_the_end(application: Application, clock: TestClock) -> None:
    for at in range(7):
        await heard(application, f"70b3d57ed000000{at}", state=State.TEST, name=f"Nr. {at}")
    async with application.work.reading() as services:
        actor = somebody(clock)
        for wanted, shown, count in ((0, 0, 6), (1, 1, 1), (9, 1, 1), (-3, 0, 6)):
            found = await services.devices.page(actor, [State.TEST], wanted)
            assert (found.page, found.pages, found.total) == (shown, 2, 7)
            assert len(found.devices) == count
        empty = await services.devices.page(actor, [State.RETIRED], 0)
        assert (empty.page, empty.pages, list(empty.devices)) == (0, 1, [])


async def test_a_report_counts_what_was_really_heard(
    application: Application, clock: TestClock
) -> None:
    number = await heard(application, state=State.TEST)
    times = hourly(clock(), 30)
    counters = [at if at < 20 else at + 3 for at in range(30)]
    await sends(application, number, times, counters=counters)
    await sends(application, number, times[-1:], counters=[999], measures=False, kind="join")
    async with application.transaction() as services:
        tested = await services.acceptances.test(somebody(clock), number, timedelta(days=3))
    report = tested.report
    assert (report.received, report.lost) == (30, 3)
    assert {one.quantity: one.count for one in report.courses} == {
        "air.temperature": 30,
        "water.level": 30,
    }
    [kept] = await rows_of(application, "device_acceptance")
    assert kept["report"]["lost"] == 3
    assert kept["passed"] is False
