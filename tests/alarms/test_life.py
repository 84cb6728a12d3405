"""The life of alarms, from values to messages: whatever comes, and however, these things hold.

Real rules, rows and messages; pending, firing, acknowledged, recovering, resolved and back.
"""

import asyncio
import itertools
import shutil
import tempfile
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services.alarms.known import RuleCache
from services.alarms.rules.notify import News
from services.region.service import Region
from services.staff.rules import Action, Role
from services.text import Texts
from tests.alarms.field import STEP, level, record, released, take_in
from tests.alarms.hall import FIRE_BRIGADE, Hall
from tests.alarms.test_evaluate import open_house
from tests.county import County
from tests.frames.plain import work_off
from tests.rigging import rows_of

METRES = st.sampled_from([2.0, 2.9, 3.1, 3.6, 4.6])
MOST_VALUES = 36
PATIENT = record(
    up_for={"time": "15 min", "samples": 2},
    down_for={"time": "15 min", "samples": 2},
    flapping={"changes": 100, "window": "1 h"},
)
AREA = "15082"


class Life(RuleBasedStateMachine):
    """One gauge, one group that hears of it, one who takes alarms on."""

    def __init__(self, empty: Path, region: Region, texts: Texts) -> None:
        super().__init__()
        self.given = empty, region, texts
        self.runner = asyncio.Runner()
        self.number = 0
        self.lost: list[Any] = []
        self.sent: list[Any] = []
        self.acknowledged: dict[int, int] = {}
        """The severity at which an alarm was taken on."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.runner.run(self._open())

    async def _open(self) -> None:
        empty, region, texts = self.given
        path = Path(self.folder.name) / "life.db"
        shutil.copy(empty, path)
        self.application = open_house(f"sqlite+aiosqlite:///{path}", region)
        clock = self.application.work.house.clock
        self.stack = AsyncExitStack()
        county = await self.stack.enter_async_context(County.open(self.application, texts, clock))
        self.hall = Hall(county)
        await take_in(self.application, PATIENT)
        await released(self.application)
        await self.hall.group(FIRE_BRIGADE)
        await county.staff(2001, Role.OPERATOR)

    @precondition(lambda self: self.number < MOST_VALUES)
    @rule(metres=METRES, times=st.integers(1, 3))
    def measures(self, metres: float, times: int) -> None:
        for _ in range(times):
            self._arrives(self._next(metres))
            self.waits(STEP.total_seconds() / 60)

    @precondition(lambda self: self.number < MOST_VALUES)
    @rule(low=st.sampled_from([3.1, 3.6]), takes_it_on=st.booleans())
    def rises_twice(self, low: float, takes_it_on: bool) -> None:
        self.measures(low, 2)
        if takes_it_on:
            self.runner.run(self._acknowledge())
        self.measures(4.6, 2)

    @precondition(lambda self: self.number < MOST_VALUES)
    @rule(metres=METRES)
    def measures_but_it_is_under_way_for_long(self, metres: float) -> None:
        self.lost.append(self._next(metres))
        self.waits(STEP.total_seconds() / 60)

    @precondition(lambda self: self.lost)
    @rule()
    def what_was_under_way_arrives(self) -> None:
        self._arrives(self.lost.pop(0))

    @precondition(lambda self: self.sent)
    @rule(back=st.integers(1, 3))
    def something_arrives_again(self, back: int) -> None:
        before = self._rows("alarm_change")
        self._arrives(self.sent[-min(back, len(self.sent))])
        assert self._rows("alarm_change") == before

    @rule(minutes=st.sampled_from([1, 5, 45]))
    def waits(self, minutes: float) -> None:
        self.runner.run(self.hall.passes(minutes=minutes))

    @precondition(lambda self: any(one["ended_at"] is None for one in self._rows("alarm")))
    @rule()
    def somebody_takes_on_what_is_open(self) -> None:
        self.runner.run(self._acknowledge())

    @rule()
    def another_process_goes_on(self) -> None:
        self.application.work.house = replace(self.application.work.house, rules=RuleCache())

    @invariant()
    def one_alarm_at_a_time_and_its_severity_is_that_of_its_level(self) -> None:
        found = self._rows("alarm")
        assert sum(one["ended_at"] is None for one in found) <= 1
        for one in found:
            assert one["highest"] >= one["severity"]
            if one["ended_at"] is None:
                assert PATIENT.levels[one["level"]].severity == one["severity"]
            else:
                assert not one["recovering"]
                assert one["end"] in {"cleared", "withdrawn"}

    @invariant()
    def who_took_it_on_took_on_nothing_graver(self) -> None:
        for one in self._rows("alarm"):
            if one["acknowledged_at"] is not None:
                assert one["severity"] <= self.acknowledged[one["id"]]

    @invariant()
    def an_end_is_told_once_and_only_of_what_was_told(self) -> None:
        for kinds in self._told().values():
            marks = [one for one in kinds if one in (News.FIRED, News.RESOLVED)]
            assert kinds[0] == News.FIRED
            assert all(one != other for one, other in itertools.pairwise(marks))

    def teardown(self) -> None:
        if not hasattr(self, "hall"):
            return
        self.waits(90)
        told = self._told()
        for one in self._rows("alarm"):
            kinds = told.get(one["id"], [])
            if one["ended_at"] is None:
                assert kinds
                assert kinds[-1] != News.RESOLVED
            else:
                assert not kinds or kinds[-1] == News.RESOLVED
        assert len(self.hall.sent(FIRE_BRIGADE)) == sum(map(len, told.values()))
        self.runner.run(self._close())
        self.runner.close()
        self.folder.cleanup()

    async def _close(self) -> None:
        await self.stack.aclose()
        await self.application.close()

    def _next(self, metres: float) -> Any:
        self.number += 1
        return level(self.number, metres)

    def _arrives(self, sent: Any) -> None:
        self.sent.append(sent)
        self.runner.run(work_off(self.application, sent))

    async def _acknowledge(self) -> None:
        async with self.application.transaction() as services:
            for one in await services.alarms.open():
                [colleague] = await services.staff.team(Action.HANDLE_ALARMS, AREA)
                chat = await services.chats.meet(2001, "private", "de")
                await services.acknowledgements.acknowledge(
                    colleague.as_actor(), one.id, chat=chat
                )
                if one.acknowledged_at is None:
                    self.acknowledged[one.id] = one.severity

    def _told(self) -> dict[int, list[str]]:
        """Return what the group was told of each alarm, in order."""
        found: dict[int, list[str]] = {}
        for one in sorted(self._rows("alarm_deed"), key=lambda row: row["id"]):
            if one["what"] == "told":
                found.setdefault(one["alarm_id"], []).append(one["detail"]["kind"])
        return found

    def _rows(self, table: str) -> list[dict[str, Any]]:
        return self.runner.run(rows_of(self.application, table))


def test_the_life_of_alarms(
    empty_sqlite: Path, region: Region, texts: Texts, clean_environment: None
) -> None:
    run_state_machine_as_test(
        lambda: Life(empty_sqlite, region, texts),
        settings=settings(
            max_examples=6,
            stateful_step_count=25,
            deadline=None,
            phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink these takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
