"""Who there is: people, the bot, and the chats they meet in."""

from dataclasses import dataclass, field
from enum import StrEnum

from simulator.wire import Json


class ChatType(StrEnum):
    """Kinds of chats, named as in the Bot API."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Status(StrEnum):
    """What somebody is in a chat, named as in the Bot API."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    LEFT = "left"
    KICKED = "kicked"

    @property
    def present(self) -> bool:
        return self not in (Status.LEFT, Status.KICKED)

    @property
    def administers(self) -> bool:
        return self in (Status.CREATOR, Status.ADMINISTRATOR)


@dataclass(slots=True)
class Bot:
    """The one bot this Telegram knows."""

    id: int
    first_name: str
    username: str


@dataclass(slots=True)
class Person:
    """Somebody with a Telegram account."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str = "de"
    note: str = ""
    deactivated: bool = False
    """Whether the person has deleted the account."""


@dataclass(slots=True)
class Topic:
    """A topic of a forum."""

    name: str
    icon_color: int
    is_closed: bool = False


@dataclass(slots=True)
class Chat:
    """A conversation; in a private chat the members are the person and the bot."""

    id: int
    type: ChatType
    title: str | None = None
    username: str | None = None
    members: dict[int, Status] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    """Ids of pinned messages, the latest last."""
    keyboards: dict[int, Json] = field(default_factory=dict)
    """The reply keyboard each person has before them."""
    is_forum: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)
    migrated_to: int | None = None
    """The supergroup a basic group has become."""
    started: bool = False
    """Whether the person has ever written to the bot; before that it may not write to them."""

    @property
    def private(self) -> bool:
        return self.type is ChatType.PRIVATE

    @property
    def is_group(self) -> bool:
        return self.type in (ChatType.GROUP, ChatType.SUPERGROUP)

    def status(self, user_id: int) -> Status:
        """Return what the user is here; somebody never seen has left."""
        return self.members.get(user_id, Status.LEFT)

    def present(self, user_id: int) -> bool:
        return self.status(user_id).present

    def present_ids(self) -> list[int]:
        return [user_id for user_id, status in self.members.items() if status.present]
