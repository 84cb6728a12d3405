"""What commands of the terminal work with: settings, texts, region, and a transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.settings import LOCALES, Settings
from services.region.service import Region, load_region
from services.text import Text, Texts, load_texts

if TYPE_CHECKING:
    from bot.wiring import Services
    from handlers.understanding import Options


class BotTerminal:
    """Implements `handlers.terminal.Terminal`; everything is opened on first use."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @property
    def region_folder(self) -> Path:
        return self.settings.region_folder

    @cached_property
    def region(self) -> Region:
        return load_region(self.region_folder)

    @property
    def understanding(self) -> "Options":
        from bot.understanding import understanding_options  # noqa: PLC0415 - loads numpy

        return understanding_options(self.settings)

    @cached_property
    def texts(self) -> Texts:
        return load_texts(LOCALES, ZoneInfo("Europe/Berlin"))

    @property
    def text(self) -> Text:
        return self.texts.of(self.settings.language)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Services"]:
        from bot.application import open_application  # noqa: PLC0415 - costs seconds to import

        application = open_application(self.settings, self.region)
        try:
            async with application.transaction() as services:
                yield services
        finally:
            await application.close()

    @asynccontextmanager
    async def rehearsal(self) -> AsyncIterator[tuple["Services", dict[str, Any]]]:
        """Yield the use cases and what handlers are given; whatever happens is undone."""
        from bot.application import given, open_application  # noqa: PLC0415 - see above
        from bot.wiring import wire  # noqa: PLC0415

        application = open_application(self.settings, self.region)
        try:
            async with application.database.write() as session:
                yield wire(session, application.work.house), given(application, texts=self.texts)
                await session.rollback()
        finally:
            await application.close()
