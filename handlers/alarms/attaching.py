"""What goes with a message about alarms: the course of the gravest as a picture, and its place.

Both are silent replies to the message, sent after it; the picture's caption says the same.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from aiogram.methods import SendPhoto, SendVenue
from aiogram.types import BufferedInputFile, ReplyParameters

from handlers.alarms.board import title_of
from handlers.alarms.course import Course, drawn, limits_of
from handlers.alarms.messages import AlarmPages
from handlers.alarms.wording import A_MOMENT
from handlers.heavy import Finishing
from handlers.messages import MAX_CAPTION, Address, Reply, fitting
from handlers.readings.drawing import Chart
from handlers.readings.quantities import shown
from services.alarms.sight import Sight
from services.text import Text

FILE_NAME = "alarm.png"
DAY, BEFORE = timedelta(days=1), timedelta(hours=6)
LONGEST = timedelta(days=14)
WIDEST = 46
"""Letters of a title that fit above a picture."""


async def follow(services: Any, number: int, params: Mapping[str, Any]) -> None:
    """The message about alarms has arrived: queue what goes with it."""
    chart, place = (int(params.get(name, 0)) for name in ("chart", "place"))
    await services.attachments.attach(number, group=int(params["group"]), chart=chart, place=place)


async def venue(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> SendVenue | None:
    """Where the sensor stands, with its name, for the phone's own map; nothing when it is over."""
    arrived = await services.outbox.arrived_as(int(params["message"]))
    course = await services.attachments.course(int(params["alarm"]))
    if arrived is None or course is None:
        return None
    one: Sight = course[0]
    alarm, pages = one.alarm, _pages(services, text)
    if alarm.latitude is None or alarm.longitude is None:
        return None
    return SendVenue(
        chat_id=address.telegram_id,
        latitude=alarm.latitude,
        longitude=alarm.longitude,
        title=_name(one, text),
        address=pages.wording.place(one) or pages.region.facts.name,
        disable_notification=True,
        **_below(arrived, int(params["thread"])),
    )


async def prepare(scene: Finishing) -> Mapping[str, Any] | None:
    """Look up what is to be drawn; nothing when the group has newer news, or the alarm is over."""
    given, services = scene.arguments, scene.services
    group = await services.attachments.newest(given["message"], given["group"])
    found = await services.attachments.course(given["alarm"])
    if scene.chat is None or group is None or found is None:
        return None
    one, changes = found
    moves = [(change.time, change.what) for change in changes]
    pages = _pages(services, scene.text)
    course = _course(one, moves, pages)
    chart = await drawn(pages, course)
    return {
        "chart": chart,
        "caption": _caption(title_of(pages, one.alarm), chart, course, scene.text),
        "thread": group.thread_id,
    }


async def send(scene: Finishing, picture: bytes) -> Reply:
    """Send the picture as a reply to the message it belongs to."""
    given = scene.arguments
    arrived = await scene.services.outbox.arrived_as(given["message"])
    if scene.chat is None or arrived is None:
        return None
    return SendPhoto(
        chat_id=scene.chat.telegram_id,
        photo=BufferedInputFile(picture, FILE_NAME),
        caption=fitting(given["caption"], MAX_CAPTION),
        parse_mode="HTML",
        disable_notification=True,
        **_below(arrived, given["thread"]),
    )


def _pages(services: Any, text: Text) -> AlarmPages:
    return AlarmPages(text, services.heralds.region, services.heralds, services.readings)


def _below(message: int, thread: int) -> dict[str, Any]:
    """Return what makes something a reply; it is sent also when somebody deleted the message."""
    reply = ReplyParameters(message_id=message, allow_sending_without_reply=True)
    topic = {"message_thread_id": thread} if thread else {}
    return {"reply_parameters": reply, **topic}


def _course(one: Sight, moves: list[Any], pages: AlarmPages) -> Course:
    """Return the last day, or the time since some hours before the alarm began."""
    alarm, now = one.alarm, pages.readings.clock()
    since = max(min(now - DAY, alarm.began_at - BEFORE), now - LONGEST)
    return Course(
        title=_cut(_name(one, pages.text)),
        device=alarm.device_id or 0,
        quantity=alarm.labels.quantity,
        channel=alarm.channel,
        since=since,
        until=max(now, alarm.value_at or now) + A_MOMENT,
        limits=limits_of(alarm),
        moves=moves,
    )


def _name(one: Sight, text: Text) -> str:
    """Return the sensor's name; marked where it is an exercise."""
    name = one.alarm.device
    marked = text("alarms.exercise-mark", name=name) if one.alarm.exercise else text.plain(name)
    return marked.unescape()


def _cut(words: str) -> str:
    return words if len(words) <= WIDEST else words[: WIDEST - 1].rstrip() + "…"


def _caption(title: str, chart: Chart, course: Course, text: Text) -> str:
    """Return the picture in words, for whoever does not see it."""
    how, values = shown(course.quantity), chart["values"]
    lines = [text("readings.heading", name=title), chart["subtitle"]]
    if values and how.yes:
        last = how.words(values[-1], text)
        lines.append(text("readings.caption-last", last=last))
    elif values:
        lowest, highest, last = (
            how.words(value / how.factor, text) for value in (min(values), max(values), values[-1])
        )
        lines.append(text("readings.caption", lowest=lowest, highest=highest, last=last))
    else:
        lines.append(text("readings.chart-nothing"))
    limits = [how.words(at, text) for at in course.limits]
    if len(limits) > 1:
        lines.append(text("alarms.limits", limits=", ".join(limits)))
    else:
        lines += [text("readings.guide", value=one) for one in limits]
    return str(text.lines([*lines, text("readings.unchecked")]))
