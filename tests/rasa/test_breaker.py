"""A server that fails is left in peace for a while."""

from bot.breaker import FAILURES, PAUSE_SECONDS, Breaker
from tests.rasa.server import Seconds


def broken(clock: Seconds) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        assert breaker.lets_ask()
        breaker.failed()
    return breaker


def test_after_three_failures_in_a_row_nobody_asks():
    assert not broken(Seconds()).lets_ask()


def test_an_answer_in_between_starts_the_count_anew():
    breaker = Breaker(Seconds())
    for _ in range(FAILURES - 1):
        breaker.failed()
    breaker.answered()
    breaker.failed()
    assert breaker.lets_ask()


def test_after_the_pause_one_question_tries_it():
    clock = Seconds()
    breaker = broken(clock)
    clock.now += PAUSE_SECONDS
    assert [breaker.lets_ask() for _ in range(3)] == [True, False, False]


def test_when_the_trial_is_answered_everybody_asks_again():
    clock = Seconds()
    breaker = broken(clock)
    clock.now += PAUSE_SECONDS
    assert breaker.lets_ask()
    breaker.answered()
    assert breaker.lets_ask()
    assert breaker.lets_ask()


def test_when_the_trial_fails_the_pause_begins_anew():
    clock = Seconds()
    breaker = broken(clock)
    clock.now += PAUSE_SECONDS
    assert breaker.lets_ask()
    clock.now += 2
    breaker.failed()
    clock.now += PAUSE_SECONDS - 1
    assert not breaker.lets_ask()
    clock.now += 1
    assert breaker.lets_ask()


def test_a_trial_that_never_reports_back_delays_the_next_by_one_pause():
    clock = Seconds()
    breaker = broken(clock)
    clock.now += PAUSE_SECONDS
    assert breaker.lets_ask()
    clock.now += PAUSE_SECONDS
    assert breaker.lets_ask()
