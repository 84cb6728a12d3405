"""What is known of a source before it has sent anything, and when its silence is worth a word."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from lorawan.events import Dialect, Form
from services.uplinks.model import DIGEST_BYTES

MAX_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=2)


@dataclass(frozen=True)
class Source:
    """A network server that sends to us, without its secrets.

    Attributes:
        name: a slug; stands in the address of its hook.
        label: how people call it.
        dialect: how it writes; None: recognised from each message.
        silent_after: told to the operators when nothing came for so long; None: never.
    """

    name: str
    label: str = ""
    dialect: Dialect | None = None
    silent_after: timedelta | None = None


@dataclass(frozen=True)
class Keeping:
    """How long raw messages are kept once they are worked off: the content, then the rows.

    A row without content still recognises a late repeat.
    """

    content: timedelta = timedelta(days=30)
    rows: timedelta = timedelta(days=37)


def digest_of(event: str, form: Form, body: bytes) -> bytes:
    """Return 16 bytes that are the same for a byte-identical message, and for no other."""
    digest = blake2b(digest_size=DIGEST_BYTES, person=form.value.encode())
    digest.update(event.encode("utf-8", "surrogatepass"))
    digest.update(b"\0")  # no event contains it
    digest.update(body)
    return digest.digest()


def wait_after(attempts: int) -> timedelta:
    """Return the pause after so many failed attempts: 2 s, 8 s, 32 s, 128 s."""
    return FIRST_WAIT * int(4 ** (attempts - 1))


def is_silent(source: Source, heard_at: datetime, now: datetime) -> bool:
    """Whether a source was not heard of for longer than it may be (by arrival)."""
    return source.silent_after is not None and now - heard_at > source.silent_after
