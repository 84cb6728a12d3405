"""A stage that was declared, in words: never without who declared it."""

from datetime import datetime

from markupsafe import Markup

from services.alarms.declared import Declared
from services.region.service import Region
from services.text import Text


def stage_words(stage: Declared, text: Text) -> Markup:
    """Return a stage with who declared it, and since when."""
    return text(
        "alarms.declared",
        stage=stage.stage,
        declarer=stage.declarer.of(text.language),
        date=text.day(stage.at),
        time=text.time(stage.at),
    )


def where_of(stage: Declared, region: Region) -> str:
    """Return the water, and the municipality where a stage holds in one only."""
    town = region.municipality(stage.ars)
    return f"{stage.water}, {town.name}" if town else stage.water


def cancelled_words(stage: Declared, at: datetime, text: Text) -> Markup:
    """Return that a stage was cancelled by who declared it, and since when."""
    return text(
        "alarms.stage-cancelled",
        stage=stage.stage,
        declarer=stage.declarer.of(text.language),
        date=text.day(at),
        time=text.time(at),
    )
