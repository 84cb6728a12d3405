"""Judges a trial: what was lost, what happened twice, what is openly doubtful. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.crash.ledger import OutboxRow


@dataclass(frozen=True)
class Expected:
    """What one person's deeds must have caused."""

    deeds: int
    replies: int
    questions: int
    wishes: int


@dataclass(frozen=True)
class Found:
    """What stands in the database and in the chats when everything is quiet."""

    owed: int
    updates: Counter[tuple[int, str]]
    outbox: list[OutboxRow]
    questions: Counter[int]
    new_wishes: int
    wishes: Counter[int]
    chats: Mapping[int, frozenset[int]]
    """The ids of the bot's messages in each person's chat."""


@dataclass
class Verdict:
    """Counts, and a line for each finding."""

    lost: int = 0
    doubled: int = 0
    ambiguous: int = 0
    findings: list[str] = field(default_factory=list)

    def compare(self, what: str, *, found: int, wanted: int) -> None:
        """Too little is lost, too much is doubled."""
        if found == wanted:
            return
        self.findings.append(f"{what}: {found} instead of {wanted}")
        self.lost += max(0, wanted - found)
        self.doubled += max(0, found - wanted)


def judge(
    expected: Mapping[int, Expected],
    found: Found,
    sending_at_kills: Mapping[int, int],
    *,
    resets: bool = False,
) -> Verdict:
    """Return what went wrong; what was being sent at a kill must be listed as doubtful.

    `sending_at_kills` counts the kills by message. A reply is sent a second time after a doubt, so
    it is there unless the second attempt was struck as well: by a kill, or by one of the `resets`.
    """
    doubts = {
        row.id: max(sending_at_kills.get(row.id, 0), 1) for row in found.outbox if row.ambiguous
    }
    verdict = Verdict(ambiguous=sum(doubts.values()))
    verdict.compare("updates Telegram still owes", wanted=found.owed, found=0)
    for person, wanted in expected.items():
        _judge_person(verdict, person, wanted, found, doubts)
        if not resets:
            _judge_doubtful(verdict, person, found, doubts)
    _judge_figures(verdict, expected, found)
    for row_id in sorted(set(sending_at_kills) - set(doubts)):
        verdict.doubled += 1
        verdict.findings.append(f"message {row_id} was being sent at a kill and is not listed")
    return verdict


def _judge_person(
    verdict: Verdict, person: int, wanted: Expected, found: Found, doubts: Mapping[int, int]
) -> None:
    done = found.updates[person, "done"]
    verdict.compare(f"updates of {person} done", found=done, wanted=wanted.deeds)
    for state in ("new", "failed"):
        count = found.updates[person, state]
        if count:
            verdict.findings.append(f"{count} updates of {person} are {state}")
    rows = [row for row in found.outbox if row.person == person]
    verdict.compare(f"replies queued for {person}", found=len(rows), wanted=wanted.replies)
    verdict.compare(f"wishes of {person}", found=found.wishes[person], wanted=wanted.wishes)
    allowed = sum(doubts.get(row.id, 0) for row in rows)
    _judge_messages(verdict, person, rows, found.chats.get(person, frozenset()), allowed)


def _judge_doubtful(
    verdict: Verdict, person: int, found: Found, doubts: Mapping[int, int]
) -> None:
    """A reply with one doubt was repeated, and arrived at least once."""
    rows = [row for row in found.outbox if row.person == person]
    unclear = [row for row in rows if row.status == "unknown" and not row.edits]
    repeated = sum(doubts.get(row.id, 0) == 1 for row in unclear)
    known = {row.telegram_message_id for row in rows if row.status == "sent"}
    there = len(found.chats.get(person, frozenset()) - known)
    if repeated > there:
        verdict.lost += repeated - there
        verdict.findings.append(f"{repeated - there} doubtful messages for {person} never arrived")


def _judge_messages(
    verdict: Verdict, person: int, rows: list[OutboxRow], there: frozenset[int], allowed: int
) -> None:
    """Each reply is in the chat; more than once only where it is listed as doubtful."""
    for row in rows:
        if row.status != "sent" and not row.ambiguous:
            verdict.lost += 1
            verdict.findings.append(f"message {row.id} for {person} is {row.status}")
    known = Counter(
        row.telegram_message_id for row in rows if row.status == "sent" and not row.edits
    )
    for message_id, count in known.items():
        verdict.compare(f"message {message_id} in the chat of {person}",
                        found=int(message_id in there), wanted=1)  # fmt: skip
        verdict.compare(f"rows for message {message_id} of {person}", found=count, wanted=1)
    extra = len(there - known.keys())
    if extra > allowed:
        verdict.doubled += extra - allowed
        verdict.findings.append(f"{person} got {extra} unaccounted messages, {allowed} doubtful")


def _judge_figures(verdict: Verdict, expected: Mapping[int, Expected], found: Found) -> None:
    """The statistic knows pseudonyms only: compare how many have asked how often."""
    asked = [one.questions for one in expected.values() if one.questions]
    counted = sum(times * people for times, people in found.questions.items())
    verdict.compare("questions counted", found=counted, wanted=sum(asked))
    if counted == sum(asked) and found.questions != Counter(asked):
        verdict.doubled += 1
        verdict.findings.append("questions counted for the wrong people")
    wishes = sum(one.wishes for one in expected.values())
    verdict.compare("new wishes counted", found=found.new_wishes, wanted=wishes)
