"""Pictures and documents: sent, found again, downloaded; limits on both sides."""

from typing import Any

import pytest
from aiohttp import FormData

from simulator.files import LARGEST_DOWNLOAD, LARGEST_PHOTO, LARGEST_UPLOAD
from tests.simulator.pictures import jpeg, png
from tests.simulator.telegram import ERIKA, TOKEN, LocalTelegram

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

TEXT = "Gebührenordnung".encode()


@pytest.fixture
async def erika(telegram: LocalTelegram) -> int:
    await telegram.starts(ERIKA)
    return ERIKA


async def test_a_photo_has_its_real_size(telegram: LocalTelegram, erika: int) -> None:
    answer = await telegram.upload(
        "sendPhoto",
        "photo",
        jpeg(320, 240),
        "foto.jpg",
        chat_id=erika,
        caption="<b>Müll</b>",
        parse_mode="HTML",
        has_spoiler="true",
    )
    message = answer["result"]
    (size,) = message["photo"]
    assert (size["width"], size["height"], size["file_size"]) == (320, 240, len(jpeg(320, 240)))
    assert message["caption"] == "Müll"
    assert message["caption_entities"] == [{"offset": 0, "length": 4, "type": "bold"}]
    assert message["has_media_spoiler"] is True


async def test_a_document_comes_back_as_it_was(telegram: LocalTelegram, erika: int) -> None:
    answer = await telegram.upload("sendDocument", "document", TEXT, "Gebühren.txt", chat_id=erika)
    document = answer["result"]["document"]
    assert document["file_name"] == "Gebühren.txt"
    assert document["file_size"] == len(TEXT)
    found = await telegram.call("getFile", file_id=document["file_id"])
    assert found["file_unique_id"] == document["file_unique_id"]
    url = f"{telegram.address}/file/bot{TOKEN}/{found['file_path']}"
    async with telegram.http.get(url) as response:
        assert await response.read() == TEXT
    async with telegram.http.get(url.replace(TOKEN, "42:WRONG")) as response:
        assert response.status == 401
    async with telegram.http.get(url + "x") as response:
        assert response.status == 404


async def test_a_known_file_is_sent_again_by_its_id(telegram: LocalTelegram, erika: int) -> None:
    first = await telegram.upload("sendPhoto", "photo", png(7, 8), "x.png", chat_id=erika)
    (size,) = first["result"]["photo"]
    again = await telegram.call("sendPhoto", chat_id=erika, photo=size["file_id"])
    assert again["photo"] == [size]
    complaint = await telegram.complaint("sendDocument", chat_id=erika, document=size["file_id"])
    assert complaint == "Bad Request: can't use file of type Photo as Document"


async def test_a_file_attached_under_another_name(telegram: LocalTelegram, erika: int) -> None:
    answer = await telegram.upload(
        "sendDocument", "anhang", TEXT, "a.txt", chat_id=erika, document="attach://anhang"
    )
    assert answer["result"]["document"]["file_name"] == "a.txt"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"kein Bild", "IMAGE_PROCESS_FAILED"),
        (b"", "file must be non-empty"),
        (png(0, 5), "IMAGE_PROCESS_FAILED"),
        (png(5001, 5000), "PHOTO_INVALID_DIMENSIONS"),
        (png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
    ],
)
async def test_pictures_that_are_none(
    telegram: LocalTelegram, erika: int, content: bytes, complaint: str
) -> None:
    answer = await telegram.upload("sendPhoto", "photo", content, "x.png", chat_id=erika)
    assert answer["description"] == f"Bad Request: {complaint}"


async def test_pictures_just_small_enough(telegram: LocalTelegram, erika: int) -> None:
    for content in (png(5000, 5000), png(2000, 100)):
        answer = await telegram.upload("sendPhoto", "photo", content, "x.png", chat_id=erika)
        assert answer["ok"]


