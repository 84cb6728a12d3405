"""Writes what a Rasa server learns from: the entries of our own index as intents with examples."""

import re
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path

from nlu.understanding import Entry

CONFIG = resources.files("nlu.rasa").joinpath("config.yml")
OUT_OF_SCOPE = "out_of_scope"
"""Rasa's own name for what is none of our business."""
VERSION = "3.1"
FORBIDDEN = re.compile(r"[^A-Za-z0-9-]")
"""Not in names of intents: "/" begins a response key, ":" and others mean something in YAML."""
MARKUP = str.maketrans(dict.fromkeys("[]{}\\", " "))
"""Rasa reads brackets in examples as entities, and a backslash as an escape."""


def intents_of(entries: Sequence[Entry]) -> dict[str, Entry]:
    """Return the entries by the names of their intents."""
    return {FORBIDDEN.sub("_", entry.id): entry for entry in entries}


def export(folder: Path, entries: Sequence[Entry], out_of_scope: Sequence[str]) -> None:
    """Write config.yml, domain.yml and nlu.yml into a folder that may not exist yet.

    Raises `ValueError` when two entries would be one intent; ids as our catalogue has them differ.
    """
    intents = intents_of(entries)
    if len(intents) < len(entries) or OUT_OF_SCOPE in intents:
        raise ValueError("two entries would be one intent")
    examples = {name: (*entry.names, *entry.phrases) for name, entry in intents.items()}
    examples[OUT_OF_SCOPE] = tuple(out_of_scope)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {
        "config.yml": CONFIG.read_text(encoding="utf-8"),
        "domain.yml": domain(tuple(examples)),
        "nlu.yml": training(examples),
    }.items():
        (folder / name).write_text(text, encoding="utf-8")


def domain(intents: Sequence[str]) -> str:
    """Return the content of domain.yml."""
    return "\n".join([f'version: "{VERSION}"', "intents:", *(f"- {one}" for one in intents), ""])


def training(examples: Mapping[str, Sequence[str]]) -> str:
    """Return the content of nlu.yml; what is said twice for an intent stands there once."""
    lines = [f'version: "{VERSION}"', "nlu:"]
    for intent, texts in examples.items():
        plain = dict.fromkeys(_plain(text) for text in texts)
        lines += [f"- intent: {intent}", "  examples: |"]
        lines += [f"    - {text}" for text in plain if text]
    return "\n".join([*lines, ""])


def _plain(text: str) -> str:
    """Return a text in one line, without what Rasa or YAML would read as something else."""
    one_line = " ".join(text.translate(MARKUP).split())
    return "".join(sign for sign in one_line if sign.isprintable())
