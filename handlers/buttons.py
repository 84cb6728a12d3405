"""Payloads of inline buttons; the one thing features share: any of them may offer any button.

Telegram allows 64 bytes: ids only, never anything about a person.
"""

from enum import StrEnum
from typing import Self

from aiogram.filters.callback_data import CallbackData

LONGEST_REFERENCE = 0xFFFFFF
"""What fits into a button beside the longest id of a service, a place and a part."""


class Part(StrEnum):
    """A part of a service's card."""

    CARD = "c"
    DOCUMENTS = "d"
    FEES = "f"
    OFFICE = "o"
    ONLINE = "l"


class ShowService(CallbackData, prefix="s"):
    """Show a service's card, or a part of it; `ars` where it is not the person's own town."""

    service_id: str
    part: Part = Part.CARD
    ars: str = ""


class ChooseEntry(CallbackData, prefix="e"):
    """This is what I meant: show it, or a part of it, for a place named in the question.

    An entry's id may hold a colon, which separates the fields of a payload; `question` is the
    reference under which the question is kept for learning.
    """

    entry: str
    question: str = ""
    part: Part = Part.CARD
    ars: str = ""

    @classmethod
    def of(cls, entry_id: str, ref: int | None, part: Part = Part.CARD, ars: str = "") -> Self:
        """Return the payload; a reference too long for a button is left out."""
        known = ref is not None and ref <= LONGEST_REFERENCE
        question = f"{ref:x}" if known else ""
        return cls(entry=entry_id.replace(":", "/"), question=question, part=part, ars=ars)

    @property
    def entry_id(self) -> str:
        return self.entry.replace("/", ":")

    @property
    def ref(self) -> int | None:
        try:
            return int(self.question, 16)
        except ValueError:
            return None


class NoneOfThese(CallbackData, prefix="n"):
    """Nothing of what was offered is meant; answered in the language it was offered in."""

    ref: int | None = None
    language: str = ""


class NarrowDown(CallbackData, prefix="nd"):
    """The answer to a question back: it is about this life situation."""

    situation: str
    ref: int | None = None
    language: str = ""


class RateAnswer(CallbackData, prefix="r"):
    """Thumb up or down for the answer to a question."""

    ref: int
    up: bool


class Explain(CallbackData, prefix="x"):
    """The button "Warum diese Antwort?" for staff; the token means something for ten minutes."""

    token: str


class ShowFaq(CallbackData, prefix="q"):
    """Show the answer to a question of the region, about this office where one was chosen."""

    slug: str
    office: str = ""


class ShowMenu(CallbackData, prefix="m"):
    """Show the menu of life situations, or one page of one of them."""

    situation: str = ""
    page: int = 0


class ChooseTown(CallbackData, prefix="t"):
    """This is my municipality; then go on with the service (if any)."""

    ars: str
    service_id: str = ""


class AskTown(CallbackData, prefix="at"):
    """Ask for the municipality again."""

    service_id: str = ""


class ChooseLanguage(CallbackData, prefix="l"):
    """Speak this language, with the welcome in place of the message.

    Messages of some days hold a second field: whether the button stands under an answer, as
    `GoOnInLanguage` says now. They are read for ever, new ones are not written.
    """

    language: str
    _under_answer: bool = False

    @property
    def under_answer(self) -> bool:
        return self._under_answer

    @classmethod
    def unpack(cls, value: str) -> Self:
        first, _, second = value.rpartition(cls.__separator__)
        had_two = second in {"0", "1"} and first.count(cls.__separator__) == 1
        found = super().unpack(first if had_two else value)
        found._under_answer = had_two and second == "1"  # noqa: SLF001 - our own
        return found


class GoOnInLanguage(CallbackData, prefix="lo"):
    """Speak this language; the answer above the button stays."""

    language: str


class Subscribe(CallbackData, prefix="sub"):
    """The button "Bescheid geben, wenn online"; "*" is everything in the municipality."""

    service_id: str


class ShowWishes(CallbackData, prefix="w"):
    """Show a page of my subscriptions."""

    page: int = 0


