"""All rules that hold as the region's file, for whoever wants them in its folder."""

from collections.abc import Sequence

from services.alarms.ruling import Standing, Unreadable
from services.alarms.writing import alarms_yaml
from services.text import Text


def file_of(found: Sequence[Standing | Unreadable], text: Text) -> str:
    """Return the file; rules that are switched off, or unreadable, are named in a comment."""
    comments = text("alarms.file-head").unescape().splitlines()
    readable = [one for one in found if isinstance(one, Standing)]
    for key, left_out in (
        ("alarms.file-resting", [one.key for one in readable if not one.active]),
        ("alarms.file-unreadable", [one.key for one in found if isinstance(one, Unreadable)]),
    ):
        if left_out:
            comments.append(text(key, keys=", ".join(left_out)).unescape())
    return alarms_yaml([one.record for one in readable if one.active], comments)
