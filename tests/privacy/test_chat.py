"""What the bot says about itself, and everything it knows about me."""

import json
from datetime import timedelta
from typing import Any

import pytest
from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile

from bot.replies import as_reply
from handlers.buttons.citizens import ChooseLanguage
from handlers.messages import say
from services.chats.model import Chat
from services.personal import personal_tables
from services.privacy.service import Kept
from services.staff.rules import Role
from tests.county import County
from tests.rigging import a_row, group_message, label, rows_of, words

ERIKA, GROUP = 7310099881, -1007310099883
COMMANDS = {
    "de": ("/start", "/datenschutz", "/impressum", "/hilfe", "/auskunft", "/sprache"),
    "en": ("/start", "/privacy", "/imprint", "/help", "/mydata", "/language"),
}
IMPRINT = ("Landkreis Testkreis", "Am Test 1", "06366 Köthen (Anhalt)")


@pytest.mark.parametrize(
    ("language", "warning", "more"),
    [("de", "nichts Vertrauliches", "/datenschutz"), ("en", "nothing confidential", "/privacy")],
)
async def test_the_first_word_is_what_not_to_send_and_where_to_read_more(
    county: County, language: str, warning: str, more: str
) -> None:
    welcome = await county.citizen(ERIKA, language).says("/start")
    assert warning in welcome
    assert more in welcome


@pytest.mark.parametrize("language", ["de", "en"])
async def test_everybody_is_told_who_we_are_in_their_language(
    county: County, language: str
) -> None:
    erika = county.citizen(ERIKA, language)
    start, privacy, imprint, help_, access, which = [
        await erika.says(command) for command in COMMANDS[language]
    ]
    name = {"de": "Landkreis Testkreis", "en": "Test county"}[language]
    examples = words(county, "welcome.example", language, question="Ich bin umgezogen")
    assert start == words(county, "welcome.start", language, county=name, examples=examples)
    by = dict(zip(("name", "street", "town"), IMPRINT, strict=True))
    assert privacy == words(county, "privacy.notice", language, hours=24, **by)
    lines = words(county, "privacy.imprint", language, lines="\n".join(IMPRINT))
    assert imprint == lines + "\n" + words(county, "ask.please-check", language), (
        "not verified yet"
    )
    assert help_ == words(county, "welcome.help", language, hotline="115")
    assert words(county, "privacy.access", language, kept="").split("\n")[0] in access
    assert which == words(county, "welcome.which-language", language)


async def test_each_command_works_in_both_languages_for_everybody(county: County) -> None:
    erika = county.citizen(ERIKA)
    for german, english in zip(COMMANDS["de"], COMMANDS["en"], strict=True):
        first, second = await erika.says(german), await erika.says(english)
        assert first.split("\n")[0] == second.split("\n")[0]


async def test_the_language_can_be_changed_at_any_time_and_stays(county: County) -> None:
    erika = county.citizen(ERIKA)
    await erika.says("/sprache")
    for language in ("en", "de", "en"):
        await erika.taps(label(county, "welcome.language-name", language))
        assert await erika.says("/hilfe") == words(county, "welcome.help", language, hotline="115")
    await erika.presses(ChooseLanguage(language="xx").pack())
    assert await erika.says("/help") == words(county, "welcome.help", "en", hotline="115")


async def test_start_with_any_payload_welcomes(county: County) -> None:
    erika = county.citizen(ERIKA)
    for payload in ("", " ", " umzug-unbekannt", " " + "x" * 64, " ?=&<b>", " e-ABC"):
        assert await erika.says(f"/start{payload}"), payload


async def test_a_link_to_a_service_also_says_what_not_to_send(county: County) -> None:
    answer = await county.citizen(ERIKA).says("/start 99115005104000")
    assert "Vertrauliches" in answer
    assert "/datenschutz" in answer


# -- access


async def asks(county: County, **more: Any) -> dict[str, Any]:
    """Ask for everything stored; return what the file says."""
    erika = county.citizen(ERIKA)
    await erika.says("/auskunft")
    [*_, document] = [one for one in county.telegram.log if isinstance(one, SendDocument)]
    assert document.chat_id == ERIKA
    assert isinstance(document.document, BufferedInputFile)
    assert document.document.filename == "auskunft.json"
    stored: dict[str, Any] = json.loads(document.document.data)["stored"]
    return {table: found["rows"] for table, found in stored.items()}


