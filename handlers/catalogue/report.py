"""What an import did, in the words an editor reads at the terminal and in the chat."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from services.catalogue.service import ImportReport
from services.golive.model import State
from services.text import Text
from services.yaml_source import Problem

ANNOUNCED = {
    State.SCHEDULED: "catalogue.import-announced",
    State.AWAITING: "catalogue.import-awaiting",
    State.DROPPED: "catalogue.import-nobody-approves",
}


def problem_lines(problems: Sequence[Problem], text: Text) -> Iterator[Markup]:
    """Yield file, line, field and what to do of each mistake."""
    for problem in problems:
        yield text(
            "catalogue.check-problem",
            file=problem.file,
            line=problem.line,
            field=problem.place,
            message=text(problem.text_key, **problem.params),
        )


def summary(report: ImportReport, text: Text) -> Markup:
    """Return the line that counts every record."""
    return text(
        "catalogue.import-summary",
        source=report.source,
        new=len(report.new),
        changed=len(report.changed),
        unchanged=len(report.unchanged),
        missing=len(report.missing),
        refused=len(report.refused),
    )
