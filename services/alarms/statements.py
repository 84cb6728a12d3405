"""The statements every batch of values passes, for each database as it likes them best."""

from collections.abc import Mapping

from sqlalchemy import TextClause, bindparam, text

from services.db import UtcDateTime

SQLITE, POSTGRESQL = "sqlite", "postgresql"
_SERIES = (
    "SELECT series.id, series.quantity, series.channel, device.id, device.address, device.state,"
    " device.visibility, device.type, device.ars, device.water, device.tags,"
    " device.interval_seconds, device.learned_seconds"
    " FROM series JOIN device ON device.id = series.device_id WHERE series.device_id"
)
_TRACKS = "SELECT series_id, rule_key, version, state FROM alarm_track WHERE series_id"
_ANY: Mapping[str, str] = {
    SQLITE: " IN (SELECT value FROM json_each(:ids))",
    POSTGRESQL: " = ANY(CAST(:ids AS integer[]))",
}
SERIES: Mapping[str, TextClause] = {name: text(_SERIES + _ANY[name]) for name in _ANY}
TRACKS: Mapping[str, TextClause] = {name: text(_TRACKS + _ANY[name]) for name in _ANY}
KEEP_EACH = (
    "INSERT INTO alarm_track (series_id, rule_key, version, state) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (series_id, rule_key)"
    " DO UPDATE SET version = excluded.version, state = excluded.state"
)
KEEP_ALL = text(
    "INSERT INTO alarm_track (series_id, rule_key, version, state) SELECT * FROM"
    " unnest(CAST(:a AS integer[]), CAST(:b AS text[]), CAST(:c AS integer[]),"
    " CAST(:d AS bytea[])) ON CONFLICT (series_id, rule_key)"
    " DO UPDATE SET version = excluded.version, state = excluded.state"
)
LINKS = text(
    "SELECT device_id, count(DISTINCT f_cnt), min(f_cnt), max(f_cnt), sum(snr), count(snr)"
    " FROM frame WHERE time >= :since AND time < :until AND simulated = :no"
    " AND f_cnt IS NOT NULL GROUP BY device_id, session"
).bindparams(
    bindparam("since", type_=UtcDateTime), bindparam("until", type_=UtcDateTime), no=False
)
