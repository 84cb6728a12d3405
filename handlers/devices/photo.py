"""Reads QR codes on photos; runs in a process of its own and imports little."""

from io import BytesIO

from lorawan.labels import Label, holds_key, read_label

MOST_PIXELS = 40_000_000
SIDE = 2400
"""Pixels a photo is made small to: a code that is larger than a thumb is still read."""


def read_photo(image: bytes) -> tuple[Label | None, bool]:
    """Return the label whose code is on a photo, and whether a code holds a key.

    No label: there is no code, it says nothing, or there are codes of several devices; also for
    what is no picture at all. The codes' own texts never leave the process.
    """
    texts = _codes(image)
    found = {label for label in map(read_label, texts) if label is not None}
    label = found.pop() if len(found) == 1 else None
    return label, any(map(holds_key, texts))


def _codes(image: bytes) -> list[str]:
    import zxingcpp  # noqa: PLC0415 - the bot itself never reads pictures
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - likewise

    try:
        with Image.open(BytesIO(image), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return []
            picture.draft("L", (SIDE, SIDE))
            grey = picture.convert("L")
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        ValueError,
        SyntaxError,
    ):
        return []
    grey.thumbnail((SIDE, SIDE))
    return [one.text for one in zxingcpp.read_barcodes(grey) if one.valid]
