"""Lists of sensors: all by type and municipality, or the nearest to where somebody is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from handlers.buttons.sensors import ListSensors, ShowSensor
from handlers.messages import Row, button
from handlers.readings.cards import Card
from services.devices.lookups import Near, Sensor
from services.region.service import Region
from services.text import Text

TYPES = {
    "gauge": "readings.type-gauge",
    "weather": "readings.type-weather",
    "air": "readings.type-air",
    "soil": "readings.type-soil",
    "parking": "readings.type-parking",
    "waste": "readings.type-waste",
    "noise": "readings.type-noise",
    "other": "readings.type-other",
}
"""What a sensor is to people, in the order in which they are listed."""
OTHER = "other"
ON_A_PAGE = 7
FEW = 7
"""So many sensors fit on one keyboard: nobody has to choose a type first."""
KILOMETRE = 1000.0
NAMED = 12
"""Sensors of a type that are named in the overview."""


def kind_of(sensor: Sensor) -> str:
    """Return the type under which a sensor is listed."""
    return sensor.type if sensor.type in TYPES else OTHER


def overview(sensors: Sequence[Sensor], text: Text, region: Region, *, private: bool) -> Card:
    """Return all sensors by type and municipality; in a private chat with buttons."""
    if not sensors:
        return text("readings.list-empty"), []
    groups = _groups(sensors)
    lines: list[str] = [text("readings.list")]
    for kind, members in groups.items():
        lines += ["", text("readings.list-type", type=text(TYPES[kind]), number=len(members))]
        lines += _by_town(members, text, region)
    if not private:
        return text.lines(lines), []
    lines += ["", text("readings.list-hint")]
    if len(sensors) <= FEW:
        return text.lines(lines), rows_of(sensors, text, region)
    kinds = [button(text(TYPES[kind]), ListSensors(type=kind)) for kind in groups]
    return text.lines(lines), [kinds[at : at + 2] for at in range(0, len(kinds), 2)]


def page_of(sensors: Sequence[Sensor], kind: str, page: int, text: Text, region: Region) -> Card:
    """Return one page of the sensors of a type."""
    members = _groups(sensors).get(kind, [])
    pages = max(1, -(-len(members) // ON_A_PAGE))
    page = min(max(page, 0), pages - 1)
    shown = members[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    turn = [
        button(text(key), ListSensors(type=kind, page=number))
        for key, number in (("ask.button-previous", page - 1), ("ask.button-next", page + 1))
        if 0 <= number < pages
    ]
    heading = text("readings.list-type", type=text(TYPES[kind]), number=len(members))
    back = [button(text("readings.button-list"), ListSensors())]
    return heading, [*rows_of(shown, text, region), turn, back]


def nearest(found: Sequence[Near], text: Text) -> Card:
    """Return the nearest sensors with their distances."""
    if not found:
        return text("readings.list-empty"), []
    lines: list[str] = [text("readings.near"), ""]
    lines += [
        text("readings.near-line", name=one.sensor.name, distance=distance(one.metres, text))
        for one in found
    ]
    rows: list[Row] = [
        [button(one.sensor.name, ShowSensor(device=one.sensor.id))] for one in found
    ]
    return text.lines(lines), rows


def rows_of(sensors: Iterable[Sensor], text: Text, region: Region) -> list[Row]:
    """Return a button for each sensor: its name and its town."""
    rows: list[Row] = []
    for one in sensors:
        town = region.area_name(one.ars) if one.ars else ""
        label = text("readings.button-sensor", name=one.name, town=town) if town else one.name
        rows.append([button(label, ShowSensor(device=one.id))])
    return rows


def distance(metres: float, text: Text) -> str:
    """Show a distance as people say it: "350 m", "1,2 km", "12 km"."""
    if metres < KILOMETRE:
        return text.amount(round(metres, -1), "length-meter", 0)
    kilometres = metres / KILOMETRE
    return text.amount(kilometres, "length-kilometer", 1 if kilometres < 10 else 0)  # noqa: PLR2004


def _groups(sensors: Sequence[Sensor]) -> dict[str, list[Sensor]]:
    """Return the sensors by type, in the order of the types; types without any are left out."""
    found: dict[str, list[Sensor]] = {kind: [] for kind in TYPES}
    for sensor in sensors:
        found[kind_of(sensor)].append(sensor)
    return {kind: members for kind, members in found.items() if members}


def _by_town(sensors: Sequence[Sensor], text: Text, region: Region) -> list[str]:
    towns: dict[str, list[str]] = defaultdict(list)
    for one in sensors[:NAMED]:
        towns[region.area_name(one.ars)].append(one.name)
    lines: list[str] = [
        text("readings.list-town", town=town, names=", ".join(names))
        for town, names in sorted(towns.items())
    ]
    return [*lines, "…"] if len(sensors) > NAMED else lines