async def test_every_table_with_something_about_the_person_appears(county: County) -> None:
    await county.citizen(ERIKA).says("/hilfe")
    [chat] = await rows_of(county.application, "chat")
    async with county.application.database.engine.begin() as connection:
        for table, personal in personal_tables():
            if table is not Chat.__table__:
                await a_row(connection, table, **{personal.owner: chat["id"]})
    stored = await asks(county)
    for table, personal in personal_tables():
        assert stored[table.name], table.name
        assert set(stored[table.name][0]) == set(personal.shown)
    assert stored["inbox"]


async def test_it_is_the_person_s_own_and_nobody_else_s(county: County) -> None:
    await county.citizen(1002).says("Ich bin umgezogen, ich bin Hans")
    await county.citizen(ERIKA).says("Ich bin umgezogen")
    stored = await asks(county)
    [chat] = stored["chat"]
    assert chat["telegram_id"] == ERIKA
    assert "Hans" not in json.dumps(stored)
    texts = [row["update"]["message"]["text"] for row in stored["inbox"]]
    assert texts == ["Ich bin umgezogen", "/auskunft"]


async def test_what_was_written_in_a_group_is_the_writer_s(county: County) -> None:
    update = group_message(county, GROUP, ERIKA, text="/suche Hund")
    await county.receives({"update_id": next(county.updates), **update})
    await county.settle()
    texts = [row["update"]["message"]["text"] for row in (await asks(county))["inbox"]]
    assert "/suche Hund" in texts


async def test_staff_see_their_roles_ended_ones_too_and_nobody_else_s(county: County) -> None:
    boss = await county.staff(1002)
    await county.staff(ERIKA, Role.EDITOR)
    await boss.says("/team")
    await boss.taps(label(county, "staff.button-off-board", label=f"Platz {ERIKA}"))
    await boss.taps(label(county, "staff.button-sure"))
    roles = (await asks(county))["staff_role"]
    now = county.clock().isoformat()
    assert roles == [{"role": "editor", "area": "15082", "valid_from": now, "valid_until": now}]
    summary = county.told(ERIKA)[-2] + county.told(ERIKA)[-1]
    assert words(county, "privacy.purpose-role") in summary


async def test_citizens_have_no_roles_in_the_file(county: County) -> None:
    await county.staff(1002)
    assert "staff_role" not in await asks(county)


async def test_after_a_day_what_was_written_is_no_longer_there(county: County) -> None:
    await county.citizen(ERIKA).says("Ich bin umgezogen")
    county.clock.forward(hours=24, seconds=1)
    await county.runs("forget old data")
    assert len((await asks(county))["inbox"]) == 1


async def test_a_message_that_still_waits_is_shown_with_its_words(county: County) -> None:
    erika = county.citizen(ERIKA)
    await erika.says("/hilfe")
    async with county.application.transaction() as services:
        chat = await services.chats.meet(ERIKA, "private", "de")
        later = services.chats.clock() + timedelta(hours=2)
        await services.outbox.tell(
            chat.id, "golive.news", dedup_key="x", not_before=later, bundle="batch:1"
        )
    waiting = [row for row in (await asks(county))["outbox"] if row["status"] == "queued"]
    assert [row["params"] for row in waiting] == [{"bundle": "batch:1"}]


async def test_the_summary_counts_by_purpose(county: County) -> None:
    erika = county.citizen(ERIKA)
    summary = (await erika.says("/auskunft")).split("\n\n")[0]
    purposes = {personal.purpose_key for _, personal in personal_tables()}
    for purpose in purposes | {"privacy.purpose-inbox"}:
        line = words(county, "privacy.kept", purpose=words(county, purpose), count=1)
        kept = purpose in {"privacy.purpose-chat", "privacy.purpose-inbox"}
        assert (line in summary.split("\n")) is kept, purpose


async def test_a_person_s_own_words_in_the_file_are_exactly_theirs(county: County) -> None:
    words = "Umlaute ÄÖÜß, 👩‍👩‍👧, سلام, <b>&amp;"
    await county.citizen(ERIKA).says(words)
    assert (await asks(county))["inbox"][0]["update"]["message"]["text"] == words


async def test_whatever_a_table_declares_can_be_written_as_json(county: County) -> None:
    async with county.application.transaction() as services:
        chat = await services.chats.meet(ERIKA, "private", "de")
        await services.outbox.reply(chat.id, [as_reply(say(ERIKA, "Hallo"))])
    async with county.application.work.reading() as services:
        found = await services.chats.find(ERIKA)
        assert found
        kept = await services.privacy.kept(found)
    assert all(isinstance(one, Kept) for one in kept)
    assert json.loads(json.dumps([one.rows for one in kept]))
