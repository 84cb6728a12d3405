"""The real region folders, read once and checked as `catalogue check` does it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.catalogue.checking import check_references
from services.catalogue.reading import Reading, read_catalogue
from services.catalogue.rules import Snapshot
from services.region.service import Region, load_region


@dataclass(frozen=True)
class RealRegion:
    """A folder below regions/: the county, what its files deliver, and its catalogue."""

    region: Region
    reading: Reading
    snapshot: Snapshot


@cache
def real_region(folder: Path) -> RealRegion:
    region, reading = load_region(folder), read_catalogue(folder)
    check_references(reading, region)
    services = {found.record.id: found.record for found in reading.services}
    offices = {found.record.id: found.record for found in reading.offices}
    return RealRegion(region, reading, Snapshot(1, services, offices))
