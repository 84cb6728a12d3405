"""What every answer about devices needs, and how their values are named."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lorawan.profiles import profiles
from services.acceptance.service import Acceptances
from services.chats.model import Chat
from services.codecs.service import Codecs
from services.devices.form import DeviceForm
from services.devices.model import State, Visibility
from services.devices.service import Devices
from services.readings.service import Readings
from services.region.service import Region
from services.staff.rules import Actor
from services.text import Text

STATES = {
    State.UNKNOWN: "devices.state-unknown",
    State.TEST: "devices.state-test",
    State.RELEASED: "devices.state-released",
    State.MAINTENANCE: "devices.state-maintenance",
    State.RETIRED: "devices.state-retired",
    State.IGNORED: "devices.state-ignored",
}
VISIBILITIES = {
    Visibility.INTERNAL: "devices.visibility-internal",
    Visibility.PUBLIC: "devices.visibility-public",
}
TYPES = {
    "gauge": "devices.type-gauge",
    "weather": "devices.type-weather",
    "soil": "devices.type-soil",
    "air": "devices.type-air",
    "noise": "devices.type-noise",
    "parking": "devices.type-parking",
    "waste": "devices.type-waste",
    "door": "devices.type-door",
    "leak": "devices.type-leak",
    "smoke": "devices.type-smoke",
    "counter": "devices.type-counter",
    "tracker": "devices.type-tracker",
    "other": "devices.type-other",
}


@dataclass(frozen=True)
class Desk:
    """A staff member and what answers about devices are made of."""

    text: Text
    chat: Chat
    actor: Actor
    region: Region
    devices: Devices
    form: DeviceForm
    acceptances: Acceptances
    readings: Readings
    codecs: Codecs

    async def profiles(self) -> Mapping[str, str]:
        """Return what a payload can be read by, ours and released scripts: key and name."""
        ours = {key: " ".join((one.maker, one.name)).strip() for key, one in profiles().items()}
        names = {one.id: one.name for one in await self.codecs.all_listed()}
        released = await self.codecs.released()
        return ours | {f"script:{one}": names.get(one, f"script:{one}") for one in released}


def device_desk_of(data: Mapping[str, Any]) -> Desk:
    """Return the desk of a scene."""
    return Desk(
        text=data["text"],
        chat=data["chat"],
        actor=data["actor"],
        region=data["region"],
        devices=data["devices"],
        form=data["device_form"],
        acceptances=data["acceptances"],
        readings=data["readings"],
        codecs=data["codecs"],
    )
