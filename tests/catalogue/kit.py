"""Small catalogues for tests, written the way editors keep them."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from services.catalogue.records import Office, Service

KOETHEN, ZERBST, SUED = "150820180180", "150820430430", "150820377377"
COUNTY, STATE = "15082", "15"
LAW = {"law": "BMG", "paragraph": "§ 17", "as_of": date(2026, 11, 1)}
PORTAL = "https://kfz.sachsen-anhalt.de/abmelden"


def both(words: str) -> dict[str, str]:
    return {"de": words, "en": f"{words} (en)"}


def service_data(id: str = "hund-anmelden", **changes: Any) -> dict[str, Any]:  # noqa: A002
    data = {
        "id": id,
        "leika": ["99102007104000"],
        "official": "Hundesteuer Anmeldung",
        "ozg": None,
        "name": both("Hund anmelden"),
        "summary": both("Für Hunde zahlt man Steuer."),
        "synonyms": ["Hundesteuer", "Welpe gekauft", "neuer Hund"],
        "situations": ["tiere"],
        "task": "hundesteuer",
        "review_by": date(2027, 5, 31),
        **changes,
    }
    return {name: value for name, value in data.items() if value is not ...}


def office_data(id: str = "amt", **changes: Any) -> dict[str, Any]:  # noqa: A002
    return {
        "id": id,
        "name": both("Amt"),
        "area": COUNTY,
        "level": "county",
        "tasks": ["hundesteuer"],
        **changes,
    }


def service(id: str = "hund-anmelden", **changes: Any) -> Service:  # noqa: A002
    return Service.model_validate(service_data(id, **changes))


def office(id: str = "amt", **changes: Any) -> Office:  # noqa: A002
    return Office.model_validate(office_data(id, **changes))


def maturity(level: int | None, area: str = COUNTY, **changes: Any) -> dict[str, Any]:
    return {
        "area": area,
        "model": "1.1",
        "level": level,
        "as_of": date(2026, 1, 1),
        "evidence": "Erhebung",
        **changes,
    }


def link(status: str = "ok", area: str = STATE, url: str = PORTAL) -> dict[str, str]:
    return {"area": area, "url": url, "status": status}


class _Plain(yaml.SafeDumper):
    """Writes every value out; editors know no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def write(
    path: Path, *services: Any, offices: Any = (), source: str = "testkreis/starter"
) -> Path:
    """Write a catalogue file; services and offices are data as above."""
    content: dict[str, Any] = {"source": source} if services else {}
    content |= {"offices": list(offices)} if offices else {}
    content |= {"services": list(services)} if services else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    words = yaml.dump(content, Dumper=_Plain, allow_unicode=True, sort_keys=False)
    path.write_text(words, encoding="utf-8")
    return path
