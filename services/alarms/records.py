"""A rule as people write it: in alarms.yaml, in the guided form, as their own threshold."""

from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from lorawan.profiles import Type
from lorawan.vocabulary import QUANTITIES, Quantity
from services.alarms.given import PERCENT, Distance, GivenSeverity, Number, Span
from services.alarms.rules import records as rules
from services.alarms.rules.records import Direction, Severity, Signal
from services.records import Area, Line, Localised, Record, Slug

FIGURES = {
    one.name: one
    for one in (
        Quantity("link.battery", "%", 0, 100),
        Quantity("link.margin", "dB", -128, 127),
        Quantity("link.snr", "dB", -50, 50),
        Quantity("link.loss", "%", 0, 100),
    )
}
"""What is known of the device itself: charge and margin by its status, SNR (mean) and share of
frames lost in the last 24 hours. Nobody is in danger by these."""
GRAVEST_OF_FIGURES = Severity.START


class AppliesTo(Record):
    """Which devices are meant; all that is given must fit."""

    device: Line | None = None
    """Its address: the EUI."""
    tag: Slug | None = None
    type: Type | None = None
    ars: Area = ""
    water: Line | None = None
    channel: Annotated[int, Field(ge=0, le=999, strict=True)] | None = None
    """One probe of several; None: each for itself."""


