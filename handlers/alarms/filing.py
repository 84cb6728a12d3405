"""All rules that hold as the region's file, for whoever wants them in its folder."""

from collections.abc import Sequence

from services.alarms.ruling import Standing
from services.alarms.writing import alarms_yaml
from services.text import Text


def file_of(found: Sequence[Standing], text: Text) -> str:
    """Return the file; rules that are switched off are named in a comment."""
    comments = text("alarms.file-head").unescape().splitlines()
    resting = ", ".join(one.key for one in found if not one.active)
    if resting:
        comments.append(text("alarms.file-resting", keys=resting).unescape())
    return alarms_yaml([one.record for one in found if one.active], comments)
