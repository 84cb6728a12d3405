"""Rich messages: headings, tables, lists and parts to unfold."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.arguments import Arguments
from simulator.chats import Bot
from simulator.clock import ManualClock
from simulator.errors import ApiError
from simulator.rich import rich_content
from simulator.rich_blocks import buttons_of
from simulator.rich_plain import plain_text
from simulator.world_file import build_world, read_world
from tests.simulator.pictures import png
from tests.simulator.telegram import ERIKA, GROUP, LocalTelegram, next_event

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

Blocks = list[dict[str, Any]]


def paragraph(text: object = "x") -> dict[str, Any]:
    return {"type": "paragraph", "text": text}


async def shown(telegram: LocalTelegram, **rich: Any) -> Blocks:
    sent = await telegram.call("sendRichMessage", chat_id=ERIKA, rich_message=rich)
    blocks: Blocks = sent["rich_message"]["blocks"]
    return blocks


@pytest.fixture
async def telegram(telegram: LocalTelegram) -> LocalTelegram:
    """A world in which Erika has started the bot."""
    await telegram.starts(ERIKA)
    return telegram


async def test_a_table_comes_back_as_telegram_completes_it(telegram: LocalTelegram) -> None:
    cells = [[{"text": "Amt", "is_header": True}], [{"text": "a", "colspan": 2, "align": "right"}]]
    (table,) = await shown(
        telegram, blocks=[{"type": "table", "cells": cells, "caption": "Zeiten"}]
    )
    placed = {"align": "left", "valign": "top"}
    assert table == {
        "type": "table",
        "cells": [
            [placed | {"text": "Amt", "is_header": True}],
            [placed | {"text": "a", "align": "right", "colspan": 2}],
        ],
        "caption": "Zeiten",
    }


async def test_items_of_lists_get_their_labels(telegram: LocalTelegram) -> None:
    styles = [{}, {"value": 3}, {"value": 28, "type": "a"}, {"value": 14, "type": "I"}]
    items = [{"blocks": [paragraph()]} | style for style in styles]
    (found,) = await shown(telegram, blocks=[{"type": "list", "items": items}])
    assert [item["label"] for item in found["items"]] == ["•", "3.", "ab.", "XIV."]


async def test_links_in_plain_words_are_found(telegram: LocalTelegram) -> None:
    (block,) = await shown(telegram, blocks=[paragraph("😀 siehe abi.de, /hilfe")])
    assert block["text"] == [
        "😀 siehe ",
        {"type": "url", "text": "abi.de", "url": "abi.de"},
        ", ",
        {"type": "bot_command", "text": "/hilfe", "bot_command": "/hilfe"},
    ]
    (block,) = await shown(telegram, blocks=[paragraph("abi.de")], skip_entity_detection=True)
    assert block["text"] == "abi.de"
    (block,) = await shown(telegram, blocks=[{"type": "pre", "text": "abi.de"}])
    assert block["text"] == "abi.de"


async def test_html_becomes_the_same_blocks(telegram: LocalTelegram) -> None:
    html = """
        <h2>Personalausweis</h2>
        <p>Das kostet <b>37</b> Euro.<br>Mehr: <a href="https://abi.de/x">hier</a></p>
        <ul><li>Foto</li><li>Alter Ausweis</li></ul>
        <table bordered><tr><th>Tag</th></tr><tr><td align="right">Mo</td></tr></table>
        <details open><summary>Mehr</summary>Text</details><hr>
        <pre><code class="language-py">a  b</code></pre>
    """
    heading, text, items, table, details, line, code = await shown(telegram, html=html)
    assert heading == {"type": "heading", "text": "Personalausweis", "size": 2}
    assert text["text"] == [
        "Das kostet ",
        {"type": "bold", "text": "37"},
        " Euro.",
        "\n",
        "Mehr: ",
        {"type": "url", "text": "hier", "url": "https://abi.de/x"},
    ]
    assert [item["blocks"][0]["text"] for item in items["items"]] == ["Foto", "Alter Ausweis"]
    assert table["is_bordered"] is True
    assert table["cells"][1][0] == {"align": "right", "valign": "top", "text": "Mo"}
    assert details == {
        "type": "details",
        "summary": "Mehr",
        "blocks": [paragraph("Text")],
        "is_open": True,
    }
    assert line == {"type": "divider"}
    assert code == {"type": "pre", "text": "a  b", "language": "py"}


async def test_markdown_becomes_the_same_blocks(telegram: LocalTelegram) -> None:
    markdown = """## Personalausweis
