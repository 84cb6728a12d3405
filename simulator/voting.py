"""What happens to a poll: people vote, it closes; the bot and the pages learn of it."""

from simulator.errors import bad_request
from simulator.polls import Poll
from simulator.posting import changed
from simulator.updates import DAY
from simulator.views import user_json
from simulator.world import World


def vote(world: World, poll: Poll, person_id: int, chosen: list[int]) -> None:
    """Cast a person's vote, or take it back with an empty choice."""
    _check_vote(poll, person_id, chosen)
    if chosen:
        poll.votes[person_id] = chosen
    else:
        poll.votes.pop(person_id, None)
    _tell(world, poll)
    if not poll.kind["is_anonymous"]:
        answer = {
            "poll_id": str(poll.id),
            "user": user_json(world, person_id),
            "option_ids": chosen,
            "option_persistent_ids": [str(number) for number in chosen],
        }
        world.updates.push("poll_answer", answer, lifetime=DAY, lane=poll.id)


def close(world: World, poll: Poll) -> None:
    """Let nobody vote any more."""
    if not poll.is_closed:
        poll.is_closed = True
        _tell(world, poll)


async def close_in_time(world: World, poll: Poll) -> None:
    """Close the poll when its time is up."""
    await world.clock.sleep(poll.close_date - world.clock.now())
    close(world, poll)


def _check_vote(poll: Poll, person_id: int, chosen: list[int]) -> None:
    if poll.is_closed:
        raise bad_request("the poll is closed")
    if person_id in poll.votes and not poll.kind["allows_revoting"]:
        raise bad_request("a vote in this poll is final")
    if len(chosen) > 1 and not poll.kind["allows_multiple_answers"]:
        raise bad_request("this poll takes one answer")
    if len(set(chosen)) < len(chosen) or not set(chosen) <= set(range(len(poll.options))):
        raise bad_request("there is no such option")


def _tell(world: World, poll: Poll) -> None:
    message = world.messages.get(poll.chat_id, poll.message_id)
    if message:
        message.content = {"poll": poll.as_json(described=True)}
        changed(world, world.directory.chats[poll.chat_id], message, by_bot=True)
    world.updates.push("poll", poll.as_json(), lifetime=DAY, lane=poll.id)
