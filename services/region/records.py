"""What a region folder says about the county itself: names, places, links, limits."""

from datetime import time
from functools import cached_property
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from services.records import Area, HttpsUrl, Line, Localised, Phone, Postcode, Record, Slug

Domain = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.[a-z]{2,}$")]


def _is_timezone(name: str) -> str:
    if name not in available_timezones():
        raise PydanticCustomError("timezone", "no such timezone")
    return name


Timezone = Annotated[str, AfterValidator(_is_timezone)]


class Hotline(Record):
    """The number a person can always call."""

    phone: Line
    unverified: bool = True


class Imprint(Record):
    """Who answers for the bot (§ 5 DDG)."""

    name: Line
    street: Line
    town: Line
    represented_by: Line | None = None
    phone: Phone | None = None
    email: Line | None = None
    url: HttpsUrl | None = None
    privacy_officer: Line | None = None
    unverified: bool = True


class Channel(Record):
    """The public channel that carries go-live news."""

    title: Line
    username: Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{4,31}$")]


class GoLive(Record):
    """How a service goes online: who must agree, when people are told."""

    second_person_above: Annotated[int, Field(ge=0)] = 500
    stop_seconds: Annotated[int, Field(ge=0, le=3600)] = 120
    tell_from: time = time(8)
    tell_until: time = time(20)
    digest_weekday: Annotated[int, Field(ge=0, le=6)] = 4
    channel_post_at: time = time(17)


class Municipality(Record):
    """One of the county's municipalities and the names people use for it."""

    ars: Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
    ags: Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]
    name: Line
    official: Line
    postcodes: tuple[Postcode, ...] = Field(min_length=1)
    aliases: tuple[Line, ...] = ()
    localities: tuple[Line, ...] = ()
    url: HttpsUrl | None = None


class Situation(Record):
    """A life situation (Lebenslage) of the menu."""

    id: Slug
    name: Localised


class Water(Record):
    """A river or lake whose level people ask for."""

    name: Line
    also: tuple[Line, ...] = ()
    """Other spellings and languages; with "*" at its end the beginning of a word."""


class FloodService(Record):
    """Who answers for floods: a sensor of ours never does."""

    name: Line
    url: HttpsUrl


class Sensors(Record):
    """What people may ask of the county's sensors, and who measures officially."""

    waters: tuple[Water, ...] = ()
    flood: FloodService | None = None

    @cached_property
    def spellings(self) -> dict[str, tuple[str, ...]]:
        """Return how each water is spelled, by its name."""
        return {water.name: water.also for water in self.waters}


class Surroundings(Record):
    """The county and a little around it, in degrees (WGS 84): a place beyond is asked back."""

    south: Annotated[float, Field(ge=-90, le=90)]
    west: Annotated[float, Field(ge=-180, le=180)]
    north: Annotated[float, Field(ge=-90, le=90)]
    east: Annotated[float, Field(ge=-180, le=180)]

    def hold(self, latitude: float, longitude: float) -> bool:
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


def _is_rising(minutes: tuple[int, ...]) -> tuple[int, ...]:
    if sorted(set(minutes)) != list(minutes):
        raise PydanticCustomError("rising", "each step comes later than the one before")
    return minutes


Minutes = Annotated[int, Field(ge=1, le=1440)]
Steps = Annotated[tuple[Minutes, ...], Field(max_length=3), AfterValidator(_is_rising)]


class Escalation(Record):
    """Who else hears when nobody takes an alarm on, by its severity.

    Minutes until chats of the first step, of the second, and at last all of the place hear.
    """

    notice: Steps = ()
    start: Steps = ()
    watch: Steps = (30, 60)
    guard: Steps = (15, 30, 45)
    defence: Steps = (5, 10, 15)


class Alarms(Record):
    """How alarms reach people."""

    quiet: (
        Annotated[
            str,
            StringConstraints(
                pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$"
            ),
        ]
        | None
    ) = None
    """Local hours in which light alarms wait: "22:00-06:00"."""
    escalation: Escalation = Escalation()

    @property
    def quiet_hours(self) -> tuple[time, time] | None:
        """Return beginning and end of the quiet hours on the wall clock."""
        if self.quiet is None:
            return None
        start, _, end = self.quiet.partition("-")
        return time.fromisoformat(start), time.fromisoformat(end)


class RegionFacts(Record):
    """The content of region.toml."""

    id: Slug
    name: Line
    name_en: Line
    ars: Area
    seat: Line
    timezone: Timezone = "Europe/Berlin"
    link_domains: tuple[Domain, ...] = Field(min_length=1)
    hotline: Hotline
    imprint: Imprint
    channel: Channel
    golive: GoLive = GoLive()
    sensors: Sensors = Sensors()
    surroundings: Surroundings | None = None
    alarms: Alarms = Alarms()
    suggestions: tuple[Line, ...] = ()
    suggestions_in: dict[str, tuple[Line, ...]] = Field(default_factory=dict)
    """Example questions in other languages than German, by the language's code."""

    def suggestions_for(self, language: str) -> tuple[str, ...]:
        """Return example questions, in German where the region has none in the language."""
        return self.suggestions_in.get(language, self.suggestions)
