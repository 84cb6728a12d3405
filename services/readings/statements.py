"""The statements every value passes, for each database as it likes them best.

PostgreSQL takes a batch as arrays in one statement; for SQLite a row each costs nothing. Times are
given to SQLite the way SQLAlchemy writes them, since rows of a batch are too many for its types.
"""

from collections.abc import Mapping

from sqlalchemy import TextClause, text

SQLITE, POSTGRESQL = "sqlite", "postgresql"


SERIES: Mapping[str, TextClause] = {
    SQLITE: text(
        "SELECT id, device_id, quantity, channel FROM series"
        " WHERE device_id IN (SELECT value FROM json_each(:devices))"
    ),
    POSTGRESQL: text(
        "SELECT id, device_id, quantity, channel FROM series"
        " WHERE device_id = ANY(CAST(:devices AS integer[]))"
    ),
}
NEW_SERIES_EACH = (
    "INSERT INTO series (device_id, quantity, channel) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
)
NEW_SERIES_ALL = text(
    "INSERT INTO series (device_id, quantity, channel) SELECT * FROM"
    " unnest(CAST(:a AS integer[]), CAST(:b AS text[]), CAST(:c AS smallint[]))"
    " ON CONFLICT DO NOTHING"
)
PUT_EACH = (
    "INSERT INTO reading (series_id, time, frame_id, value, marks) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET value = excluded.value, marks = excluded.marks"
)
PUT_ALL = text(
    "INSERT INTO reading (series_id, time, frame_id, value, marks) SELECT * FROM"
    " unnest(CAST(:a AS integer[]), CAST(:b AS timestamptz[]), CAST(:c AS bigint[]),"
    " CAST(:d AS double precision[]), CAST(:e AS smallint[]))"
    " ON CONFLICT (series_id, time, frame_id)"
    " DO UPDATE SET value = excluded.value, marks = excluded.marks"
)
DUE_EACH = "INSERT INTO rollup_due (series_id, hour) VALUES (?, ?) ON CONFLICT DO NOTHING"
# Not DO NOTHING: an hour that is being added up right now is about to vanish from here without
# what we bring. The update waits for that, and then puts it back.
DUE_ALL = text(
    "INSERT INTO rollup_due (series_id, hour)"
    " SELECT * FROM unnest(CAST(:a AS integer[]), CAST(:b AS timestamptz[]))"
    " ON CONFLICT (series_id, hour) DO UPDATE SET hour = excluded.hour"
)
OF_FRAMES: Mapping[str, TextClause] = {
    SQLITE: text(
        "SELECT reading.series_id, reading.time, reading.frame_id FROM json_each(:frames) AS given"
        " JOIN series ON series.device_id = given.value ->> 0"
        " CROSS JOIN reading ON reading.series_id = series.id"
        " AND reading.time BETWEEN given.value ->> 2 AND given.value ->> 3"
        " AND reading.frame_id = given.value ->> 1"
    ),
    POSTGRESQL: text(
        "SELECT reading.series_id, reading.time, reading.frame_id FROM"
        " unnest(CAST(:a AS integer[]), CAST(:b AS bigint[]), CAST(:c AS timestamptz[]),"
        " CAST(:d AS timestamptz[])) AS given (device_id, frame_id, since, until)"
        " JOIN series ON series.device_id = given.device_id"
        " JOIN reading ON reading.series_id = series.id"
        " AND reading.time BETWEEN given.since AND given.until"
        " AND reading.frame_id = given.frame_id"
        " WHERE reading.time BETWEEN :since AND :until"
    ),
}
DELETE_EACH = "DELETE FROM reading WHERE series_id = ? AND time = ? AND frame_id = ?"
DELETE_ALL = text(
    "DELETE FROM reading USING"
    " unnest(CAST(:a AS integer[]), CAST(:b AS timestamptz[]), CAST(:c AS bigint[]))"
    " AS given (series_id, time, frame_id)"
    " WHERE reading.series_id = given.series_id AND reading.time = given.time"
    " AND reading.frame_id = given.frame_id"
)
NEWEST: Mapping[str, TextClause] = {
    SQLITE: text(
        "SELECT series.quantity, series.channel, newest.value, newest.time, newest.marks"
        " FROM series JOIN reading AS newest ON newest.series_id = series.id AND newest.time ="
        " (SELECT max(time) FROM reading WHERE series_id = series.id)"
        " WHERE series.device_id = :device ORDER BY series.quantity, series.channel, newest.value"
    ),
    POSTGRESQL: text(
        "SELECT series.quantity, series.channel, newest.value, newest.time, newest.marks"
        " FROM series CROSS JOIN LATERAL (SELECT value, time, marks FROM reading"
        " WHERE series_id = series.id ORDER BY time DESC, value DESC LIMIT 1) AS newest"
        " WHERE series.device_id = :device ORDER BY series.quantity, series.channel"
    ),
}
FORGET_VALUES = text(
    "DELETE FROM reading WHERE (series_id, time, frame_id) IN"
    " (SELECT old.series_id, old.time, old.frame_id FROM series"
    " JOIN reading AS old ON old.series_id = series.id AND old.time < :horizon LIMIT :many)"
)
FORGET_HOURS = text(
    "DELETE FROM reading_hour WHERE (series_id, hour) IN"
    " (SELECT old.series_id, old.hour FROM series"
    " JOIN reading_hour AS old ON old.series_id = series.id AND old.hour < :horizon LIMIT :many)"
)
