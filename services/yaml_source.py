"""YAML that remembers where each value stands, so that an editor is told file, line and field."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Step = str | int
Steps = tuple[Step, ...]
MAX_DEPTH = 32
"""Lists and mappings inside each other; a catalogue needs eight."""


@dataclass(frozen=True)
class Problem:
    """One thing an editor has to mend: where it stands, and the key of the text saying what."""

    file: str
    line: int
    place: str
    text_key: str
    params: dict[str, str] = field(default_factory=dict)


class SourceError(Exception):
    """A file could not be read at all."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class ProblemsError(Exception):
    """A file could be read, but there is something to mend in it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True)
class Source:
    """A parsed file: plain values, and the line of each path into them."""

    file: str
    data: Any
    lines: dict[Steps, int]

    def line(self, steps: Steps) -> int:
        """Return the line of a path, or of its nearest parent that stands in the file."""
        while steps and steps not in self.lines:
            steps = steps[:-1]
        return self.lines.get(steps, 1)

    def problem(self, steps: Steps, text_key: str, **params: object) -> Problem:
        shown = {name: str(value) for name, value in params.items()}
        return Problem(
            self.file, self.line(steps), ".".join(str(step) for step in steps), text_key, shown
        )


def read_yaml(path: Path, shown_as: str | None = None) -> Source:
    """Parse a YAML file; raise `SourceError` when it is unreadable, wrongly encoded, ambiguous."""
    shown = shown_as or path.name
    text = _text(path, shown)
    try:
        _refuse_bombs(text, shown)
        node = yaml.compose(text, yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise SourceError(_yaml_problem(error, text, shown)) from None
    reader = _Reader(shown)
    return Source(shown, reader.plain(node, ()) if node else None, reader.lines)


def _text(path: Path, shown: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise SourceError(
            Problem(shown, 1, "", "catalogue.unreadable", {"detail": str(error)})
        ) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise SourceError(Problem(shown, line, "", "catalogue.not-utf8")) from None


def _refuse_bombs(text: str, shown: str) -> None:
    """Refuse aliases (they multiply) and endless nesting before anything is built from them."""
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise SourceError(Problem(shown, line, "", "catalogue.aliases"))
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise SourceError(Problem(shown, line, "", "catalogue.too-deep"))


def _yaml_problem(error: yaml.YAMLError, text: str, shown: str) -> Problem:
    if isinstance(error, yaml.reader.ReaderError):  # a character that may not stand in YAML
        line = text.encode()[: error.position].count(b"\n") + 1
        return Problem(shown, line, "", "catalogue.not-yaml", {"detail": str(error.reason)})
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    detail = str(getattr(error, "problem", error))
    return Problem(shown, line, "", "catalogue.not-yaml", {"detail": detail})


class _Reader:
    """Turns YAML nodes into plain values and notes the line of each."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Steps, int] = {}
        self.scalars = yaml.constructor.SafeConstructor()

    def plain(self, node: yaml.Node, steps: Steps) -> Any:
        self.lines[steps] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, steps)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(child, (*steps, index)) for index, child in enumerate(node.value)]
        return self._scalar(node)

    def _scalar(self, node: yaml.Node) -> Any:
        try:
            return self.scalars.construct_object(node)
        except yaml.YAMLError as error:
            line = node.start_mark.line + 1
            detail = str(getattr(error, "problem", error))
            raise SourceError(
                Problem(self.file, line, "", "catalogue.not-yaml", {"detail": detail})
            ) from None
        except ValueError:
            return node.value  # 2026-02-30 is no date: the check of its field will say so

    def _mapping(self, node: yaml.MappingNode, steps: Steps) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, child in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in result:
                raise SourceError(
                    Problem(self.file, line, key, "catalogue.double-key", {"key": key})
                )
            result[key] = self.plain(child, (*steps, key))
            self.lines[(*steps, key)] = line
        return result
