"""Reads all of a region folder that changes while the bot runs; in another process."""

from pathlib import Path

from services.alarms.reading import RuleBook, read_rules
from services.catalogue.reading import Reading, read_catalogue


def read_all(folder: str, **_more: object) -> tuple[Reading, RuleBook]:
    """Return the catalogue and the rules for alarms."""
    return read_catalogue(Path(folder)), read_rules(Path(folder))
