"""What every answer needs: the person's chat and place, and the cards of the catalogue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from aiogram.methods import TelegramMethod
from aiogram.types import InlineKeyboardButton

from handlers.ask.beyond import other_card
from handlers.ask.cards import Card, CardWriter
from handlers.buttons.citizens import (
    ChooseEntry,
    ChooseTown,
    NoneOfThese,
    Part,
    RateAnswer,
    ShowMenu,
)
from handlers.faq.names import name_of
from handlers.messages import Row, button, say
from services.catalogue.records import Service
from services.catalogue.service import Catalogue
from services.chats.model import Chat
from services.chats.service import Chats
from services.faq.service import Faqs
from services.golive.service import GoLive
from services.region.records import Municipality
from services.region.service import Region
from services.text import Text

Places = tuple[Municipality, ...]


@dataclass(frozen=True)
class Desk:
    """Answers in one chat; `text` is in the chat's own language."""

    text: Text
    chat: Chat
    chats: Chats
    region: Region
    catalogue: Catalogue
    golive: GoLive
    faqs: Faqs

    @property
    def ars(self) -> str:
        return self.chat.municipality or self.region.facts.ars

    async def card(self, service: Service, ars: str | None = None, part: Part = Part.CARD) -> Card:
        """Return words and buttons of a service for a place, the person's own by default."""
        await self.chats.shown(self.chat, service.id)
        ars = ars or self.ars
        writer = CardWriter(
            text=self.text,
            region=self.region,
            snapshot=await self.catalogue.snapshot(),
            service=service,
            ars=ars,
            fact=await self.golive.online(service.id, ars),
            own_place=ars == self.ars,
        )
        return writer.part(part)

    async def needs_town(self, service: Service) -> bool:
        """Whether the answer depends on where the person lives, and we do not know it."""
        if self.chat.municipality:
            return False
        snapshot = await self.catalogue.snapshot()
        return snapshot.depends_on_place(service, (one.ars for one in self.region.municipalities))

    async def answer(
        self,
        service: Service,
        places: Places = (),
        part: Part = Part.CARD,
        *,
        rating: Sequence[Row] = (),
        below: Sequence[Row] = (),
    ) -> TelegramMethod[Any]:
        """Return the card or a part of it to rate, or the question that is missing for it."""
        if len(places) > 1 or (not places and await self.needs_town(service)):
            await self.chats.shown(self.chat, service.id)
            return self.ask_town(service, places, below)
        words, rows = await self.card(service, places[0].ars if places else None, part)
        return say(self.chat.telegram_id, words, [*rows, *rating, *below])

    def ask_town(
        self, service: Service | None, places: Places = (), below: Sequence[Row] = ()
    ) -> TelegramMethod[Any]:
        """Ask for the municipality, and go on with the service (if any) when it is known."""
        key = "ask.which-town" if service else "ask.your-town"
        name = service.name.of(self.text.language) if service else ""
        towns = town_buttons(places or self.region.municipalities, service.id if service else "")
        return say(self.chat.telegram_id, self.text(key, name=name), [*towns, *below])

    def place_of(self, places: Places) -> str:
        """Return the area a choice must carry: that of the question, if it is not the own."""
        return places[0].ars if len(places) == 1 and places[0].ars != self.ars else ""

    async def offers(
        self,
        entry_ids: Iterable[str],
        *,
        ref: int | None = None,
        part: Part = Part.CARD,
        ars: str = "",
    ) -> list[Row]:
        """Return one button an entry; what is not known any more is left out."""
        named = [(one, await self.name(one)) for one in entry_ids]
        return [[button(name, ChooseEntry.of(one, ref, part, ars))] for one, name in named if name]

    async def name(self, entry_id: str) -> str | None:
        """Return the name of an entry in the chat's language; None for an unknown one."""
        service = (await self.catalogue.snapshot()).services.get(entry_id)
        if service is None:
            return name_of(entry_id, self.faqs, self.text.language)
        return service.name.of(self.text.language)

    async def other(
        self, entry_id: str, words: Text, question: str = "", places: Places = ()
    ) -> Card | None:
        """Return words and buttons of an entry that is no service; None for an unknown one."""
        return await other_card(
            entry_id,
            self.faqs,
            words,
            self.region,
            question=question,
            place=places[0].ars if len(places) == 1 else "",
            home=self.chat.municipality or "",
        )


def desk_of(data: Mapping[str, Any]) -> Desk:
    """Return the desk for an update from all that handlers are offered."""
    return Desk(**{one.name: data[one.name] for one in fields(Desk)})


def town_buttons(places: Places, service_id: str = "") -> list[Row]:
    """Return one button a municipality, two in a row."""
    buttons = [
        button(place.name, ChooseTown(ars=place.ars, service_id=service_id)) for place in places
    ]
    return [buttons[start : start + 2] for start in range(0, len(buttons), 2)]


def menu_button(text: Text) -> InlineKeyboardButton:
    """Return the button to the life situations."""
    return button(text("ask.button-menu"), ShowMenu())


def none_button(text: Text, ref: int | None = None) -> InlineKeyboardButton:
    """Return the button below choices for whoever means something else."""
    return button(text("ask.none-of-these"), NoneOfThese(ref=ref, language=text.language))


def thumbs(text: Text, ref: int | None) -> list[Row]:
    """Return the buttons to rate the answer to a question; none where it is not kept."""
    if ref is None:
        return []
    return [
        [
            button(text("ask.thumb-up"), RateAnswer(ref=ref, up=True)),
            button(text("ask.thumb-down"), RateAnswer(ref=ref, up=False)),
        ]
    ]


def honest(text: Text, region: Region) -> str:
    """Say that we do not know, and who may."""
    hotline = region.facts.hotline
    key = "ask.unknown-unverified" if hotline.unverified else "ask.unknown"
    return text(key, hotline=hotline.phone)
