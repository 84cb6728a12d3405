"""When a sensor itself is in doubt: values that cannot be real, values that never change."""

from services.alarms.rules.engine import too_fast
from services.alarms.rules.records import Machine, Rule, Sample, Track


def doubted(track: Track) -> Sample | None:
    """Return the newest sample where it is doubted; None: the newest one counted."""
    if not track.present.doubted:
        return None
    return track.tail[-1] if track.tail else track.present.doubted[-1]


def stuck(machine: Machine, rule: Rule) -> int:
    """Return how many equal values came in a row; 0 while that is nothing to wonder at."""
    after = rule.plausibility.stuck_after
    return machine.equal if 0 < after <= machine.equal else 0


def is_fine(doubt: Sample, last: Sample, rule: Rule) -> bool:
    """Whether a doubt is over: the values that count confirm it, or have been fine for a while.

    Args:
        doubt: the newest doubted sample.
        last: the newest sample that counted.
        rule: says how fast a value can change; a while is `Rule.longest_gap`.
    """
    per_hour = rule.plausibility.step_per_hour
    if per_hour is not None and not too_fast(doubt, last, per_hour):
        return True
    return last.time - doubt.time >= rule.longest_gap