class Unsubscribe(CallbackData, prefix="uns"):
    """Remove one subscription from the list."""

    subscription_id: int


class SetNews(CallbackData, prefix="nm"):
    """Tell news at once, or once a week."""

    mode: str


class Why(CallbackData, prefix="why"):
    """The button "Warum bekomme ich das?" under a piece of news."""

    bundle: str


class Silence(CallbackData, prefix="off"):
    """One tap off: remove the wish that caused a piece of news."""

    because: str


class Erase(CallbackData, prefix="del"):
    """The second step of /loeschen."""

    sure: bool


class GoLiveStep(StrEnum):
    """What a staff member does with prepared news."""

    CONFIRM = "y"
    DROP = "n"
    STOP = "s"


class DecideGoLive(CallbackData, prefix="gl"):
    """Confirm, drop or stop a batch of news."""

    batch: int
    step: GoLiveStep


class DecideApproval(CallbackData, prefix="ap"):
    """The second person's word."""

    approval: int
    approve: bool


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


class OffBoard(CallbackData, prefix="ob"):
    """End all roles of a staff member; asked twice."""

    staff_id: int
    sure: bool = False


class ShowDeliveries(CallbackData, prefix="z"):
    """Show a page of what did not arrive."""

    page: int


class DeadLetterStep(StrEnum):
    """What an operator does with messages that did not arrive."""

    RESEND = "r"
    DISCARD = "d"


class DecideDeadLetters(CallbackData, prefix="dl"):
    """Send messages again or give them up: their numbers, joined by dashes."""

    step: DeadLetterStep
    messages: str


class SettlePost(CallbackData, prefix="po"):
    """An editor's word about a post that may be in the channel: once more, or it is there."""

    message: int
    again: bool


class ReadFolder(CallbackData, prefix="rf"):
    """Have the region folder read again."""


class ShowQuestions(CallbackData, prefix="qs"):
    """Show a page of the questions that wait, or of the examples that staff released."""

    page: int = 0
    taught: bool = False


class QuestionStep(StrEnum):
    """What an editor does with a question."""

    RELEASE = "r"
    ASSIGN = "a"
    REJECT = "x"
    WITHDRAW = "w"


class DecideQuestion(CallbackData, prefix="qd", sep="|"):
    """Make a question an example of an entry, look for another entry, reject it, take it back."""

    question: int
    step: QuestionStep
    entry: str = ""


class DeviceList(StrEnum):
    """Which devices are shown."""

    IN_USE = "u"
    UNKNOWN = "n"
    SILENT = "s"
    PUT_AWAY = "a"
    """Retired or ignored."""


class ShowDevices(CallbackData, prefix="dv"):
    """Show a page of devices; without a list the overview."""

    listed: DeviceList | None = None
    page: int = 0


class DeviceView(StrEnum):
    """What of a device is shown."""

    CARD = "c"
    CHANGE = "e"
    TEST = "t"
    PLACE = "p"


class ShowDevice(CallbackData, prefix="dc"):
    """Show a device, or a part of it."""

    device: int
    view: DeviceView = DeviceView.CARD


class AskDevice(CallbackData, prefix="dq"):
    """Ask for something about a device; the next message answers."""

    device: int
    field: str


class SetDevice(CallbackData, prefix="ds", sep="|"):
    """An answer by button; the revision is that of the device when it was offered."""

    device: int
    revision: int
    field: str
    value: str


class PlaceDevice(CallbackData, prefix="dp"):
    """The place is right though it is far away: a hundred-thousandth of a degree each."""

    device: int
    revision: int
    latitude: int
    longitude: int


class SkipQuestion(CallbackData, prefix="dk"):
    """Answer this one later; `stop` ends the form."""

    device: int
    stop: bool = False


class MoveDevice(CallbackData, prefix="dm"):
    """Lead a device to another state; what ends its use is asked twice."""

    device: int
    revision: int
    state: str
    sure: bool = True


class DecodeDevice(CallbackData, prefix="dd"):
    """Have everything a device sent read again."""

    device: int
    revision: int


