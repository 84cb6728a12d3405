"""How the payload of a kind of device becomes measurements: decoder and mapping, as data.

Each `*.yaml` file here is a profile; `docs/sensoren-profile.md` tells clerks how to write one.
"""

from lorawan.profiles.choosing import choose, decode
from lorawan.profiles.errors import ProfileError
from lorawan.profiles.loading import OWN_FOLDER, load_profile, load_profiles, profiles
from lorawan.profiles.measuring import measure
from lorawan.profiles.profile import (
    Derivation,
    Measured,
    Mounting,
    Profile,
    Rule,
    Type,
)

__all__ = [
    "OWN_FOLDER",
    "Derivation",
    "Measured",
    "Mounting",
    "Profile",
    "ProfileError",
    "Rule",
    "Type",
    "choose",
    "decode",
    "load_profile",
    "load_profiles",
    "measure",
    "profiles",
]
