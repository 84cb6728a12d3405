"""Times of network servers: nine digits, any offset, and clocks that were never set."""

from datetime import UTC, datetime

import pytest

from lorawan.dialects.times import from_milliseconds, from_seconds, read_time


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2022-07-18T09:34:15.775023242+00:00", at(2022, 7, 18, 9, 34, 15, 775023)),
        ("2022-07-18T09:34:15.7Z", at(2022, 7, 18, 9, 34, 15, 700000)),
        ("2022-07-18t09:34:15z", at(2022, 7, 18, 9, 34, 15)),
        ("2022-07-18T09:34:15.999999999Z", at(2022, 7, 18, 9, 34, 15, 999999)),
        ("2022-07-18T11:34:15+02:00", at(2022, 7, 18, 9, 34, 15)),
        ("2022-07-17T23:34:15-10:00", at(2022, 7, 18, 9, 34, 15)),
        ("2024-02-29T00:00:00Z", at(2024, 2, 29)),
        ("2000-01-01T00:00:00Z", at(2000, 1, 1)),
        ("2099-12-31T23:59:59Z", at(2099, 12, 31, 23, 59, 59)),
    ],
)
def test_a_time_is_read_in_utc_to_the_microsecond(text: str, time: datetime) -> None:
    assert read_time(text) == time
    assert read_time(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        0,
        1690901260493,
        True,
        {},
        "yesterday",
        "2020-0327T12:39:05.547336Z",
        "2020-03-27T12:39:05.547336",
        "2020-03-27",
        "2023-02-29T00:00:00Z",
        "2020-13-01T00:00:00Z",
        "2020-03-27T24:00:01Z",
        "2020-03-27T12:39:05+25:00",
        "2020-03-27T12:39:05.Z",
        "2020-03-27T12:39:05Z\n",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "1970-01-01T00:00:00Z",
        "1999-12-31T23:59:59Z",
        "2100-01-01T00:00:00Z",
        "٢٠٢٢-07-18T09:34:15Z",
    ],
)
def test_an_impossible_or_absurd_time_is_unknown(text: object) -> None:
    assert read_time(text) is None


def test_milliseconds_since_1970() -> None:
    assert from_milliseconds(1501064048945) == at(2017, 7, 26, 10, 14, 8, 945000)
    assert from_milliseconds(1501064048945.0) == at(2017, 7, 26, 10, 14, 8, 945000)


@pytest.mark.parametrize(
    "value", [None, True, "1501064048945", 0, -1, 1501064048, 10**18, 1e300, float("nan"), {}]
)
def test_absurd_milliseconds_are_unknown(value: object) -> None:
    assert from_milliseconds(value) is None


def test_a_protobuf_timestamp() -> None:
    assert from_seconds(1501064048, 945999999) == at(2017, 7, 26, 10, 14, 8, 945999)
    assert from_seconds(0, 0) is None
    assert from_seconds(2**62, 0) is None
    assert from_seconds(-(2**62), -(2**31)) is None
