"""Remember a chat's language, place and wishes, and whether it can be written to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.chats import store
from services.chats.model import Chat, Kind, News, State
from services.clock import Clock
from services.region.service import Region

LANGUAGES = ("de", "en", "uk", "ru", "ar", "tr", "pl")
"""As Telegram's language_code names them; the first is also everybody else's."""


TALK = timedelta(minutes=30)
"""So long a conversation is remembered: the ids of what it was about, never its words."""


@dataclass(frozen=True)
class Talk:
    """What a conversation is about.

    Attributes:
        service: id of the service looked at last.
        candidates: ids of what the last question may have meant, best first.
        asked_back: whether the last answer was a question back.
    """

    service: str | None = None
    candidates: tuple[str, ...] = ()
    asked_back: bool = False


@dataclass(frozen=True)
class Chats:
    """Use cases around the chats the bot knows."""

    session: AsyncSession
    region: Region
    clock: Clock
    known: dict[int, Chat] = field(default_factory=dict, repr=False)
    """Chats of this unit of work by Telegram's id: an update asks for its chat several times."""

    async def recall(self, telegram_ids: Collection[int]) -> None:
        """Read chats that will be asked for, in one statement."""
        chats = await store.by_telegram_ids(self.session, telegram_ids)
        self.known.update({chat.telegram_id: chat for chat in chats})

    async def meet(
        self, telegram_id: int, kind: str, language_code: str | None, *, writes: bool = True
    ) -> Chat:
        """Return the chat, remembering it on the first meeting.

        A person who `writes` is reachable: a pause after a block ends here too, and somebody who
        is being forgotten starts anew.
        """
        chat = await self.find(telegram_id)
        if chat is None:
            spoken = (language_code or "").partition("-")[0].lower()
            language = spoken if spoken in LANGUAGES else LANGUAGES[0]
            await store.add(
                self.session,
                telegram_id=telegram_id,
                kind=kind,
                language=language,
                now=self.clock(),
            )
            chat = await self.find(telegram_id)
            if chat is None:
                raise LookupError("a chat just added is gone")
        if writes:
            chat.state = State.ACTIVE
        return chat

    async def find(self, telegram_id: int) -> Chat | None:
        chat = self.known.get(telegram_id)
        if chat is None:
            chat = await store.by_telegram_id(self.session, telegram_id)
            if chat is not None:
                self.known[telegram_id] = chat
        return chat

    async def get(self, chat_id: int) -> Chat | None:
        return await self.session.get(Chat, chat_id)

    async def speak(self, chat: Chat, language: str) -> None:
        """Answer in this language from now on."""
        if language in LANGUAGES:
            chat.language = language

    async def live_in(self, chat: Chat, ars: str) -> bool:
        """Remember the municipality; return False for one that is not of this county."""
        if self.region.municipality(ars) is None:
            return False
        chat.municipality = ars
        return True

    def talk(self, chat: Chat) -> Talk:
        """Return what the conversation is about; nothing when that was long ago."""
        if chat.asked_at is None or chat.asked_at <= self.clock() - TALK:
            return Talk()
        return Talk(chat.last_service, tuple(chat.last_candidates or ()), chat.asked_back)

    async def offered(
        self, chat: Chat, candidates: Sequence[str], *, asked_back: bool = False
    ) -> None:
        """Note what a question may have meant; no single service is talked about any more."""
        chat.last_service = None
        chat.last_candidates = list(candidates)
        chat.asked_back = asked_back
        chat.asked_at = self.clock()

    async def shown(self, chat: Chat, service_id: str) -> None:
        """Note that a service is talked about; it was one of the candidates, or they are gone."""
        candidates = self.talk(chat).candidates
        chat.last_candidates = list(candidates) if service_id in candidates else None
        chat.last_service = service_id
        chat.asked_back = False
        chat.asked_at = self.clock()

    async def not_understood(self, chat: Chat) -> None:
        """Go on with what was talked about before; a question back is over."""
        chat.asked_back = False

    async def forget_talk(self, chat: Chat) -> None:
        """Talk of something new."""
        chat.last_service = chat.last_candidates = chat.asked_at = None
        chat.asked_back = False

    async def forget_old_talks(self) -> None:
        """Forget what people talked about half an hour ago."""
        await store.forget_talks(self.session, before=self.clock() - TALK)

    async def want_news(self, chat: Chat, news: News) -> None:
        """Tell news at once or once a week."""
        chat.news = news

    async def can_write(self, telegram_id: int, *, possible: bool) -> None:
        """Note that a person blocked the bot (or a group removed it), or came back."""
        chat = await self.find(telegram_id)
        if chat is not None and chat.state != State.ERASING:
            chat.state = State.ACTIVE if possible else State.BLOCKED

    async def moved(self, *, old: int, new: int) -> None:
        """A group became a supergroup: everything of it goes on under the new id."""
        self.known.clear()
        await store.move(self.session, old=old, new=new, kind=Kind.SUPERGROUP)
