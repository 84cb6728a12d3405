"""What a real Rasa server (3.6.21) said: recorded from a model of 24 of our services."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu.rasa.export import OUT_OF_SCOPE
from nlu.understanding import Entry

FOLDER = Path(__file__).parent / "recorded"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


@dataclass(frozen=True)
class Recorded:
    """An answer, and what was asked for it."""

    asked: Any
    status: int
    content_type: str
    body: str


def recorded(name: str) -> Recorded:
    return Recorded(**json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def trained() -> tuple[Entry, ...]:
    """Return the entries the recorded model knows."""
    ranking = json.loads(recorded("clear").body)["intent_ranking"]
    names = sorted(one["name"] for one in ranking if one["name"] != OUT_OF_SCOPE)
    return tuple(Entry(name, (name.replace("-", " ").title(),)) for name in names)
