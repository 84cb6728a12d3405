"""What a process does: `abibot run --roles web,worker` names its roles."""

from enum import StrEnum


class Role(StrEnum):
    """A part of the work that can run on machines of its own."""

    WEB = "web"
    """Takes updates in: webhook, or long polling by one process at a time."""
    WORKER = "worker"
    """Works the inbox off; any number at once."""
    DELIVERY = "delivery"
    """Sends; one at a time, because Telegram's limits are those of the token."""
    SCHEDULE = "schedule"
    """Runs the jobs of the clock; one at a time."""


ALL_ROLES = frozenset(Role)


class UnknownRoleError(Exception):
    """There is no role of this name; `str()` is the name."""


def roles_of(names: str) -> frozenset[Role]:
    """Return the roles of a list separated by commas, or raise `UnknownRoleError`."""
    found = set()
    for name in (part.strip() for part in names.split(",")):
        try:
            found.add(Role(name))
        except ValueError:
            raise UnknownRoleError(name) from None
    return frozenset(found)
