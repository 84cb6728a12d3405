"""No name of anybody reaches the disk, whatever a conversation consists of."""

from typing import Any

from services.golive.model import Batch
from tests.county import County
from tests.rigging import everything_stored, files_of, group_message, label

PLANTED = ("planted-name", "planted-lastname", "planted_username", "planted-group")
ERIKA, HANS, GROUP = 7310099881, 7310099882, -1007310099883
OTHER = {
    "id": HANS,
    "is_bot": False,
    "first_name": "Hans Planted-Name",
    "last_name": "Planted-Lastname",
    "username": "planted_username",
}
CHAT = {
    "id": GROUP,
    "type": "supergroup",
    "title": "Planted-Group",
    "username": "planted_username",
}
FORWARDS: tuple[dict[str, Any], ...] = (
    {"type": "user", "date": 1, "sender_user": OTHER},
    {"type": "hidden_user", "date": 1, "sender_user_name": "Planted-Name"},
    {"type": "chat", "date": 1, "sender_chat": CHAT, "author_signature": "Planted-Name"},
    {
        "type": "channel",
        "date": 1,
        "chat": {**CHAT, "type": "channel"},
        "message_id": 2,
        "author_signature": "Planted-Name",
    },
)


def contents() -> list[dict[str, Any]]:
    """Return messages of every kind that carries somebody's name beside the sender's."""
    reply = {"message_id": 1, "date": 1, "chat": CHAT, "from": OTHER, "text": "Ja"}
    mention = {"type": "text_mention", "offset": 6, "length": 4, "user": OTHER}
    contact = {"phone_number": "+4934960000", "first_name": "Hans Planted-Name", "user_id": HANS}
    return [
        *({"text": "weitergeleitet", "forward_origin": origin} for origin in FORWARDS),
        {"text": "alt", "forward_sender_name": "Planted-Name", "forward_date": 1},
        {"text": "Antwort", "reply_to_message": reply},
        {"text": "Frage Hans", "entities": [mention]},
        {"contact": {**contact, "last_name": "Planted-Lastname", "vcard": "FN:Planted-Name"}},
        {"sender_chat": CHAT, "author_signature": "Planted-Name", "text": "anonym"},
        {"photo": [], "caption": "Bild", "caption_entities": [{**mention, "offset": 0}]},
    ]


def group_events() -> list[dict[str, Any]]:
    return [
        {"new_chat_members": [OTHER], "new_chat_participant": OTHER},
        {"left_chat_member": OTHER, "left_chat_participant": OTHER},
        {"new_chat_title": "Planted-Group"},
        {"pinned_message": {"message_id": 1, "date": 1, "chat": CHAT, "from": OTHER}},
        {"text": "/hilfe"},
    ]


async def test_a_whole_conversation_leaves_no_name_in_the_database(county: County) -> None:
    erika = county.citizen(ERIKA)
    await erika.says("/start")
    await erika.taps(label(county, "welcome.language-name", "en"))
    await erika.says("Ich bin nach Köthen gezogen")
    await erika.taps(label(county, "ask.button-subscribe", "en"))
    for content in contents():
        await erika.sends(content)
    for content in [*group_events(), *contents()]:
        update = group_message(county, GROUP, ERIKA, **content)
        await county.receives({"update_id": next(county.updates), **update})
        await county.settle()
    await erika.blocks()
    await erika.blocks(back=True)
    await erika.says("/auskunft")
    await county.receives({"update_id": next(county.updates), **group_message(county, 1, ERIKA)})

    stored = (await everything_stored(county.application)).casefold()
    assert str(ERIKA) in stored, "this looks at the right place"
    on_disk = files_of(county.application).lower()
    for name in PLANTED:
        assert name not in stored
        assert name.encode() not in on_disk
    assert "+4934960000" not in stored


async def test_nobody_else_s_number_is_kept(county: County) -> None:
    erika = county.citizen(ERIKA)
    for content in [*contents(), *group_events()]:
        await erika.sends(content)
    assert str(HANS) not in await everything_stored(county.application)


async def test_names_never_reach_a_handler_s_row_either(county: County) -> None:
    sabine = await county.staff(ERIKA)
    await sabine.says("/online 99102007104000 https://www.koethen-anhalt.de/hund Köthen")
    await sabine.taps(label(county, "golive.button-confirm"))
    stored = await everything_stored(county.application)
    assert Batch.__tablename__ in stored
    assert not [name for name in PLANTED if name in stored.casefold()]
