"""Which role may do what, where and when; the one place where rights are decided."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.records import covers


class Role(StrEnum):
    """What somebody is to the bot."""

    EDITOR = "editor"
    CASE_WORKER = "case-worker"
    TEAM_LEAD = "team-lead"
    OPERATOR = "operator"
    ADMIN = "admin"


class Action(StrEnum):
    """What only staff may do."""

    PUBLISH = "publish"
    APPROVE = "approve"
    MANAGE_STAFF = "manage-staff"
    SEE_FIGURES = "see-figures"
    OPERATE = "operate"
    TEACH = "teach"
    RUN_SENSORS = "run-sensors"
    HANDLE_ALARMS = "handle-alarms"


ALLOWED = {
    Action.PUBLISH: {Role.EDITOR, Role.ADMIN},
    Action.APPROVE: {Role.EDITOR, Role.ADMIN},
    Action.MANAGE_STAFF: {Role.ADMIN},
    Action.SEE_FIGURES: {Role.EDITOR, Role.OPERATOR, Role.ADMIN},
    Action.OPERATE: {Role.OPERATOR, Role.ADMIN},
    Action.TEACH: {Role.EDITOR, Role.ADMIN},
    Action.RUN_SENSORS: {Role.EDITOR, Role.OPERATOR, Role.ADMIN},
    Action.HANDLE_ALARMS: {Role.OPERATOR, Role.ADMIN},
}


@dataclass(frozen=True)
class Grant:
    """A role for an area (ARS prefix) and a time (UTC, until is exclusive, None is open)."""

    role: Role
    area: str
    valid_from: datetime
    valid_until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        return self.valid_from <= now and (self.valid_until is None or now < self.valid_until)


@dataclass(frozen=True)
class Actor:
    """Who acts: a staff member with grants; without any it is a citizen."""

    staff_id: int | None = None
    grants: tuple[Grant, ...] = ()

    def may(self, action: Action, area: str, now: datetime) -> bool:
        """Whether a role that holds now allows the action in the whole of an area.

        A clerk of Zerbst may not act for Köthen, nor for the county.
        """
        return any(
            grant.role in ALLOWED[action] and covers(grant.area, area) and grant.holds(now)
            for grant in self.grants
        )

    def may_somewhere(self, action: Action, now: datetime) -> bool:
        """Whether some role that holds now allows the action in some area."""
        return any(grant.role in ALLOWED[action] and grant.holds(now) for grant in self.grants)

    def is_staff(self, now: datetime) -> bool:
        return any(grant.holds(now) for grant in self.grants)
