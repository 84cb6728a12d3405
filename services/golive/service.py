"""Tell people the moment a service goes online: previewed, stoppable, once for each person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from services.approvals.service import Approvals, NobodyElseError
from services.audit.service import Audit
from services.catalogue.rules import Change, Evidence, online_areas
from services.catalogue.service import Catalogue, ImportReport
from services.chats.model import Chat, Kind
from services.chats.service import Chats
from services.clock import Clock
from services.errors import ServiceError
from services.golive import store
from services.golive.model import Batch, Item, OnlineFact, State
from services.golive.rules import Policy, channel_post_day, digest_key, is_allowed_link, tell_at
from services.outbox.service import Outbox
from services.records import covers
from services.region.service import Region
from services.staff.rules import Action, Actor
from services.staff.service import Staff
from services.subscriptions.service import Subscriptions

APPROVAL_KIND = "golive"


class LinkNotAllowedError(ServiceError):
    """The link is not https on one of the region's domains."""

    text_key = "golive.link-not-allowed"


class AlreadyOnlineError(ServiceError):
    """The service is online in this area already."""

    text_key = "golive.already-online"


class NotOnlineError(ServiceError):
    """The service is not online in this area."""

    text_key = "golive.not-online"


class TooLateError(ServiceError):
    """The batch has been decided, stopped or told already."""

    text_key = "golive.too-late"


@dataclass(frozen=True)
class Decision:
    """What became of a confirmed batch: scheduled, or waiting for a second person."""

    batch: Batch
    asked: int = 0


