"""Pictures and documents as content of messages."""

import mimetypes

from simulator.errors import bad_request
from simulator.files import LARGEST_PHOTO, LARGEST_UPLOAD, FileStore, StoredFile, Upload
from simulator.images import Dimensions, dimensions
from simulator.wire import Json
from simulator.world import World

LARGEST_SIDES = 10_000
"""Width and height of a photo together."""
STEEPEST_RATIO = 20

_PICTURE_TYPES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def photo_content(world: World, upload: Upload) -> Json:
    """Store a picture and return the field photo of a message."""
    size = check_photo(upload)
    kind = next(
        (kind for begin, kind in _PICTURE_TYPES.items() if upload.content[:4].startswith(begin)),
        "",
    )
    stored = world.files.add("photos", Upload(upload.name, kind, upload.content))
    return {"photo": [_file_json(stored) | {"width": size.width, "height": size.height}]}


def document_content(world: World, upload: Upload) -> Json:
    """Store a file and return the field document of a message."""
    _check_size(upload, LARGEST_UPLOAD, "")
    # Telegram goes by the ending of the name, whatever the sender says the file is.
    kind = mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
    stored = world.files.add("documents", Upload(upload.name, kind, upload.content))
    return {"document": document_json(stored)}


def voice_content(world: World, upload: Upload) -> Json:
    """Store a recording and return the field voice of a message."""
    _check_size(upload, LARGEST_UPLOAD, "")
    kind = mimetypes.guess_type(upload.name)[0] or "audio/ogg"
    return {
        "voice": _voice_json(world.files.add("voice", Upload(upload.name, kind, upload.content)))
    }


def known_voice(files: FileStore, file_id: str) -> Json:
    """Return the field voice for a recording that is here already."""
    stored = _known(files, file_id)
    if not stored.path.startswith("voice/"):
        kind = "Photo" if stored.path.startswith("photos/") else "Document"
        raise bad_request(f"can't use file of type {kind} as VoiceNote")
    return {"voice": _voice_json(stored)}


def _voice_json(stored: StoredFile) -> Json:
    return {"mime_type": stored.content_type} | _file_json(stored)


def document_json(stored: StoredFile) -> Json:
    """Return the Document object."""
    named = {"file_name": stored.name, "mime_type": stored.content_type}
    return named | _file_json(stored)


def check_photo(upload: Upload) -> Dimensions:
    """Return the size of a picture or refuse what is none, or too large."""
    _check_size(upload, LARGEST_PHOTO, " for a photo")
    size = dimensions(upload.content)
    if size is None or not all(size):
        raise bad_request("IMAGE_PROCESS_FAILED")
    too_steep = max(size) > STEEPEST_RATIO * min(size)
    if sum(size) > LARGEST_SIDES or too_steep:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size


def known_photo(files: FileStore, file_id: str) -> Json:
    """Return the field photo for a picture that is here already."""
    stored = _known(files, file_id)
    size = dimensions(files.location(stored).read_bytes())
    if size is None or not stored.path.startswith("photos/"):
        raise bad_request("can't use file of type Document as Photo")
    return {"photo": [_file_json(stored) | {"width": size.width, "height": size.height}]}


def known_document(files: FileStore, file_id: str) -> Json:
    """Return the field document for a file that is here already."""
    stored = _known(files, file_id)
    if not stored.path.startswith("documents/"):
        raise bad_request("can't use file of type Photo as Document")
    return {"document": document_json(stored)}


def _known(files: FileStore, file_id: str) -> StoredFile:
    stored = files.get(file_id)
    if stored is None:
        reason = "wrong remote file identifier specified: Wrong string length"
        if file_id.startswith(("http://", "https://")):
            reason = "failed to get HTTP URL content"
        raise bad_request(reason)
    return stored


def _file_json(stored: StoredFile) -> Json:
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
    }


def _check_size(upload: Upload, largest: int, purpose: str) -> None:
    size = len(upload.content)
    if not size:
        raise bad_request("file must be non-empty")
    if size > largest:
        raise bad_request(
            f"file of size {size} bytes is too big{purpose}; the maximum size is {largest} bytes"
        )
