"""Pictures and documents the bot sends."""

from collections.abc import Callable

from simulator.arguments import Arguments
from simulator.content import text_fields
from simulator.errors import bad_request
from simulator.files import FileStore, Upload
from simulator.formatting import finished_caption, read_formatted
from simulator.media import (
    document_content,
    known_document,
    known_photo,
    known_voice,
    photo_content,
    voice_content,
)
from simulator.methods.registry import Call, method
from simulator.methods.sending import send
from simulator.wire import Json
from simulator.world import World

LONGEST_VOICE = 86_400


@method("sendPhoto")
def send_photo(call: Call) -> Json:
    """Send a picture."""
    stored = _source(call, "photo", photo_content, known_photo)
    flags = _flags(call.arguments, "show_caption_above_media")
    spoiler = {"has_media_spoiler": True} if call.arguments.flag("has_spoiler") else {}
    return _send_media(call, stored, flags | spoiler)


@method("sendDocument")
def send_document(call: Call) -> Json:
    """Send a file as it is."""
    return _send_media(call, _source(call, "document", document_content, known_document), {})


@method("sendVoice")
def send_voice(call: Call) -> Json:
    """Send a spoken message."""
    stored = _source(call, "voice", voice_content, known_voice)
    duration = call.arguments.integer("duration", 0, least=0, most=LONGEST_VOICE)
    caption = caption_fields(call)

    def content() -> Json:
        voice = stored()["voice"]
        return {"voice": {"duration": duration} | voice} | caption()

    return send(call, content)


def caption_fields(call: Call) -> Callable[[], Json]:
    """Read the caption of a request; the result makes it fit for the message."""
    formatted = read_formatted(call.arguments, "caption", "caption_entities")

    def finish() -> Json:
        finished = finished_caption(formatted)
        return text_fields(call.world, finished, "caption", "caption_entities")

    return finish


def _send_media(call: Call, stored: Callable[[], Json], flags: Json) -> Json:
    caption = caption_fields(call)
    return send(call, lambda: stored() | caption() | flags)


def _source(
    call: Call,
    name: str,
    store: Callable[[World, Upload], Json],
    find: Callable[[FileStore, str], Json],
) -> Callable[[], Json]:
    """Return what yields the file: an upload to be stored or a file known by its id."""
    upload = call.arguments.file(name)
    if upload:
        return lambda: store(call.world, upload)
    file_id = call.arguments.text(name)
    if not file_id:
        raise bad_request(f"there is no {name} in the request")
    return lambda: find(call.world.files, file_id)


def _flags(arguments: Arguments, *names: str) -> Json:
    return {name: True for name in names if arguments.flag(name)}
