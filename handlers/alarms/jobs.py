"""What becomes of alarms by the clock: nobody took one on, so others hear; old news are forgotten.

Telling itself goes on beside this, every half second (bot/alarms.py).
"""

from handlers.schedule import Desk, Job


async def escalate(desk: Desk) -> None:
    """Bring other chats in where nobody took an alarm on in time."""
    async with desk.transaction() as services:
        await services.acknowledgements.escalate()


async def forget_told(desk: Desk) -> None:
    """Forget what was told long ago of alarms that are over."""
    async with desk.transaction() as services:
        await services.heralds.forget_quiet()


JOBS = (
    Job("escalate alarms", 10, escalate),
    Job("forget told alarms", 3600, forget_told),
)