@dataclass(frozen=True)
class GoLive:
    """Use cases around going online (and offline again)."""

    session: AsyncSession
    catalogue: Catalogue
    chats: Chats
    subscriptions: Subscriptions
    approvals: Approvals
    staff: Staff
    outbox: Outbox
    audit: Audit
    region: Region
    policy: Policy
    clock: Clock

    # -- what is online

    async def online(self, service_id: str, ars: str) -> OnlineFact | None:
        """Return the fact that a service is online at a place: the nearest area around it."""
        facts = await store.open_facts(self.session, service_id)
        around = [fact for fact in facts if covers(fact.area, ars)]
        return max(around, key=lambda fact: len(fact.area), default=None)

    # -- staff: propose, preview, confirm, stop

    async def propose(
        self, actor: Actor, *, service_id: str, area: str, url: str | None, online: bool
    ) -> Batch:
        """Prepare news of one service; the link is tried before the preview is shown."""
        self.staff.require(actor, Action.PUBLISH, area)
        service = await self.catalogue.get(service_id)
        if online and not is_allowed_link(url or "", self.region):
            raise LinkNotAllowedError(domains=", ".join(self.region.facts.link_domains))
        change = Change(service.id, area, online, Evidence.STAFF, url)
        await self._require_news(change)
        checking = online and self.policy.check_links
        batch = await self._add(
            [change], State.CHECKING if checking else State.READY, actor.staff_id
        )
        await self.audit.note(
            actor.staff_id,
            "golive.propose",
            f"batch:{batch.id}",
            after={"service": service.id, "area": area, "online": online, "url": url},
        )
        return batch

    async def _require_news(self, change: Change | Item) -> None:
        """Raise unless this would change what is online."""
        service = await self.catalogue.get(change.service_id)
        fact = await self.online(service.id, change.area)
        if change.online and fact is not None:
            raise AlreadyOnlineError(name=service.name.de, url=fact.url or "")
        if not change.online and not await self._anything_online(service.id, change.area):
            raise NotOnlineError(name=service.name.de)

    async def _anything_online(self, service_id: str, area: str) -> bool:
        facts = await store.open_facts(self.session, service_id)
        return any(covers(area, fact.area) for fact in facts)

    async def _add(self, changes: Sequence[Change], state: State, staff_id: int | None) -> Batch:
        batch = Batch(
            created_at=self.clock(),
            created_by=staff_id,
            state=state,
        )
        self.session.add(batch)
        await self.session.flush()
        self.session.add_all(
            Item(
                batch_id=batch.id,
                service_id=change.service_id,
                area=change.area,
                url=change.url,
                online=change.online,
                evidence=change.evidence,
            )
            for change in changes
        )
        await self.session.flush()
        batch.recipients = await store.audience(self.session, batch.id)
        return batch

    async def unchecked(self) -> list[tuple[int, str]]:
        """Return the batches whose link has still to be tried, with the link."""
        found = []
        for batch in await store.in_state(self.session, State.CHECKING):
            found += [(batch.id, item.url or "") for item in await self.items(batch.id)]
        return found

    async def link_checked(self, batch_id: int, problem: str | None) -> None:
        """Show the preview to whoever proposed, or say why the link cannot be announced."""
        state = State.DROPPED if problem else State.READY
        if not await store.move(self.session, batch_id, [State.CHECKING], state):
            return
        batch = await self.session.get_one(Batch, batch_id)
        chat_id = await self._chat_of_staff(batch.created_by)
        if chat_id is None:
            return
        key = "golive.link-failed" if problem else "golive.preview"
        await self.outbox.tell(
            chat_id, key, dedup_key=f"preview:{batch_id}", batch=batch_id, problem=problem or ""
        )

    async def _chat_of_staff(self, staff_id: int | None) -> int | None:
        team = await self.staff.team()
        return next((one.chat_id for one in team if one.staff_id == staff_id), None)

    async def batch(self, batch_id: int) -> Batch:
        found = await self.session.get(Batch, batch_id)
        if found is None:
            raise TooLateError
        return found

    async def items(self, batch_id: int) -> Sequence[Item]:
        return await store.items(self.session, batch_id)

    async def confirm(self, actor: Actor, batch_id: int) -> Decision:
        """Publish a previewed batch; above the threshold a second person is asked first.

        The preview may be old: recipients are counted again, and it must still be news.
        """
        batch = await self._allowed(actor, batch_id)
        if batch.state == State.READY:
            await self._check_again(batch)
        if batch.recipients <= self.policy.second_person_above:
            return Decision(await self._schedule(actor.staff_id, batch, [State.READY]))
        if not await store.move(self.session, batch_id, [State.READY], State.AWAITING):
            raise TooLateError
        area = min((item.area for item in await self.items(batch_id)), key=len)
        asked = await self.approvals.ask(actor, APPROVAL_KIND, batch_id, area)
        return Decision(batch, asked)

    async def approved(self, actor: Actor, batch_id: int) -> Batch:
        """The second person agreed (see `Approvals.decide`, which checks the rights)."""
        batch = await self.batch(batch_id)
        if batch.state == State.AWAITING:
            await self._check_again(batch)
        return await self._schedule(actor.staff_id, batch, [State.AWAITING])

    async def _check_again(self, batch: Batch) -> None:
        if batch.created_by is not None:
            for item in await self.items(batch.id):
                await self._require_news(item)
        batch.recipients = await store.audience(self.session, batch.id)

    async def drop(self, actor: Actor, batch_id: int) -> None:
        """Throw a proposal away; nobody was told."""
        await self._allowed(actor, batch_id)
        waiting = [State.CHECKING, State.READY, State.AWAITING]
        if not await store.move(self.session, batch_id, waiting, State.DROPPED):
            raise TooLateError
        await self.audit.note(actor.staff_id, "golive.drop", f"batch:{batch_id}")

    async def stop(self, actor: Actor, batch_id: int) -> int:
        """Take news back before the first message leaves; return how many were taken back."""
        batch = await self._allowed(actor, batch_id)
        too_late = batch.tell_at is not None and self.clock() >= batch.tell_at
        if too_late or not await store.move(
            self.session, batch_id, [State.SCHEDULED], State.STOPPED
        ):
            raise TooLateError
        cancelled = await self.outbox.cancel(f"golive:batch:{batch_id}:")
        await store.undo_facts(self.session, batch_id)
        await store.delete_news(self.session, batch_id)
        await self.audit.note(actor.staff_id, "golive.stop", f"batch:{batch_id}")
        return cancelled

    async def _allowed(self, actor: Actor, batch_id: int) -> Batch:
        batch = await self.batch(batch_id)
        for item in await self.items(batch_id):
            # What holds for the whole state or country is the county's to tell here.
            wider = covers(item.area, self.region.facts.ars)
            area = self.region.facts.ars if wider else item.area
            self.staff.require(actor, Action.PUBLISH, area)
        return batch

    async def _schedule(
        self, staff_id: int | None, batch: Batch, from_states: Sequence[State]
    ) -> Batch:
        """Write the facts and everybody's message, in the transaction that caused them."""
        if not await store.move(self.session, batch.id, from_states, State.SCHEDULED):
            raise TooLateError
        now = self.clock()
        batch.tell_at = tell_at(now + self.policy.stop, self.policy)
        items = await self.items(batch.id)
        for item in items:
            await store.end_facts(self.session, item, now)
            if item.online:
                self.session.add(_fact(item, now, batch.id))
        await self.session.flush()
        await store.write_news(self.session, batch.id)
        bundle = f"batch:{batch.id}"
        await self.outbox.tell_each(
            store.chats_of(bundle), "golive.news", not_before=batch.tell_at, bundle=bundle
        )
        await self.audit.note(
            staff_id,
            "golive.schedule",
            f"batch:{batch.id}",
            after={
                "items": [
                    {"service": item.service_id, "area": item.area, "online": item.online}
                    for item in items
                ],
                "recipients": batch.recipients,
            },
        )
        return batch

    # -- what imports bring

    async def announce_import(self, report: ImportReport) -> Batch | None:
        """Turn what an import brought into news; a source's first import only into facts.

        Staff hear of it and can stop it; above the threshold one of them must agree first. When
        nobody can, the batch is dropped, and the caller sees it by its state.
        """
        await self._note_known_online(report)
        news = [change for change in report.changes if await self._is_news(change)]
        if not news:
            return None
        batch = await self._add(news, State.READY, None)
        if batch.recipients > self.policy.second_person_above:
            await store.move(self.session, batch.id, [State.READY], State.AWAITING)
            try:
                await self.approvals.ask(Actor(), APPROVAL_KIND, batch.id, self.region.facts.ars)
            except NobodyElseError:
                await store.move(self.session, batch.id, [State.AWAITING], State.DROPPED)
            await self.session.refresh(batch)
            return batch
        await self._schedule(None, batch, [State.READY])
        for colleague in await self.staff.team(Action.PUBLISH, self.region.facts.ars):
            await self.outbox.tell(
                colleague.chat_id,
                "golive.import-notice",
                dedup_key=f"import:{batch.id}:{colleague.staff_id}",
                batch=batch.id,
            )
        return batch

    async def _is_news(self, change: Change) -> bool:
        if change.online:
            return await self.online(change.service_id, change.area) is None
        return await self._anything_online(change.service_id, change.area)

    async def _note_known_online(self, report: ImportReport) -> None:
        """What a new record says is online was so before we knew it: a fact, no news."""
        for service in await self.catalogue.stored(report.new):
            facts = (_fact(known, self.clock()) for known in online_areas(service))
            self.session.add_all(facts)
        await self.session.flush()

    # -- telling: weekly digests, the channel

    async def news(
        self, chat_id: int, bundle: str
    ) -> Sequence[Row[str, str, str | None, bool, str]]:
        """Return what one message tells a chat: service, area, link, online, and which wish."""
        return await store.news_of(self.session, chat_id, bundle)

    async def send_digests(self) -> None:
        """Queue the weekly message of everybody for whom something waits; once a week."""
        now = self.clock()
        bundle = digest_key(now, self.policy)
        if bundle is None:
            return
        await store.bundle_weekly(self.session, bundle, now)
        await self.outbox.tell_each(
            store.chats_of(bundle), "golive.news", not_before=now, bundle=bundle
        )

    async def post_to_channel(self) -> str | None:
        """Queue the channel's post: one a day with everything new; return its key."""
        now = self.clock()
        waiting = await store.untold_in_channel(self.session, now)
        if self.policy.channel is None or not waiting:
            return None
        key = await self._channel_key(waiting[0], now)
        if key is None:
            return None
        batches = waiting[:1] if self.policy.channel_at_once else waiting
        await store.put_in_channel(self.session, batches, key)
        channel = await self.chats.meet(self.policy.channel, Kind.CHANNEL, None)
        await self.outbox.tell(channel.id, "golive.channel-post", dedup_key=key, bundle=key)
        return key

    async def _channel_key(self, batch_id: int, now: datetime) -> str | None:
        if self.policy.channel_at_once:
            return f"channel:batch:{batch_id}"
        day = channel_post_day(now, self.policy)
        key = f"channel:{day}"
        if day is None or await store.channel_key_used(self.session, key):
            return None
        return key

    async def channel_items(self, key: str) -> Sequence[Item]:
        return await store.items_in_channel(self.session, key)

    async def silence(self, chat: Chat, because: str) -> int:
        """One tap off: remove the wish (in all areas) that caused a message."""
        removed = 0
        for subscription in await self.subscriptions.listed(chat):
            if subscription.service_id == because:
                removed += await self.subscriptions.remove(chat, subscription.id)
        return removed


def _fact(change: Change | Item, now: datetime, batch_id: int | None = None) -> OnlineFact:
    return OnlineFact(
        service_id=change.service_id,
        area=change.area,
        url=change.url,
        evidence=change.evidence,
        online_since=now,
        batch_id=batch_id,
    )
