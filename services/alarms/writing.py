"""Rules as the region's file: what stands there is read again as the very same rules."""

from collections.abc import Iterable
from typing import Any

import yaml

from services.alarms.records import RuleRecord


def alarms_yaml(rules: Iterable[RuleRecord], comments: Iterable[str]) -> str:
    """Return the file, lines of comments at its top."""
    documents = [_document(record) for record in rules]
    body = yaml.safe_dump(
        {"rules": documents},
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=None,
        width=120,
    )
    head = "".join(f"# {line}\n" for line in comments)
    return f"{head}\n{body}"


def _document(record: RuleRecord) -> dict[str, Any]:
    """Return a rule with what names it first."""
    known = record.document()
    return {key: known[key] for key in dict.fromkeys(("id", "name", *known))}
