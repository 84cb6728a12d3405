"""Structured logs: events and numbers, never texts, tokens or ids of people."""

import logging
import os
import socket
import sys

import structlog
from structlog.typing import EventDict

from bot.settings import LogSettings

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def configure(settings: LogSettings) -> None:
    """Write events to standard error, as lines for people or as JSON for machines."""
    # Libraries' loggers may quote addresses with the token in them: only their errors pass.
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    renderer = (
        structlog.processors.JSONRenderer()
        if settings.format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _name_the_process,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[settings.level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _name_the_process(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Say which of many processes speaks: its machine and its number there."""
    event["process"] = f"{socket.gethostname()}:{os.getpid()}"
    return event