class LevelRecord(Record):
    """A step: reached at `at`; left behind `clear`, or when `hysteresis` away from `at`."""

    severity: GivenSeverity
    at: Number
    clear: Number | None = None
    hysteresis: Distance | None = None
    """In the quantity's unit ("0.1") or of the threshold ("5 %")."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.clear is not None and self.hysteresis is not None:
            raise PydanticCustomError("alarm_clear", "either clear or hysteresis")
        self.distance()
        return self

    def distance(self) -> float:
        """Return how far behind the threshold a level is left."""
        if self.hysteresis is None:
            return 0.0
        percent = PERCENT.fullmatch(self.hysteresis)
        try:
            found = abs(self.at) * float(percent[1]) / 100 if percent else float(self.hysteresis)
        except ValueError:
            found = -1.0
        if not 0 <= found < float("inf"):
            raise PydanticCustomError("alarm_hysteresis", "not a distance")
        return found

    def level(self, direction: Direction) -> rules.Level:
        above = direction is Direction.ABOVE
        clear = self.clear
        if clear is None:
            clear = self.at - self.distance() if above else self.at + self.distance()
        return rules.Level(self.severity, self.at, clear)


class PatienceRecord(Record):
    """How long something must last: in event time and in values, both."""

    time: Span = timedelta(0)
    samples: Annotated[int, Field(ge=1, le=1000, strict=True)] = 1

    def patience(self) -> rules.Patience:
        return rules.Patience(self.time, self.samples)


class PlausibleRecord(Record):
    """What can be real at this place; see `rules.records.Plausibility`."""

    lowest: Number | None = None
    highest: Number | None = None
    step_per_hour: Annotated[Number, Field(gt=0)] | None = None
    confirmed_by: Annotated[int, Field(ge=1, le=20, strict=True)] = 3
    stuck_after: Annotated[int, Field(ge=0, le=10_000, strict=True)] = 0

    def plausibility(self, quantity: Quantity) -> rules.Plausibility:
        """Return the limits of a place; what the quantity can never be is doubted anywhere."""
        lows = [one for one in (self.lowest, quantity.lowest) if one is not None]
        highs = [one for one in (self.highest, quantity.highest) if one is not None]
        return rules.Plausibility(
            lowest=max(lows, default=None),
            highest=min(highs, default=None),
            step_per_hour=self.step_per_hour,
            confirmed_by=self.confirmed_by,
            stuck_after=self.stuck_after,
        )


class OfflineRecord(Record):
    """What the silence of the devices is worth: after five intervals and this patience."""

    severity: GivenSeverity = Severity.NOTICE
    patience: Span = timedelta(0)


class FlappingRecord(Record):
    """More changes than these within the window are a nuisance."""

    changes: Annotated[int, Field(ge=2, le=100, strict=True)] = 6
    window: Span = timedelta(hours=2)


class RuleRecord(Record):
    """A rule; without `quantity` and `levels` it says only what silence means (`offline`)."""

    id: Slug
    name: Localised
    applies_to: AppliesTo = AppliesTo()
    quantity: str | None = None
    direction: Direction = Direction.ABOVE
    signal: Signal = Signal.VALUE
    levels: tuple[LevelRecord, ...] = Field(default=(), max_length=5)
    up_for: PatienceRecord = PatienceRecord()
    down_for: PatienceRecord = PatienceRecord()
    window: Span = timedelta(hours=1)
    lateness: Span | None = None
    """How late a value may come and still decide; default: two intervals of the device."""
    plausible: PlausibleRecord = PlausibleRecord()
    offline: OfflineRecord | None = None
    flapping: FlappingRecord = FlappingRecord()
    public: bool = False
    exercise: bool = False
    """For exercises: weighs simulated values, too, and devices in test; all is marked ÜBUNG."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.quantity is None:
            if self.levels or self.offline is None:
                raise PydanticCustomError("alarm_quantity_missing", "levels need a quantity")
            return self
        if self.quantity not in QUANTITIES and self.quantity not in FIGURES:
            raise PydanticCustomError(
                "alarm_quantity", "no such quantity", {"quantity": self.quantity}
            )
        if not self.levels:
            raise PydanticCustomError("alarm_no_levels", "a quantity needs levels")
        self._levels_rise()
        return self

    def _levels_rise(self) -> None:
        quantity = self.unit_of
        above = self.direction is Direction.ABOVE
        before: rules.Level | None = None
        for one in self.levels:
            level = one.level(self.direction)
            if (level.clear > level.threshold) if above else (level.clear < level.threshold):
                raise PydanticCustomError("alarm_clear_side", "clear is on the wrong side")
            if self.signal is Signal.VALUE and not quantity.can_be(one.at):
                raise PydanticCustomError("alarm_level_range", "never reached", {"at": one.at})
            if quantity.name in FIGURES and one.severity > GRAVEST_OF_FIGURES:
                raise PydanticCustomError("alarm_figure_severity", "too grave for a figure")
            if before is not None and not _further(before, level, above=above):
                raise PydanticCustomError("alarm_order", "levels do not rise")
            before = level

    @property
    def unit_of(self) -> Quantity:
        """Return the quantity with its unit.

        Raises:
            KeyError: the rule has none.
        """
        name = self.quantity or ""
        return FIGURES[name] if name in FIGURES else QUANTITIES[name]

    def rule(self, interval: timedelta) -> rules.Rule:
        """Return what the engine weighs the values of a device by that reports so often."""
        if self.quantity is None:
            raise ValueError(f"{self.id} weighs no values")
        flapping = self.flapping
        return rules.Rule(
            key=self.id,
            quantity=self.quantity,
            levels=tuple(one.level(self.direction) for one in self.levels),
            direction=self.direction,
            signal=self.signal,
            up=self.up_for.patience(),
            down=self.down_for.patience(),
            interval=interval,
            lateness=self.lateness,
            window=self.window,
            plausibility=self.plausible.plausibility(self.unit_of),
            flapping=rules.Flapping(flapping.changes, flapping.window),
        )

    def document(self) -> dict[str, Any]:
        """Return what is stored: equal rules have an equal one."""
        return self.model_dump(mode="json", exclude_defaults=True)


def _further(before: rules.Level, after: rules.Level, *, above: bool) -> bool:
    """Whether a level is graver than the one before and further out, its clearing, too."""
    sign = 1 if above else -1
    return (
        after.severity > before.severity
        and sign * after.threshold > sign * before.threshold
        and sign * after.clear >= sign * before.clear
    )


class DeclarerRecord(Record):
    """Who declares stages (Alarmstufen) for which waters, as the county's rules allow."""

    id: Annotated[Slug, Field(max_length=20)]
    name: Localised
    """As it stands behind "ausgerufen von": "der Hochwasservorhersagezentrale"."""
    waters: Annotated[tuple[Line, ...], Field(min_length=1)]
