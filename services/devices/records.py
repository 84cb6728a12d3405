"""A question that waits for its answer."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Asked:
    """A question a staff member was asked and has not answered.

    Attributes:
        device_id: the device it is about.
        revision: of the device when it was asked: an answer to an older one counts no more.
        field: `services.devices.rules.Field`, or another feature's own word.
        guided: whether the next question follows.
    """

    device_id: int
    revision: int
    field: str
    guided: bool
    asked_at: datetime
