"""What staff have begun in the chat and not saved: it outlives a restart and days of pause.

One for each person: it holds nowhere, and who begins anew replaces it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import ValidationError
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms.model import AlarmDraft
from services.alarms.records import RuleRecord
from services.clock import Clock
from services.db import insert_new
from services.errors import ServiceError
from services.staff.rules import Actor

PATIENCE = timedelta(hours=2)
"""So long words are an answer to what was asked last; later the draft waits for a tap."""
KEPT = timedelta(days=30)


class NoDraftError(ServiceError):
    """There is nothing begun: it was saved or given up, or is a month old."""

    text_key = "alarms.no-draft"


class Form(StrEnum):
    """What is being made."""

    RULE = "rule"
    SILENCE = "silence"
    PROLONGING = "prolonging"
    WINDOW = "window"


@dataclass(frozen=True)
class Draft:
    """What somebody has said so far.

    Attributes:
        form: what it will be.
        asked: what words answer now; "" nothing.
        level: of the rule, that was asked about.
        key: the rule that is changed; "" a new one.
        version: the one the change began from.
        guided: one question follows the other.
        given: what was said before there is a rule, or about a silence or a window.
        rule: as it would be.
        asked_at: when it was last worked on.
    """

    form: Form
    asked: str = ""
    level: int = -1
    key: str = ""
    version: int = 0
    guided: bool = False
    given: Mapping[str, Any] = field(default_factory=dict)
    rule: RuleRecord | None = None
    asked_at: datetime | None = None


@dataclass(frozen=True)
class Drafts:
    """Use cases around what is not saved yet; each member of the staff has one draft at most."""

    session: AsyncSession
    clock: Clock

    async def get(self, actor: Actor) -> Draft | None:
        """Return what somebody has begun; one the program cannot read any more is none."""
        if actor.staff_id is None:
            return None
        query = select(AlarmDraft).where(
            AlarmDraft.staff_id == actor.staff_id, AlarmDraft.asked_at > self.clock() - KEPT
        )
        row = await self.session.scalar(query.execution_options(populate_existing=True))
        return _read(row) if row else None

    async def waiting(self, actor: Actor) -> Draft | None:
        """Return what somebody has begun if words are an answer to it now."""
        found = await self.get(actor)
        if found is None or not found.asked or found.asked_at is None:
            return None
        return found if self.clock() - found.asked_at < PATIENCE else None

    async def keep(self, actor: Actor, draft: Draft) -> None:
        """Keep what somebody has said so far, in place of what was kept before."""
        columns = {"document": _written(draft), "asked_at": self.clock()}
        row = insert_new(self.session, AlarmDraft).values(staff_id=actor.staff_id, **columns)
        await self.session.execute(
            row.on_conflict_do_update(index_elements=["staff_id"], set_=columns)
        )

    async def drop(self, actor: Actor) -> None:
        """Forget what somebody has begun."""
        await self._forget(AlarmDraft.staff_id == actor.staff_id)

    async def forget_old(self) -> None:
        """Forget what nobody will go on with."""
        await self._forget(AlarmDraft.asked_at <= self.clock() - KEPT)

    async def _forget(self, which: Any) -> None:
        await self.session.execute(
            delete(AlarmDraft).where(which).execution_options(synchronize_session=False)
        )


def _written(draft: Draft) -> dict[str, Any]:
    return {
        "form": draft.form.value,
        "asked": draft.asked,
        "level": draft.level,
        "key": draft.key,
        "version": draft.version,
        "guided": draft.guided,
        "given": dict(draft.given),
        "rule": draft.rule.document() if draft.rule else None,
    }


def _read(row: AlarmDraft) -> Draft | None:
    known = dict(row.document)
    try:
        rule = known.pop("rule")
        record = RuleRecord.model_validate(rule) if rule else None
        form = Form(known.pop("form"))
        return Draft(form=form, rule=record, asked_at=row.asked_at, **known)
    except (KeyError, TypeError, ValueError, ValidationError):
        return None
