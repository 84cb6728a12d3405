"""Posts messages to the bot's own hook, as a network server does."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout

ATTEMPTS = 5
PAUSE = 0.2
"""Seconds before the second attempt, doubled before each further one."""
SECONDS = 10
BUSY = 503


class PostingError(Exception):
    """The hook does not take what we send; `problem` is a slug."""

    def __init__(self, problem: str, detail: str = "") -> None:
        super().__init__(problem, detail)
        self.problem = problem
        self.detail = detail


@dataclass(frozen=True)
class Post:
    """A message and the event its address names ("" when the body says it all)."""

    body: bytes
    event: str = ""
    content_type: str = "application/json"

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Post":
        return cls(orjson.dumps(body))


class Hook:
    """A connection to `/hooks/lorawan/<source>`."""

    def __init__(self, session: ClientSession, url: str, headers: Mapping[str, str]) -> None:
        self.session = session
        self.url = url
        self.headers = headers
        self.pause = PAUSE

    async def post(self, post: Post) -> None:
        """Deliver one message; come again while the bot is busy or away, at most five times."""
        detail = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                await asyncio.sleep(self.pause * 2**attempt)
            try:
                status, detail = await self._once(post)
            except (ClientError, TimeoutError) as error:
                status, detail = BUSY, type(error).__name__
            if status < 300:  # noqa: PLR2004 - HTTP: done
                return
            if status < 500:  # noqa: PLR2004 - HTTP: the bot will never take it
                raise PostingError("refused", f"{status} {detail}")
        raise PostingError("away", detail)

    async def _once(self, post: Post) -> tuple[int, str]:
        headers = {**self.headers, "Content-Type": post.content_type}
        query = {"event": post.event} if post.event else None
        async with self.session.post(
            self.url, data=post.body, headers=headers, params=query
        ) as response:
            return response.status, (await response.text()).strip()[:200]


@asynccontextmanager
async def open_hook(url: str, token: str | None) -> AsyncIterator[Hook]:
    """Yield a hook; the token goes into the Authorization header."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with ClientSession(timeout=ClientTimeout(total=SECONDS)) as session:
        yield Hook(session, url, headers)
