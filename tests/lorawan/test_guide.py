"""What the guide for clerks says is true."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from lorawan.events import Dialect, Event, Kind
from lorawan.profiles import Derivation, Mounting, Type, choose, decode, measure
from lorawan.profiles.checking import PROFILE_KEYS, RULE_KEYS
from lorawan.profiles.loading import parse_profile

GUIDE = (Path(__file__).resolve().parent.parent.parent / "docs" / "sensoren-profile.md").read_text(
    encoding="utf-8"
)


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    assert found
    return found[1]


def test_the_worked_example_gives_what_the_guide_says() -> None:
    profile = parse_profile(block("yaml"), "radar.yaml")
    decoded: dict[str, Any] = json.loads(block("json"))
    event = Event(Dialect.CHIRPSTACK_V4, Kind.UPLINK, "up", decoded=decoded, model="RADAR-1 EU")
    assert choose(event, {profile.key: profile}) == "beispiel-radar-1"
    found, decoder, problem = decode(event, profile)
    assert (decoder, problem) == ("server", None)
    measured = measure(event, found, profile, Mounting(4.5))
    assert [(one.quantity, one.channel, one.value) for one in measured.measurements] == [
        ("air.temperature", 0, 11.5),
        ("air.temperature", 1, 12.0),
        ("water.distance", 0, 2.14),
        ("water.level", 0, 2.36),
    ]
    assert measured.battery_volt == 3.6


@pytest.mark.parametrize("word", sorted(PROFILE_KEYS | RULE_KEYS | set(Type) | set(Derivation)))
def test_every_word_of_a_profile_is_explained(word: str) -> None:
    assert re.search(rf"`{re.escape(word)}[`:]", GUIDE)
