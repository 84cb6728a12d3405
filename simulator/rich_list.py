"""Labels of list items: a dot, a number, a letter or a Roman numeral."""

from simulator.fields import MalformedError

BULLET = "•"
LARGEST = 3_999

_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


def item_label(number: int, style: str) -> str:
    """Return the label of the item with this number, 0 standing for none; styles as in HTML."""
    if style not in {"", "1", "a", "A", "i", "I"}:
        raise MalformedError("invalid list item type specified")
    if not number and not style:
        return BULLET
    if not 1 <= number <= LARGEST:
        return f"{number}."
    label = {"a": _letters, "i": _roman}.get(style.lower(), str)(number)
    return f"{label.upper() if style.isupper() else label}."


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("a") + place) + letters
    return letters


def _roman(number: int) -> str:
    numeral = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        numeral += letters * count
    return numeral
