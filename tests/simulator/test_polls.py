"""Polls: what may be asked, how people vote, what the bot learns, when they end."""

from typing import Any

import pytest

from tests.simulator.telegram import AMY, ERIKA, GROUP, JOERG, LocalTelegram, eventually

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

OPTIONS = ["Ja", "Nein", "Weiß nicht"]


async def votes(telegram: LocalTelegram, person: int, poll: Any, *options: int) -> Any:
    chat = poll["chat"]["id"]
    body = {"message_id": poll["message_id"], "option_ids": list(options)}
    return await telegram.sim(f"people/{person}/chats/{chat}/vote", body)


async def test_an_anonymous_poll(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    sent = await telegram.call("sendPoll", chat_id=ERIKA, question=" Gut? ", options=OPTIONS)
    assert sent["poll"] == {
        "id": "5400000000000000001",
        "question": "Gut?",
        "options": [
            {"persistent_id": str(number), "text": text, "voter_count": 0}
            for number, text in enumerate(OPTIONS)
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
        "type": "regular",
    }
    shown = await votes(telegram, ERIKA, sent, 1)
    assert shown["sim"]["chosen"] == [1]
    (update,) = await telegram.new_updates()
    assert [one["voter_count"] for one in update["poll"]["options"]] == [0, 1, 0]
    await votes(telegram, ERIKA, sent)
    (update,) = await telegram.new_updates()
    assert update["poll"]["total_voter_count"] == 0


async def test_an_open_poll_says_who_voted(telegram: LocalTelegram) -> None:
    sent = await telegram.call(
        "sendPoll",
        chat_id=GROUP,
        question="Gut?",
        options=[{"text": "Ja"}, "Nein"],
        is_anonymous=False,
        allows_multiple_answers=True,
    )
    await votes(telegram, JOERG, sent, 0, 1)
    poll, answer = await telegram.new_updates()
    assert poll["poll"]["total_voter_count"] == 1
    assert answer["poll_answer"]["user"]["id"] == JOERG
    assert answer["poll_answer"]["option_ids"] == [0, 1]
    assert answer["poll_answer"]["option_persistent_ids"] == ["0", "1"]


async def test_votes_that_do_not_count(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    quiz = {"type": "quiz", "correct_option_id": 1, "explanation": "darum"}
    sent = await telegram.call("sendPoll", chat_id=ERIKA, question="Was?", options=OPTIONS, **quiz)
    assert sent["poll"]["correct_option_ids"] == [1]
    path = f"people/{ERIKA}/chats/{ERIKA}/vote"
    for options in ([3], [0, 1], [0, 0], "x"):
        body = {"message_id": sent["message_id"], "option_ids": options}
        assert (await telegram.try_sim(path, body))[0] == 400
    await votes(telegram, ERIKA, sent, 0)
    body = {"message_id": sent["message_id"], "option_ids": [1]}
    status, answer = await telegram.try_sim(path, body)
    assert (status, answer["error"]) == (400, "a vote in this poll is final")


async def test_stopping(telegram: LocalTelegram) -> None:
    await telegram.starts(ERIKA)
    sent = await telegram.call("sendPoll", chat_id=ERIKA, question="Gut?", options=OPTIONS)
    place = {"chat_id": ERIKA, "message_id": sent["message_id"]}
    assert (await telegram.call("stopPoll", **place))["is_closed"] is True
    closed = "Bad Request: poll has already been closed"
    assert await telegram.complaint("stopPoll", **place) == closed
    text = await telegram.call("sendMessage", chat_id=ERIKA, text="x")
    place["message_id"] = text["message_id"]
    assert await telegram.complaint("stopPoll", **place) == "Bad Request: message is not a poll"
    place["message_id"] = 999
    missing = "Bad Request: message with poll to stop not found"
    assert await telegram.complaint("stopPoll", **place) == missing
    assert (
        await telegram.try_sim(
            f"people/{ERIKA}/chats/{ERIKA}/vote",
            {"message_id": sent["message_id"], "option_ids": [0]},
        )
    )[1] == {"error": "the poll is closed"}


@pytest.mark.parametrize(("given", "lasts"), [(4, 5), (5, 5), (2_628_001, 2_628_000)])
async def test_a_poll_ends_by_itself(telegram: LocalTelegram, given: int, lasts: int) -> None:
    await telegram.starts(AMY)
    sent = await telegram.call(
        "sendPoll",
        chat_id=AMY,
        question="Gut?",
        options=OPTIONS,
        open_period=given,
        hide_results_until_closes=True,
    )
    assert sent["poll"]["open_period"] == lasts
    assert sent["poll"]["close_date"] == sent["date"] + lasts
    assert (await votes(telegram, AMY, sent, 0))["sim"]["results_hidden"] is True
    await eventually(telegram.clock.sleeping_until)
    telegram.clock.advance(lasts)
    poll = telegram.world.polls.at(AMY, sent["message_id"])
    await eventually(lambda: poll and poll.is_closed)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"question": ""}, "text must be non-empty"),
        ({"question": "x" * 301}, "poll question length must not exceed 300"),
        ({"options": []}, "poll must have at least one answer option"),
        ({"options": list("abcdefghijklm")}, "poll can't have more than 12 options"),
        ({"options": ["a", " "]}, "poll option must be non-empty"),
        ({"options": ["a" * 101]}, "poll options length must not exceed 100"),
        ({"options": "x"}, "can't parse options JSON object"),
        ({"options": {}}, "expected an Array of String as options"),
        ({"options": [1]}, "expected an option to be of type String"),
        ({"options": [{}]}, 'can\'t find field "text"'),
        ({"type": "x"}, "unsupported poll type specified"),
        ({"description": "x" * 1025}, "message caption is too long"),
        ({"type": "quiz"}, "correct quiz option list must be non-empty"),
        (
            {"type": "quiz", "correct_option_ids": [1, 0]},
            "correct quiz option list must be increasing",
        ),
        ({"type": "quiz", "correct_option_id": 3}, "wrong correct option ID specified"),
        ({"type": "quiz", "correct_option_id": 0, "explanation": "x" * 201}, "MESSAGE_TOO_LONG"),
    ],
)
async def test_what_is_refused(
    telegram: LocalTelegram, arguments: dict[str, Any], complaint: str
) -> None:
    await telegram.starts(ERIKA)
    good = {"chat_id": ERIKA, "question": "Gut?", "options": OPTIONS}
    assert (
        await telegram.complaint("sendPoll", **(good | arguments)) == f"Bad Request: {complaint}"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        {"question": "x" * 300},
        {"options": list("abcdefghijkl")},
        {"options": ["a" * 100]},
        {"description": "x" * 1024},
        {"type": "quiz", "correct_option_id": 2, "explanation": "x" * 200},
    ],
)
async def test_what_is_just_allowed(telegram: LocalTelegram, arguments: dict[str, Any]) -> None:
    await telegram.starts(ERIKA)
    good = {"chat_id": ERIKA, "question": "Gut?", "options": OPTIONS}
    assert (await telegram.call("sendPoll", **(good | arguments)))["poll"]
