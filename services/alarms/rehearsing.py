"""What a rule would have done with the values of the last weeks; nothing is written."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lorawan.measurement import Mark
from services.alarms.episodes import Episode, episodes_of
from services.alarms.records import RuleRecord
from services.alarms.rules.engine import observe
from services.alarms.rules.records import Change, Machine, Sample, Severity, Track
from services.readings.records import Value


@dataclass(frozen=True)
class Rehearsal:
    """What would have happened.

    Attributes:
        since: beginning of the time looked at.
        until: its end.
        values: how many were weighed.
        changes: the log.
        episodes: each from its rise to its fall; the last may go on.
        by_severity: how many episodes reached a severity at most.
    """

    since: datetime
    until: datetime
    values: int
    changes: Sequence[Change]
    episodes: Sequence[Episode]
    by_severity: Mapping[Severity, int]


def rehearse(
    record: RuleRecord,
    interval: timedelta,
    values: Sequence[Value],
    *,
    since: datetime,
    until: datetime,
) -> Rehearsal:
    """Fold values as if they had come in order."""
    rule = record.rule(interval)
    shunned = Mark.OUT_OF_RANGE if record.exercise else Mark.OUT_OF_RANGE | Mark.SIMULATED
    samples = [
        Sample(one.time, number, one.value)
        for number, one in enumerate(values)
        if not one.marks & shunned
    ]
    track = observe(Track(), rule, samples)
    episodes = episodes_of(Machine(), track.log)
    return Rehearsal(
        since=since,
        until=until,
        values=len(samples),
        changes=track.log,
        episodes=episodes,
        by_severity=Counter(rule.levels[one.peak].severity for one in episodes),
    )
