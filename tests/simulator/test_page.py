"""The chat page in a real browser: by mouse and by keyboard, on a phone, in the dark, audited."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.simulator.page_bot import EchoBot
from tests.simulator.page_browser import (
    DARK,
    PHONE,
    Visit,
    assert_accessible,
    bubble,
    in_browser,
    say,
)
from tests.simulator.page_world import TOKEN, World, free_port, running_simulator

GROUP, CHANNEL, EDITOR, ADMIN = -4001, -1001000000001, 2002, 2001
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c6360a8f80f00028401a1fbd3d9040000000049454e44ae426082"
)

pytest_plugins = ["tests.simulator.page_fixtures"]
pytestmark = in_browser


# --- talking to the bot -----------------------------------------------------


def test_the_bot_introduces_itself_before_start(world: World, visit: Visit) -> None:
    page = visit(world.newcomer(started=False))
    expect(page.get_by_test_id("introduction")).to_contain_text("Bitte keine vertraulichen Daten.")
    expect(page.get_by_test_id("composer")).to_be_hidden()
    assert_accessible(page, "before start")
    page.get_by_test_id("start").click()
    expect(bubble(page, "/start")).to_have_attribute("data-outgoing", "true")
    answer = bubble(page, "Willkommen <script> beim Echo")
    expect(answer).to_have_attribute("data-outgoing", "false")
    expect(answer.locator("b")).to_have_text("Willkommen")
    expect(page.get_by_test_id("composer")).to_be_focused()


def test_a_deep_link_hands_its_payload_to_start(world: World, visit: Visit) -> None:
    page = visit(world.newcomer(), extra="&start=99050012104000")
    page.get_by_test_id("start").click()
    expect(bubble(page, "/start 99050012104000")).to_be_visible()
    expect(page).to_have_url(re.compile(r"chat=\d+$"))


def test_text_is_sent_by_enter_and_kept_in_lines(world: World, visit: Visit) -> None:
    page = visit(world.newcomer())
    composer = page.get_by_test_id("composer")
    composer.click()
    composer.press_sequentially("erste Zeile")
    composer.press("Shift+Enter")
    composer.press_sequentially("<b>zweite</b>")
    composer.press("Enter")
    expect(composer).to_have_value("")
    expect(composer).to_be_focused()
    expect(bubble(page, "Echo: erste Zeile\n<b>zweite</b>")).to_be_visible()
    page.get_by_test_id("composer").fill("مرحبا")
    page.get_by_test_id("send").click()
    arabic = bubble(page, "Echo: مرحبا").locator(".text")
    expect(arabic).to_have_attribute("dir", "auto")


def test_buttons_wait_for_the_answer(world: World, visit: Visit) -> None:
    page = visit(world.newcomer(), permissions=["clipboard-read", "clipboard-write"])
    say(page, "Knöpfe")
    buttons = bubble(page, "Bitte wählen").get_by_test_id("inline-button")
    yes = buttons.and_(page.get_by_role("button", name="Ja", exact=True))
    yes.click()
    expect(yes).to_have_attribute("aria-busy", "true")
    expect(page.get_by_test_id("toast")).to_have_text("Gemerkt")
    expect(yes).not_to_have_attribute("aria-busy", "true")
    assert_accessible(page, "toast")
    buttons.and_(page.get_by_role("button", name="Achtung")).press("Enter")
    expect(page.get_by_test_id("alert")).to_contain_text("Bitte beachten")
    page.get_by_role("button", name="OK").press("Enter")
    expect(page.get_by_test_id("alert")).to_have_count(0)
    link = buttons.and_(page.get_by_role("link", name="Amt im Netz", exact=True))
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    buttons.filter(has_text="Aktenzeichen").click()
    expect(page.get_by_test_id("toast")).to_have_text("In die Zwischenablage kopiert")
    assert page.evaluate("navigator.clipboard.readText()") == "AZ-15-082"


def test_the_command_menu_works_by_keyboard_alone(world: World, visit: Visit) -> None:
    page = visit(world.newcomer())
    composer, menu = page.get_by_test_id("composer"), page.get_by_test_id("commands")
    expect(composer).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(composer).to_be_focused()
    page.keyboard.type("/")
    expect(menu.get_by_role("option")).to_have_count(3)
    page.keyboard.type("h")
    expect(menu.get_by_role("option")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    page.keyboard.type("e")
    page.keyboard.press("ArrowDown")
    marked = menu.get_by_role("option", selected=True)
    expect(marked).to_contain_text("/heute")
    expect(composer).to_have_attribute("aria-activedescendant", marked.get_attribute("id") or "")
    assert_accessible(page, "command menu")
    page.keyboard.press("Enter")
    expect(bubble(page, "Echo: /heute")).to_be_visible()
    expect(composer).to_have_value("")
    page.get_by_test_id("commands-button").click()
    expect(menu.get_by_role("option")).to_have_count(3)


def test_the_reply_keyboard_folds_after_use_and_sends_a_place(world: World, visit: Visit) -> None:
    page = visit(world.newcomer(started=False))
    page.get_by_test_id("start").click()
    keys = page.get_by_test_id("reply-button")
    expect(page.get_by_placeholder("Wählen oder schreiben")).to_be_visible()
    keys.filter(has_text="Leistung suchen").click()
    expect(bubble(page, "Echo: Leistung suchen")).to_be_visible()
    expect(keys.first).to_be_hidden()
    page.get_by_test_id("keyboard-toggle").click()
    keys.filter(has_text="Standort senden").click()
    page.get_by_role("button", name="Zerbst").click()
    assert_accessible(page, "location dialog")
    page.get_by_label("Breitengrad").fill("tausend")
    page.get_by_test_id("dialog-submit").click()
    expect(page.get_by_role("alert")).to_contain_text("Breitengrad von -90 bis 90")
    page.get_by_label("Breitengrad").fill("51,9664")
    page.get_by_test_id("dialog-submit").click()
    places = page.get_by_test_id("log").get_by_test_id("location")
    expect(places).to_have_count(2)
    expect(places.last).to_contain_text("51,9664° N, 12,0849° O")


def test_photo_and_document_go_there_and_back(world: World, visit: Visit, tmp_path: Path) -> None:
    page = visit(world.newcomer())
    picture = {"name": "müll.png", "mimeType": "image/png", "buffer": PIXEL}
    page.get_by_test_id("photo-input").set_input_files(picture)
    expect(page.get_by_test_id("attachment")).to_contain_text("müll.png")
    say(page, "Wilder Müll")
    expect(page.get_by_role("img", name="Wilder Müll")).to_be_visible()
    page.get_by_role("img", name="Ihr Foto").click()
    large = page.get_by_test_id("dialog").get_by_role("img", name="Ihr Foto")
    expect(large).to_have_js_property("complete", value=True)
    assert large.evaluate("image => image.naturalWidth") == 1
    page.keyboard.press("Escape")
    note = {"name": "Antrag.txt", "mimeType": "text/plain", "buffer": b"Antrag"}
    page.get_by_test_id("document-input").set_input_files(note)
    page.get_by_test_id("send").click()
    returned = bubble(page, "Ihre Datei").get_by_role("link", name="Antrag.txt herunterladen")
    expect(returned).to_contain_text("6 B")
    with page.expect_download() as download:
        returned.click()
    download.value.save_as(tmp_path / "back.txt")
    assert (tmp_path / "back.txt").read_bytes() == b"Antrag"


def test_edits_deletions_and_typing_show(world: World, visit: Visit) -> None:
    page = visit(world.newcomer())
    say(page, "bearbeiten")
    expect(bubble(page, "Echo: nachher").get_by_test_id("edited")).to_have_text("bearbeitet")
    expect(bubble(page, "Echo: vorher")).to_have_count(0)
    say(page, "tippen")
    expect(page.get_by_test_id("activity")).to_have_text("Der Bot schreibt …")
    say(page, "löschen")
    expect(bubble(page, "gleich weg")).to_be_visible()
    expect(bubble(page, "gleich weg")).to_have_count(0)
    expect(page.get_by_test_id("activity")).to_have_text("Eine Nachricht wurde gelöscht.")


def test_history_is_silent_and_news_is_polite(world: World, visit: Visit) -> None:
    page = visit(world.newcomer())
    log = page.get_by_role("log")
    expect(bubble(page, "Willkommen")).to_be_visible()
    expect(log).to_have_attribute("aria-live", "polite")
    history = page.evaluate(
        """() => new Promise((resolve) => {
          const log = document.querySelector("#log"), modes = new Set();
          new MutationObserver(() => modes.add(log.getAttribute("aria-live")))
            .observe(log, { childList: true, subtree: true });
          location.hash = location.hash.replace(/chat=.*/, "chat=-1001000000001");
          setTimeout(() => resolve([...modes]), 600);
        })"""
    )
    assert history == ["off"]


def test_blocking_closes_the_chat_until_it_is_lifted(world: World, visit: Visit) -> None:
    page = visit(world.newcomer())
    page.get_by_test_id("chat-menu").click()
    assert_accessible(page, "chat menu")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("composer")).to_be_hidden()
    page.get_by_test_id("unblock").click()
    expect(page.get_by_test_id("composer")).to_be_focused()


# --- people, groups, channel --------------------------------------------------


def test_people_are_switched_by_keyboard_and_keep_their_drafts(world: World, visit: Visit) -> None:
    first, second = world.newcomer("Berta"), world.newcomer("Cäsar")
    page = visit(first)
    page.get_by_test_id("composer").fill("angefangen")
    page.get_by_test_id(f"person-{first}").press("ArrowDown")
    expect(page.get_by_test_id(f"person-{second}")).to_be_focused()
    expect(page).to_have_url(re.compile(f"person={second}&chat={second}$"))
    expect(bubble(page, "Willkommen")).to_be_visible()
    expect(page.get_by_test_id("composer")).to_have_value("")
    world.says(first, "aus der Ferne")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_test_id("composer")).to_have_value("angefangen")
    expect(bubble(page, "Echo: aus der Ferne")).to_be_visible()


def test_a_person_and_a_group_can_be_added(world: World, visit: Visit) -> None:
    page = visit(world.newcomer("Emil"))
    page.get_by_test_id("add-person").click()
    assert_accessible(page, "person form")
    page.get_by_test_id("dialog-submit").click()
    expect(page.get_by_role("alert")).to_have_text("Bitte geben Sie einen Vornamen ein.")
    page.get_by_label("Vorname").fill("Frieda")
    page.get_by_label("Sprache").select_option("ar")
    page.get_by_label("Notiz").fill("Bürgerin")
    page.get_by_test_id("dialog-submit").click()
    expect(page.get_by_role("radio", name="Frieda")).to_have_attribute("aria-checked", "true")
    expect(page.get_by_test_id("start")).to_be_focused()
    page.get_by_test_id("add-chat").click()
    page.get_by_label("Name").fill("Bauamt")
    page.get_by_test_id("dialog-submit").click()
    expect(page.get_by_role("heading", name="Bauamt")).to_be_visible()
    say(page, "/hilfe")
    expect(bubble(page, "Echo: /hilfe")).to_be_visible()


def test_group_and_channel(world: World, visit: Visit) -> None:
    page = visit(EDITOR, GROUP)
    say(page, "/heute")
    expect(bubble(page, "Echo: /heute").locator(".sender")).to_be_visible()
    bubble(page, "Echo: /heute").hover()
    bubble(page, "Echo: /heute").get_by_role("button", name="Antworten").click()
    say(page, "/hilfe danke")
    expect(bubble(page, "/hilfe danke").first.locator(".quote")).to_contain_text("Echo: /heute")
    page.get_by_test_id(f"chat-{CHANNEL}").click()
    expect(page.get_by_text("schreiben nur Administratorinnen")).to_be_visible()
    expect(page.get_by_test_id("composer")).to_be_hidden()
    assert_accessible(page, "channel")
    admin = visit(ADMIN, CHANNEL)
    say(admin, "Neu online: Wohngeld")
    expect(bubble(page, "Neu online: Wohngeld")).to_be_visible()


def test_unread_messages_are_counted(world: World, visit: Visit) -> None:
    person = world.newcomer()
    page = visit(person)
    page.get_by_test_id(f"chat-{CHANNEL}").click()
    row = page.get_by_test_id(f"chat-{person}")
    expect(row.get_by_test_id("unread")).to_have_count(0)
    world.says(person, "Hallo")
    expect(row).to_contain_text("1 ungelesene Nachricht")
    row.press("Enter")
    expect(page.get_by_test_id("composer")).to_be_focused()
    expect(row.get_by_test_id("unread")).to_have_count(0)


# --- looks and access ---------------------------------------------------------


@pytest.mark.parametrize("look", [{}, DARK, PHONE | DARK], ids=["light", "dark", "dark-phone"])
def test_every_look_is_accessible(world: World, visit: Visit, look: dict[str, Any]) -> None:
    person = world.newcomer("Gerda")
    world.says(person, "Knöpfe")
    page = visit(person, **look)
    expect(bubble(page, "Bitte wählen")).to_be_visible()
    assert_accessible(page, "conversation")
    page.get_by_test_id("commands-button").click()
    assert_accessible(page, "open command menu")
    page.get_by_test_id("attach").click()
    page.get_by_test_id("attach-location").click()
    assert_accessible(page, "open dialog")
    page.keyboard.press("Escape")
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0


def test_a_phone_shows_list_and_conversation_in_turn(world: World, visit: Visit) -> None:
    person = world.newcomer()
    page = visit(person, **PHONE)
    row = page.get_by_test_id(f"chat-{person}")
    expect(row).to_be_hidden()
    page.get_by_test_id("back").tap()
    expect(row).to_be_focused()
    expect(page.get_by_test_id("composer")).to_be_hidden()
    assert_accessible(page, "list on a phone")
    row.tap()
    expect(page.locator("#chat-title")).to_be_focused()
    small = page.evaluate(
        """[...document.querySelectorAll("button, .chat-row, textarea")].filter((node) => {
          const { width, height } = node.getBoundingClientRect();
          return width && (width < 44 || height < 44) && !node.matches(".command-link");
        }).map((node) => node.outerHTML)"""
    )
    assert small == []


def test_a_sleeping_bot_and_a_lost_server_are_reported(browser: Browser) -> None:
    port = free_port()
    with browser.new_context(locale="de-DE") as context:
        page = context.new_page()
        with running_simulator(port) as address:
            page.goto(f"{address}/#person=1001&chat=1001")
            expect(page.locator("#banner")).to_contain_text("Der Bot läuft gerade nicht.")
            assert_accessible(page, "sleeping bot")
        expect(page.locator("#banner")).to_contain_text("Verbindung unterbrochen")
        with running_simulator(port) as address, EchoBot(f"{address}/bot{TOKEN}"):
            expect(page.locator("#banner")).to_be_empty(timeout=12000)
            page.get_by_test_id("start").click()
            expect(bubble(page, "Willkommen")).to_be_visible()
