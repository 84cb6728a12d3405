"""A chart of readings: drawn in a process, sent as a picture whose caption says the same."""

from aiogram.methods import SendPhoto
from aiogram.types import BufferedInputFile

from handlers.buttons.sensors import Period, SendReadings, ShowSensor
from handlers.heavy import Finishing, HeavyWork
from handlers.messages import MAX_CAPTION, Reply, button, fitting, keyboard
from handlers.readings.drawing import draw

DRAW = "draw readings"
FILE_NAME = "chart.png"


async def send(scene: Finishing, picture: bytes) -> Reply:
    """Send the picture to whoever asked, if the sensor is still theirs to see."""
    if scene.chat is None:
        return None
    given, text = scene.arguments, scene.text
    await scene.services.sensors.get(scene.actor, given["device"])
    key = {name: given[name] for name in ("device", "quantity", "channel")}
    below = [
        button(text("readings.button-table"), SendReadings(period=Period(given["period"]), **key)),
        button(text("readings.button-value"), ShowSensor(**key)),
    ]
    return SendPhoto(
        chat_id=scene.chat.telegram_id,
        photo=BufferedInputFile(picture, FILE_NAME),
        caption=fitting(given["caption"], MAX_CAPTION),
        parse_mode="HTML",
        reply_markup=keyboard([below]),
    )


HEAVY = {DRAW: HeavyWork(work=draw, finish=send)}
