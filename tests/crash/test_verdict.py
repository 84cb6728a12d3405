"""The judge of the crash matrix: each kind of loss and of doubling counts."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.crash.ledger import OutboxRow
from tests.crash.verdict import Expected, Found, Verdict, judge

ERIKA = 7
WANTED = {ERIKA: Expected(deeds=2, replies=2, questions=1, wishes=1)}
CARD = OutboxRow(1, ERIKA, "SendMessage", "sent", 11, ambiguous=False)
MENU = OutboxRow(2, ERIKA, "EditMessageText", "sent", 11, ambiguous=False)
FINE = Found(
    owed=0,
    updates=Counter({(ERIKA, "done"): 2}),
    outbox=[CARD, MENU],
    questions=Counter({1: 1}),
    new_wishes=1,
    wishes=Counter({ERIKA: 1}),
    chats={ERIKA: frozenset({11})},
)


def judged(found: Found, **sending: int) -> tuple[int, int, int]:
    kills = {int(row.removeprefix("row")): count for row, count in sending.items()}
    verdict = judge(WANTED, found, kills)
    assert bool(verdict.findings) == bool(verdict.lost or verdict.doubled)
    return verdict.lost, verdict.doubled, verdict.ambiguous


def test_a_quiet_end_with_everything_in_place_is_fine() -> None:
    assert judge(WANTED, FINE, {}) == Verdict()


@pytest.mark.parametrize(
    "found",
    [
        replace(FINE, owed=1),
        replace(FINE, updates=Counter({(ERIKA, "done"): 1, (ERIKA, "new"): 1})),
        replace(FINE, updates=Counter({(ERIKA, "done"): 1, (ERIKA, "failed"): 1})),
        replace(FINE, outbox=[CARD]),
        replace(FINE, outbox=[CARD, replace(MENU, status="queued")]),
        replace(FINE, outbox=[CARD, replace(MENU, status="sending")]),
        replace(FINE, questions=Counter()),
        replace(FINE, new_wishes=0),
        replace(FINE, wishes=Counter()),
        replace(FINE, chats={}),
    ],
    ids=lambda found: "",
)
def test_whatever_is_missing_is_lost(found: Found) -> None:
    assert judged(found) == (1, 0, 0)


@pytest.mark.parametrize(
    "found",
    [
        replace(FINE, updates=Counter({(ERIKA, "done"): 3})),
        replace(FINE, outbox=[CARD, MENU, replace(MENU, id=3)]),
        replace(FINE, questions=Counter({2: 1})),
        replace(FINE, new_wishes=2),
        replace(FINE, wishes=Counter({ERIKA: 2})),
        replace(FINE, chats={ERIKA: frozenset({11, 12})}),
    ],
    ids=lambda found: "",
)
def test_whatever_is_there_twice_is_doubled(found: Found) -> None:
    assert judged(found) == (0, 1, 0)


def test_a_doubtful_message_may_be_there_twice() -> None:
    doubtful = replace(CARD, ambiguous=True)
    twice = replace(FINE, outbox=[doubtful, MENU], chats={ERIKA: frozenset({10, 11})})
    assert judged(twice, row1=1) == (0, 0, 1)


def test_it_is_there_once_more_for_each_attempt_that_was_struck() -> None:
    unknown = replace(CARD, status="unknown", telegram_message_id=None, ambiguous=True)
    found = replace(FINE, outbox=[unknown, MENU], chats={ERIKA: frozenset({9, 10})})
    assert judged(found, row1=2) == (0, 0, 2)
    found = replace(found, chats={ERIKA: frozenset({8, 9, 10})})
    assert judged(found, row1=2) == (0, 1, 2)


def test_it_is_missing_only_when_the_second_attempt_was_struck_as_well() -> None:
    unknown = replace(CARD, status="unknown", telegram_message_id=None, ambiguous=True)
    gone = replace(FINE, outbox=[unknown, replace(MENU, telegram_message_id=None)], chats={})
    assert judged(gone, row1=2) == (0, 0, 2)
    assert judged(gone, row1=1) == (1, 0, 1)


def test_what_was_being_sent_at_a_kill_must_be_listed() -> None:
    assert judged(FINE, row1=1) == (0, 1, 0)


def test_counting_for_the_wrong_person_does_not_cancel_out() -> None:
    wanted = {ERIKA: Expected(0, 0, 1, 0), ERIKA + 1: Expected(0, 0, 3, 0)}
    found = Found(0, Counter(), [], Counter({2: 2}), 0, Counter(), {})
    assert judge(wanted, found, {}).doubled == 1
