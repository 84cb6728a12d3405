"""Learn from use: what people chose or did not find waits for staff, who make examples of it.

A question is masked before it is stored, and nobody's: who asked stands nowhere.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from services.audit.service import Audit
from services.catalogue.rules import Snapshot
from services.catalogue.service import Catalogue
from services.clock import Clock
from services.errors import ServiceError
from services.learning import store
from services.learning.model import (
    LONGEST_ENTRY,
    LONGEST_QUESTION,
    AskedQuestion,
    Signal,
    State,
)
from services.learning.records import Question, QuestionPage, Taught
from services.learning.rules import (
    RETENTION,
    Understood,
    answered_entry,
    first_signal,
    is_beyond_services,
    may_be_kept,
    thumb_signal,
)
from services.learning.teaching import TaughtCache, will_change
from services.region.service import Region
from services.staff.rules import Action, Actor
from services.staff.service import Staff

PAGE = 5
MOST_GATHERED = 200
"""Questions in one run of the job."""


class DecidedQuestionError(ServiceError):
    """Somebody has decided about this question already, or it is gone."""

    text_key = "learning.decided"


class Masks(Protocol):
    """Takes everything out of a question that may say who asks."""

    async def mask(self, question: str, snapshot: Snapshot) -> str | None:
        """Return the masked words; None when too little would be left."""
        ...


@dataclass(frozen=True)
class Learning:
    """Use cases around questions that may become examples."""

    session: AsyncSession
    cache: TaughtCache
    masks: Masks
    catalogue: Catalogue
    staff: Staff
    audit: Audit
    region: Region
    clock: Clock

    async def asked(self, question: str, understanding: Understood) -> int | None:
        """Keep a question of a private chat, masked; return its number for the buttons below.

        None when it must not be kept: emergencies, abuse and what is said to the bot itself, long
        texts, and questions of which masking leaves too little. Never call it for a group.
        """
        if not may_be_kept(question, understanding):
            return None
        masked = await self.masks.mask(question, await self.catalogue.snapshot())
        if not masked or len(masked) > LONGEST_QUESTION:
            return None
        return await store.put(
            self.session,
            text=masked,
            language=str(understanding.language),
            decision=str(understanding.decision),
            entry_id=answered_entry(understanding),
            signal=first_signal(understanding),
            created_at=self._today(),
        )

    async def chosen(self, ref: int, entry_id: str) -> None:
        """Note which entry was meant; the last press counts, one after its day changes nothing."""
        if len(entry_id) <= LONGEST_ENTRY:
            await store.press(
                self.session, ref, self._today(), entry_id=entry_id, signal=Signal.CHOSEN
            )

    async def thumb(self, ref: int, up: bool) -> None:
        """Note whether the answer helped; without an entry, a thumb down: nothing fitted."""
        entry_id = await store.entry_of(self.session, ref, self._today())
        if entry_id is None:
            return
        signal = thumb_signal(entry_id, up=up)
        if signal is not None:
            await store.press(self.session, ref, self._today(), signal=signal)

    async def waiting(self, actor: Actor, page: int = 0) -> QuestionPage:
        """Return questions that wait for a decision, the most counted first."""
        self._require(actor)
        total, rows = await store.waiting(self.session, page=page, size=PAGE)
        if not rows and page:
            return await self.waiting(actor)
        return _page(page, total, [_question(row) for row in rows])

    async def unanswered(self, actor: Actor, most: int = 3) -> Sequence[Question]:
        """Return what people asked most without finding anything."""
        self._require(actor)
        return [_question(row) for row in await store.unanswered(self.session, most)]

    async def released(self, actor: Actor, page: int = 0) -> QuestionPage:
        """Return the examples that staff released, the newest first."""
        self._require(actor)
        total, rows = await store.released(self.session, page=page, size=PAGE)
        if not rows and page:
            return await self.released(actor)
        return _page(page, total, [_question(row) for row in rows])

    async def question(self, actor: Actor, id: int) -> Question:  # noqa: A002
        """Return a question that waits, or raise `DecidedQuestionError`."""
        self._require(actor)
        return _question(await self._open(id))

    async def release(self, id: int, entry_id: str, actor: Actor) -> None:  # noqa: A002
        """Make a question an example of an entry, effective at once.

        It is decided for everybody who asked in the same words; an example of the same words for
        another entry ends.
        """
        self._require(actor)
        await self._check_entry(entry_id)
        row = await self._open(id)
        await self._decide(row, actor, State.RELEASED, entry_id)
        await self._examples_changed()

    async def reject(self, id: int, actor: Actor) -> None:  # noqa: A002
        """Decide that a question is no example; the same words do not come up again."""
        self._require(actor)
        row = await self._open(id)
        before = await self._decide(row, actor, State.REJECTED, row.entry_id)
        if before is State.RELEASED:
            await self._examples_changed()

    async def withdraw(self, id: int, actor: Actor) -> None:  # noqa: A002
        """Take back an example, effective at once."""
        self._require(actor)
        row = await store.lock(self.session, id)
        if row is None or row.state != State.RELEASED:
            raise DecidedQuestionError
        self._note(row, actor, State.REJECTED, row.entry_id)
        await self._audit(actor, "withdraw", row, before=row.entry_id)
        await self._examples_changed()

    async def taught(self) -> Taught:
        """Return the released examples by entry; asked for once in a unit of work."""
        return await self.cache.current(self.session)

    async def written(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        """Return the released examples by entry and language, for the files of examples."""
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for entry_id, language, text in await store.examples(self.session):
            found[entry_id][language].append(text)
        return found

    async def repeated(self) -> Sequence[int]:
        """Return questions of earlier days that should be gathered, not too many at once."""
        return await store.repeated(self.session, self._today(), MOST_GATHERED)

    async def gather(self, number: int) -> None:
        """Make equal questions of earlier days one; a decision about them takes them in."""
        today = self._today()
        row = await store.lock(self.session, number, before=today)
        if row is None or row.state != State.OPEN:
            return
        await store.gather(self.session, row, before=today)
        decided = await store.decided(self.session, row.text)
        if decided is not None and await store.is_settled(self.session, number):
            decided.count += row.count
            await self.session.delete(row)
            await self.session.flush()

    async def forget_old(self) -> int:
        """Delete questions nobody said anything to when their day is over, others after 90 days.

        Examples stay: staff have read every word of them.
        """
        today = self._today()
        return await store.forget(self.session, unsignalled=today, kept=today - RETENTION)

    def _today(self) -> date:
        return self.clock().astimezone(self.region.zone).date()

    def _require(self, actor: Actor) -> None:
        """Examples count in the whole county."""
        self.staff.require(actor, Action.TEACH, self.region.facts.ars)

    async def _check_entry(self, entry_id: str) -> None:
        if not is_beyond_services(entry_id):
            await self.catalogue.get(entry_id)

    async def _open(self, number: int) -> AskedQuestion:
        row = await store.lock(self.session, number)
        if row is None or row.state != State.OPEN:
            raise DecidedQuestionError
        return row

    async def _decide(
        self, row: AskedQuestion, actor: Actor, state: State, entry_id: str
    ) -> State | None:
        """Write down a decision about a text; return what was decided about it before."""
        earlier = await store.decided(self.session, row.text)
        before = State(earlier.state) if earlier else None
        if earlier is not None:
            row.count += earlier.count
            await self.session.delete(earlier)
            await self.session.flush()
        await store.gather(self.session, row)
        shown = row.entry_id
        self._note(row, actor, state, entry_id)
        verb = "release" if state is State.RELEASED else "reject"
        await self._audit(actor, verb, row, before=shown)
        await self.session.flush()
        return before

    def _note(self, row: AskedQuestion, actor: Actor, state: State, entry_id: str) -> None:
        row.state, row.entry_id = state, entry_id
        row.decided_by, row.decided_at = actor.staff_id, self.clock()

    async def _audit(self, actor: Actor, verb: str, row: AskedQuestion, *, before: str) -> None:
        """Note the deed by number: the words would stay in the trail for ever."""
        await self.audit.note(
            actor.staff_id,
            f"learning.{verb}",
            f"question:{row.id}",
            before={"entry": before},
            after={"entry": row.entry_id, "count": row.count},
        )

    async def _examples_changed(self) -> None:
        will_change(self.session)
        await store.next_revision(self.session)


def _question(row: Any) -> Question:
    """Return what staff see of a row, gathered or not."""
    return Question(
        id=row.id,
        text=row.text,
        language=row.language,
        decision=row.decision,
        entry_id=row.entry_id,
        signal=row.signal,
        count=row.count,
    )


def _page(page: int, total: int, questions: Sequence[Question]) -> QuestionPage:
    return QuestionPage(page, max(-(-total // PAGE), 1), total, questions)
