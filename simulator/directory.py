"""The register of people and chats, and the ids new ones get."""

from collections.abc import Iterable

from simulator.chats import Bot, Chat, ChatType, Person, Status

FIRST_SUPERGROUP = -1_001_000_000_001
"""Supergroups and channels count down from here."""
FIRST_GROUP = -4001
FIRST_PERSON = 1001
SUPERGROUP_CEILING = -1_000_000_000_000


class Directory:
    """Finds and registers people and chats."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}

    def add_person(self, person: Person) -> Person:
        """Register a person with a private chat to the bot and all public channels."""
        self.people[person.id] = person
        members = {person.id: Status.MEMBER, self.bot.id: Status.MEMBER}
        self.chats[person.id] = Chat(person.id, ChatType.PRIVATE, members=members)
        for chat in self.chats.values():
            if chat.type is ChatType.CHANNEL and chat.username:
                chat.members.setdefault(person.id, Status.MEMBER)
        return person

    def add_chat(self, chat: Chat) -> Chat:
        """Register a group or channel; a public channel is read by everybody."""
        if chat.type is ChatType.CHANNEL and chat.username:
            for person_id in self.people:
                chat.members.setdefault(person_id, Status.MEMBER)
        self.chats[chat.id] = chat
        return chat

    def next_person_id(self) -> int:
        return max(self.people, default=FIRST_PERSON - 1) + 1

    def next_chat_id(self, chat_type: ChatType) -> int:
        """Return the next free id of the number range of this kind of chat."""
        if chat_type is ChatType.GROUP:
            taken = (chat_id for chat_id in self.chats if SUPERGROUP_CEILING < chat_id < 0)
            return min(taken, default=FIRST_GROUP + 1) - 1
        taken = (chat_id for chat_id in self.chats if chat_id < SUPERGROUP_CEILING)
        return min(taken, default=FIRST_SUPERGROUP + 1) - 1

    def chat_named(self, username: str) -> Chat | None:
        """Return the public group or channel with this @name."""
        wanted = username.removeprefix("@").lower()
        named = (chat for chat in self.chats.values() if (chat.username or "").lower() == wanted)
        return next(named, None)

    def person_named(self, username: str) -> Person | None:
        wanted = username.removeprefix("@").lower()
        named = (one for one in self.people.values() if (one.username or "").lower() == wanted)
        return next(named, None)

    def chats_of(self, person_id: int) -> list[Chat]:
        return [
            chat
            for chat in self.chats.values()
            if chat.present(person_id) and not chat.migrated_to
        ]

    def people_in(self, chat: Chat) -> list[int]:
        """Return the ids of the people (not the bot) who see the chat."""
        return [user_id for user_id in chat.present_ids() if user_id in self.people]

    def blocked(self, person_id: int) -> bool:
        """Tell whether the person has blocked the bot."""
        return not self.chats[person_id].present(self.bot.id)

    def first_administrator(self, chat: Chat) -> int | None:
        """Return who acts for the chat when nobody is named."""
        return first_of(chat, self.people, Status.CREATOR, Status.ADMINISTRATOR, Status.MEMBER)


def first_of(chat: Chat, people: Iterable[int], *statuses: Status) -> int | None:
    """Return the first member with the earliest of these statuses that anyone has."""
    known = set(people)
    for wanted in statuses:
        for user_id, status in chat.members.items():
            if status is wanted and user_id in known:
                return user_id
    return None
