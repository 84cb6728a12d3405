"""The statements every frame passes, for each database as it likes them best."""

from typing import cast

from sqlalchemy import JSON, Table, and_, bindparam, case, null, select, text, type_coerce

from lorawan.events import Kind
from services.db import UtcDateTime
from services.frames.model import Frame

SQLITE, POSTGRESQL = "sqlite", "postgresql"
FRAME = cast("Table", Frame.__table__)
COLUMNS: tuple[tuple[str, str], ...] = (
    ("id", "bigint"),
    ("device_id", "integer"),
    ("key", "bytea"),
    ("content", "bytea"),
    ("kind", "text"),
    ("name", "text"),
    ("source", "text"),
    ("time", "timestamptz"),
    ("since", "timestamptz"),
    ("until", "timestamptz"),
    ("measured_from", "timestamptz"),
    ("received_at", "timestamptz"),
    ("session", "text"),
    ("f_cnt", "bigint"),
    ("f_port", "smallint"),
    ("payload", "bytea"),
    ("decoded", "json"),
    ("decoder", "text"),
    ("problem", "text"),
    ("rssi", "double precision"),
    ("snr", "double precision"),
    ("spreading_factor", "smallint"),
    ("gateways", "smallint"),
    ("gateway", "text"),
    ("copies", "smallint"),
    ("simulated", "boolean"),
)
NAMES = tuple(name for name, _ in COLUMNS)
"""Columns of a frame in the order rows give them; `decoded` as JSON text."""
_COLUMN_LIST = ", ".join(NAMES)
PUT_EACH = f"INSERT INTO frame ({_COLUMN_LIST}) VALUES ({', '.join('?' * len(NAMES))})"  # noqa: S608 - our own names
PUT_ALL = text(
    f"INSERT INTO frame ({_COLUMN_LIST}) SELECT "  # noqa: S608 - our own names
    + ", ".join(f"CAST({name} AS {kind})" if kind == "json" else name for name, kind in COLUMNS)
    + " FROM unnest("
    + ", ".join(
        f"CAST(:{name} AS {'text' if kind == 'json' else kind}[])" for name, kind in COLUMNS
    )
    + f") AS given ({_COLUMN_LIST})"
)
NUMBERS = text("SELECT nextval('frame_id_seq') FROM generate_series(1, :many)")
HIGHEST = text("SELECT coalesce(max(id), 0) FROM frame")
COPIES_EACH = "UPDATE frame SET copies = ?2, since = ?3, until = ?4 WHERE id = ?1"
COPIES_ALL = text(
    "UPDATE frame SET copies = given.copies, since = given.since, until = given.until"
    " FROM unnest(CAST(:a AS bigint[]), CAST(:b AS smallint[]), CAST(:c AS timestamptz[]),"
    " CAST(:d AS timestamptz[])) AS given (id, copies, since, until) WHERE frame.id = given.id"
)
_KNOWN = select(
    FRAME.c.id,
    FRAME.c.device_id,
    FRAME.c.key,
    FRAME.c.content,
    FRAME.c.kind,
    FRAME.c.source,
    FRAME.c.time,
    FRAME.c.since,
    FRAME.c.until,
    FRAME.c.received_at,
    FRAME.c.measured_from,
    and_(FRAME.c.payload.is_(None), FRAME.c.decoded.is_(None)),
    FRAME.c.gateways,
    FRAME.c.copies,
    type_coerce(case((FRAME.c.kind == Kind.NORMALIZED, FRAME.c.decoded), else_=null()), JSON),
)
BY_KEY = _KNOWN.where(FRAME.c.key.in_(bindparam("keys", expanding=True)))
BY_CONTENT = _KNOWN.where(
    FRAME.c.content.in_(bindparam("contents", expanding=True)),
    FRAME.c.until >= bindparam("earliest", type_=UtcDateTime),
    FRAME.c.since <= bindparam("latest", type_=UtcDateTime),
)
DELETE = FRAME.delete().where(FRAME.c.id.in_(bindparam("ids", expanding=True)))
GATEWAY_EACH = (
    "INSERT INTO gateway (name, heard_at, latitude, longitude) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT DO UPDATE SET"
    " latitude = CASE WHEN excluded.latitude IS NOT NULL AND (gateway.latitude IS NULL"
    " OR excluded.heard_at >= gateway.heard_at) THEN excluded.latitude ELSE gateway.latitude END,"
    " longitude = CASE WHEN excluded.latitude IS NOT NULL AND (gateway.latitude IS NULL"
    " OR excluded.heard_at >= gateway.heard_at)"
    " THEN excluded.longitude ELSE gateway.longitude END,"
    " heard_at = max(gateway.heard_at, excluded.heard_at)"
)
GATEWAY_ALL = text(
    "INSERT INTO gateway (name, heard_at, latitude, longitude) SELECT * FROM"
    " unnest(CAST(:a AS text[]), CAST(:b AS timestamptz[]),"
    " CAST(:c AS double precision[]), CAST(:d AS double precision[]))"
    " ON CONFLICT (name) DO UPDATE SET"
    " latitude = CASE WHEN excluded.latitude IS NOT NULL AND (gateway.latitude IS NULL"
    " OR excluded.heard_at >= gateway.heard_at) THEN excluded.latitude ELSE gateway.latitude END,"
    " longitude = CASE WHEN excluded.latitude IS NOT NULL AND (gateway.latitude IS NULL"
    " OR excluded.heard_at >= gateway.heard_at)"
    " THEN excluded.longitude ELSE gateway.longitude END,"
    " heard_at = greatest(gateway.heard_at, excluded.heard_at)"
)
