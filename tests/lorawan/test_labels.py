"""Labels are read in every usual writing; keys on them never get through."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lorawan.labels import MASK, Label, holds_key, mask_keys, read_label

DEV, JOIN = "aabbccddeeff0011", "1122334455667788"
QR = "LW:D0:1122334455667788:AABBCCDDEEFF0011:AABB1122:OAABBCCDDEEFF:SYYWWNNNNNN:PFOOBAR:CAF2C"
KEY = "2B7E151628AED2A6ABF7158809CF4F3C"
IN_TWOS = [KEY[at : at + 2] for at in range(0, 32, 2)]
WRITINGS = (
    KEY,
    KEY.lower(),
    "0x" + KEY,
    *(mark.join(IN_TWOS) for mark in (" ", ":", "-", ".")),
    " ".join(KEY[at : at + 4] for at in range(0, 32, 4)),
    "-".join(KEY[at : at + 8] for at in range(0, 32, 8)),
    ", ".join(f"0x{one}" for one in IN_TWOS),
)


@pytest.mark.parametrize(
    "text",
    [
        QR,
        QR.lower(),
        QR.replace(":", "%3A"),
        f"Gescannt: {QR}",
        "LW:D0:1122334455667788:AABBCCDDEEFF0011:AABB1122",
    ],
)
def test_the_qr_code_of_the_alliance(text: str) -> None:
    label = read_label(text)
    assert label is not None
    assert (label.dev_eui, label.join_eui, label.profile_id) == (DEV, JOIN, "AABB1122")
    assert not label.torn
    assert label.serial.upper() == ("YYWWNNNNNN" if "NNNN" in text.upper() else "")


def test_the_older_qr_code_and_a_wrong_checksum() -> None:
    old = read_label("URN:LW:DP:1122334455667788:AABBCCDDEEFF0011:AABB1122%S12%V0102")
    assert old == Label(DEV, JOIN, "AABB1122", "12")
    torn = read_label(QR.replace("FOOBAR", "FOOBAZ"))
    assert torn is not None
    assert torn.torn


@pytest.mark.parametrize(
    "text",
    [
        "AABBCCDDEEFF0011",
        "aabbccddeeff0011",
        "0xAABBCCDDEEFF0011",
        "AA:BB:CC:DD:EE:FF:00:11",
        "aa-bb-cc-dd-ee-ff-00-11",
        "AA BB CC DD EE FF 00 11",
        "AABB CCDD EEFF 0011",
        "DevEUI AABBCCDDEEFF0011",
        "  Device EUI: aabbccddeeff0011 ",
    ],
)
def test_a_plain_eui(text: str) -> None:
    assert read_label(text) == Label(DEV)


@pytest.mark.parametrize("key", WRITINGS)
@pytest.mark.parametrize(
    "form",
    [
        "DevEUI: AABBCCDDEEFF0011\nAppEUI: 1122334455667788\nAppKey: {key}",
        "AppKey={key}\nJoin EUI 11 22 33 44 55 66 77 88\nDev EUI AA BB CC DD EE FF 00 11",
        "DevEUI;JoinEUI;AppKey\nAABBCCDDEEFF0011;1122334455667788;{key}",
        "JoinEUI\tDevEUI\tKey\n1122334455667788\tAABBCCDDEEFF0011\t{key}",
        "AABBCCDDEEFF0011;1122334455667788;{key}",
    ],
)
def test_labels_with_keys_are_read_without_them(form: str, key: str) -> None:
    text = form.format(key=key)
    masked = mask_keys(text)
    assert read_label(text) == Label(DEV, JOIN) == read_label(masked)
    assert holds_key(text)
    assert holds_key(masked)
    assert len(masked) == len(text)
    assert "28AED2A6" not in "".join(masked.upper().split()).replace(":", "").replace("-", "")


@pytest.mark.parametrize(
    "text", ["", "Pegel 1", "0" * 16, "F" * 16, "AABBCCDDEEFF001", "AABBCCDDEEFF00112", "LW:D0:"]
)
def test_what_names_no_device(text: str) -> None:
    assert read_label(text) is None


def test_several_devices_and_a_join_eui_alone_are_not_guessed() -> None:
    assert read_label("AABBCCDDEEFF0011\nAABBCCDDEEFF0012") is None
    assert read_label("JoinEUI: 1122334455667788") is None


@given(some.text(max_size=300))
def test_whatever_is_written_nothing_breaks(text: str) -> None:
    label = read_label(text)
    assert label is None or re.fullmatch("[0-9a-f]{16}", label.dev_eui)
    assert len(mask_keys(text)) == len(text)


PIECES = some.sampled_from(
    ["LW:D0:", "DevEUI", "AppKey", ":", ";", " ", "\n", "%", "0x", "C", "S", MASK, DEV, JOIN, "12"]
)


@given(some.lists(PIECES | some.text("0123456789abcdefABCDEF :-", max_size=20), max_size=20))
def test_what_looks_like_a_label_names_a_device_or_nothing(pieces: list[str]) -> None:
    label = read_label("".join(pieces))
    if label is not None:
        assert re.fullmatch("[0-9a-f]{16}", label.dev_eui)
        assert re.fullmatch("([0-9a-f]{16})?", label.join_eui)
        assert not holds_key(label.serial)


@given(
    some.text(max_size=40),
    some.binary(min_size=16, max_size=16),
    some.sampled_from(["", " ", ":"]),
)
def test_no_key_gets_through(before: str, key: bytes, between: str) -> None:
    written = key.hex(between) if between else key.hex()
    masked = mask_keys(f"{before}\nAppKey: {written}")
    assert written not in masked
    assert holds_key(masked)


@pytest.mark.parametrize("name", ["AppKey: ", "NwkSKey=", "app key ", "Schlüssel: ", "Key 0x"])
def test_what_is_called_a_key_is_masked_in_any_two_parts(name: str) -> None:
    masked = mask_keys(f"{name}{KEY[:16]} {KEY[16:]}")
    assert not any(part in masked for part in (KEY[:16], KEY[16:], KEY[4:12]))
    assert holds_key(masked)


def test_a_key_over_several_lines_is_masked() -> None:
    lines = "\n".join(KEY[at : at + 8] for at in range(0, 32, 8))
    assert mask_keys(f"AppKey:\n{lines}") == "AppKey:\n" + "\n".join([MASK * 8] * 4)


def test_two_euis_are_no_key() -> None:
    for between in (";", ",", "\t", " ", "\n"):
        text = f"AABBCCDDEEFF0011{between}1122334455667788"
        assert mask_keys(text) == text
