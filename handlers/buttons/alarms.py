"""Payloads of buttons about alarms: taking them on, subscriptions, the board, rules, quiet."""

from enum import StrEnum
from typing import Self

from aiogram.filters.callback_data import CallbackData


class TakeAlarm(CallbackData, prefix="aa"):
    """Take an alarm on, or give it back.

    `severity` is what the message spoke of, `group` whose newest message it may be.
    """

    alarm: int
    severity: int
    group: int = 0
    back: bool = False


class HushAlarm(CallbackData, prefix="ah"):
    """Hear nothing of an alarm for an hour."""

    alarm: int


class PostStep(StrEnum):
    """What an editor does with a post for the channel."""

    RELEASE = "r"
    DROP = "d"
    WITHDRAW = "w"


class DecidePost(CallbackData, prefix="pc"):
    """An editor's word about a post on an alarm."""

    post: int
    step: PostStep


class ChooseAlarms(CallbackData, prefix="as"):
    """A guided choice of what a chat hears; what is empty or below zero is asked next.

    `chat` is our number of another chat, for who routes centrally; "*" means all.
    """

    chat: int = 0
    area: str = ""
    type: str = ""
    severity: int = -1
    step: int = -1


class EndAlarms(CallbackData, prefix="ae"):
    """End a subscription of alarms."""

    subscription: int


class ListAlarms(CallbackData, prefix="al"):
    """Show what a chat hears; `groups`: choose a group to subscribe for."""

    groups: bool = False


class AttachAlarms(CallbackData, prefix="ai"):
    """Send a picture and the place with alarms in this chat, or the text alone."""

    text_only: bool


class OfProbe(CallbackData, prefix="-"):
    """Speaks of one of several equal probes; earlier buttons did not say which: the first."""

    @classmethod
    def unpack(cls, value: str) -> Self:
        said = value.count(cls.__separator__)
        is_older = said == len(cls.model_fields) - 1
        return super().unpack(f"{value}{cls.__separator__}0" if is_older else value)


class OfferThresholds(OfProbe, prefix="ot"):
    """Offer values of a quantity at which a person may be told."""

    device: int
    quantity: str
    channel: int = 0


class WatchValue(OfProbe, prefix="wv"):
    """Tell me when a value is above or below; thousandths of the quantity's unit."""

    device: int
    quantity: str
    above: bool
    at: int
    sure: bool = False
    channel: int = 0


class ShowThresholds(CallbackData, prefix="ts"):
    """Show my own thresholds, or remove one and show the others."""

    remove: int = 0


class BoardView(StrEnum):
    """What of the present alarms is shown."""

    TEXT = "t"
    PICTURE = "p"
    MONTH = "m"
    MONTH_PICTURE = "g"
    TABLE = "c"


class ShowBoard(CallbackData, prefix="lb"):
    """Show what fires now, or a month (as 202611; 0: the last one that is over)."""

    view: BoardView = BoardView.TEXT
    month: int = 0


class ShowAlarm(CallbackData, prefix="la"):
    """Show the history of an alarm, or draw the values around it."""

    alarm: int
    draw: bool = False


class TurnHistory(CallbackData, prefix="lh"):
    """Show another page of the history of an alarm, in place of the message."""

    alarm: int
    page: int


class QuietTarget(CallbackData, prefix="sq"):
    """A guided choice of a silence: what ("d7" device, "tgauge" type, …), how long, why.

    `about` "?d", "?r", "?a": show what there is to choose. `hours` below zero: as was written.
    `sure`: a long one is meant.
    """

    about: str = ""
    hours: int = 0
    reason: str = ""
    sure: bool = False


class Prolong(CallbackData, prefix="sp"):
    """Let a silence end later, or sooner: so many hours from now; 0 asks. `sure`: long is meant.

    `hours` below zero: as was written.
    """

    number: int
    hours: int = 0
    sure: bool = False


class EndQuiet(CallbackData, prefix="se"):
    """End a silence, or a window of maintenance."""

    number: int
    window: bool = False


class ChooseWindow(CallbackData, prefix="mw", sep="|"):
    """A guided choice of a recurring window: what, which weekdays, which hours, why.

    `about` as of a silence; `hours` "*": days and hours as was written.
    """

    about: str = ""
    days: str = ""
    hours: str = ""
    reason: str = ""


class RuleField(StrEnum):
    """What is done with a rule as a whole."""

    SHOW = "s"
    EXERCISE = "x"
    """It is no exercise any more; one for some hours is a `PlanExercise`."""
    ACTIVE = "o"
    REGION = "r"
    """The folder's text is to hold again."""


class ShowRules(CallbackData, prefix="rl"):
    """Show a page of the rules, or send all of them as the region's file."""

    page: int = 0
    file: bool = False


class EditRule(CallbackData, prefix="re", sep="|"):
    """Look at a rule, or at a change of it; 0 and 1.

    `version` is that of the rule when this was offered; `sure` saves.
    """

    key: str
    version: int
    field: RuleField = RuleField.SHOW
    value: int = 0
    sure: bool = False


class PlanExercise(CallbackData, prefix="ex", sep="|"):
    """A guided choice of an exercise: what ("d7" device, "r.." rule, "a.." area), until, why.

    `until` counts minutes since 1970.
    """

    about: str = ""
    until: int = 0
    reason: str = ""


class EndExercise(CallbackData, prefix="ee"):
    """End an exercise early."""

    number: int


class RecordStage(CallbackData, prefix="st", sep="|"):
    """A guided record of a declared stage: water (digest of its name), area, stage, by whom, when.

    `stage` 0 is "cancelled", -1 not chosen; `at` counts minutes since 1970; `before` is the stage
    that was shown to hold; `sure` records.
    """

    water: str = ""
    area: str = ""
    stage: int = -1
    declarer: str = ""
    at: int = 0
    before: int = 0
    sure: bool = False


class BeginRule(CallbackData, prefix="rn", sep="|"):
    """Begin to change a rule, or a new one (no `key`), about a device or whatever is chosen.

    `anew`: what somebody has begun before is given up.
    """

    key: str = ""
    version: int = 0
    device: int = 0
    anew: bool = False


class Part(StrEnum):
    """What of a rule in the making is asked, or done with it."""

    MENU = "o"
    DEVICE = "wd"
    TAG = "wt"
    TYPE = "wk"
    PLACE = "wp"
    WATER = "ww"
    WHERE = "w"
    QUANTITY = "q"
    SIDE = "d"
    LEVEL = "l"
    AT = "a"
    CLEAR = "c"
    SEVERITY = "g"
    MORE = "m"
    """One more level."""
    LESS = "x"
    """One level less."""
    ENOUGH = "e"
    """No more levels."""
    UP_FOR = "u"
    DOWN_FOR = "n"
    SILENT = "f"
    """What it is worth when a device is not heard."""
    PATIENT = "fp"
    BOUNDS = "b"
    """What can be real at a place."""
    STEP = "bs"
    """How fast a value can change."""
    NAME = "k"
    TRY = "t"
    DRAW = "i"
    SAVE = "s"
    DROP = "z"


class DraftRule(CallbackData, prefix="rd", sep="|"):
    """Ask for a part of the rule in the making, or answer it (`value`, as it could be written)."""

    part: Part
    level: int = -1
    value: str = ""
