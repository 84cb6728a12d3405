"""The statements every raw message passes, built once: building one takes longer than running it.

They name columns of the table, not of the model: the ORM has nothing to add here.
"""

from typing import cast

from sqlalchemy import (
    ARRAY,
    LargeBinary,
    String,
    Table,
    Text,
    bindparam,
    func,
    literal,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from services.db import UtcDateTime
from services.uplinks.model import RawUplink, Stage, UplinkSource

RAW = cast("Table", RawUplink.__table__)
SOURCE = cast("Table", UplinkSource.__table__)
NEW = literal_column(f"'{Stage.NEW}'", String(8))
"""The stage, written out: with a parameter no database would use the index of new messages."""
KEY = ["source", "digest"]
WAITING = (
    select(
        RAW.c.id,
        RAW.c.source,
        RAW.c.event,
        RAW.c.form,
        RAW.c.digest,
        RAW.c.received_at,
        RAW.c.body,
        RAW.c.attempts,
    )
    .where(RAW.c.stage == NEW, RAW.c.not_before <= bindparam("now", type_=UtcDateTime))
    .order_by(RAW.c.id)
    .limit(bindparam("most"))
)
FINISH = (
    update(RAW)
    .where(RAW.c.id.in_(bindparam("ids", expanding=True)), RAW.c.stage == NEW)
    .values(stage=Stage.DONE, problem=None)
    .returning(RAW.c.id)
)
ODD = (
    update(RAW)
    .where(RAW.c.id.in_(bindparam("ids", expanding=True)), RAW.c.stage == NEW)
    .values(stage=Stage.NOT_UNDERSTOOD, problem=bindparam("why"))
    .returning(RAW.c.id)
)

# A row each costs SQLite nothing, and PostgreSQL an execution of the statement.
PUT_EACH = (
    sqlite.insert(RAW)
    .values(
        source=bindparam("s"),
        event=bindparam("e"),
        form=bindparam("f"),
        digest=bindparam("d"),
        body=bindparam("b"),
        received_at=bindparam("now"),
        not_before=bindparam("now"),
        stage=Stage.NEW,
        attempts=0,
    )
    .on_conflict_do_nothing(index_elements=KEY)
)
_ARRAYS = (
    func.unnest(
        bindparam("sources", type_=ARRAY(Text)),
        bindparam("events", type_=ARRAY(Text)),
        bindparam("forms", type_=ARRAY(Text)),
        bindparam("digests", type_=ARRAY(LargeBinary)),
        bindparam("bodies", type_=ARRAY(LargeBinary)),
    )
    .table_valued("source", "event", "form", "digest", "body")
    .render_derived()
)
_NOW = bindparam("now", type_=UtcDateTime)
PUT_ALL = (
    postgresql.insert(RAW)
    .from_select(
        [
            "source",
            "event",
            "form",
            "digest",
            "body",
            "received_at",
            "not_before",
            "stage",
            "attempts",
        ],
        select(*_ARRAYS.c, _NOW, _NOW, literal(Stage.NEW.value), literal(0)),
        include_defaults=False,
    )
    .on_conflict_do_nothing(index_elements=KEY)
)


def _heard(insert: "type[sqlite.Insert | postgresql.Insert]") -> sqlite.Insert | postgresql.Insert:
    new = insert(SOURCE).values(
        name=bindparam("n"), heard_at=bindparam("now"), received=bindparam("c")
    )
    return new.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "heard_at": new.excluded.heard_at,
            "received": SOURCE.c.received + new.excluded.received,
        },
    )


HEARD = {"sqlite": _heard(sqlite.Insert), "postgresql": _heard(postgresql.Insert)}
