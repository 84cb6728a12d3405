"""What every answer about devices needs, and how their values are named."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lorawan.profiles import OWN_FOLDER, Profile, ProfileError, load_profiles, profiles
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


@cache
def profiles_in(region_folder: Path) -> Mapping[str, Profile]:
    """Return the profiles of the program and of the county, as they were at the first look.

    Those of the program alone where one of the county's cannot be used: working messages off
    says so in the log.
    """
    try:
        return load_profiles(OWN_FOLDER, region_folder / "profiles")
    except ProfileError:
        return profiles()


@dataclass(frozen=True)
class Reader:
    """What can read a payload: a profile's key, or a script; for which kind of device ("" any)."""

    key: str
    name: str
    type: str = ""


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
    region_folder: Path

    async def readers(self) -> list[Reader]:
        """Return what a payload can be read by: profiles by name, then released scripts."""
        known = await asyncio.to_thread(profiles_in, self.region_folder)  # reads files once
        ours = [
            Reader(key, f"{one.maker} {one.name}".strip(), one.type) for key, one in known.items()
        ]
        names = {one.id: one.name for one in await self.codecs.all_listed()}
        released = await self.codecs.released()
        scripts = [Reader(f"script:{one}", names.get(one, f"script:{one}")) for one in released]
        return [*sorted(ours, key=lambda one: one.name.casefold()), *scripts]


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
        region_folder=data["region_folder"],
    )
