"""Sensors to look at: for citizens what is released and public, for staff also what is not yet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.devices import finding
from services.devices.distance import metres
from services.devices.model import State, Visibility
from services.devices.rules import probes_of
from services.errors import ServiceError
from services.region.service import Region
from services.staff.rules import Action, Actor

FOR_STAFF = (State.TEST, State.RELEASED, State.MAINTENANCE)
FOR_ALL = (State.RELEASED,)
NEAREST = 5


class UnknownSensorError(ServiceError):
    """There is no such sensor, or it is not for this person to see."""

    text_key = "readings.unknown-sensor"


@dataclass(frozen=True)
class Sensor:
    """A device as people see it.

    Attributes:
        type: what it is to people (gauge, weather, …).
        place: in words.
        water: the river or lake it hangs over.
        ars: the municipality it belongs to.
        interval: how often it should send; None when nobody said so.
        datum: metres above sea level (NHN) of a gauge's zero.
        internal: only staff may see it.
        series: what it ever measured: quantity and channel.
        probes: how staff call the probes, by channel ("30 cm").
    """

    id: int
    name: str
    type: str = ""
    place: str = ""
    water: str = ""
    ars: str = ""
    latitude: float | None = None
    longitude: float | None = None
    interval: timedelta | None = None
    datum: float | None = None
    state: State = State.RELEASED
    internal: bool = False
    series: tuple[tuple[str, int], ...] = ()
    probes: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Near:
    """A sensor and how far away it is, in metres."""

    sensor: Sensor
    metres: float


@dataclass(frozen=True)
class Sensors:
    """Use cases around looking for sensors; nothing about who looks is kept."""

    session: AsyncSession
    region: Region
    clock: Clock

    async def visible(
        self, actor: Actor, quantities: Collection[str] | None = None
    ) -> Sequence[Sensor]:
        """Return the sensors somebody may see, by name; those that measure one of `quantities`."""
        return await self._found(actor, quantities=quantities)

    async def get(self, actor: Actor, device_id: int) -> Sensor:
        """Return a sensor somebody may see, or raise `UnknownSensorError`."""
        for sensor in await self._found(actor, device_id=device_id):
            return sensor
        raise UnknownSensorError

    async def near(
        self, actor: Actor, *, latitude: float, longitude: float, limit: int = NEAREST
    ) -> Sequence[Near]:
        """Return the nearest sensors somebody may see (degrees, WGS 84), the nearest first."""
        placed = [
            Near(one, metres(latitude, longitude, one.latitude, one.longitude))
            for one in await self.visible(actor)
            if one.latitude is not None and one.longitude is not None
        ]
        return sorted(placed, key=lambda one: one.metres)[:limit]

    async def _found(
        self,
        actor: Actor,
        *,
        device_id: int | None = None,
        quantities: Collection[str] | None = None,
    ) -> list[Sensor]:
        staff = actor.may_somewhere(Action.RUN_SENSORS, self.clock())
        rows = await finding.devices(
            self.session,
            FOR_STAFF if staff else FOR_ALL,
            public_only=not staff,
            device_id=device_id,
            quantities=quantities,
        )
        series = await finding.series(self.session, [row.id for row in rows])
        sensors = (_sensor(row, series.get(row.id, ())) for row in rows)
        return [one for one in sensors if not one.internal or self._may(actor, one)]

    def _may(self, actor: Actor, sensor: Sensor) -> bool:
        area = sensor.ars or self.region.facts.ars
        return actor.may(Action.RUN_SENSORS, area, self.clock())


def _sensor(row: Any, series: tuple[tuple[str, int], ...]) -> Sensor:
    return Sensor(
        id=row.id,
        name=row.name,
        type=row.type,
        place=row.place,
        water=row.water,
        ars=row.ars,
        latitude=row.latitude,
        longitude=row.longitude,
        interval=timedelta(seconds=row.interval_seconds) if row.interval_seconds else None,
        datum=row.gauge_datum,
        state=State(row.state),
        internal=row.state != State.RELEASED or row.visibility != Visibility.PUBLIC,
        series=series,
        probes=probes_of(row.tags),
    )
