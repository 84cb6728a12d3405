"""Keep the trail of what staff did."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.audit.model import AuditEntry
from services.clock import Clock


@dataclass(frozen=True)
class Audit:
    """Use cases around the audit trail."""

    session: AsyncSession
    clock: Clock

    async def note(
        self,
        staff_id: int | None,
        action: str,
        subject: str,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        """Add a row in the transaction of the action; None as staff is the house itself."""
        self.session.add(
            AuditEntry(
                at=self.clock(),
                staff_id=staff_id,
                action=action,
                subject=subject,
                before=before,
                after=after,
            )
        )
