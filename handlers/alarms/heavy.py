"""Pictures of alarms: the board, and the values around one; drawn in a process, then sent."""

from aiogram.methods import SendPhoto
from aiogram.types import BufferedInputFile

from handlers.alarms.attaching import prepare, send
from handlers.alarms.board import PAINT
from handlers.alarms.figures import PAINT_MONTH
from handlers.alarms.history import DRAW
from handlers.alarms.month_painting import paint_month
from handlers.alarms.painting import paint
from handlers.alarms.trying import TRY
from handlers.buttons.alarms import BoardView, DraftRule, Part, ShowAlarm, ShowBoard
from handlers.heavy import Finishing, HeavyWork
from handlers.messages import MAX_CAPTION, Reply, Row, button, fitting, keyboard
from handlers.readings.drawing import draw
from services.alarms.attaching import DRAW as ATTACH

FILE_NAME = "board.png"


async def send_board(scene: Finishing, picture: bytes) -> Reply:
    """Send the board, if whoever asked may still see it."""
    if scene.chat is None:
        return None
    await scene.services.situation.board(scene.actor, scene.chat)
    below = [button(scene.text("alarms.button-board"), ShowBoard())]
    return _photo(scene, picture, [below])


async def send_month(scene: Finishing, picture: bytes) -> Reply:
    """Send the figures of a month, if whoever asked may still see them."""
    if scene.chat is None:
        return None
    scene.services.situation.require(scene.actor)
    month = ShowBoard(view=BoardView.MONTH, month=scene.arguments["month"])
    return _photo(scene, picture, [[button(scene.text("alarms.button-figures"), month)]])


async def send_alarm(scene: Finishing, picture: bytes) -> Reply:
    """Send the values around an alarm, if whoever asked may still see it."""
    if scene.chat is None:
        return None
    number = scene.arguments["alarm"]
    await scene.services.situation.history(scene.actor, scene.chat, number)
    below = [button(scene.text("alarms.button-history"), ShowAlarm(alarm=number))]
    return _photo(scene, picture, [below])


async def send_trial(scene: Finishing, picture: bytes) -> Reply:
    """Send what a changed rule would have done, if whoever asked may still see rules."""
    if scene.chat is None:
        return None
    scene.services.ruling.require(scene.actor)
    back = DraftRule(part=Part.TRY)
    return _photo(scene, picture, [[button(scene.text("alarms.button-draft"), back)]])


def _photo(scene: Finishing, picture: bytes, rows: list[Row]) -> Reply:
    """Return a picture; its caption says the same for whoever does not see it."""
    assert scene.chat is not None  # noqa: S101 - asked before
    return SendPhoto(
        chat_id=scene.chat.telegram_id,
        photo=BufferedInputFile(picture, FILE_NAME),
        caption=fitting(scene.arguments["caption"], MAX_CAPTION),
        parse_mode="HTML",
        reply_markup=keyboard(rows),
        message_thread_id=scene.arguments["thread"],
    )


HEAVY = {
    ATTACH: HeavyWork(work=draw, finish=send, prepare=prepare, unasked=True),
    PAINT: HeavyWork(work=paint, finish=send_board),
    PAINT_MONTH: HeavyWork(work=paint_month, finish=send_month),
    DRAW: HeavyWork(work=draw, finish=send_alarm),
    TRY: HeavyWork(work=draw, finish=send_trial),
}
