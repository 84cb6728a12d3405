"""What a feature has done beside the bot: the long part in a process, then a transaction."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.messages import Reply
from services.chats.model import Chat
from services.staff.rules import Actor
from services.text import Text


@dataclass(frozen=True)
class Finishing:
    """What the last part of heavy work has at hand.

    Attributes:
        services: all use cases, in the transaction that ends the job.
        chat: who asked; None when nobody did, or they erased their data meanwhile.
        actor: their roles as they are now, not as they were when they asked.
        text: their language.
        arguments: what the work was ordered with.
    """

    services: Any
    chat: Chat | None
    actor: Actor
    text: Text
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class HeavyWork:
    """Work that would hold up everybody else.

    Attributes:
        work: a plain function; runs in another process, perhaps more than once, and changes
            nothing. It gets the arguments; what it returns can be pickled. It stands in a module
            that imports little, since the process imports that, too.
        finish: runs in a normal transaction, takes effect exactly once, and returns what to say.
        prepare: looks up what the work needs beside what it was ordered with, right before each
            attempt; None: there is nothing to do any more.
        unasked: nobody waits for it. What `finish` returns is an attachment, for which messages
            do not wait; the chat hears nothing when it fails.
    """

    work: Callable[..., Any]
    finish: Callable[[Finishing, Any], Awaitable[Reply]]
    prepare: Callable[[Finishing], Awaitable[Mapping[str, Any] | None]] | None = None
    unasked: bool = False
