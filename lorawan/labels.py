"""What stands on a device's box: QR codes and labels; secret keys are recognised and masked.

QR codes follow LoRa Alliance TR005, "LoRaWAN Device Identification QR Codes". Keys belong to the
network server alone, so nothing here ever returns one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

MASK = "•"
"""Stands for each digit of a key."""
KEY_DIGITS = 32
LONGEST = 2000
"""More than this is no label."""
NO_DEVICE = {"0" * 16, "f" * 16}
"""What an EUI-64 holds where there is none."""
DIGIT = re.compile("[0-9A-Fa-f]")
BYTE = "[0-9A-Fa-f]{2}"


def _groups(name: str, size: int) -> str:
    """Return an expression for a key in groups of so many bytes, always with the same mark."""
    group, more = f"(?:{BYTE}){{{size}}}", 16 // size - 1
    first = f"(?<![0-9A-Fa-f]){group}(?P<{name}>[ :.,;_-]){group}"
    return f"{first}(?:(?P={name}){group}){{{more - 1}}}"


KEY = re.compile(
    "[0-9A-Fa-f]{32,}"
    f"|{_groups('one', 1)}|{_groups('two', 2)}|{_groups('four', 4)}"
    rf"|0x{BYTE}(?:\s{{0,3}}[,; ]\s{{0,3}}0x{BYTE}){{15}}"
    rf"|(?<=key)[^0-9A-Fa-f\n]{{0,6}}(?:0x)?{BYTE}(?:[ :.,;_-]{{0,2}}(?:0x)?{BYTE}){{15}}",
    re.IGNORECASE,
)
"""An AES-128 key in all usual writings: 32 digits together, in twos, fours or eights, as in C."""
EUI = re.compile(
    r"(?:0x)?([0-9A-F]{16}|[0-9A-F]{2}([-:. ])[0-9A-F]{2}(?:\2[0-9A-F]{2}){6}"
    r"|[0-9A-F]{4}([-:. ])[0-9A-F]{4}(?:\3[0-9A-F]{4}){2})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
BOUNDARY = re.compile(r"(?<![0-9A-Za-z])")
NAME = re.compile(r"(dev|device|join|app|application)[ _-]?(?:eui|id)(?:64)?", re.IGNORECASE)
BETWEEN = re.compile(r"[\s:=;,\"'#(|>-]{0,8}")
QR_CODE = re.compile(
    r"(?:URN:)?(?:DEV:)?LW:D[0P]:([0-9A-F]{16}):([0-9A-F]{16}):([0-9A-F]{4,8})((?:[:%]\S*)?)",
    re.IGNORECASE,
)
OPTION = re.compile(r"[:%]([OSPCV])([^:%]*)", re.IGNORECASE)
DELIMITERS = (";", "\t", ",", "|")


@dataclass(frozen=True, slots=True)
class Label:
    """What a label says of a device.

    Attributes:
        dev_eui: 16 hexadecimal digits, lower case.
        join_eui: likewise; "" when the label does not say.
        profile_id: vendor and profile, up to 8 hexadecimal digits, upper case; "" unknown.
        serial: the vendor's serial number; "" unknown.
        torn: the label carries a checksum that does not fit: something was misread.
    """

    dev_eui: str
    join_eui: str = ""
    profile_id: str = ""
    serial: str = ""
    torn: bool = False


def mask_keys(text: str) -> str:
    """Return the text with a mark for each digit of every key; its length stays the same."""
    return KEY.sub(lambda found: DIGIT.sub(MASK, found[0]), text)


def holds_key(text: str) -> bool:
    """Whether a text holds a key, masked or not."""
    return text.count(MASK) >= KEY_DIGITS or KEY.search(text) is not None


def read_label(text: str) -> Label | None:
    """Return what a label says; None when it names no device, or several. Never raises.

    An EUI is read as it is written: one that is printed byte by byte in reverse is not guessed.
    """
    text = mask_keys(text[:LONGEST])
    if "%3a" in text.lower():
        text = mask_keys(unquote(text, errors="replace"))
    return _qr_code(text) or _columns(text) or _named(text) or _listed(text)


def _qr_code(text: str) -> Label | None:
    found = QR_CODE.search(text)
    if found is None:
        return None
    options = {one[1].upper(): one for one in OPTION.finditer(found[4])}
    serial = options["S"][2] if "S" in options else ""
    torn = False
    if "C" in options:
        signed = text[found.start() : found.start(4) + options["C"].start()]
        given = options["C"][2]
        sums = {_checksum(one) for one in (signed, signed.upper())}
        torn = bool(given) and given.upper() not in sums
    return _label(found[2], found[1], found[3].upper(), serial, torn=torn)


def _checksum(text: str) -> str:
    """Return CRC-16/MODBUS over everything before the checksum (TR005), 4 digits, upper case."""
    value = 0xFFFF
    for byte in text.encode(errors="replace"):
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (0xA001 if value & 1 else 0)
    return f"{value:04X}"


def _columns(text: str) -> Label | None:
    """Read a table's heading and its only row: "DevEUI;JoinEUI;…"."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) != 2 or not NAME.search(lines[0]) or next(_euis(lines[0]), None):  # noqa: PLR2004
        return None
    for delimiter in DELIMITERS:
        names, values = (line.split(delimiter) for line in lines)
        if len(names) > 1 and len(names) == len(values):
            pairs = zip(names, values, strict=True)
            return _named("\n".join(f"{name}: {value}" for name, value in pairs))
    return None


def _named(text: str) -> Label | None:
    """Read "DevEUI: … JoinEUI: …" in any order."""
    said: dict[str, str] = {}
    for name in NAME.finditer(text):
        between = BETWEEN.match(text, name.end())
        found = EUI.match(text, between.end() if between else name.end())
        if found:
            kind = "dev" if name[1].lower().startswith("dev") else "join"
            said.setdefault(kind, found[1])
    return _label(said["dev"], said.get("join", "")) if "dev" in said else None


def _listed(text: str) -> Label | None:
    """Read bare EUIs: one is the device's; of two in a row of a table the second is joined."""
    if NAME.search(text) and "join" in text.lower():
        return None  # a name without "DevEUI": what stands there is not the device's
    found = list(_euis(text))
    if len(found) == 1:
        return _label(found[0])
    together = len(text.strip().splitlines()) == 1 and any(one in text for one in DELIMITERS)
    return _label(found[0], found[1]) if len(found) == 2 and together else None  # noqa: PLR2004


def _euis(text: str) -> Iterator[str]:
    position = 0
    while position < len(text):
        found = EUI.search(text, position)
        if found is None:
            return
        if BOUNDARY.match(text, found.start()):
            yield found[1]
            position = found.end()
        else:
            position = found.start() + 1


def _label(
    dev: str, join: str = "", profile: str = "", serial: str = "", *, torn: bool = False
) -> Label | None:
    dev_eui, join_eui = _plain(dev), _plain(join)
    if dev_eui in NO_DEVICE:
        return None
    return Label(dev_eui, join_eui, profile, "".join(serial.split())[:40], torn=torn)


def _plain(eui: str) -> str:
    return "".join(DIGIT.findall(eui)).lower()
