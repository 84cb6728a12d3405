"""Alarms for tests of what people see: rows as the engine writes them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.application import Application
from services.alarms.model import Alarm, AlarmChange, AlarmRule, Kind
from services.readings.model import Series

RULE: dict[str, Any] = {
    "id": "mulde",
    "name": {"de": "Wasserstand der Mulde", "en": "Level of the Mulde"},
    "quantity": "water.level",
    "levels": [
        {"severity": "notice", "at": 2.0, "clear": 1.9},
        {"severity": "watch", "at": 3.0, "clear": 2.9},
        {"severity": "guard", "at": 3.5, "clear": 3.4},
    ],
}


async def rule(application: Application, at: datetime, **more: Any) -> None:
    """Store the rule in its first version."""
    document = {**RULE, **more}
    async with application.database.write.begin() as session:
        session.add(
            AlarmRule(
                key=document["id"], version=1, origin="region", document=document, created_at=at
            )
        )


async def alarm(
    application: Application, device: int | None, *, began: datetime, **more: Any
) -> int:
    """Store an open alarm of a device's level and its first change; return its number."""
    values: dict[str, Any] = {
        "kind": Kind.VALUE,
        "rule_key": "mulde",
        "level": 1,
        "severity": 2,
        "highest": 2,
        "value": 3.2,
        "value_at": began,
        **more,
    }
    async with application.database.write.begin() as session:
        query = select(Series.id).where(Series.device_id == device)
        series = await session.scalar(query.limit(1)) if values["kind"] == Kind.VALUE else None
        about = values.pop("about", f"mulde:{series}:{device}")
        row = Alarm(
            about=about,
            device_id=device,
            series_id=series,
            began_at=began,
            level_at=began + timedelta(minutes=1),
            **values,
        )
        session.add(row)
        if series is not None:
            session.add(
                AlarmChange(
                    rule_key=values["rule_key"],
                    version=1,
                    series_id=series,
                    time=began,
                    what="rose",
                    before=-1,
                    after=values["level"],
                    value=3.2,
                )
            )
        await session.flush()
        return row.id
