"""Files the bot fetches."""

from simulator.errors import bad_request
from simulator.files import LARGEST_DOWNLOAD
from simulator.methods.registry import Call, method
from simulator.wire import Json


@method("getFile")
def get_file(call: Call) -> Json:
    """Return where a file can be downloaded."""
    file_id = call.arguments.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    stored = call.world.files.get(file_id)
    if stored is None:
        raise bad_request("invalid file_id")
    if stored.size > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "file_path": stored.path,
    }
