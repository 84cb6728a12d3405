"""The statements every update passes, built once: building one takes longer than running it.

They name columns of the table, not of the model: the ORM has nothing to add here.
"""

from typing import cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Select,
    Table,
    Text,
    bindparam,
    case,
    exists,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from services.db import UtcDateTime
from services.inbox.model import DONE, NEW, OPEN, InboxUpdate

INBOX = cast("Table", InboxUpdate.__table__)
A_LOCATION = '%"location": {%'
"""Where somebody is: used to answer, gone with the answer. In a text its quotes are escaped."""
EARLIER = INBOX.alias("earlier")
FIRST = (
    select(INBOX.c.person_id)
    .where(
        INBOX.c.state == OPEN,
        INBOX.c.not_before <= bindparam("now"),
        ~exists().where(
            EARLIER.c.person_id == INBOX.c.person_id,
            EARLIER.c.update_id < INBOX.c.update_id,
            EARLIER.c.state == OPEN,
        ),
    )
    .order_by(INBOX.c.update_id)
    .limit(bindparam("people"))
    .with_for_update(skip_locked=True, of=INBOX)
)
WAITING = (
    select(
        INBOX.c.update_id,
        INBOX.c.person_id,
        INBOX.c.body,
        INBOX.c.received_at,
        INBOX.c.attempts,
        INBOX.c.not_before,
    )
    .where(INBOX.c.state == OPEN, INBOX.c.person_id.in_(bindparam("people", expanding=True)))
    .order_by(INBOX.c.update_id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
FINISH = (
    update(INBOX)
    .where(INBOX.c.update_id.in_(bindparam("update_ids", expanding=True)), INBOX.c.state == OPEN)
    .values(
        state=DONE,
        body=case((INBOX.c.body.like(A_LOCATION), ""), else_=INBOX.c.body),
    )
    .returning(INBOX.c.update_id)
)
MEANWHILE = (INBOX.c.received_at > bindparam("since")) & (
    INBOX.c.update_id <= bindparam("until_update")
)
RECEIVED = (
    select(
        INBOX.c.person_id,
        func.count(),
        select(func.count())
        .select_from(
            select(INBOX.c.update_id).where(MEANWHILE).limit(bindparam("most")).subquery()
        )
        .scalar_subquery(),
    )
    .where(INBOX.c.person_id.in_(bindparam("people", expanding=True)), MEANWHILE)
    .group_by(INBOX.c.person_id)
)


# A row each costs SQLite nothing, and PostgreSQL an execution of the statement.
SAME = {"state": NEW, "attempts": 0}
PUT_EACH = (
    sqlite.insert(INBOX)
    .values(
        update_id=bindparam("u"),
        person_id=bindparam("p"),
        body=bindparam("b"),
        received_at=bindparam("now"),
        not_before=bindparam("now"),
        **SAME,
    )
    .on_conflict_do_nothing(index_elements=["update_id"])
)
_ARRAYS = (
    func.unnest(
        bindparam("numbers", type_=ARRAY(BigInteger)),
        bindparam("people", type_=ARRAY(BigInteger)),
        bindparam("bodies", type_=ARRAY(Text)),
    )
    .table_valued("number", "person", "body")
    .render_derived()
)
_NOW = bindparam("now", type_=UtcDateTime)
PUT_ALL = (
    postgresql.insert(INBOX)
    .from_select(
        ["update_id", "person_id", "body", "received_at", "not_before", "state", "attempts"],
        select(
            _ARRAYS.c.number,
            _ARRAYS.c.person,
            _ARRAYS.c.body,
            _NOW,
            _NOW,
            literal(NEW),
            literal(0),
        ),
        include_defaults=False,
    )
    .on_conflict_do_nothing(index_elements=["update_id"])
)


def claimed(first: Select[int]) -> Select[int]:
    """Return the people of a selection whom nobody else has, and keep them until the commit."""
    found = first.cte("first")
    name = func.hashtextextended(func.concat("inbox:", found.c.person_id), 0)
    return select(found.c.person_id).where(func.pg_try_advisory_xact_lock(name))


WITHOUT = FIRST.where(INBOX.c.person_id.not_in(bindparam("without", expanding=True)))
CLAIM = {"sqlite": FIRST, "postgresql": claimed(FIRST)}
CLAIM_WITHOUT = {"sqlite": WITHOUT, "postgresql": claimed(WITHOUT)}