Das kostet **37** Euro,
mehr: [hier](https://abi.de/x) \\*

- [x] Foto
- [ ] *Alter* Ausweis
3. Geld

| Tag | Zeit |
|-----|-----:|
| Mo  | `9`  |

> Zitat
---
```py
a  b
```"""
    heading, text, items, table, quote, line, code = await shown(telegram, markdown=markdown)
    assert heading == {"type": "heading", "text": "Personalausweis", "size": 2}
    assert text["text"] == [
        "Das kostet ",
        {"type": "bold", "text": "37"},
        " Euro,\nmehr: ",
        {"type": "url", "text": "hier", "url": "https://abi.de/x"},
        " ",
        "*",
    ]
    assert [item["label"] for item in items["items"]] == ["•", "•", "3."]
    assert [item.get("is_checked") for item in items["items"]] == [True, None, None]
    assert table["cells"][0][1]["is_header"] is True
    assert table["cells"][1][1]["text"] == {"type": "code", "text": "9"}
    assert [cell["align"] for cell in table["cells"][1]] == ["left", "right"]
    assert quote["blocks"] == [paragraph("Zitat")]
    assert line == {"type": "divider"}
    assert code == {"type": "pre", "text": "a  b", "language": "py"}


@pytest.mark.parametrize(
    ("rich", "complaint"),
    [
        ({}, "exactly one of html, markdown and blocks must be used"),
        ({"html": "x", "blocks": []}, "exactly one of html, markdown and blocks must be used"),
        ({"html": "<b>x"}, 'Can\'t find end tag corresponding to start tag "b"'),
        ({"html": "<script>x</script>"}, 'Unsupported start tag "script"'),
        ({"html": "x</p>"}, 'Unexpected end tag "p"'),
        ({"blocks": [{"type": "dance"}]}, 'unsupported rich block type "dance" specified'),
        ({"blocks": [paragraph(1)]}, "RichText must be a String, an Array or an Object"),
        (
            {"blocks": [paragraph({"type": "loud", "text": "x"})]},
            'unsupported rich text type "loud" specified',
        ),
    ],
)
async def test_what_is_malformed(
    telegram: LocalTelegram, rich: dict[str, Any], complaint: str
) -> None:
    refusal = await telegram.complaint("sendRichMessage", chat_id=ERIKA, rich_message=rich)
    assert refusal == f"Bad Request: can't parse InputRichMessage: {complaint}"


def nested(depth: int) -> Blocks:
    block = paragraph()
    for _ in range(depth - 1):
        block = {"type": "blockquote", "blocks": [block]}
    return [block]


def button(data: str) -> dict[str, Any]:
    return {"text": "a", "callback_data": data}


TAGS = ["b", "p", "ul", "li", "table", "tr", "td", "details", "summary", "pre", "blockquote", "a"]
PIECES = [
    *[f"<{tag}>" for tag in TAGS],
    *[f"</{tag}>" for tag in TAGS],
    *["x", " ", "\n", "&lt;", "&#128512;", "<br>", "<hr>", "abi.de", "<", ">", "<ol start=9>"],
    *["<td colspan=x>", "<tg-map lat=1 long=x>", "<img src='y'>", "<!--", "<![CDATA[", "</ol>"],
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 30) | st.sampled_from(["", "x", "abi.de", "1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.fixed_dictionaries(
            {"type": st.sampled_from(["paragraph", "bold", "list", "table", "map", "button"])},
            optional=dict.fromkeys(
                ["text", "items", "cells", "blocks", "button", "location"], inner
            ),
        )
    ),
    max_leaves=12,
)


def read_or_refused(value: dict[str, Any]) -> None:
    """Read a rich message; anything but a refusal is a fault of the simulator."""
    world = build_world(read_world(None), Bot(42, "Test", "test_bot"), ("42:TEST",), ManualClock())
    try:
        content = rich_content(world, Arguments({"rich_message": value}, {}))
    except ApiError:
        return
    finally:
        world.files.close()
    blocks = content["rich_message"]["blocks"]
    assert plain_text(blocks).strip()
    assert buttons_of(blocks) is not None


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_any_html_is_read_or_refused(html: str) -> None:
    read_or_refused({"html": html})


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*"*_~|`[](){}#>-=x1. \n\\", "||", "```", "- "]), max_size=25))
def test_any_markdown_is_read_or_refused(pieces: list[str]) -> None:
    read_or_refused({"markdown": "".join(pieces)})


@settings(max_examples=100, deadline=None)
@given(st.lists(VALUES, max_size=4))
def test_any_blocks_are_read_or_refused(blocks: list[object]) -> None:
    read_or_refused({"blocks": blocks})


async def test_tags_a_hundred_deep_are_refused(telegram: LocalTelegram) -> None:
    deep = {"html": "<b>" * 5_000 + "x" + "</b>" * 5_000}
    refusal = await telegram.complaint("sendRichMessage", chat_id=ERIKA, rich_message=deep)
    assert refusal.endswith("tags are nested too deeply")


MAP = {"type": "map", "location": {"latitude": 51.75, "longitude": 11.97}}
LIMITS: list[tuple[Blocks, Blocks, str]] = [
    ([paragraph("x" * 32_768)], [paragraph("x" * 32_769)], "rich message is too long"),
    ([paragraph()] * 500, [paragraph()] * 501, "too many blocks in the rich message"),
    (nested(16), nested(17), "rich message blocks are nested too deeply"),
    (
        [{"type": "table", "cells": [[{"text": "x"}] * 20]}],
        [{"type": "table", "cells": [[{"text": "x"}] * 21]}],
        "rich message tables can't have more than 20 columns",
    ),
    (
        [{"type": "buttons", "buttons": [button("x" * 64)] * 8}],
        [{"type": "buttons", "buttons": [button("x")] * 9}],
        "a row of buttons must have 1-8 buttons",
    ),
    (
        [{"type": "buttons", "buttons": [button("x")]}],
        [{"type": "buttons", "buttons": [button("x" * 65)]}],
        "BUTTON_DATA_INVALID",
    ),
    (
        [{"type": "heading", "text": "x", "size": 6}],
        [{"type": "heading", "text": "x", "size": 7}],
        "wrong heading size specified",
    ),
    ([MAP | {"zoom": 24}], [MAP | {"zoom": 25}], "wrong map zoom specified"),
    (
        [MAP | {"width": 5000, "height": 5000}],
        [MAP | {"width": 5000, "height": 5001}],
        "wrong map size specified",
    ),
    (
        [MAP | {"width": 2000, "height": 100}],
        [MAP | {"width": 2001, "height": 100}],
        "wrong map size specified",
    ),
    ([paragraph()], [paragraph(" ")], "rich message must be non-empty"),
    (
        [paragraph()],
        [{"type": "thinking", "text": "x"}],
        "thinking blocks can be used in drafts only",
    ),
]


@pytest.mark.parametrize(("allowed", "refused", "complaint"), LIMITS)
async def test_limits(
    telegram: LocalTelegram, allowed: Blocks, refused: Blocks, complaint: str
) -> None:
    assert await shown(telegram, blocks=allowed)
    wrong = {"blocks": refused}
    refusal = await telegram.complaint("sendRichMessage", chat_id=ERIKA, rich_message=wrong)
    assert refusal == f"Bad Request: {complaint}"


async def test_fifty_pictures_and_no_more(telegram: LocalTelegram) -> None:
    sent = await telegram.upload("sendPhoto", "photo", png(4, 3), "x.png", chat_id=ERIKA)
    picture = sent["result"]["photo"][0]["file_id"]
    block = {"type": "photo", "photo": {"type": "photo", "media": picture}}
    assert len(await shown(telegram, blocks=[block] * 50)) == 50
    many = {"blocks": [block] * 51}
    refusal = await telegram.complaint("sendRichMessage", chat_id=ERIKA, rich_message=many)
    assert refusal == "Bad Request: too much media in the rich message"


async def test_pictures_in_html_are_bound_by_name(telegram: LocalTelegram) -> None:
    sent = await telegram.upload("sendPhoto", "photo", png(4, 3), "x.png", chat_id=ERIKA)
    photo = sent["result"]["photo"]
    media = [{"id": "karte", "media": {"type": "photo", "media": photo[0]["file_id"]}}]
    html = '<img src="tg://photo?id=karte">'
    (block,) = await shown(telegram, html=html, media=media)
    assert block == {"type": "photo", "photo": photo}
    lost = {"html": html.replace("karte", "weg"), "media": media}
    refusal = await telegram.complaint("sendRichMessage", chat_id=ERIKA, rich_message=lost)
    assert refusal == 'Bad Request: can\'t parse InputRichMessage: media "weg" not found'


async def test_the_page_gets_a_plain_twin(telegram: LocalTelegram) -> None:
    items = [{"blocks": [paragraph("Foto")], "has_checkbox": True, "is_checked": True}]
    blocks = [
        {"type": "heading", "text": "Ausweis", "size": 1},
        {"type": "table", "cells": [[{"text": "Mo"}, {"text": "9-12"}]]},
        {"type": "list", "items": items},
        {"type": "details", "summary": "Mehr", "blocks": [paragraph("Kosten")]},
    ]
    await shown(telegram, blocks=blocks)
    message = (await telegram.sim(f"people/{ERIKA}/chats/{ERIKA}/messages"))[-1]
    assert message["sim"]["plain"] == "Ausweis\nMo | 9-12\n• ☑ Foto\nMehr\nKosten"


async def test_buttons_inside_are_pressed_by_their_order(telegram: LocalTelegram) -> None:
    inside = {"type": "button", "button": button("eins")}
    blocks = [paragraph(["a", inside]), {"type": "buttons", "buttons": [button("zwei")]}]
    rich = {"blocks": blocks}
    sent = await telegram.call("sendRichMessage", chat_id=ERIKA, rich_message=rich)
    for number in (1, 0):
        press = {"message_id": sent["message_id"], "button": number}
        await telegram.sim(f"people/{ERIKA}/chats/{ERIKA}/press", press)
    updates = await telegram.new_updates()
    assert [update["callback_query"]["data"] for update in updates] == ["zwei", "eins"]
    status, _ = await telegram.try_sim(
        f"people/{ERIKA}/chats/{ERIKA}/press", {"message_id": sent["message_id"], "button": 2}
    )
    assert status == 400


async def test_a_rich_message_can_be_edited_and_become_a_text(telegram: LocalTelegram) -> None:
    rich = {"blocks": [paragraph("alt")]}
    sent = await telegram.call("sendRichMessage", chat_id=ERIKA, rich_message=rich)
    place = {"chat_id": ERIKA, "message_id": sent["message_id"]}
    refusal = await telegram.complaint("editMessageText", **place, rich_message=rich)
    assert refusal.startswith("Bad Request: message is not modified")
    new = {"blocks": [paragraph("neu")]}
    edited = await telegram.call("editMessageText", **place, rich_message=new)
    assert edited["rich_message"] == new
    edited = await telegram.call("editMessageText", **place, text="schlicht")
    assert edited["text"] == "schlicht"
    assert "rich_message" not in edited


async def test_a_draft_is_shown_but_not_kept(telegram: LocalTelegram) -> None:
    rich = {"blocks": [{"type": "thinking", "text": "Moment"}]}
    url = f"{telegram.address}/sim/events?person={ERIKA}"
    async with telegram.http.get(url) as stream:
        draft = {"chat_id": ERIKA, "draft_id": 5, "rich_message": rich}
        assert await telegram.call("sendRichMessageDraft", **draft) is True
        kind, event = await next_event(stream)
    assert kind == "draft"
    assert event == {"chat": ERIKA, "draft_id": 5, "text": "Moment", "rich_message": rich}
    messages = await telegram.sim(f"people/{ERIKA}/chats/{ERIKA}/messages")
    assert len(messages) == 1
    refusal = await telegram.complaint("sendRichMessageDraft", **(draft | {"draft_id": 0}))
    assert refusal == "Bad Request: RANDOM_ID_INVALID"
    refusal = await telegram.complaint("sendRichMessageDraft", **(draft | {"chat_id": GROUP}))
    assert refusal == "Bad Request: TEXTDRAFT_PEER_INVALID"
