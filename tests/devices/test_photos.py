"""A photo of a label registers its device; the picture and the keys on it are kept nowhere."""

from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from handlers.devices.photo import read_photo
from lorawan.labels import Label
from services.devices.model import State
from services.staff.rules import Role
from tests.county import County, Person
from tests.devices.field import EUI, device, heard
from tests.rigging import everything_stored, rows_of, words

QR = "LW:D0:1122334455667788:70B3D57ED0051E7A:AABB1122"
KEY = "2B7E151628AED2A6ABF7158809CF4F3C"
JOB = "read photos of labels"


def picture(*texts: str, form: str = "JPEG") -> bytes:
    """Return a photo of some codes beside each other."""
    paper = Image.new("L", (700 * max(1, len(texts)), 700), 200)
    for number, text in enumerate(texts):
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
        drawn = Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=8))
        paper.paste(drawn.resize((500, 500)).rotate(3, fillcolor=255), (100 + 700 * number, 100))
    file = BytesIO()
    paper.save(file, form)
    return file.getvalue()


def photo(file_id: str, **more: Any) -> dict[str, Any]:
    size = {"file_unique_id": "u", "width": 700, "height": 700, "file_size": 90_000}
    return {"photo": [{"file_id": file_id, **size}], **more}


@pytest.fixture
async def sabine(county: County) -> Person:
    return await county.staff(2001, Role.EDITOR)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_code_is_read(form: str) -> None:
    expected = Label("70b3d57ed0051e7a", "1122334455667788", "AABB1122")
    assert read_photo(picture(QR, form=form)) == (expected, False)


def test_keys_on_a_label_are_noticed() -> None:
    assert read_photo(picture(QR, f"AppKey:{KEY}"))[1]
    label, key = read_photo(picture(f"DevEUI:70B3D57ED0051E7A;AppKey:{KEY}"))
    assert label == Label("70b3d57ed0051e7a")
    assert key


@pytest.mark.parametrize(
    "image",
    [b"", b"no picture", picture(), picture("hello"), picture(QR)[:900], b"GIF89a" + bytes(99)],
)
def test_what_is_no_label(image: bytes) -> None:
    assert read_photo(image) == (None, False)


def test_two_devices_on_one_photo_are_not_guessed() -> None:
    assert read_photo(picture(QR, QR.replace("1E7A", "1E7B")))[0] is None


def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    file = BytesIO()
    Image.new("1", (20_000, 20_000)).save(file, "PNG")
    assert read_photo(file.getvalue()) == (None, False)


async def test_a_photo_registers_and_asks(county: County, sabine: Person) -> None:
    county.telegram.files["f1"] = picture(QR, f"AppKey:{KEY}")
    [said] = await sabine.sends(photo("f1"))
    assert said.text == words(county, "devices.photo-working")
    await county.runs(JOB)
    found = await device(county.application)
    assert found.state == State.TEST
    assert words(county, "devices.key-warning") in sabine.heard
    assert "Wie soll das Gerät heißen" in sabine.heard[-1]
    assert "Wo hängt" in await sabine.says("Pegel")
    stored = await everything_stored(county.application)
    assert KEY not in stored + "\n".join(sabine.heard)
    assert await rows_of(county.application, "device_photo") == []


async def test_a_photo_of_a_known_device_shows_it(county: County, sabine: Person) -> None:
    await heard(county.application, state=State.RELEASED, name="Pegel Mulde")
    county.telegram.files["f1"] = picture(QR)
    await sabine.sends(photo("f1", caption="/sensor"))
    await county.runs(JOB)
    assert "Pegel Mulde" in sabine.heard[-1]
    assert words(county, "devices.address", address=EUI) in sabine.heard[-1]


async def test_a_photo_without_a_code_and_one_that_is_gone(county: County, sabine: Person) -> None:
    county.telegram.files["f1"] = picture("hello")
    await sabine.sends(photo("f1"))
    await sabine.sends(photo("gone"))
    for _ in range(3):
        await county.runs(JOB)
    assert words(county, "devices.photo-unread") in sabine.heard
    assert words(county, "devices.photo-gone") in sabine.heard
    assert await rows_of(county.application, "device_photo") == []
    assert await rows_of(county.application, "device") == []


async def test_who_left_meanwhile_registers_nothing(county: County, sabine: Person) -> None:
    county.telegram.files["f1"] = picture(QR)
    await sabine.sends(photo("f1"))
    boss = await county.staff(2002)
    async with county.application.transaction() as services:
        actor = await services.staff.actor((await services.chats.find(boss.id)).id)
        mine = await services.staff.actor((await services.chats.find(sabine.id)).id)
        await services.staff.off_board(actor, mine.staff_id)
    await county.runs(JOB)
    assert await rows_of(county.application, "device") == []
    assert await rows_of(county.application, "device_photo") == []


async def test_a_citizen_s_photo_is_nobody_s_label(county: County) -> None:
    said = await county.citizen().sends(photo("f1"))
    assert said[0].text == words(county, "ask.only-words")
    assert await rows_of(county.application, "device_photo") == []
