"""What the chat page is told at once: one stream of events per open page."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from simulator.wire import Json, encode

BACKLOG = 1000
"""Events a slow page may lag behind before its stream is cut; it then reconnects and reloads."""


class Event(NamedTuple):
    """One server-sent event."""

    kind: str
    data: Json

    def encoded(self) -> bytes:
        """Return it as it goes down the stream."""
        return f"event: {self.kind}\ndata: {encode(self.data)}\n\n".encode()


Subscription = asyncio.Queue[Event | None]
"""Events in order; None says that the stream is over."""


class EventHub:
    """Brings events to every page that shows the person they concern."""

    def __init__(self) -> None:
        self._pages: defaultdict[int, list[Subscription]] = defaultdict(list)

    def subscribe(self, person_id: int) -> Subscription:
        """Return a queue that receives the person's events from now on."""
        page: Subscription = asyncio.Queue(BACKLOG + 1)
        self._pages[person_id].append(page)
        return page

    def unsubscribe(self, person_id: int, page: Subscription) -> None:
        """Forget a page that has been closed."""
        pages = self._pages.get(person_id, [])
        if page in pages:
            pages.remove(page)
        if not pages:
            self._pages.pop(person_id, None)

    @property
    def idle(self) -> bool:
        """Tell whether no page is open."""
        return not self._pages

    def watched(self, person_id: int) -> bool:
        """Tell whether any page shows this person."""
        return bool(self._pages.get(person_id))

    def publish(self, person_ids: Iterable[int], kind: str, data: Json) -> None:
        """Tell these people's pages."""
        for person_id in person_ids:
            for page in list(self._pages.get(person_id, ())):
                self._deliver(person_id, page, Event(kind, data))

    def publish_to_all(self, kind: str, data: Json) -> None:
        """Tell every page."""
        self.publish(list(self._pages), kind, data)

    def close(self) -> None:
        """End every stream."""
        for person_id, pages in list(self._pages.items()):
            for page in list(pages):
                self._end(person_id, page)

    def _deliver(self, person_id: int, page: Subscription, event: Event) -> None:
        if page.qsize() >= BACKLOG:
            self._end(person_id, page)
        else:
            page.put_nowait(event)

    def _end(self, person_id: int, page: Subscription) -> None:
        self.unsubscribe(person_id, page)
        page.put_nowait(None)
