"""What becomes of alarms by the clock: silence is noticed, others hear of what nobody took on.

Telling itself goes on beside this, every half second (bot/alarms.py).
"""

from handlers.schedule import Desk, Job


async def look_for_silence(desk: Desk) -> None:
    """Look which devices and gateways are not heard any more, and which are again.

    Right after the start, too: nobody is called gone for the time in which we were away, nor
    because of messages that wait to be read. Staff hear of rules that cannot be read, too.
    """
    async with desk.transaction() as services:
        await services.alarms.look_for_silence()
        await services.rule_watch.tell()


async def look_at_figures(desk: Desk) -> None:
    """Weigh battery and link of the devices, and learn how often they send."""
    async with desk.transaction() as services:
        await services.alarms.look_at_figures()


async def escalate(desk: Desk) -> None:
    """Bring other chats in where nobody took an alarm on in time."""
    async with desk.transaction() as services:
        await services.acknowledgements.escalate()


async def forget_told(desk: Desk) -> None:
    """Forget what was told long ago of alarms that are over."""
    async with desk.transaction() as services:
        await services.heralds.forget_quiet()


async def forget_drafts(desk: Desk) -> None:
    """Forget rules that were begun in the chat and never saved."""
    async with desk.transaction() as services:
        await services.alarm_drafts.forget_old()


JOBS = (
    Job("silent devices", 60, look_for_silence, at_start=True),
    Job("figures of devices", 900, look_at_figures),
    Job("escalate alarms", 10, escalate),
    Job("forget told alarms", 3600, forget_told),
    Job("forget drafts of rules", 3600, forget_drafts),
)
