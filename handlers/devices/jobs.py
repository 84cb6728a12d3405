"""What becomes of devices by the clock: maintenances end, unknown ones are told once a day."""

from handlers.schedule import Desk, Job


async def end_maintenances(desk: Desk) -> None:
    """Lead devices back to use whose maintenance is over, and say so."""
    async with desk.transaction() as services:
        await services.devices.end_maintenances()


async def tell_unknown(desk: Desk) -> None:
    """Tell those who run the sensors once a day that unknown devices wait."""
    async with desk.transaction() as services:
        await services.devices.tell_unknown()


async def forget_questions(desk: Desk) -> None:
    """Forget questions nobody will answer any more."""
    async with desk.transaction() as services:
        await services.device_form.forget_old()


JOBS = (
    Job("end maintenances", 60, end_maintenances),
    Job("tell unknown devices", 900, tell_unknown),
    Job("forget questions about devices", 3600, forget_questions),
)
