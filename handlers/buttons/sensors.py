"""Payloads of buttons about sensors: devices, vendors' codecs, readings."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData


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
