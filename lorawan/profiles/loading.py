"""Profiles from YAML files, strictly: a wrong file is refused, naming file, key and problem."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from lorawan.profiles.checking import Reader
from lorawan.profiles.errors import ProfileError
from lorawan.profiles.profile import Profile
from lorawan.profiles.strict_yaml import StrictLoader

OWN_FOLDER = Path(__file__).parent
LARGEST = 256 * 1024


@cache
def profiles() -> Mapping[str, Profile]:
    """Return the profiles that come with the program, by key."""
    return load_profiles(OWN_FOLDER)


def load_profiles(*folders: Path) -> Mapping[str, Profile]:
    """Return the profiles of these folders (`*.yaml`), by key.

    A later folder's profile replaces an earlier one of the same key: a county may know better. A
    folder that is not there has no profiles.

    Raises:
        ProfileError: a file that cannot be used, or a key twice in one folder.
    """
    found: dict[str, Profile] = {}
    for folder in folders:
        seen: dict[str, str] = {}
        for path in sorted(folder.glob("*.yaml")):
            profile = load_profile(path)
            if profile.key in seen:
                raise ProfileError(path.name, "key", "double-key", f"also in {seen[profile.key]}")
            seen[profile.key] = path.name
            found[profile.key] = profile
    return found


def load_profile(path: Path) -> Profile:
    """Return the profile of one file; raise `ProfileError`."""
    try:
        if path.stat().st_size > LARGEST:
            raise ProfileError(path.name, "", "too-large")
        return parse_profile(path.read_text(encoding="utf-8"), path.name)
    except OSError as error:
        raise ProfileError(path.name, "", "unreadable", error.strerror) from None
    except UnicodeDecodeError:
        raise ProfileError(path.name, "", "not-utf8") from None


def parse_profile(text: str, file: str) -> Profile:
    """Return the profile a text describes; raise `ProfileError` naming `file`."""
    try:
        data = yaml.load(text, Loader=StrictLoader)  # noqa: S506 - built on the safe loader
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        place = f"line {line + 1}" if line is not None else ""
        raise ProfileError(file, place, "not-yaml", getattr(error, "problem", "")) from None
    except RecursionError:
        raise ProfileError(file, "", "too-deep") from None
    return Reader(file).profile(data)
