"""What a record alone cannot know: does everything it names exist in this region?"""

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit

from services.catalogue.reading import Entry, Found, Reading, Refused, refuse_doubles
from services.catalogue.records import Office, Service
from services.catalogue.rules import Snapshot
from services.hours import HoursError, read_hours
from services.records import covers
from services.region.service import Region
from services.yaml_source import Problem


def check_references(reading: Reading, region: Region, known: Iterable[Office] = ()) -> None:
    """Move records that name unknown things from the reading's valid to its refused ones."""
    reading.offices, doubles = refuse_doubles(reading.offices)
    reading.refused += doubles
    reading.services, doubles = refuse_doubles(reading.services)
    reading.refused += doubles
    reading.offices = _keep(
        reading.offices, reading.refused, lambda found: _office_problems(found, region)
    )
    offices = {office.id: office for office in known}
    offices |= {found.record.id: found.record for found in reading.offices}
    snapshot = Snapshot(0, {}, offices)
    reading.services = _keep(
        reading.services, reading.refused, lambda found: _service_problems(found, region, snapshot)
    )


def refuse_foreign(reading: Reading, owners: Mapping[str, str]) -> None:
    """Refuse services that another source delivers: two sources never overwrite each other."""
    reading.services = _keep(
        reading.services,
        reading.refused,
        lambda found: _owner_problems(found, reading.source, owners),
    )


def _owner_problems(
    found: Found[Service], source: str, owners: Mapping[str, str]
) -> Iterable[Problem]:
    owner = owners.get(found.record.id, source)
    if owner != source:
        yield found.problem(("id",), "catalogue.problem-other-source", owner=owner)


def _keep(
    found: list[Found[Entry]],
    refused: list[Refused],
    problems_of: Callable[[Found[Entry]], Iterable[Problem]],
) -> list[Found[Entry]]:
    kept = []
    for item in found:
        problems = list(problems_of(item))
        if problems:
            refused.append(Refused(item.record.id, tuple(problems)))
        else:
            kept.append(item)
    return kept


def _office_problems(found: Found[Office], region: Region) -> Iterable[Problem]:
    area = found.record.area
    if not (region.knows_area(area) or covers(area, region.facts.ars)):
        yield found.problem(("area",), "catalogue.problem-unknown-area", area=area)
    try:
        read_hours(found.record.hours)
    except HoursError as error:
        yield found.problem(("hours", error.index), error.text_key, hours=error.line)


def _service_problems(
    found: Found[Service], region: Region, snapshot: Snapshot
) -> Iterable[Problem]:
    service = found.record
    situations = {situation.id for situation in region.situations}
    for index, situation in enumerate(service.situations):
        if situation not in situations:
            yield found.problem(
                ("situations", index),
                "catalogue.problem-unknown-situation",
                situation=situation,
            )
    for index, row in enumerate(service.responsibility):
        if row.office not in snapshot.offices:
            yield found.problem(
                ("responsibility", index, "office"),
                "catalogue.problem-unknown-office",
                office=row.office,
            )
    yield from _area_problems(found, region)
    for index, link in enumerate(service.online):
        if not region.allows_link(urlsplit(link.url).hostname or ""):
            yield found.problem(
                ("online", index, "url"), "catalogue.problem-link-domain", url=link.url
            )
    uncovered = [
        place.name
        for place in region.municipalities
        if not snapshot.responsible_office(service, place.ars)
    ]
    if uncovered:
        field = "task" if service.task else "responsibility"
        yield found.problem(
            (field,),
            "catalogue.problem-nobody-responsible",
            task=service.task or "",
            places=", ".join(uncovered),
        )


def _area_problems(found: Found[Service], region: Region) -> Iterable[Problem]:
    service = found.record
    for field, areas in (
        ("responsibility", [row.area for row in service.responsibility]),
        ("maturity", [row.area for row in service.maturity]),
        ("online", [row.area for row in service.online]),
    ):
        for index, area in enumerate(areas):
            if not (region.knows_area(area) or covers(area, region.facts.ars)):
                yield found.problem(
                    (field, index, "area"), "catalogue.problem-unknown-area", area=area
                )
