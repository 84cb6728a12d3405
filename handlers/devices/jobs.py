"""What becomes of devices by the clock: maintenances end, unknown ones are told once a day."""

from handlers.devices.chat import LARGEST
from handlers.devices.photo import read_photo
from handlers.schedule import Desk, FileProblemError, Job


async def end_maintenances(desk: Desk) -> None:
    """Lead devices back to use whose maintenance is over, and say so."""
    async with desk.transaction() as services:
        await services.device_upkeep.end_maintenances()


async def tell_unknown(desk: Desk) -> None:
    """Tell those who run the sensors once a day that unknown devices wait."""
    async with desk.transaction() as services:
        await services.device_upkeep.tell_unknown()


async def forget_questions(desk: Desk) -> None:
    """Forget questions nobody will answer any more."""
    async with desk.transaction() as services:
        await services.device_form.forget_old()


async def read_photos(desk: Desk) -> None:
    """Fetch photos of labels and read them in another process; the picture is kept nowhere."""
    async with desk.reading() as services:
        waiting = await services.device_photos.waiting()
    for photo, file_id in waiting:
        try:
            image = await desk.files.fetch(file_id, LARGEST)
        except FileProblemError as error:
            async with desk.transaction() as services:
                await services.device_photos.not_fetched(photo, final=error.final)
            continue
        try:
            label, key = await desk.aside(read_photo, image=image)
        except (RuntimeError, TimeoutError):  # the picture was too much for the process
            label, key = None, False
        async with desk.transaction() as services:
            await services.device_photos.read(photo, label, key=key)


JOBS = (
    Job("read photos of labels", 1, read_photos),
    Job("end maintenances", 60, end_maintenances),
    Job("tell unknown devices", 900, tell_unknown),
    Job("forget questions about devices", 3600, forget_questions),
)
