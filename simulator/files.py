"""Pictures and documents: stored in a temporary folder, found again by their file_id."""

import base64
import hashlib
import mimetypes
import tempfile
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1024 * 1024
LARGEST_DOWNLOAD = 20 * MEGABYTE
LARGEST_UPLOAD = 50 * MEGABYTE
LARGEST_PHOTO = 10 * MEGABYTE
DISK_SPACE = 512 * MEGABYTE
"""When the stored files exceed this, the oldest are thrown away."""

_PREFIXES = {
    "photos": "AgACAgIAAxkBAAM",
    "documents": "BQACAgIAAxkBAAM",
    "voice": "AwACAgIAAxkBAAM",
}


@dataclass(slots=True, frozen=True)
class Upload:
    """A file as it comes in with a request."""

    name: str
    content_type: str
    content: bytes


@dataclass(slots=True, frozen=True)
class StoredFile:
    """A file this Telegram keeps."""

    file_id: str
    unique_id: str
    path: str
    """Relative, as getFile shows it: photos/file_0.jpg."""
    size: int
    name: str
    content_type: str


class FileStore:
    """Keeps files until the simulator ends or the space runs out."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="local-telegram-")
        self._files: OrderedDict[str, StoredFile] = OrderedDict()
        self._paths: dict[str, str] = {}
        self._size = 0
        self._count = 0

    def add(self, folder: str, upload: Upload) -> StoredFile:
        """Store the file under `photos` or `documents` and return how to find it."""
        number = self._count
        self._count += 1
        suffix = Path(upload.name).suffix or mimetypes.guess_extension(upload.content_type) or ""
        path = f"{folder}/file_{number}{suffix if suffix[1:].isalnum() else ''}"
        digest = hashlib.sha256(upload.content).digest()
        stored = StoredFile(
            file_id=_PREFIXES[folder] + _letters(number.to_bytes(6, "big") + digest[:18]),
            unique_id="AQAD" + _letters(number.to_bytes(3, "big") + digest[:6]),
            path=path,
            size=len(upload.content),
            name=upload.name,
            content_type=upload.content_type,
        )
        self._write(stored, upload.content)
        return stored

    def get(self, file_id: str) -> StoredFile | None:
        return self._files.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        """Return the file with this relative path."""
        return self._files.get(self._paths.get(path, ""))

    def location(self, stored: StoredFile) -> Path:
        """Return where the bytes lie."""
        return Path(self._folder.name) / stored.path

    def close(self) -> None:
        """Delete everything."""
        self._folder.cleanup()

    def _write(self, stored: StoredFile, content: bytes) -> None:
        location = self.location(stored)
        location.parent.mkdir(parents=True, exist_ok=True)
        location.write_bytes(content)
        self._files[stored.file_id] = stored
        self._paths[stored.path] = stored.file_id
        self._size += stored.size
        while self._size > DISK_SPACE:
            _, oldest = self._files.popitem(last=False)
            self.location(oldest).unlink(missing_ok=True)
            del self._paths[oldest.path]
            self._size -= oldest.size


def _letters(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
