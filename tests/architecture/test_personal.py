"""No table keeps something about a person that /auskunft and /loeschen do not know of."""

from sqlalchemy import Table

import services.tables  # noqa: F401 - fills the metadata
from services.chats.model import Chat
from services.db import Base
from services.personal import Erasure, personal_tables

PERSONAL_COLUMNS = {"chat_id", "telegram_id", "person_id", "user_id", "telegram_user_id"}
KNOWN_OTHERWISE = {
    "inbox": "services.privacy shows and empties it by Telegram's id of the person",
}
"""Tables with a person's id that declare nothing, and why that is right."""


def has_somebody(table: Table) -> bool:
    refers = any(
        foreign.column is Chat.__table__.c.id
        for column in table.columns
        for foreign in column.foreign_keys
    )
    return refers or bool(PERSONAL_COLUMNS & set(table.columns.keys()))


def test_every_table_with_a_person_in_it_declares_what_it_keeps() -> None:
    declared = {table.name for table, _ in personal_tables()}
    somebody = {table.name for table in Base.metadata.sorted_tables if has_somebody(table)}
    assert not somebody - declared - KNOWN_OTHERWISE.keys()
    assert not KNOWN_OTHERWISE.keys() - somebody, "an exception nobody needs any more"
    assert not KNOWN_OTHERWISE.keys() & declared
    assert {"chat", "outbox"} <= declared


def test_what_is_declared_is_there() -> None:
    for table, personal in personal_tables():
        columns = set(table.columns.keys())
        assert personal.owner in columns, table.name
        assert set(personal.shown) <= columns, table.name
        assert personal.shown, table.name
        assert personal.purpose_key.startswith("privacy.purpose-"), table.name


def test_the_owner_is_the_chat() -> None:
    for table, personal in personal_tables():
        owner = table.c[personal.owner]
        if table is not Chat.__table__:
            assert [foreign.column for foreign in owner.foreign_keys] == [Chat.__table__.c.id]


def test_telegram_s_own_number_stands_in_few_places() -> None:
    """One place to encrypt and to erase: everything else refers to `chat.id`."""
    holders = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in {"telegram_id", "person_id", "user_id", "telegram_user_id"}
    }
    assert holders == {"chat.telegram_id", "inbox.person_id"}


def test_every_personal_column_but_the_owner_is_shown_or_is_no_secret() -> None:
    """What is not shown must be bookkeeping of the machine."""
    bookkeeping = {
        "id",
        "lane",
        "dedup_key",
        "not_before",
        "first_due_at",
        "leased_until",
        "attempts",
        "error",
        "telegram_message_id",
    }
    for table, personal in personal_tables():
        hidden = set(table.columns.keys()) - set(personal.shown) - {personal.owner}
        assert not hidden - bookkeeping, table.name


def test_dependants_come_first_and_deleting_a_chat_takes_the_rest_along() -> None:
    order = [table.name for table, _ in personal_tables()]
    assert order.index("chat") > max(order.index(name) for name in order if name != "chat")
    for table, personal in personal_tables():
        for foreign in table.c[personal.owner].foreign_keys:
            deletes = personal.erasure is Erasure.DELETE
            assert foreign.ondelete == ("CASCADE" if deletes else "SET NULL"), table.name
            assert table.c[personal.owner].nullable is not deletes, table.name
