"""/codec: staff bring a vendor's codec; a second person releases it."""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile, CallbackQuery, Document, Message

from handlers.buttons.sensors import CodecStep, DecideCodec, ShowCodecs
from handlers.codecs.pages import page
from handlers.filters import OnlyStaff
from handlers.messages import MAX_CAPTION, Reply, fitting, say, show
from services.chats.model import Chat
from services.codecs.service import Codecs
from services.codecs.uploads import CodecUploads
from services.staff.rules import Actor
from services.text import Text

LARGEST = 256 * 1024
"""Bytes of a file that is fetched at all; a script may have half of it."""
SCRIPT, EXAMPLES = ".js", ".json"


async def codec_command(
    message: Message,
    command: CommandObject,
    text: Text,
    chat: Chat,
    actor: Actor,
    codecs: Codecs,
    codec_uploads: CodecUploads,
) -> Reply:
    """/codec: the list; below a document: take it in for checking."""
    codecs.require(actor)
    if message.document is None:
        return say(chat.telegram_id, *page(await codecs.listed(actor), text))
    name, suffix = (command.args or "").strip(), _suffix(message.document)
    if not name or suffix not in {SCRIPT, EXAMPLES}:
        return say(chat.telegram_id, text("codecs.how"))
    if (message.document.file_size or 0) > LARGEST:
        return say(chat.telegram_id, text("codecs.file-too-large"))
    file_id = message.document.file_id
    if suffix == SCRIPT:
        complete = await codec_uploads.receive(actor, name, script_file=file_id)
    else:
        complete = await codec_uploads.receive(actor, name, examples_file=file_id)
    key = "codecs.checking" if complete else "codecs.needs-script"
    return say(chat.telegram_id, text(key, name=name))


def _suffix(document: Document) -> str:
    """Return the ending of a document's name; phones call a script "x.js.txt" at times."""
    name = (document.file_name or "").lower().removesuffix(".txt")
    return next((one for one in (SCRIPT, EXAMPLES) if name.endswith(one)), "")


async def show_list(
    query: CallbackQuery, text: Text, chat: Chat, actor: Actor, codecs: Codecs
) -> Reply:
    """Show the list again."""
    return show(query, *page(await codecs.listed(actor), text))


async def decide(
    query: CallbackQuery,
    callback_data: DecideCodec,
    text: Text,
    chat: Chat,
    actor: Actor,
    codecs: Codecs,
) -> Reply:
    """Release, refuse, retire, show; rights are checked again at every press."""
    number = callback_data.codec
    if callback_data.step is CodecStep.SHOW:
        codec = await codecs.find(actor, number)
        caption = text("codecs.text", name=codec.name, digest=codec.sha256)
        file = BufferedInputFile(codec.source.encode(), f"{codec.name}.js")
        return SendDocument(
            chat_id=chat.telegram_id,
            document=file,
            caption=fitting(caption, MAX_CAPTION),
            parse_mode="HTML",
        )
    if callback_data.step is CodecStep.RELEASE:
        await codecs.release(actor, number)
        done = text("codecs.released", number=number)
    elif callback_data.step is CodecStep.REFUSE:
        await codecs.refuse(actor, number)
        done = text("codecs.refused", number=number)
    else:
        await codecs.retire(actor, number)
        done = text("codecs.retired", number=number)
    return [say(chat.telegram_id, done), show(query, *page(await codecs.listed(actor), text))]


def router() -> Router:
    """Return a fresh router; a router can join one dispatcher only."""
    router = Router(name="codecs")
    router.message.register(codec_command, Command("codec"), OnlyStaff())
    router.callback_query.register(show_list, ShowCodecs.filter())
    router.callback_query.register(decide, DecideCodec.filter())
    return router
