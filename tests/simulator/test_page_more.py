"""The chat page beyond talk: polls, albums, recordings, reactions, and faults on purpose."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.simulator.page_browser import (
    DARK,
    PHONE,
    Visit,
    assert_accessible,
    bubble,
    in_browser,
    say,
)
from tests.simulator.page_world import World
from tests.simulator.pictures import png

GROUP, EDITOR = -4001, 2002

pytest_plugins = ["tests.simulator.page_fixtures"]
pytestmark = in_browser


def poll(world: World, chat: int, question: str, **fields: object) -> int:
    options = [{"text": "Ja"}, {"text": "Nein"}, {"text": "Vielleicht"}]
    sent = world.bot("sendPoll", chat_id=chat, question=question, options=options, **fields)
    return int(sent["message_id"])


def assert_fits(page: Page) -> None:
    """Nothing sticks out of the window or of the log."""
    script = """() => {
      const log = document.querySelector("#log");
      return [document.documentElement.scrollWidth - innerWidth, log.scrollWidth - log.clientWidth]
    }"""
    assert max(page.evaluate(script)) <= 0


def test_votes_are_cast_and_taken_back(world: World, visit: Visit) -> None:
    person = world.newcomer()
    number = poll(world, person, "Kommen Sie?")
    page = visit(person)
    card = bubble(page, "Kommen Sie?")
    card.get_by_role("radio", name="Nein").check()
    assert_accessible(page, "open poll")
    card.get_by_test_id("vote").press("Enter")
    expect(card).to_contain_text("100 % (1 Stimme)")
    expect(card.locator(".own-vote")).to_contain_text("Nein")
    assert_accessible(page, "poll with a vote")
    card.get_by_test_id("retract").click()
    expect(card.get_by_role("radio")).to_have_count(3)
    card.get_by_role("radio", name="Vielleicht").check()
    world.bot("stopPoll", chat_id=person, message_id=number)
    expect(card).to_contain_text("Umfrage beendet")
    expect(card.get_by_role("radio")).to_have_count(0)


def test_many_answers_and_a_quiz_with_its_explanation(world: World, visit: Visit) -> None:
    person = world.newcomer()
    poll(world, person, "Wann passt es?", allows_multiple_answers=True, is_anonymous=False)
    why = {"explanation": "Steht im Aushang", "correct_option_id": 0}
    poll(world, person, "Ist das Amt offen?", type="quiz", **why)
    page = visit(person, **PHONE, **DARK)
    many, quiz = bubble(page, "Wann passt es?"), bubble(page, "Ist das Amt offen?")
    expect(quiz).not_to_contain_text("richtig")
    many.get_by_role("checkbox", name="Ja").check()
    many.get_by_role("checkbox", name="Nein").check()
    assert_accessible(page, "open polls on a dark phone")
    assert_fits(page)
    many.get_by_test_id("vote").tap()
    expect(many.locator(".own-vote")).to_have_count(2)
    quiz.get_by_role("radio", name="Nein").check()
    quiz.get_by_test_id("vote").tap()
    expect(quiz.get_by_test_id("explanation")).to_contain_text("Steht im Aushang")
    expect(quiz).to_contain_text("richtig")
    assert_accessible(page, "answered polls on a dark phone")


def test_albums_recordings_and_venues(world: World, visit: Visit) -> None:
    person = world.newcomer()
    page = visit(person)
    photo = world.upload("sendPhoto", person, "photo", png(60, 40))
    media = [{"type": "photo", "media": photo, "caption": c} for c in ("Drei Bilder", "", "")]
    world.bot("sendMediaGroup", chat_id=person, media=media)
    voice = world.upload("sendVoice", person, "voice", b"OggS")
    world.bot("sendVoice", chat_id=person, voice=voice, duration=65, caption="Guten Tag")
    place = {"latitude": 51.75, "longitude": 11.97, "title": "Rathaus", "address": "Markt 1"}
    world.bot("sendVenue", chat_id=person, **place)
    album = page.get_by_test_id("album")
    expect(album).to_have_attribute("data-count", "3")
    expect(bubble(page, "Drei Bilder")).to_have_count(1)
    expect(album.get_by_role("img", name="Foto 3 von 3")).to_be_visible()
    expect(page.get_by_test_id("voice").last).to_contain_text("1:05 · Wortlaut steht darunter")
    expect(page.get_by_test_id("location")).to_contain_text("Markt 1")
    assert_accessible(page, "album, recording and venue")
    page.reload()
    expect(album).to_have_attribute("data-count", "3")
    page.set_viewport_size({"width": 340, "height": 700})
    page.emulate_media(color_scheme="dark")
    assert_accessible(page, "album on a dark phone")
    assert_fits(page)


def test_reactions_by_keyboard_and_by_touch(world: World, visit: Visit) -> None:
    person = world.newcomer()
    page = visit(person)
    greeting = bubble(page, "Willkommen")
    button = greeting.get_by_test_id("react")
    button.press("Enter")
    page.keyboard.press("ArrowRight")
    assert_accessible(page, "reaction menu")
    page.keyboard.press("Enter")
    mine = greeting.get_by_role("button", name="Herz: 1")
    expect(mine).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()
    heart = {"type": "emoji", "emoji": "👍"}
    number = int((greeting.get_attribute("data-ids") or "0").split()[0])
    world.bot("setMessageReaction", chat_id=person, message_id=number, reaction=[heart])
    expect(greeting.get_by_role("button", name="Daumen hoch: 1")).to_be_visible()
    assert_accessible(page, "reactions")
    mine.click()
    expect(mine).to_have_count(0)
    phone = visit(EDITOR, GROUP, **PHONE)
    say(phone, "/amt per Telefon")
    answer = bubble(phone, "Echo: /amt per Telefon")
    answer.get_by_test_id("react").tap()
    assert_accessible(phone, "reaction menu on a phone")
    assert_fits(phone)
    phone.get_by_test_id("reply-from-menu").tap()
    note = {"name": "Antrag.txt", "mimeType": "text/plain", "buffer": b"Antrag"}
    phone.get_by_test_id("document-input").set_input_files(note)
    phone.get_by_test_id("send").tap()
    sent = phone.locator(".message.own").filter(has_text="Antrag.txt")
    expect(sent.locator(".quote")).to_contain_text("Echo: /amt per Telefon")


def test_faults_are_switched_on_seen_and_reset(
    world: World, visit: Visit, browser: Browser
) -> None:
    page = visit(world.newcomer())
    panel, banner = page.get_by_test_id("faults-form"), page.locator("#banner")
    page.get_by_test_id("chat-menu").press("Enter")
    page.get_by_test_id("open-faults").press("Enter")
    panel.get_by_label("Verspätete Updates", exact=True).press("Space")
    panel.get_by_label("Verspätete Updates: Sekunden", exact=True).fill("viel")
    page.get_by_test_id("dialog-submit").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("nur Zahlen")
    panel.get_by_label("Verspätete Updates: Sekunden", exact=True).fill("0,1")
    panel.get_by_label("Startzahl").fill("7")
    panel.get_by_label("Strenge Sendegrenzen").check()
    assert_accessible(page, "faults")
    page.get_by_test_id("dialog-submit").press("Enter")
    expect(banner).to_contain_text("Störungen eingeschaltet: Verspätete Updates.")
    assert_accessible(page, "faults are on")
    plan = world.get("/sim/faults")
    assert (plan["seed"], plan["faults"]["delay"]["seconds"]) == (7, 0.1)
    assert world.get("/sim/limits")["strict"] is True
    before = world.get("/sim/clock")["now"]
    page.set_viewport_size({"width": 340, "height": 700})
    page.emulate_media(color_scheme="dark")
    page.get_by_test_id("chat-menu").click()
    page.get_by_test_id("open-faults").click()
    assert_accessible(page, "faults on a dark phone")
    assert_fits(page)
    page.get_by_test_id("travel-minute").click()
    expect(page.get_by_test_id("travelled")).to_contain_text("1 Minute")
    assert world.get("/sim/clock")["now"] >= before + 60
    page.get_by_test_id("faults-reset").click()
    expect(banner).to_be_empty()
    assert world.get("/sim/faults")["faults"] == {}
    assert world.get("/sim/limits")["strict"] is False
    with browser.new_context(locale="de-DE") as context:
        plain = context.new_page()
        plain.route("**/sim/faults", lambda route: route.fulfill(status=404, json={}))
        plain.goto(f"{world.address}/#person={EDITOR}&chat={EDITOR}")
        plain.get_by_test_id("chat-menu").click()
        expect(plain.get_by_test_id("copy-link")).to_be_visible()
        expect(plain.get_by_test_id("open-faults")).to_have_count(0)


def test_a_group_grows_and_an_account_sleeps(world: World, visit: Visit) -> None:
    person = world.newcomer("Ida")
    group = {"type": "group", "title": "Ortswehr", "members": [person]}
    page = visit(person, world.post("/sim/chats", group)["id"])
    page.get_by_test_id("chat-menu").click()
    page.get_by_test_id("upgrade").click()
    expect(page).to_have_url(re.compile("chat=-100"))
    expect(page.get_by_role("heading", name="Ortswehr")).to_be_visible()
    page.get_by_test_id(f"chat-{person}").click()
    page.get_by_test_id("chat-menu").click()
    page.get_by_test_id("toggle-deactivated").click()
    expect(page.get_by_text("Dieses Konto ist stillgelegt.")).to_be_visible()
    expect(page.get_by_test_id("reactivate")).to_be_focused()
    assert_accessible(page, "deactivated account")
    page.get_by_test_id("reactivate").click()
    expect(page.get_by_test_id("composer")).to_be_focused()
