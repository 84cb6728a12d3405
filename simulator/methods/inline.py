"""Answers to inline queries."""

from simulator.arguments import Arguments
from simulator.errors import bad_request
from simulator.fields import MalformedError, object_field, text_field
from simulator.formatting import parse_formatted
from simulator.methods.registry import Call, method
from simulator.wire import Json

MOST_RESULTS = 50
LONGEST_ID = 64
LONGEST_OFFSET = 64
LONGEST_CACHE = 86_400


@method("answerInlineQuery")
def answer_inline_query(call: Call) -> bool:
    """Offer the person who asked a choice of results."""
    arguments = call.arguments
    cache_time = arguments.integer("cache_time", 300, least=0, most=LONGEST_CACHE)
    next_offset = arguments.text("next_offset")
    results = _read_results(arguments)
    asked = call.world.inline.answerable(arguments.text("inline_query_id"))
    if asked is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(next_offset.encode()) > LONGEST_OFFSET:
        raise bad_request("NEXT_OFFSET_INVALID")
    _check_ids([result["id"] for result in results])
    asked.answer = {"inline_query_id": asked.id, "results": results, "cache_time": cache_time}
    if next_offset:
        asked.answer["next_offset"] = next_offset
    call.world.events.publish([asked.person_id], "inline_results", asked.answer)
    return True


def _read_results(arguments: Arguments) -> list[Json]:
    value = arguments.parsed("results", "JSON encoded inline query results")
    if value is None:
        return []
    if not isinstance(value, list):
        raise bad_request("expected an Array of inline query results")
    if len(value) > MOST_RESULTS:
        raise bad_request("too many inline query results specified")
    try:
        return [_result(item) for item in value]
    except MalformedError as fault:
        raise fault.within("can't parse inline query result") from fault


def _result(item: object) -> Json:
    if not isinstance(item, dict):
        raise MalformedError("Inline query result must be an object")
    text_field(item, "id", None)
    if text_field(item, "type", None) != "article":
        return item
    text_field(item, "title", None)
    content = object_field(item, "input_message_content")
    if "message_text" in content:
        text = text_field(content, "message_text", None)
        parse_formatted(text, text_field(content, "parse_mode"), content.get("entities"))
    return item


def _check_ids(ids: list[str]) -> None:
    if any(not 0 < len(one.encode()) <= LONGEST_ID for one in map(str, ids)):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(map(str, ids))) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
