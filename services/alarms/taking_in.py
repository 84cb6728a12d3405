"""The region's rules taken into the database, as versions; what staff changed is theirs.

Unless it cannot be read: then the region's text mends it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.alarms.documents import rule_in
from services.alarms.model import AlarmRule, Origin
from services.alarms.records import RuleRecord

TAKEN = frozenset({"new", "changed"})


@dataclass
class TakenRules:
    """What became of the region's rules, by their ids.

    `conflicts`: staff changed the rule, and the region's text is another one since; the text of
    staff holds until somebody changes the rule in the chat. `gone`: no longer in the file.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


async def take_in(
    session: AsyncSession, rules: Mapping[str, RuleRecord], now: datetime, *, whole: bool
) -> TakenRules:
    """Add versions for what is new; the same rules again change nothing.

    Args:
        session: a transaction.
        rules: by id.
        now: when.
        whole: what is not among them is not in the file any more and holds no longer. To be
            false when a rule of the file could not be read.
    """
    newest: dict[str, AlarmRule] = {}
    of_region: dict[str, AlarmRule] = {}
    for row in await session.scalars(select(AlarmRule).order_by(AlarmRule.version)):
        newest[row.key] = row
        if row.origin == Origin.REGION:
            of_region[row.key] = row
    report = TakenRules()
    for key, record in rules.items():
        document = record.document()
        last = newest.get(key)
        becomes = _becomes(document, last, of_region.get(key))
        getattr(report, becomes).append(key)
        if becomes in TAKEN:
            _add(session, key, last, document, now, active=True)
    for key, last in newest.items():
        if whole and key not in rules and last.origin == Origin.REGION and last.active:
            report.gone.append(key)
            _add(session, key, last, last.document, now, active=False)
    await session.flush()
    return report


def _becomes(document: dict[str, Any], last: AlarmRule | None, of_region: AlarmRule | None) -> str:
    """Return the list of the report a rule belongs to."""
    if last is None:
        return "new"
    if last.origin == Origin.STAFF and rule_in(last.document) is not None:
        known = (last.document, of_region.document if of_region else None)
        return "unchanged" if document in known else "conflicts"
    return "unchanged" if last.document == document and last.active else "changed"


def _add(
    session: AsyncSession,
    key: str,
    last: AlarmRule | None,
    document: dict[str, Any],
    now: datetime,
    *,
    active: bool,
) -> None:
    session.add(
        AlarmRule(
            key=key,
            version=last.version + 1 if last else 1,
            origin=Origin.REGION.value,
            document=document,
            active=active,
            created_by=None,
            created_at=now,
        )
    )
