"""What is wrong in a file or a team: where it stands, and the key of the text saying so."""

from collections.abc import Sequence
from dataclasses import dataclass, field

MOST_MISTAKES = 50
"""So many are told one by one; a file with more has one mistake at heart."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend: its place ("cases[3] (c3).due"), the key of a text, its parameters."""

    place: str
    text_key: str
    params: dict[str, str] = field(default_factory=dict)


class MistakesError(Exception):
    """Something cannot be used; carries its name and everything found that is to be mended."""

    def __init__(self, source: str, mistakes: Sequence[Mistake], *, left_out: int = 0) -> None:
        super().__init__(source, mistakes, left_out)
        self.source = source
        self.mistakes = tuple(mistakes)
        self.left_out = left_out


class Mistakes:
    """Collects mistakes, so that somebody is told several at once."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.found: list[Mistake] = []
        self.left_out = 0

    def add(self, place: str, text_key: str, **params: object) -> None:
        """Note a mistake; from `MOST_MISTAKES` on they are only counted."""
        if len(self.found) < MOST_MISTAKES:
            shown = {name: str(value)[:200] for name, value in params.items()}
            self.found.append(Mistake(place, text_key, shown))
        else:
            self.left_out += 1

    def refuse_if_any(self) -> None:
        """Raise `MistakesError` with everything noted so far."""
        if self.found:
            raise MistakesError(self.source, self.found, left_out=self.left_out)
