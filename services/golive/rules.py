"""When people may be told, and which links may be announced."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from services.region.service import Region

MAX_LINK = 300
HOST = re.compile(r"([a-z0-9-]+\.)+[a-z0-9-]+\.?")


@dataclass(frozen=True)
class Policy:
    """How go-live news leave.

    Attributes:
        stop: how long staff can take the news back.
        quiet_hours: whether people are told only between `tell_from` and `tell_until` (local).
        second_person_above: from more recipients than this a second person must agree.
        digest_weekday: day of the weekly message, 0 is Monday.
        channel_post_at: local time of the one channel post a day, unless `channel_at_once`.
        channel: Telegram's id of the channel, None where there is none.
    """

    zone: ZoneInfo
    stop: timedelta
    quiet_hours: bool
    tell_from: time
    tell_until: time
    second_person_above: int
    digest_weekday: int
    channel_post_at: time
    channel_at_once: bool
    check_links: bool
    channel: int | None = None


def tell_at(moment: datetime, policy: Policy) -> datetime:
    """Return the first time from `moment` on at which people may be told (UTC)."""
    if not policy.quiet_hours:
        return moment
    local = moment.astimezone(policy.zone)
    opens = local.replace(
        hour=policy.tell_from.hour, minute=policy.tell_from.minute, second=0, microsecond=0
    )
    if local.time() >= policy.tell_until:
        opens += timedelta(days=1)  # wall time: stays 8 o'clock across a change of the clocks
    return max(opens, local).astimezone(UTC)


def digest_key(moment: datetime, policy: Policy) -> str | None:
    """Return the name of the weekly message due at a time, None when it is not its day or hour."""
    local = moment.astimezone(policy.zone)
    if local.weekday() != policy.digest_weekday:
        return None
    if policy.quiet_hours and not policy.tell_from <= local.time() < policy.tell_until:
        return None
    year, week, _ = local.isocalendar()
    return f"week:{year}-W{week:02d}"


def channel_post_day(moment: datetime, policy: Policy) -> date | None:
    """Return the local day whose channel post is due, None before its hour."""
    local = moment.astimezone(policy.zone)
    return local.date() if local.time() >= policy.channel_post_at else None


def is_allowed_link(url: str, region: Region) -> bool:
    """Whether a link may be announced: https, an allowed domain, no user part, no odd port.

    Anything that another program might read differently (a backslash, a space, a percent sign in
    the host) is refused.
    """
    if len(url) > MAX_LINK or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    plain = parts.scheme == "https" and "@" not in parts.netloc and HOST.fullmatch(host)
    return bool(plain) and port in {None, 443} and region.allows_link(host)