class TestDevice(CallbackData, prefix="dt"):
    """Test a device over the last days."""

    __test__ = False

    device: int
    days: int


class ReleaseDevice(CallbackData, prefix="dr"):
    """Release a device by a report; `reason` where it must be given first."""

    report: int
    device: int
    reason: bool = False


class CodecStep(StrEnum):
    """What somebody does with a vendor's codec."""

    SHOW = "s"
    RELEASE = "r"
    REFUSE = "x"
    RETIRE = "t"


class DecideCodec(CallbackData, prefix="cd"):
    """Look at a codec's text, release it, refuse it, end its use."""

    codec: int
    step: CodecStep


class ShowCodecs(CallbackData, prefix="cs"):
    """Show the list of codecs."""


class Period(StrEnum):
    """Which time a chart or a table of readings shows."""

    DAY = "d"
    WEEK = "w"
    MONTH = "m"
    YEAR = "y"


class ShowSensor(CallbackData, prefix="rds"):
    """Show what a sensor measures: a quantity of it, or the most important one."""

    device: int
    quantity: str = ""
    channel: int = 0


class DrawReadings(CallbackData, prefix="rdc"):
    """Draw the values of a quantity."""

    device: int
    quantity: str
    channel: int
    period: Period


class SendReadings(CallbackData, prefix="rdt"):
    """Send the values of a quantity as a table."""

    device: int
    quantity: str
    channel: int
    period: Period


class LocateSensor(CallbackData, prefix="rdp"):
    """Show on a map where a sensor is."""

    device: int


class ListSensors(CallbackData, prefix="rdl"):
    """Show a page of the sensors, of one type or all."""

    type: str = ""
    page: int = 0


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


class OfferThresholds(CallbackData, prefix="ot"):
    """Offer values of a quantity at which a person may be told."""

    device: int
    quantity: str


class WatchValue(CallbackData, prefix="wv"):
    """Tell me when a value is above or below; thousandths of the quantity's unit."""

    device: int
    quantity: str
    above: bool
    at: int
    sure: bool = False


class ShowThresholds(CallbackData, prefix="ts"):
    """Show my own thresholds, or remove one and show the others."""

    remove: int = 0


class BoardView(StrEnum):
    """What of the present alarms is shown."""

    TEXT = "t"
    PICTURE = "p"
    MONTH = "m"
    TABLE = "c"


class ShowBoard(CallbackData, prefix="lb"):
    """Show what fires now, or the figures of a month (`month`: as 202611; 0: this one)."""

    view: BoardView = BoardView.TEXT
    month: int = 0


class ShowAlarm(CallbackData, prefix="la"):
    """Show the history of an alarm, or draw the values around it."""

    alarm: int
    draw: bool = False


class QuietTarget(CallbackData, prefix="sq"):
    """A guided choice of a silence: what ("a12" alarm, "d7" device, "t.." type), how long, why."""

    about: str = ""
    hours: int = 0
    reason: str = ""


class EndQuiet(CallbackData, prefix="se"):
    """End a silence, or a window of maintenance."""

    number: int
    window: bool = False


class ChooseWindow(CallbackData, prefix="mw", sep="|"):
    """A guided choice of a recurring window: what, which weekdays, which hours."""

    about: str = ""
    days: str = ""
    hours: str = ""


class RuleField(StrEnum):
    """What of a rule is changed."""

    SHOW = "s"
    LEVEL = "l"
    """Choose what of a level is changed."""
    AT = "a"
    UP_FOR = "u"
    DOWN_FOR = "d"
    SEVERITY = "g"
    EXERCISE = "x"
    ACTIVE = "o"


class ShowRules(CallbackData, prefix="rl"):
    """Show a page of the rules."""

    page: int = 0


class EditRule(CallbackData, prefix="re", sep="|"):
    """Look at a rule, or at a change of it; thousandths of the unit, minutes, or 0 and 1.

    `version` is that of the rule when this was offered; `sure` saves.
    """

    key: str
    version: int
    field: RuleField = RuleField.SHOW
    level: int = 0
    value: int | None = None
    sure: bool = False
    draw: bool = False
    """Draw what the change would have done."""
