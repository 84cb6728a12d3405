"""TOML that remembers where each value stands, so that an editor is told file, line and field."""

import re
import tomllib
from pathlib import Path

from services.yaml_source import Problem, Source, SourceError, Steps

TABLE = re.compile(r"\s*\[([A-Za-z0-9_.-]+)\]")
KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
AT_LINE = re.compile(r"at line ([0-9]+)")


def read_toml(path: Path) -> Source:
    """Parse a TOML file; raise `SourceError` when it is unreadable or no TOML."""
    try:
        text = path.read_text(encoding="utf-8")
        return Source(path.name, tomllib.loads(text), _lines(text))
    except OSError as error:
        problem = Problem(path.name, 1, "", "catalogue.unreadable", {"detail": str(error)})
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        problem = Problem(path.name, line, "", "catalogue.not-utf8")
    except tomllib.TOMLDecodeError as error:
        place = AT_LINE.search(str(error))
        line = int(place[1]) if place else 1
        problem = Problem(path.name, line, "", "catalogue.not-toml", {"detail": str(error)})
    raise SourceError(problem)


def _lines(text: str) -> dict[Steps, int]:
    """Return the line of each table and key; enough for the plain TOML of a region."""
    lines: dict[Steps, int] = {}
    table: Steps = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := TABLE.match(line):
            table = tuple(header[1].split("."))
            lines[table] = number
        elif key := KEY.match(line):
            lines[(*table, key[1])] = number
    return lines
