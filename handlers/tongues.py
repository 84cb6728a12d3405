"""In which language a reply is.

The chat's language (Telegram's, or what /sprache says) decides. Answers that must be understood at
once (an emergency, a refusal, a choice, what the bot says about itself) are in the language of the
question; then one button offers to go on in it, once.
"""

from handlers.buttons.citizens import GoOnInLanguage
from handlers.messages import Row, button
from nlu.language import Language, language_of
from services.chats.model import Chat, Kind
from services.chats.service import LANGUAGES
from services.text import Text, Texts


def text_for(question: str, chat: Chat, texts: Texts) -> Text:
    """Return the texts of the question's language, the chat's where the question does not tell."""
    known = (language for language in Language if language == chat.language)
    return texts.of(language_of(question, chat=next(known, Language.GERMAN)))


def offer(text: Text, chat: Chat) -> list[Row]:
    """Return a button to go on in the language of `text`, for below a reply; empty if needless.

    A language is offered once: whoever did not want it is not asked again.
    """
    language = text.language
    if chat.kind != Kind.PRIVATE or language not in LANGUAGES:
        return []
    if language in {chat.language, chat.offered_language}:
        return []
    chat.offered_language = language
    return [[button(text("welcome.button-speak"), GoOnInLanguage(language=language))]]
