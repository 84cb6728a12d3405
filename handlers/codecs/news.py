"""What became of an upload, and the question to those who may release it."""

from collections.abc import Mapping
from typing import Any

from aiogram.methods import TelegramMethod

from handlers.buttons.sensors import ShowCodecs
from handlers.codecs.pages import decisions, problems
from handlers.messages import Address, Row, button, say
from services.codecs.model import Codec, State
from services.text import Text


async def checked(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any] | None:
    """All examples are right."""
    codec: Codec | None = await services.codecs.by_number(int(params["codec"]))
    if codec is None:
        return None
    words = text("codecs.checked", name=codec.name, count=len(codec.examples), number=codec.id)
    rows: list[Row] = [[button(text("codecs.button-list"), ShowCodecs())]]
    return say(address.telegram_id, words, rows)


async def please_release(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any] | None:
    """Ask the second person; nothing when somebody has decided meanwhile."""
    codec: Codec | None = await services.codecs.by_number(int(params["codec"]))
    if codec is None or codec.state != State.CHECKED:
        return None
    words = text(
        "codecs.please-release",
        name=codec.name,
        count=len(codec.examples),
        number=codec.id,
        digest=codec.sha256,
    )
    return say(address.telegram_id, words, [decisions(codec.id, State.CHECKED, text)])


async def failed(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any] | None:
    """Say what is wrong with an upload."""
    report = await services.codec_uploads.report(int(params["upload"]))
    if report is None:
        return None
    lines = [text("codecs.failed", name=report.name), *problems(report.problems, text)]
    return say(address.telegram_id, text.lines(lines))


async def needs_examples(
    services: Any, address: Address, text: Text, params: Mapping[str, Any]
) -> TelegramMethod[Any]:
    """The script has no examples in it."""
    return say(address.telegram_id, text("codecs.needs-examples", name=params["name"]))


RENDERERS = {
    "codecs.checked": checked,
    "codecs.failed": failed,
    "codecs.needs-examples": needs_examples,
    "codecs.please-release": please_release,
}
