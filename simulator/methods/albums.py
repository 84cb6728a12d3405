"""Albums, and pictures and documents as parts of other requests."""

from collections.abc import Callable

from simulator.arguments import ATTACHED, Arguments
from simulator.content import text_fields
from simulator.errors import bad_request
from simulator.fields import MalformedError, flag_field, text_field
from simulator.formatting import finished_caption, parse_formatted
from simulator.media import document_content, known_document, known_photo, photo_content
from simulator.methods.registry import Call, method
from simulator.methods.sending import deliver_all
from simulator.views import message_json
from simulator.wire import Json
from simulator.world import World

MOST_IN_ALBUM = 10


@method("sendMediaGroup")
def send_media_group(call: Call) -> list[Json]:
    """Send up to ten pictures or documents as one album."""
    makers = _read_album(call)
    kinds = {kind for kind, _ in makers}

    def contents() -> list[Json]:
        if len(makers) > MOST_IN_ALBUM:
            raise bad_request("too many messages to send as an album")
        if not makers:
            raise bad_request("there are no messages to send")
        if len(kinds) > 1:
            raise bad_request("document can't be mixed with other media types")
        return [make() for _, make in makers]

    messages = deliver_all(call, contents, album=True)
    return [message_json(call.world, message) for message in messages]


def read_media(world: World, arguments: Arguments, item: object) -> tuple[str, Callable[[], Json]]:
    """Return the kind of an InputMedia and what makes the content of a message of it."""
    if not isinstance(item, dict):
        raise MalformedError("expected an Object")
    kind = text_field(item, "type", None)
    caption = parse_formatted(
        text_field(item, "caption"), text_field(item, "parse_mode"), item.get("caption_entities")
    )
    media = text_field(item, "media")
    if not media:
        raise MalformedError("media not found")
    if kind not in {"photo", "document"}:
        raise MalformedError(f'type "{kind}" is unsupported')
    if media.startswith(ATTACHED) and not arguments.attached(media):
        raise MalformedError("media not found")
    flags = ("show_caption_above_media", "has_spoiler") if kind == "photo" else ()
    shown = {"has_spoiler": "has_media_spoiler"}
    chosen = {shown.get(name, name): True for name in flags if flag_field(item, name)}

    def make() -> Json:
        finished = finished_caption(caption)
        fields = text_fields(world, finished, "caption", "caption_entities")
        return _file(world, arguments, kind, media) | fields | chosen

    return kind, make


def _file(world: World, arguments: Arguments, kind: str, media: str) -> Json:
    upload = arguments.attached(media)
    if upload:
        return (photo_content if kind == "photo" else document_content)(world, upload)
    return (known_photo if kind == "photo" else known_document)(world.files, media)


def _read_album(call: Call) -> list[tuple[str, Callable[[], Json]]]:
    value = call.arguments.parsed("media", "media")
    if value is None:
        raise bad_request("can't parse media JSON object")
    if not isinstance(value, list):
        raise bad_request("expected an Array of InputMedia")
    try:
        return [read_media(call.world, call.arguments, item) for item in value]
    except MalformedError as fault:
        raise fault.within("can't parse InputMedia") from fault