async def test_the_largest_photo(telegram: LocalTelegram, erika: int) -> None:
    picture = png(10, 10)
    largest = picture + bytes(LARGEST_PHOTO - len(picture))
    answer = await telegram.upload("sendPhoto", "photo", largest, "x.png", chat_id=erika)
    assert answer["ok"]
    answer = await telegram.upload("sendPhoto", "photo", largest + b"x", "x.png", chat_id=erika)
    assert answer["error_code"] == 400
    assert "is too big for a photo" in answer["description"]


async def test_the_largest_download_and_upload(telegram: LocalTelegram, erika: int) -> None:
    async def document(size: int) -> tuple[dict[str, Any], str]:
        content = bytes(size)
        answer = await telegram.upload("sendDocument", "document", content, "x", chat_id=erika)
        file_id = answer["result"]["document"]["file_id"] if answer["ok"] else ""
        return answer, file_id

    _, file_id = await document(LARGEST_DOWNLOAD)
    assert (await telegram.call("getFile", file_id=file_id))["file_size"] == LARGEST_DOWNLOAD
    _, file_id = await document(LARGEST_DOWNLOAD + 1)
    complaint = await telegram.complaint("getFile", file_id=file_id)
    assert complaint == "Bad Request: file is too big"
    answer, _ = await document(LARGEST_UPLOAD + 2 * 1024 * 1024)
    assert answer == {
        "ok": False,
        "error_code": 413,
        "description": "Request Entity Too Large",
    }


async def test_requests_without_a_file(telegram: LocalTelegram, erika: int) -> None:
    async def complaint(method: str, **arguments: object) -> str:
        return await telegram.complaint(method, chat_id=erika, **arguments)

    assert await complaint("sendPhoto") == "Bad Request: there is no photo in the request"
    assert await complaint("sendDocument") == "Bad Request: there is no document in the request"
    assert await complaint("getFile") == "Bad Request: file_id not specified"
    assert await complaint("getFile", file_id="x") == "Bad Request: invalid file_id"
    assert await complaint("sendPhoto", photo="http://x.de/y.png") == (
        "Bad Request: failed to get HTTP URL content"
    )
    assert (await complaint("sendPhoto", photo="x")).startswith(
        "Bad Request: wrong remote file identifier specified"
    )


async def test_captions_have_a_limit(telegram: LocalTelegram, erika: int) -> None:
    longest, too_long = [
        await telegram.upload(
            "sendDocument", "document", TEXT, "x", chat_id=erika, caption="x" * length
        )
        for length in (1024, 1025)
    ]
    assert longest["ok"]
    assert too_long["description"] == "Bad Request: message caption is too long"


async def test_people_send_pictures_and_see_the_bots(telegram: LocalTelegram, erika: int) -> None:
    form = FormData({"caption": "Siehe /hilfe"})
    form.add_field("photo", png(3, 4), filename="x.png", content_type="image/png")
    url = f"{telegram.address}/sim/people/{erika}/chats/{erika}/send"
    async with telegram.http.post(url, data=form) as response:
        shown = await response.json()
    (update,) = await telegram.new_updates()
    assert update["message"]["photo"] == shown["photo"]
    assert update["message"]["caption_entities"][0]["type"] == "bot_command"
    (size,) = shown["photo"]
    async with telegram.http.get(f"{telegram.address}/sim/files/{size['file_id']}") as response:
        assert response.content_type == "image/png"
        assert await response.read() == png(3, 4)


async def test_documents_are_offered_as_downloads(telegram: LocalTelegram, erika: int) -> None:
    answer = await telegram.upload("sendDocument", "document", b"<p>", "Ä.html", chat_id=erika)
    file_id = answer["result"]["document"]["file_id"]
    async with telegram.http.get(f"{telegram.address}/sim/files/{file_id}") as response:
        disposition = response.headers["Content-Disposition"]
        assert disposition == "attachment; filename*=UTF-8''%C3%84.html"
        assert "sandbox" in response.headers["Content-Security-Policy"]
