"""Asks a Rasa server what people mean; whatever goes wrong, our own understander answers."""

import time
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

import structlog
from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout
from pydantic import SecretStr

from bot.breaker import Breaker
from bot.settings import NluSettings
from bot.understanding_metrics import UnderstandingMetrics
from nlu.rasa.contract import StrangeError, UnreadableError, decide, question_for_rasa, read
from nlu.rasa.export import intents_of
from nlu.understanding import Entry, Understanding

log = structlog.get_logger()
TIMEOUT = ClientTimeout(total=2)
MOST_BYTES = 1_000_000
"""More than ten times what a thousand intents need."""
MOST_AT_ONCE = 32
"""Questions that may wait for Rasa at a time: it answers one after the other."""
CHUNK = 65_536
OK = 200


class Outcome(StrEnum):
    """What came of a question to Rasa."""

    ANSWERED = "answered"
    UNSURE = "unsure"
    """A proper answer, but Rasa does not know."""
    PAUSED = "paused"
    """Not asked: the last ones failed."""
    BUSY = "busy"
    """Not asked: too many wait."""
    LATE = "late"
    UNREACHABLE = "unreachable"
    STATUS = "status"
    """Any status but 200; redirects are not followed."""
    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"
    STRANGE = "strange"
    """Intents of another catalogue."""


class NoAnswerError(Exception):
    """Rasa gave no answer that can be used."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class Rasa:
    """Implements `handlers.understanding.Another`."""

    def __init__(
        self,
        url: str,
        token: SecretStr | None,
        metrics: UnderstandingMetrics,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = f"{url.rstrip('/')}/model/parse"
        self._token = token
        self._metrics = metrics
        self._breaker = Breaker(clock)
        self._waiting = 0
        self._entries: Sequence[Entry] = ()
        self._intents: Mapping[str, Entry] = {}

    async def understand(self, question: str, entries: Sequence[Entry]) -> Understanding | None:
        """Return what Rasa makes of a question about these entries; None: decide without it."""
        asked = question_for_rasa(question)
        if not asked:
            return None
        refused = self._refused()
        if refused:
            self._metrics.rasa_asked(refused)
            return None
        began = time.monotonic()
        self._waiting += 1
        try:
            found, outcome = await self._understand(asked, entries)
        finally:
            self._waiting -= 1
        self._metrics.rasa_asked(outcome, time.monotonic() - began)
        return found

    def _refused(self) -> Outcome | None:
        """Return why Rasa is not asked now."""
        if self._waiting >= MOST_AT_ONCE:
            return Outcome.BUSY
        return None if self._breaker.lets_ask() else Outcome.PAUSED

    async def _understand(
        self, question: str, entries: Sequence[Entry]
    ) -> tuple[Understanding | None, Outcome]:
        try:
            reading = read(await self._ask(question), self._intents_of(entries))
        except UnreadableError:
            return self._failed(Outcome.UNREADABLE)
        except StrangeError:
            return self._failed(Outcome.STRANGE)
        except NoAnswerError as error:
            return self._failed(error.outcome)
        except TimeoutError:
            return self._failed(Outcome.LATE)
        except (ClientError, OSError, ValueError):
            return self._failed(Outcome.UNREACHABLE)
        self._breaker.answered()
        found = decide(question, reading)
        return found, Outcome.ANSWERED if found else Outcome.UNSURE

    def _failed(self, outcome: Outcome) -> tuple[None, Outcome]:
        self._breaker.failed()
        log.warning("rasa gave no answer", outcome=outcome.value)
        return None, outcome

    async def _ask(self, question: str) -> bytes:
        # A connection for each question: one that was kept may have been closed by the server, and
        # that would look like a failure. auto_decompress: what is small may unpack to gigabytes.
        params = {"token": self._token.get_secret_value()} if self._token else {}
        async with (
            ClientSession(timeout=TIMEOUT, auto_decompress=False) as session,
            session.post(
                self._url, params=params, json={"text": question}, allow_redirects=False
            ) as response,
        ):
            if response.status != OK:
                raise NoAnswerError(Outcome.STATUS)
            return await _content(response)

    def _intents_of(self, entries: Sequence[Entry]) -> Mapping[str, Entry]:
        if self._entries is not entries:
            self._intents, self._entries = intents_of(entries), entries
        return self._intents


async def _content(response: ClientResponse) -> bytes:
    """Return the whole body, or raise as soon as it is too large."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(CHUNK):
        body += chunk
        if len(body) > MOST_BYTES:
            raise NoAnswerError(Outcome.TOO_LARGE)
    return bytes(body)


def rasa_of(settings: NluSettings, metrics: UnderstandingMetrics) -> Rasa | None:
    """Return the Rasa server of the settings, where there is one."""
    if not settings.rasa_url:
        return None
    return Rasa(settings.rasa_url, settings.rasa_token, metrics)
