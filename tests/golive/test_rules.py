"""When people may be told, and which links may be announced: decisions without a database."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from handlers.golive.chat import split_arguments
from services.golive.rules import (
    MAX_LINK,
    Policy,
    channel_post_day,
    digest_key,
    is_allowed_link,
    tell_at,
)
from services.region.service import Region

BERLIN = ZoneInfo("Europe/Berlin")
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def policy(*, quiet_hours: bool = True) -> Policy:
    return Policy(
        zone=BERLIN,
        stop=timedelta(minutes=2),
        quiet_hours=quiet_hours,
        tell_from=time(8),
        tell_until=time(20),
        second_person_above=3,
        digest_weekday=4,
        channel_post_at=time(17),
        channel_at_once=False,
        check_links=False,
    )


def utc(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("decided", "told"),
    [
        # winter time, one hour ahead of UTC
        ("2026-11-20T06:59:59", "2026-11-20T07:00:00"),
        ("2026-11-20T07:00:00", "2026-11-20T07:00:00"),
        ("2026-11-20T18:59:59", "2026-11-20T18:59:59"),
        ("2026-11-20T19:00:00", "2026-11-21T07:00:00"),
        ("2026-11-20T23:30:00", "2026-11-21T07:00:00"),
        ("2026-12-31T19:00:00", "2027-01-01T07:00:00"),
        # summer time, two hours ahead
        ("2026-07-01T05:59:59", "2026-07-01T06:00:00"),
        ("2026-07-01T06:00:00", "2026-07-01T06:00:00"),
        ("2026-07-01T17:59:59", "2026-07-01T17:59:59"),
        ("2026-07-01T18:00:00", "2026-07-02T06:00:00"),
        ("2026-07-01T22:30:00", "2026-07-02T06:00:00"),
        # the night the clocks go forward: 8 o'clock comes an hour earlier
        ("2026-03-28T19:00:00", "2026-03-29T06:00:00"),
        ("2026-03-29T00:59:59", "2026-03-29T06:00:00"),
        ("2026-03-29T01:00:00", "2026-03-29T06:00:00"),
        ("2026-03-29T18:00:00", "2026-03-30T06:00:00"),
        # the night they go back: two o'clock comes twice, 8 o'clock an hour later
        ("2026-10-24T18:00:00", "2026-10-25T07:00:00"),
        ("2026-10-25T00:30:00", "2026-10-25T07:00:00"),
        ("2026-10-25T01:30:00", "2026-10-25T07:00:00"),
        ("2026-10-25T18:59:59", "2026-10-25T18:59:59"),
    ],
)
def test_people_are_told_between_8_and_20_o_clock_local_time(decided: str, told: str) -> None:
    assert tell_at(utc(decided), policy()) == utc(told)


@settings(max_examples=50)
@given(MOMENTS)
def test_news_wait_for_the_next_day_hour_and_no_longer(moment: datetime) -> None:
    told = tell_at(moment, policy())
    assert told >= moment
    assert time(8) <= told.astimezone(BERLIN).time() < time(20)
    assert tell_at(told, policy()) == told
    by_day = time(8) <= moment.astimezone(BERLIN).time() < time(20)
    assert (told == moment) == by_day
    assert told - moment <= timedelta(hours=13), "a night has twelve hours, once a year thirteen"


@settings(max_examples=50)
@given(MOMENTS, MOMENTS)
def test_what_was_decided_later_is_never_told_earlier(one: datetime, other: datetime) -> None:
    first, last = sorted((one, other))
    assert tell_at(first, policy()) <= tell_at(last, policy())


@settings(max_examples=50)
@given(MOMENTS)
def test_without_quiet_hours_nothing_waits(moment: datetime) -> None:
    assert tell_at(moment, policy(quiet_hours=False)) == moment


@pytest.mark.parametrize(
    ("moment", "key"),
    [
        ("2026-11-20T06:59:59", None),
        ("2026-11-20T07:00:00", "week:2026-W47"),
        ("2026-11-20T18:59:59", "week:2026-W47"),
        ("2026-11-20T19:00:00", None),
        ("2026-11-19T12:00:00", None),
        ("2026-11-21T12:00:00", None),
        ("2026-07-03T05:59:59", None),
        ("2026-07-03T06:00:00", "week:2026-W27"),
        ("2026-07-03T18:00:00", None),
        # the Fridays before and after the clocks change
        ("2026-03-27T07:00:00", "week:2026-W13"),
        ("2026-04-03T06:00:00", "week:2026-W14"),
        # New Year's Day belongs to the last week of the old year
        ("2027-01-01T07:00:00", "week:2026-W53"),
    ],
)
def test_the_weekly_message_leaves_on_friday_by_day(moment: str, key: str | None) -> None:
    assert digest_key(utc(moment), policy()) == key


def test_without_quiet_hours_friday_begins_at_midnight_local_time() -> None:
    always = policy(quiet_hours=False)
    assert digest_key(utc("2026-11-19T22:59:59"), always) is None
    assert digest_key(utc("2026-11-19T23:00:00"), always) == "week:2026-W47"


@settings(max_examples=50)
@given(MOMENTS, st.integers(1, 200))
def test_every_week_has_one_message_of_its_own(moment: datetime, weeks: int) -> None:
    to_friday = timedelta(days=4 - moment.weekday())
    friday = datetime.combine((moment + to_friday).date(), time(12), UTC)
    morning, evening = friday - timedelta(hours=3), friday + timedelta(hours=5)
    key = digest_key(friday, policy())
    assert key is not None
    assert digest_key(morning, policy()) == key == digest_key(evening, policy())
    assert digest_key(friday + timedelta(weeks=weeks), policy()) != key


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-20T15:59:59", None),
        ("2026-11-20T16:00:00", date(2026, 11, 20)),
        ("2026-11-20T22:59:59", date(2026, 11, 20)),
        ("2026-11-20T23:00:00", None),
        ("2026-07-01T14:59:59", None),
        ("2026-07-01T15:00:00", date(2026, 7, 1)),
        ("2026-07-01T22:00:00", None),
        ("2026-03-29T15:00:00", date(2026, 3, 29)),
        ("2026-10-25T15:59:59", None),
    ],
)
def test_the_channel_s_post_is_due_from_17_o_clock_local_time(
    moment: str, day: date | None
) -> None:
    assert channel_post_day(utc(moment), policy()) == day


@pytest.mark.parametrize(
    "url",
    [
        "https://koethen-anhalt.de",
        "https://koethen-anhalt.de/",
        "https://www.koethen-anhalt.de/ummelden?a=1&b=2#c",
        "https://kfz.service.sachsen-anhalt.de/",
        "https://koethen-anhalt.de:443/",
        "https://koethen-anhalt.de./",
        "https://WWW.Koethen-Anhalt.DE/",
        "HTTPS://koethen-anhalt.de/",
        "https://koethen-anhalt.de/" + "x" * (MAX_LINK - len("https://koethen-anhalt.de/")),
        "https://koethen-anhalt.de/über-uns",
    ],
)
def test_links_to_the_county_s_domains_may_be_announced(url: str, region: Region) -> None:
    assert is_allowed_link(url, region)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://",
        "https:///",
        "koethen-anhalt.de",
        "//koethen-anhalt.de/",
        "http://koethen-anhalt.de/",
        "ftp://koethen-anhalt.de/",
        "javascript://koethen-anhalt.de/%0aalert(1)",
        # look-alikes
        "https://koethen-anhalt.de.evil.example/",
        "https://evil.example/koethen-anhalt.de",
        "https://evil.example/?https://koethen-anhalt.de",
        "https://evil.example#koethen-anhalt.de",
        "https://evil.example#.koethen-anhalt.de",
        "https://evil.example?.koethen-anhalt.de",
        "https://evilkoethen-anhalt.de/",
        "https://koethen-anhalt.com/",
        "https://anhalt.de/",
        "https://de/",
        # somebody in front of an @
        "https://koethen-anhalt.de@evil.example/",
        "https://koethen-anhalt.de:443@evil.example/",
        "https://evil.example@koethen-anhalt.de/",
        "https://user:secret@koethen-anhalt.de/",
        "https://:@koethen-anhalt.de/",
        "https://@koethen-anhalt.de/",
        # what browsers read as a slash, or what ends a name elsewhere
        "https://evil.example\\.koethen-anhalt.de/",
        "https://evil.example\\@koethen-anhalt.de/",
        "https://evil.example%2f.koethen-anhalt.de/",
        "https://evil.example%00.koethen-anhalt.de/",
        "https://evil.example;.koethen-anhalt.de/",
        # other ports
        "https://koethen-anhalt.de:8443/",
        "https://koethen-anhalt.de:80/",
        "https://koethen-anhalt.de:0/",
        "https://koethen-anhalt.de:99999/",
        "https://koethen-anhalt.de:x/",
        # letters that only look alike, and names written with them
        "https://köthen-anhalt.de/",
        "https://kоethen-anhalt.de/",
        "https://koethen‐anhalt.de/",
        "https://koethen-anhalt。de/",
        "https://xn--kthen-anhalt-xpb.de/",
        "https://ｋoethen-anhalt.de/",
        # dots
        "https://.koethen-anhalt.de/",
        "https://www..koethen-anhalt.de/",
        "https://koethen-anhalt.de../",
        # blanks and signs that cannot be seen
        "https://koethen-anhalt.de/a b",
        "https://koethen-anhalt.de/\nKöthen",
        "https://koethen-anhalt.de/\t",
        " https://koethen-anhalt.de/",
        "https://koethen-anhalt.de/\u202egro.live",
        "https://koethen-anhalt.de\u200b/",
        "https://[::1]/",
        "https://[koethen-anhalt.de/",
        "https://127.0.0.1/",
        "https://koethen-anhalt.de/" + "x" * (MAX_LINK + 1 - len("https://koethen-anhalt.de/")),
        "https://koethen-anhalt.de/" + "🐕" * 10_000,
    ],
)
def test_no_other_link_may_be_announced(url: str, region: Region) -> None:
    assert not is_allowed_link(url, region)


HOSTS = ["koethen-anhalt.de", "evil.example", "www", "[", "]", "ö", "-"]
MARKS = [
    "https:",
    "/",
    "//",
    ".",
    "@",
    ":",
    "443",
    "\\",
    "?",
    "#",
    "%2f",
    " ",
    "\t",
    ";",
    "\u200b",
]
PIECES = st.sampled_from([*HOSTS, *MARKS])


@settings(max_examples=200)
@given(st.lists(PIECES, max_size=8).map("".join))
def test_another_reader_finds_the_same_host(region: Region, rest: str) -> None:
    url = "https://" + rest
    if is_allowed_link(url, region):
        host = (URL(url).host or "").rstrip(".")
        assert host == "koethen-anhalt.de" or host.endswith(".koethen-anhalt.de")
        assert URL(url).scheme == "https"
        assert URL(url).port == 443
        assert URL(url).user is None


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        ("hund https://a.de/x Köthen", ("hund", "https://a.de/x", "Köthen")),
        ("Hund anmelden https://a.de", ("Hund anmelden", "https://a.de", "")),
        ("hund\nhttps://a.de/x\nKöthen", ("hund", "https://a.de/x", "Köthen")),
        (
            "hund  https://a.de/x \u00a0 Südliches  Anhalt ",
            ("hund", "https://a.de/x", "Südliches  Anhalt"),
        ),
        ("hund https://", ("hund", "https://", "")),
        ("https://a.de Köthen", ("", "https://a.de", "Köthen")),
        ("hund", ("hund", None, "")),
        ("hund http://a.de", ("hund http://a.de", None, "")),
        ("", ("", None, "")),
    ],
)
def test_a_command_is_service_link_and_town(
    arguments: str, parts: tuple[str, str | None, str]
) -> None:
    assert split_arguments(arguments) == parts
