"""Fetches files that people sent, from Telegram and between transactions."""

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiohttp import ClientError

from handlers.schedule import FileProblemError

TIMEOUT = 15
CHUNK = 16 * 1024


class TelegramFiles:
    """Implements `handlers.schedule.Files`; nothing is written to a disk."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def fetch(self, file_id: str, limit: int) -> bytes:
        """Return the file; what Telegram says of its size is not believed, but counted."""
        try:
            return await self._fetch(file_id, limit)
        except TelegramBadRequest:
            raise FileProblemError("codecs.file-gone", final=True) from None
        # Nothing of the error is kept: its text may hold the address, and with it the token.
        except (TelegramAPIError, ClientError, OSError, TimeoutError):
            raise FileProblemError("codecs.file-no-answer", final=False) from None

    async def _fetch(self, file_id: str, limit: int) -> bytes:
        file = await self.bot.get_file(file_id, request_timeout=TIMEOUT)
        if (file.file_size or 0) > limit:
            raise FileProblemError("codecs.file-too-large", final=True)
        if not file.file_path:
            raise FileProblemError("codecs.file-gone", final=True)
        session = self.bot.session
        address = session.api.file_url(self.bot.token, file.file_path)
        found = bytearray()
        async for part in session.stream_content(
            address, timeout=TIMEOUT, chunk_size=CHUNK, raise_for_status=True
        ):
            found += part
            if len(found) > limit:
                raise FileProblemError("codecs.file-too-large", final=True)
        return bytes(found)
