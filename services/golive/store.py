"""Queries on go-live facts and news; the only place of this feature that writes SQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import (
    Row,
    Select,
    String,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    null,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.chats.model import Chat
from services.chats.model import News as NewsMode
from services.chats.model import State as ChatState
from services.golive.model import Batch, Item, News, OnlineFact, State
from services.subscriptions.model import Subscription
from services.subscriptions.store import wanted

OPEN_FACTS = select(OnlineFact).where(
    OnlineFact.service_id == bindparam("service_id"), OnlineFact.offline_since.is_(None)
)


async def move(session: AsyncSession, batch_id: int, old: Iterable[State], new: State) -> bool:
    """Change a batch's state; False when somebody was faster and it was in none of the old."""
    won = await session.scalar(
        update(Batch)
        .where(Batch.id == batch_id, Batch.state.in_(list(old)))
        .values(state=new)
        .returning(Batch.id)
    )
    return won is not None


async def items(session: AsyncSession, batch_id: int) -> Sequence[Item]:
    """Return what a batch tells of."""
    query = select(Item).where(Item.batch_id == batch_id).order_by(Item.id)
    return (await session.scalars(query)).all()


async def in_state(session: AsyncSession, state: State) -> Sequence[Batch]:
    """Return the batches in a state, oldest first."""
    query = select(Batch).where(Batch.state == state).order_by(Batch.id)
    return (await session.scalars(query)).all()


async def open_facts(session: AsyncSession, service_id: str) -> Sequence[OnlineFact]:
    """Return where a service is online now."""
    # Every card asks this: what else is to be written (the chat's last service) can wait.
    changed = any(isinstance(one, OnlineFact) for one in (*session.new, *session.dirty))
    facts = await session.scalars(
        OPEN_FACTS, {"service_id": service_id}, execution_options={"autoflush": changed}
    )
    return facts.all()


async def end_facts(session: AsyncSession, item: Item, now: datetime) -> None:
    """A service is offline in an area: close the facts of the area and of places in it."""
    await session.execute(
        update(OnlineFact)
        .where(
            OnlineFact.service_id == item.service_id,
            OnlineFact.offline_since.is_(None),
            func.substr(OnlineFact.area, 1, len(item.area)) == item.area,
        )
        .values(offline_since=now, closed_by=item.batch_id)
    )


async def undo_facts(session: AsyncSession, batch_id: int) -> None:
    """Take a stopped batch's facts back: what it opened goes, what it closed is open again.

    What a later batch opened in the same place stays as it is.
    """
    await session.execute(delete(OnlineFact).where(OnlineFact.batch_id == batch_id))
    later = aliased(OnlineFact)
    opened_again = exists().where(
        later.service_id == OnlineFact.service_id,
        later.area == OnlineFact.area,
        later.offline_since.is_(None),
    )
    await session.execute(
        update(OnlineFact)
        .where(OnlineFact.closed_by == batch_id, ~opened_again)
        .values(offline_since=None, closed_by=None)
    )


async def audience(session: AsyncSession, batch_id: int) -> int:
    """Count the reachable chats that want to hear of something in a batch."""
    query = (
        select(func.count(Subscription.chat_id.distinct()))
        .join(Item, wanted(Item.service_id.expression, Item.area.expression))
        .join(Chat, Chat.id == Subscription.chat_id)
        .where(Item.batch_id == batch_id, Chat.state == ChatState.ACTIVE)
    )
    return (await session.scalar(query)) or 0


async def write_news(session: AsyncSession, batch_id: int) -> None:
    """Note for every chat which items of a batch it wants to hear, in one statement.

    Overlapping wishes are merged: the wish for the very service counts before "everything"
    ("*" sorts before every id).
    """
    at_once = case((Chat.news == NewsMode.IMMEDIATE, literal(f"batch:{batch_id}")), else_=null())
    query = (
        select(Subscription.chat_id, Item.id, func.max(Subscription.service_id), func.max(at_once))
        .join(Subscription, wanted(Item.service_id.expression, Item.area.expression))
        .join(Chat, Chat.id == Subscription.chat_id)
        .where(Item.batch_id == batch_id, Chat.state == ChatState.ACTIVE)
        .group_by(Subscription.chat_id, Item.id)
    )
    await session.execute(
        insert(News).from_select(["chat_id", "item_id", "because", "bundle"], query)
    )


async def delete_news(session: AsyncSession, batch_id: int) -> None:
    """Forget whom a batch would have told."""
    of_batch = select(Item.id).where(Item.batch_id == batch_id)
    await session.execute(delete(News).where(News.item_id.in_(of_batch)))


async def bundle_weekly(session: AsyncSession, bundle: str, now: datetime) -> None:
    """Put everything that waits for a weekly message, and may be told, into this one.

    Whoever has this week's message already, or cannot be reached, gets the rest with a later one.
    """
    told = (
        select(Item.id)
        .join(Batch, Batch.id == Item.batch_id)
        .where(Batch.state == State.SCHEDULED, Batch.tell_at <= now)
    )
    reachable = select(Chat.id).where(Chat.state == ChatState.ACTIVE)
    served = select(News.chat_id).where(News.bundle == bundle)
    await session.execute(
        update(News)
        .where(
            News.bundle.is_(None),
            News.item_id.in_(told),
            News.chat_id.in_(reachable),
            News.chat_id.not_in(served),
        )
        .values(bundle=bundle)
    )


def chats_of(bundle: str) -> Select[int, str]:
    """Return the chats of a bundle with the key under which their message is queued."""
    key = literal(f"golive:{bundle}:") + cast(News.chat_id, String)
    return select(News.chat_id, key).where(News.bundle == bundle).distinct()


async def news_of(
    session: AsyncSession, chat_id: int, bundle: str
) -> Sequence[Row[str, str, str | None, bool, str]]:
    """Return the items (with the wish behind each) that one message tells a chat."""
    query = (
        select(Item.service_id, Item.area, Item.url, Item.online, News.because)
        .join(News, News.item_id == Item.id)
        .where(News.chat_id == chat_id, News.bundle == bundle)
        .order_by(Item.id)
    )
    return (await session.execute(query)).all()


async def untold_in_channel(session: AsyncSession, now: datetime) -> Sequence[int]:
    """Return the batches that may be posted and were not yet."""
    query = select(Batch.id).where(
        Batch.state == State.SCHEDULED, Batch.tell_at <= now, Batch.channel_key.is_(None)
    )
    return (await session.scalars(query.order_by(Batch.id))).all()


async def put_in_channel(session: AsyncSession, batch_ids: Sequence[int], key: str) -> None:
    """Note which post carries these batches."""
    await session.execute(update(Batch).where(Batch.id.in_(batch_ids)).values(channel_key=key))


async def channel_key_used(session: AsyncSession, key: str) -> bool:
    """Whether this post was made already."""
    return (
        await session.scalar(select(Batch.id).where(Batch.channel_key == key).limit(1)) is not None
    )


async def items_in_channel(session: AsyncSession, key: str) -> Sequence[Item]:
    """Return what a channel post tells of."""
    query = select(Item).join(Batch, Batch.id == Item.batch_id).where(Batch.channel_key == key)
    return (await session.scalars(query.order_by(Item.id))).all()
