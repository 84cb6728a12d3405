"""What cannot be read is left out, named, shown and told; everything else goes on."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from structlog.testing import capture_logs

from services.alarms.model import (
    AlarmRule,
    AlarmSilence,
    AlarmSubscription,
    AlarmTrack,
    OwnThreshold,
)
from services.alarms.packing import packed
from services.alarms.rules.records import Track
from services.chats.model import Kind as ChatKind
from services.staff.rules import Role
from tests.alarms.field import alarms, at, deeds, log, record, released, report, take_in
from tests.alarms.hall import FIRE_BRIGADE, Hall
from tests.county import County
from tests.rigging import outbox, rows_of, words

FOREIGN: dict[str, Any] = {"id": "mulde", "quantity": "from.the.future", "levels": [{"at": "3"}]}
TOLD = "alarms.rule-unreadable-told"


async def foreign_version(county: County, document: Any = None, key: str = "mulde") -> None:
    """Store a version that another program wrote."""
    async with county.application.database.write.begin() as session:
        known = await session.scalars(select(AlarmRule.version).where(AlarmRule.key == key))
        session.add(
            AlarmRule(
                key=key,
                version=max(known, default=0) + 1,
                origin="staff",
                document=FOREIGN if document is None else document,
                created_at=county.clock(),
            )
        )


@pytest.fixture
async def gauge(county: County) -> County:
    """One with two rules, of which one fires."""
    await released(county.application)
    other = record(id="other", levels=[{"severity": "notice", "at": 5.0, "clear": 4.8}])
    await take_in(county.application, record(), other)
    await report(county.application, 2.0, 3.1)
    return county


class TestRules:
    @pytest.mark.parametrize("document", [FOREIGN, {}, [], "nothing", {"id": 7}])
    async def test_the_others_go_on(self, gauge: County, document: Any) -> None:
        await foreign_version(gauge, document)
        await report(gauge.application, 5.5, first=2)
        assert len(await rows_of(gauge.application, "reading")) == 3
        assert [one["rule_key"] for one in await alarms(gauge.application)] == ["mulde", "other"]

    async def test_its_open_alarm_stays_and_can_be_looked_at(self, gauge: County) -> None:
        await foreign_version(gauge)
        await report(gauge.application, 2.0, first=2)
        async with gauge.application.transaction() as services:
            await services.alarms.look_for_silence()
            views = {one.kind: one for one in await services.alarms.open()}
        view = views["value"]
        assert (view.value, view.severity) == (3.1, 0)
        assert view.name is not None  # of the last version that can be read
        assert view.name.de == "Wasserstand Mulde"

    async def test_an_alarm_without_any_readable_version_can_be_looked_at(
        self, gauge: County
    ) -> None:
        async with gauge.application.database.write.begin() as session:
            await session.execute(update(AlarmRule).values(document=FOREIGN))
        async with gauge.application.work.reading() as services:
            [view] = await services.alarms.open()
        assert (view.name, view.thresholds, view.unit) == (None, (), "")

    async def test_it_is_named_once_and_only_by_its_fields(self, gauge: County) -> None:
        await foreign_version(gauge)
        with capture_logs() as said:
            await report(gauge.application, 2.0, 2.1, first=2)
            await take_in(gauge.application, record(id="third"))
            await report(gauge.application, 2.2, first=4)
        [line] = [one for one in said if one["event"] == "alarm rule left out"]
        assert (line["rule"], line["version"]) == ("mulde", 2)
        assert "name" in line["where"]
        assert "future" not in str(line)

    async def test_staff_see_it_and_what_to_do(self, gauge: County) -> None:
        await foreign_version(gauge)
        operator = await gauge.staff(2001, Role.OPERATOR)
        await operator.says("/regeln")
        said = await operator.taps("⚠️ mulde: kann nicht gelesen werden")
        assert "„mulde“ (Fassung 2) kann nicht gelesen werden: name" in said
        assert "alarms.yaml" in said

    async def test_staff_are_told_once(self, gauge: County) -> None:
        await gauge.staff(2001, Role.OPERATOR)
        for _ in range(2):
            await self.tell(gauge)
        assert await self.told(gauge) == 0
        await foreign_version(gauge)
        for _ in range(2):
            await self.tell(gauge)
        assert await self.told(gauge) == 1
        await foreign_version(gauge)
        await self.tell(gauge)
        assert await self.told(gauge) == 2

    async def tell(self, county: County) -> None:
        async with county.application.transaction() as services:
            await services.rule_watch.tell()

    async def told(self, county: County) -> int:
        return sum(one["text_key"] == TOLD for one in await outbox(county))

    async def test_the_region_s_file_mends_it(self, gauge: County) -> None:
        await foreign_version(gauge)
        mended = await take_in(gauge.application, record())
        assert mended.changed == ["mulde"]
        await report(gauge.application, 2.0, first=2)
        [alarm] = await alarms(gauge.application)
        assert alarm["end"] == "cleared"

    async def test_the_region_s_file_changes_nothing_of_staff_that_can_be_read(
        self, gauge: County
    ) -> None:
        await foreign_version(gauge, record(public=True).document())
        kept = await take_in(gauge.application, record(exercise=True))
        assert kept.conflicts == ["mulde"]


BROKEN = (b"", b"{", b"[]", b"[1,2,3]", b"[0,0,0,[9,[],[],null,0,[],[],[],null,null,9],[[1]],[]]")
TOO_SHORT = packed(Track()).replace(b"[],[],null", b"[[0,1]],[],null", 1)
"""Readable, but of a rule with one level."""


class TestTracks:
    async def spoil(self, county: County, state: bytes) -> None:
        async with county.application.database.write.begin() as session:
            await session.execute(update(AlarmTrack).values(state=state))

    @pytest.mark.parametrize("state", [*BROKEN, TOO_SHORT])
    async def test_it_begins_anew_where_its_alarm_stands(
        self, gauge: County, state: bytes
    ) -> None:
        await self.spoil(gauge, state)
        with capture_logs() as said:
            await report(gauge.application, 3.6, 2.0, 2.0, first=2)
        assert {one["event"] for one in said} & {
            "alarm track not readable, begins anew",
            "rule not weighed",
        }
        [alarm] = await alarms(gauge.application)
        assert (alarm["began_at"], alarm["highest"], alarm["end"]) == (at(1), 1, "cleared")
        assert await deeds(gauge.application) == ["opened", "rose", "fell", "ended"]
        assert await log(gauge.application) == [
            ("rose", 1, 0), ("rose", 2, 1), ("fell", 3, 0), ("fell", 4, -1),
        ]  # fmt: skip

    async def test_what_its_log_says_already_is_not_weighed_again(self, gauge: County) -> None:
        await self.spoil(gauge, b"{")
        await report(gauge.application, 2.0, 3.1)
        assert await log(gauge.application) == [("rose", 1, 0)]
        assert await deeds(gauge.application) == ["opened"]

    async def test_one_that_can_be_read_goes_on_without_a_word(self, gauge: County) -> None:
        with capture_logs() as said:
            await report(gauge.application, 3.2, first=2)
        assert not [one for one in said if one["log_level"] == "error"]


class TestWhoIsTold:
    async def chat(self, county: County, matcher: Any) -> Hall:
        async with county.application.transaction() as services:
            chat = await services.chats.meet(FIRE_BRIGADE, ChatKind.SUPERGROUP, "de")
            services.heralds.session.add(
                AlarmSubscription(chat_id=chat.id, matcher=matcher, created_at=county.clock())
            )
        return Hall(county)

    @pytest.mark.parametrize("matcher", [{"at_least": "high"}, [], {"tags": 7}, {"at_most": 99}])
    async def test_a_wish_nobody_can_read_means_everything(
        self, gauge: County, matcher: Any
    ) -> None:
        hall = await self.chat(gauge, matcher)
        await hall.passes(minutes=1)
        assert len(hall.words(FIRE_BRIGADE)) == 1

    async def test_a_silence_nobody_can_read_silences_nobody(self, gauge: County) -> None:
        hall = await self.chat(gauge, {})
        now = gauge.clock()
        async with gauge.application.database.write.begin() as session:
            session.add(
                AlarmSilence(
                    matcher={"at_least": "high"},
                    since=now,
                    until=now + timedelta(hours=1),
                    reason="test",
                )
            )
        await hall.passes(minutes=1)
        assert len(hall.words(FIRE_BRIGADE)) == 1


async def test_a_person_s_own_threshold_is_shown_and_can_be_ended(county: County) -> None:
    hall = Hall(county)
    await hall.open()
    await hall.own(3001, at=3.0)
    async with county.application.database.write.begin() as session:
        await session.execute(delete(AlarmRule))
        await session.execute(update(OwnThreshold).values(document={"id": "own"}))
    citizen = county.citizen(3001)
    said = await citizen.says("/alarme")
    assert "Pegel Muldebrücke: nicht lesbar, bitte neu anlegen" in said
    said = await citizen.taps("Beenden: Pegel Muldebrücke, nicht lesbar, bitte neu anlegen")
    assert said == words(county, "alarms.own-none")
    assert await rows_of(county.application, "own_threshold") == []
