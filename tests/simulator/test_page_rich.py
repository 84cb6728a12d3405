"""The chat page shows rich messages and ephemeral ones, and follows deep links."""

from typing import Any

from playwright.sync_api import expect

from tests.simulator.page_browser import PHONE, Visit, assert_accessible, bubble, in_browser
from tests.simulator.page_world import World

GROUP, EDITOR = -4001, 2002

pytest_plugins = ["tests.simulator.page_fixtures"]
pytestmark = in_browser

HTML = """
<h1>Personalausweis</h1><p>Kosten: <b>37</b> Euro, siehe <a href="https://example.org/x">Amt</a></p>
<table bordered striped><caption>Zeiten</caption>
<tr><th>Tag</th><th>Zeit</th></tr><tr><td>Mo</td><td align="right">9-12</td></tr></table>
<ul><li>Foto</li><li>Alter Ausweis</li></ul>
<details><summary>Mehr dazu</summary><p>Bitte pünktlich.</p></details><hr>
<footer>Stand heute</footer>
"""


def test_a_rich_message_has_headings_tables_lists_and_parts_to_unfold(
    world: World, visit: Visit
) -> None:
    person = world.newcomer()
    world.bot("sendRichMessage", chat_id=person, rich_message={"html": HTML})
    page = visit(person, **PHONE)
    card = bubble(page, "Personalausweis")
    expect(card.get_by_role("heading", name="Personalausweis")).to_be_visible()
    expect(card.get_by_role("columnheader", name="Zeit")).to_be_visible()
    expect(card.get_by_role("cell", name="9-12")).to_be_visible()
    expect(card.get_by_role("listitem")).to_have_count(2)
    expect(card.get_by_role("link", name="Amt")).to_have_attribute("rel", "noopener noreferrer")
    expect(card.get_by_text("Bitte pünktlich.")).to_be_hidden()
    card.get_by_text("Mehr dazu").click()
    expect(card.get_by_text("Bitte pünktlich.")).to_be_visible()
    assert_accessible(page, "rich message")


def test_the_plain_twin_stands_in_the_list_of_chats(world: World, visit: Visit) -> None:
    person = world.newcomer()
    page = visit(person)
    expect(bubble(page, "Willkommen")).to_be_visible()
    world.bot("sendRichMessage", chat_id=person, rich_message={"html": HTML})
    row = page.get_by_test_id(f"chat-{person}")
    expect(row).to_contain_text("Kosten: 37 Euro, siehe Amt")


def test_a_button_inside_reaches_the_bot_and_comes_free_again(world: World, visit: Visit) -> None:
    person = world.newcomer()
    buttons = [{"text": "Ja bitte", "callback_data": "yes"}]
    blocks = [{"type": "buttons", "buttons": buttons}]
    world.bot("sendRichMessage", chat_id=person, rich_message={"blocks": blocks})
    page = visit(person)
    page.get_by_test_id("rich-button").click()
    expect(page.get_by_test_id("rich-button")).to_have_attribute("aria-busy", "true")
    expect(page.get_by_text("Gemerkt")).to_be_visible()
    expect(page.get_by_test_id("rich-button")).not_to_have_attribute("aria-busy", "true")


def whisper(world: World, person: int, **more: Any) -> int:
    receiver = {"receiver_user_id": person}
    sent = world.bot("sendMessage", chat_id=GROUP, ephemeral_message_parameters=receiver, **more)
    return int(sent["ephemeral_message_id"])


def test_an_ephemeral_message_is_marked_pressed_changed_and_goes(
    world: World, visit: Visit
) -> None:
    world.post(f"/sim/chats/{GROUP}/members", {"bot": True, "action": "promote"})
    page = visit(EDITOR, GROUP)
    markup = {"inline_keyboard": [[{"text": "Ja", "callback_data": "yes"}]]}
    number = whisper(world, EDITOR, text="Ihr Aktenzeichen", reply_markup=markup)
    card = bubble(page, "Ihr Aktenzeichen")
    expect(card.get_by_test_id("ephemeral")).to_have_text("Nur für Sie sichtbar")
    assert_accessible(page, "ephemeral message")
    card.get_by_test_id("inline-button").click()
    expect(page.get_by_text("Gemerkt")).to_be_visible()
    expect(card.get_by_test_id("inline-button")).not_to_have_attribute("aria-busy", "true")
    place = {"chat_id": GROUP, "receiver_user_id": EDITOR, "ephemeral_message_id": number}
    world.bot("editEphemeralMessageText", **place, text="Ihr neues Aktenzeichen")
    expect(bubble(page, "Ihr neues Aktenzeichen")).to_be_visible()
    world.bot("deleteEphemeralMessage", **place)
    expect(bubble(page, "Ihr neues Aktenzeichen")).to_have_count(0)


def test_a_deep_link_carries_at_most_sixty_four_letters(world: World, visit: Visit) -> None:
    person = world.newcomer()
    page = visit(person, extra=f"&start={'x' * 64}")
    expect(page.get_by_test_id("start")).to_be_visible()
    for wrong in ("x" * 65, "a.b"):
        page = visit(person, extra=f"&start={wrong}")
        expect(page.get_by_test_id("composer")).to_be_visible()
        expect(page.get_by_test_id("start")).to_have_count(0)
