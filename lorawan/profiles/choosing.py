"""Which profile and which decoder a frame is read with."""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from lorawan.decoders import DECODERS, DecodeError
from lorawan.events import Event
from lorawan.profiles.loading import profiles
from lorawan.profiles.measuring import OF_THE_DEVICE, named
from lorawan.profiles.paths import find
from lorawan.profiles.profile import SERVER, Profile

OWN = "python"
LONGEST = 200
"""Characters of a model's name that are looked at."""
WILD = re.compile(r"[*?]")


def choose(event: Event, known: Mapping[str, Profile] | None = None) -> str | None:
    """Return the key of the profile that fits what the network server says of the model.

    The longest pattern wins, a fallback only where nothing else fits; None where none fits, or
    two profiles fit equally well: then a person must say.

    Args:
        event: the frame.
        known: the profiles to choose from; None: those that come with the program.
    """
    model = event.model[:LONGEST].casefold()
    best: dict[str, tuple[bool, int]] = {}
    for profile in (profiles() if known is None else known).values():
        telling = [
            len(WILD.sub("", pattern))
            for pattern in profile.models
            if model and fnmatchcase(model, pattern)
        ]
        if telling:
            best[profile.key] = not profile.fallback, max(telling)
    most = max(best.values(), default=None)
    fitting = [key for key, telling in best.items() if telling == most]
    return fitting[0] if len(fitting) == 1 else None


def decode(event: Event, profile: Profile | None) -> tuple[dict[str, Any] | None, str, str | None]:
    """Return the decoded object, what decoded it, and what was wrong.

    What decoded it is "server", "python:<decoder>", or "" for nothing. The network server's object
    is read where it holds what the profile asks for; our own decoder otherwise. What was wrong is
    a slug: "no-profile", "encrypted", "no-payload", "no-object" (a profile that needs the network
    server's), "nothing-mapped" (an object, but nothing the profile asks for), or the decoder's.
    """
    server = dict(event.decoded) if event.decoded is not None else None
    if profile is None:
        problem = None if event.normalized else "no-profile"
        return server, SERVER if server is not None else "", problem
    if server is not None and _prefers(profile, server):
        return server, SERVER, None
    if profile.decoder == SERVER:
        if server is None:
            return None, "", None if event.normalized else _missing(event) or "no-object"
        return server, SERVER, None if event.normalized else "nothing-mapped"
    return _own(event, profile.decoder, server if profile.prefer_server else None)


def _prefers(profile: Profile, server: Mapping[str, Any]) -> bool:
    if profile.decoder != SERVER and not profile.prefer_server:
        return False
    if profile.vocabulary and any(True for _ in named(server)):
        return True
    asked = [rule for rule in profile.mapping if rule.quantity not in OF_THE_DEVICE]
    return any(find(server, rule.path) for rule in asked or profile.mapping)


def _missing(event: Event) -> str | None:
    if event.encrypted:
        return "encrypted"
    return "no-payload" if event.payload is None else None


def _own(
    event: Event, decoder: str, server: dict[str, Any] | None
) -> tuple[dict[str, Any] | None, str, str | None]:
    problem = _missing(event)
    if event.payload is not None and problem is None:
        try:
            return DECODERS[decoder](event.payload, event.f_port), f"{OWN}:{decoder}", None
        except DecodeError as error:
            problem = error.problem
    return server, SERVER if server is not None else "", problem
