"""What go-live news need by the clock: links tried, weekly messages, the channel's post."""

from handlers.schedule import Desk, Job


async def check_links(desk: Desk) -> None:
    """Try the links of new proposals, outside any transaction: the other side may be slow."""
    async with desk.reading() as services:
        waiting = await services.golive.unchecked()
    for batch_id, url in waiting:
        problem = await desk.links.problem(url)
        async with desk.transaction() as services:
            await services.golive.link_checked(batch_id, problem)


async def send_digests(desk: Desk) -> None:
    """Send the weekly messages on their day."""
    async with desk.transaction() as services:
        await services.golive.send_digests()


async def post_to_channel(desk: Desk) -> None:
    """Post what is new in the channel."""
    async with desk.transaction() as services:
        await services.golive.post_to_channel()


JOBS = (
    Job("check links", 1, check_links),
    Job("weekly digests", 300, send_digests),
    Job("channel post", 2, post_to_channel),
)
