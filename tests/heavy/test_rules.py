"""When failed work is tried again."""

from datetime import timedelta

from services.heavy.rules import MAX_ATTEMPTS, after_failure


def test_the_waits_grow_and_then_people_look_at_it() -> None:
    waits = [after_failure(attempt).wait for attempt in range(1, MAX_ATTEMPTS + 1)]
    assert waits == [*(timedelta(seconds=one) for one in (10, 40, 160, 640)), None]


def test_an_attempt_too_many_is_no_new_beginning() -> None:
    assert after_failure(MAX_ATTEMPTS + 1).wait is None
