"""Opens the understanding of questions as the settings say."""

from typing import TYPE_CHECKING

from bot.settings import Settings
from handlers.understanding import Options, Understanders

if TYPE_CHECKING:
    from bot.application import Application


def understanding_options(settings: Settings) -> Options:
    """Return how questions are understood."""
    own = settings.nlu
    return Options(
        encoders=own.names,
        vectors=own.vectors,
        most_waiting=own.most_waiting,
        seconds=own.seconds,
    )


def open_understanders(application: "Application") -> Understanders:
    """Return what understands questions; nothing is loaded before it is needed."""
    options = understanding_options(application.settings)
    return Understanders(application.region, options, watch=application.work.metrics)
