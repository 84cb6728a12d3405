"""How alarms stand to a chat: what it is to hear, what is held back, what is one to people."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from services.alarms.groups import Place, Wanted
from services.alarms.model import Kind
from services.alarms.rules.attaching import Attached, Shown, attached
from services.alarms.rules.audience import Wish, concerns, hears, inhibited
from services.alarms.rules.calm import Held, Peace
from services.alarms.rules.notify import Group, News, Plan, Standing, Told
from services.alarms.sight import Sight

LOOK_AGAIN = timedelta(minutes=1)
"""Something held back without a known end is looked at as often."""
FLAPPING_PAUSE = timedelta(minutes=30)
"""So long a flapping alarm must be over before its end is told."""


@dataclass
class Room:
    """Everything a look needs to know, read once."""

    sights: Mapping[int, Sight]
    wanted: Sequence[Wanted]
    peace: Peace
    now: datetime
    told: Counter[tuple[int, News]] = field(default_factory=Counter)
    _heard: dict[tuple[Wish, ...], Mapping[int, Sight]] = field(default_factory=dict)

    def wishes(self, place: Place) -> list[Wanted]:
        return [one for one in self.wanted if one.place == place]

    def heard(self, wishes: Sequence[Wanted]) -> Mapping[int, Sight]:
        """Return the open alarms a chat is to hear of; many chats wish for the same."""
        alike = tuple(one.wish for one in wishes)
        if alike not in self._heard:
            self._heard[alike] = {
                number: one
                for number, one in self.sights.items()
                if one.alarm.ended_at is None
                and any(
                    hears(wish, one.rule, one.labels, one.severity, one.alarm.escalated)
                    for wish in alike
                )
            }
        return self._heard[alike]

    def standings(
        self, alarms: Mapping[int, Sight], heard: Mapping[int, Sight], told: Mapping[int, Told]
    ) -> tuple[dict[int, Standing], datetime | None]:
        """Return how alarms stand, and when something held back may be told."""
        found, again, explained = {}, [], _inhibited(heard)
        for number, one in alarms.items():
            if one.alarm.ended_at is not None:
                calm = _calm_at(one, told.get(number))
                if calm > self.now:
                    again.append(calm)
                else:
                    found[number] = Standing(None, one.alarm.level_at)
                continue
            held = self._held(one, number in explained, again)
            found[number] = _standing(one, held)
        return found, min(again, default=None)

    def _held(self, one: Sight, is_explained: bool, again: list[datetime]) -> Held | None:
        """Return why an alarm is held back; note when to ask again."""
        labels, severity = one.labels, one.severity
        is_explained = is_explained or one.alarm.inhibited
        # Who set a threshold wants to be told, at night, too; it makes no sound.
        peace = replace(self.peace, quiet=None) if one.is_own else self.peace
        held = peace.held(labels, severity, self.now, inhibited=is_explained)
        if held is not None:
            free = peace.free_at(labels, severity, self.now)
            again.append(self.now + LOOK_AGAIN if is_explained or free is None else free)
        return held


def handed_on(told: Mapping[int, Told], sights: Mapping[int, Sight]) -> dict[int, Told]:
    """Return what a chat was told, a flapping alarm's as that of the next of the same series.

    An alarm with one level ends and begins anew while it flaps: to people that is one alarm. An
    exercise and what is real never are.
    """
    successors: dict[tuple[str, int | None, bool], int] = {
        (one.rule, one.alarm.series_id, one.alarm.exercise): number
        for number, one in sorted(sights.items())
        if one.alarm.ended_at is None
        and one.alarm.series_id is not None
        and one.alarm.kind is Kind.VALUE
    }
    found = {}
    for number, one in told.items():
        known = sights[number]
        heir = successors.get((known.rule, known.alarm.series_id, known.alarm.exercise))
        is_over = known.alarm.ended_at is not None
        inherits = one.flapping and is_over and one.severity is not None
        found[heir if inherits and heir and heir not in told else number] = one
    return found


def _calm_at(one: Sight, told: Told | None) -> datetime:
    """Return when the end of an alarm may be told: a flapping one may begin again soon."""
    flapped = told is not None and told.flapping and told.severity is not None
    return one.alarm.level_at + (FLAPPING_PAUSE if flapped else timedelta(0))


def _standing(one: Sight, held: Held | None) -> Standing:
    alarm = one.alarm
    value = "" if alarm.value is None else f"{alarm.value:.6g}"
    return Standing(
        one.severity,
        alarm.level_at,
        f"{value}|{alarm.acknowledged_by or ''}|{'r' if alarm.recovering else ''}",
        alarm.acknowledged_at is not None,
        held,
        alarm.flapping,
    )


def _inhibited(heard: Mapping[int, Sight]) -> set[int]:
    """Return what a graver alarm explains that the same chat hears of; it explains no doubt.

    An exercise explains nothing that is real, nor the other way round.
    """
    return set[int]().union(
        *(
            inhibited(
                {
                    number: (one.alarm.series_id, one.severity)
                    for number, one in heard.items()
                    if not one.is_own
                    and one.alarm.kind is Kind.VALUE
                    and one.alarm.exercise is exercise
                }
            )
            for exercise in (False, True)
        )
    )


def news_words(planned: Plan, before: Group, room: Room) -> str:
    """Return the news as one word each: number, why, severity at this moment."""
    words = []
    for number, kind in sorted(planned.news.items()):
        told = before.told.get(number)
        alarm = room.sights[number].alarm
        severity = alarm.severity if kind is not News.RESOLVED else alarm.highest
        if kind is News.REPEATED and told is not None and told.severity is not None:
            severity = told.severity
        words.append(f"{number}.{kind}.{int(severity)}")
    return " ".join(words)


def attachments(planned: Plan, wishes: Sequence[Wanted], room: Room) -> Attached:
    """Return whose chart and whose place goes with a message, as far as the chat wants them."""
    return attached(
        {
            number: _shown(kind, room.sights[number])
            for number, kind in planned.news.items()
            if any(
                not one.text_only and may_concern(one.wish, room.sights[number]) for one in wishes
            )
        }
    )


def _shown(kind: News, one: Sight) -> Shown:
    """Return what a chat may be shown of an alarm: citizens only what is public, and no place."""
    alarm = one.alarm
    of_values = alarm.kind is Kind.VALUE and alarm.series_id is not None
    return Shown(
        kind,
        alarm.severity,
        chart=of_values and not (one.is_own and alarm.internal),
        place=of_values and not one.is_own and None not in (alarm.latitude, alarm.longitude),
    )


def of_group(group: Group, news: Mapping[int, News]) -> str:
    """Return what was known of the news' alarms before: it tells two equal messages apart."""
    return " ".join(
        f"{number}:{group.told[number].at.isoformat()}"
        for number in sorted(news)
        if number in group.told
    )


def digest_of(*words: str) -> str:
    """Return a short word that is the same for the same words."""
    return sha256("\n".join(words).encode()).hexdigest()[:32]


def may_concern(wish: Wish, one: Sight) -> bool:
    """Whether a chat may have to hear of an alarm, now or by what it was told."""
    alarm = one.alarm
    return concerns(wish, one.rule, one.labels) or hears(
        wish, one.rule, one.labels, one.severity, alarm.escalated
    )
