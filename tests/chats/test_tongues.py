"""Who writes in another language is answered in it where it matters, and asked once."""

import pytest

from handlers.buttons.citizens import ChooseLanguage, GoOnInLanguage
from handlers.messages import say
from handlers.tongues import offer, text_for
from services.chats.model import Chat, Kind
from services.chats.service import LANGUAGES
from tests.county import County
from tests.rigging import label, teach, words


def chat(language: str = "de", kind: str = Kind.PRIVATE) -> Chat:
    return Chat(id=1, telegram_id=1001, kind=kind, language=language)


@pytest.mark.parametrize(
    ("question", "chat_s", "expected"),
    [
        ("i lost my wallet yesterday", "de", "en"),
        ("wo bekomme ich einen reisepass", "en", "de"),
        ("passport", "en", "en"),
        ("ok", "de", "de"),
        ("wo bekomme ich einen reisepass", "tlh", "de"),
    ],
)
def test_the_question_s_language_speaks(texts, question, chat_s, expected):
    assert text_for(question, chat(chat_s), texts).language == expected


def test_another_language_is_offered_once(texts):
    person = chat("de")
    [[button]] = offer(texts.of("en"), person)
    assert button.text == texts.of("en")("welcome.button-speak")
    assert offer(texts.of("en"), person) == []


def test_nothing_is_offered_in_the_chat_s_own_language_or_in_a_group(texts):
    assert offer(texts.of("de"), chat("de")) == []
    assert offer(texts.of("en"), chat("de", Kind.GROUP)) == []


@pytest.mark.parametrize("payload", [GoOnInLanguage(language="en").pack(), "l:en:1"])
async def test_whoever_accepts_is_spoken_to_so_and_keeps_the_answer(
    county: County, payload: str
) -> None:
    erika = county.citizen()
    answer = await erika.presses(payload, 17)
    assert answer == words(county, "welcome.language-chosen", "en")
    assert county.telegram.said[-1].message_id != 17
    assert "Topics" in str(await erika.sends({"text": "/start"}))


@pytest.mark.parametrize("payload", ["l:en", "l:en:0"])
async def test_buttons_of_old_messages_change_the_language(county: County, payload: str) -> None:
    erika = county.citizen()
    assert "Hello!" in await erika.presses(payload, 17)
    assert county.telegram.said[-1].message_id == 17, "in place of the message"
    assert erika.buttons[-1] == label(county, "welcome.language-name", LANGUAGES[-1])
    assert await erika.says("/help") == words(county, "welcome.help", "en", hotline="115")


def test_the_button_for_a_language_looks_as_it_always_did():
    assert ChooseLanguage(language="en").pack() == "l:en"


@pytest.mark.parametrize("forged", ["l", "l:", "l:en:2", "l:en:0:1", "lo", "lo:en:1", "lo:xx"])
async def test_a_forged_button_changes_nothing(county: County, forged: str) -> None:
    erika = county.citizen()
    await erika.presses(forged, 17)
    assert await erika.says("/hilfe") == words(county, "welcome.help", "de", hotline="115")


async def test_what_was_offered_is_remembered(county: County) -> None:
    async def answering(message, text, chat, texts):
        return say(
            chat.telegram_id, "…", offer(text_for("where is the town hall", chat, texts), chat)
        )

    teach(county, question=answering)
    erika = county.citizen()
    await erika.says("question")
    assert erika.buttons == [label(county, "welcome.button-speak", "en")]
    await erika.says("question")
    assert erika.buttons == []
