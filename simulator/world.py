"""The whole state of this Telegram in one object."""

import asyncio
import math
from dataclasses import dataclass, field
from random import Random

from simulator.callbacks import CallbackQueries
from simulator.chats import Bot
from simulator.clock import Clock, SystemClock
from simulator.commands import BotProfile, CommandMenus
from simulator.directory import Directory
from simulator.ephemeral import EphemeralMessages
from simulator.events import EventHub
from simulator.faults import Faults
from simulator.files import FileStore
from simulator.inline import InlineQueries
from simulator.limits import Limits
from simulator.messages import MessageStore
from simulator.polls import Polls
from simulator.tasks import Tasks
from simulator.updates import UpdateQueue
from simulator.webhook import Webhook

CONSUMER_MEMORY = 60
"""Seconds after the last getUpdates for which the bot still counts as running."""


@dataclass
class World:
    """People, chats, messages, files and what waits for the bot."""

    directory: Directory
    tokens: tuple[str, ...]
    clock: Clock = field(default_factory=SystemClock)
    tasks: Tasks = field(default_factory=Tasks)
    events: EventHub = field(default_factory=EventHub)
    messages: MessageStore = field(default_factory=MessageStore)
    menus: CommandMenus = field(default_factory=CommandMenus)
    profile: BotProfile = field(default_factory=BotProfile)
    files: FileStore = field(default_factory=FileStore)
    seed: int = 0
    """What is left to chance goes by this number."""

    def __post_init__(self) -> None:
        self.limits = Limits(self.clock)
        self.faults = Faults(self.clock)
        self.polls = Polls()
        self.inline = InlineQueries(self.clock)
        self.callbacks = CallbackQueries(self.clock)
        self.ephemeral = EphemeralMessages()
        self.updates = UpdateQueue(self.clock)
        chance = Random(self.seed)  # noqa: S311 - repeatable on purpose
        self.webhook = Webhook(self.clock, self.tasks, self.updates, chance, self.faults)
        self.last_poll = -math.inf
        self.waiting_poll: asyncio.Future[str] | None = None
        """The getUpdates request that waits; its result is why it must end."""

    @property
    def bot(self) -> Bot:
        return self.directory.bot

    @property
    def bot_running(self) -> bool:
        """Tell whether somebody takes the updates."""
        recently = self.clock.now() - self.last_poll < CONSUMER_MEMORY
        return recently or bool(self.webhook.url or self.waiting_poll)

    def end_poll(self, reason: str) -> None:
        """End a waiting getUpdates request with a conflict."""
        if self.waiting_poll and not self.waiting_poll.done():
            self.waiting_poll.set_result(reason)

    def unix_time(self) -> int:
        return int(self.clock.now())

    async def close(self) -> None:
        """Stop all background work and delete the files."""
        self.events.close()
        self.end_poll("terminated by shutdown")
        await self.webhook.close()
        await self.tasks.close()
        self.files.close()
