"""Polls the bot sends and stops."""

from simulator.arguments import Arguments
from simulator.errors import bad_request
from simulator.fields import MalformedError, text_field
from simulator.formatting import finished_caption, finished_text, parse_formatted
from simulator.keyboards import check_markup, read_markup
from simulator.methods.editing import editable
from simulator.methods.registry import Call, method
from simulator.methods.sending import deliver
from simulator.polls import Poll
from simulator.views import message_json
from simulator.voting import close, close_in_time
from simulator.wire import Json

LONGEST_QUESTION = 300
LONGEST_OPTION = 100
LONGEST_EXPLANATION = 200
MOST_OPTIONS = 12
SHORTEST_PERIOD = 5
LONGEST_PERIOD = 2_628_000


@method("sendPoll")
def send_poll(call: Call) -> Json:
    """Send a poll that people vote in."""
    world, arguments = call.world, call.arguments
    question = _plain(arguments, "question")
    options = _read_options(arguments)
    description = _plain(arguments, "description")
    kind = _kind(arguments)
    poll = Poll(0, options, kind)
    poll.hides_results = arguments.flag("hide_results_until_closes")
    poll.is_closed = arguments.flag("is_closed")

    def content() -> Json:
        poll.question = _checked_question(question)
        poll.options = _checked_options(options)
        _check_quiz(kind, len(options))
        # A description counts as the caption of its poll.
        poll.description = finished_caption(parse_formatted(description, "", None)).text
        _set_end(poll, arguments, world.unix_time())
        poll.id = world.polls.new_id()
        return {"poll": poll.as_json(described=True)}

    message = deliver(call, content)
    world.polls.place(poll, message.chat_id, message.id)
    if poll.close_date and not poll.is_closed:
        _ = world.tasks.start(close_in_time(world, poll), f"end of poll {poll.id}")
    return message_json(world, message)


@method("stopPoll")
def stop_poll(call: Call) -> Json:
    """Close a poll for good and return its result."""
    markup = read_markup(call.arguments)
    chat, message = editable(call, "message with poll to stop", "poll can't be stopped")
    poll = call.world.polls.at(chat.id, message.id)
    if poll is None:
        raise bad_request("message is not a poll")
    if poll.is_closed:
        raise bad_request("poll has already been closed")
    check_markup(markup, chat)
    message.reply_markup = markup
    close(call.world, poll)
    return poll.as_json()


def _plain(arguments: Arguments, name: str) -> str:
    """Return a text without its markup; polls show only custom emoji, which nobody here has."""
    mode = arguments.text(f"{name}_parse_mode")
    return parse_formatted(arguments.text(name), mode, None).text


def _read_options(arguments: Arguments) -> list[str]:
    value = arguments.parsed("options", "options")
    if value is None:
        raise bad_request("can't parse options JSON object")
    if not isinstance(value, list):
        raise bad_request("expected an Array of String as options")
    try:
        return [_option(item) for item in value]
    except MalformedError as fault:
        raise fault.within("") from fault


def _option(item: object) -> str:
    if isinstance(item, str):
        return item
    if not isinstance(item, dict):
        raise bad_request("expected an option to be of type String")
    text = text_field(item, "text", None)
    return parse_formatted(text, text_field(item, "text_parse_mode"), None).text


def _kind(arguments: Arguments) -> Json:
    quiz = arguments.text("type") == "quiz"
    if not quiz and arguments.text("type") not in {"", "regular"}:
        raise bad_request("unsupported poll type specified")
    kind: Json = {
        "is_anonymous": not arguments.has("is_anonymous") or arguments.flag("is_anonymous"),
        "allows_multiple_answers": arguments.flag("allows_multiple_answers"),
        "allows_revoting": not quiz,
        "members_only": arguments.flag("members_only"),
    }
    if arguments.has("allows_revoting"):
        kind["allows_revoting"] = arguments.flag("allows_revoting")
    return kind | (_quiz(arguments) if quiz else {"type": "regular"})


def _quiz(arguments: Arguments) -> Json:
    correct = _correct_options(arguments)
    quiz: Json = {"type": "quiz", "correct_option_ids": correct}
    if len(correct) == 1:
        quiz["correct_option_id"] = correct[0]
    if explanation := _plain(arguments, "explanation"):
        if len(explanation) > LONGEST_EXPLANATION:
            raise bad_request("MESSAGE_TOO_LONG")
        quiz |= {"explanation": explanation, "explanation_entities": []}
    return quiz


def _correct_options(arguments: Arguments) -> list[int]:
    if not arguments.has("correct_option_ids"):
        has_one = arguments.has("correct_option_id")
        return [arguments.integer("correct_option_id", -1)] if has_one else []
    value = arguments.parsed("correct_option_ids", "correct option identifiers")
    if not isinstance(value, list):
        raise bad_request("expected an Array of correct option identifiers")
    if not all(isinstance(one, int) and not isinstance(one, bool) for one in value):
        raise bad_request("correct option identifier must be of type Number")
    return value


def _check_quiz(kind: Json, options: int) -> None:
    if kind["type"] != "quiz":
        return
    correct = kind["correct_option_ids"]
    if not correct:
        raise bad_request("correct quiz option list must be non-empty")
    if correct != sorted(set(correct)):
        raise bad_request("correct quiz option list must be increasing")
    if not 0 <= correct[0] <= correct[-1] < options:
        raise bad_request("wrong correct option ID specified")


def _checked_question(question: str) -> str:
    question = finished_text(parse_formatted(question, "", None)).text
    if len(question) > LONGEST_QUESTION:
        raise bad_request(f"poll question length must not exceed {LONGEST_QUESTION}")
    return question


def _checked_options(options: list[str]) -> list[str]:
    if not options:
        raise bad_request("poll must have at least one answer option")
    if len(options) > MOST_OPTIONS:
        raise bad_request(f"poll can't have more than {MOST_OPTIONS} options")
    texts = [finished_caption(parse_formatted(one, "", None)).text for one in options]
    if not all(texts):
        raise bad_request("poll option must be non-empty")
    if any(len(text) > LONGEST_OPTION for text in texts):
        raise bad_request(f"poll options length must not exceed {LONGEST_OPTION}")
    return texts


def _set_end(poll: Poll, arguments: Arguments, now: int) -> None:
    period = arguments.integer("open_period", 0, least=0, most=LONGEST_PERIOD)
    end = 0 if period else arguments.integer("close_date")
    if end and end < now + SHORTEST_PERIOD:
        end = 0
    if period or end:
        poll.open_period = max(period, SHORTEST_PERIOD) if period else end - now
        poll.close_date = now + poll.open_period
