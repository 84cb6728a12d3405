"""What becomes of a question: understood beside the event loop, or by words alone in time."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.entries import Taught, entries_of
from handlers.understanding import Options, Understanders, questions_of
from nlu.training import Training, read_training
from nlu.understanding import Candidate, Decision, Entry, Understanding
from nlu.vectors import VectorStore
from services.catalogue.rules import Snapshot
from tests.conftest import ROOT
from tests.real_region import real_region
from tests.small_encoder import SmallEncoder

COUNTY = real_region(ROOT / "tests" / "region_folder")
FIRST = COUNTY.snapshot
Open = Callable[..., Understanders]


class Counted:
    """Counts what it is told."""

    def __init__(self) -> None:
        self.reasons: list[str] = []
        self.decisions: list[str] = []
        self.most_waiting = 0

    def decided(self, decision: str) -> None:
        self.decisions.append(decision)

    def fell_back(self, reason: str) -> None:
        self.reasons.append(reason)

    def understood(self, seconds: float) -> None:
        assert seconds >= 0

    def waiting(self, count: int) -> None:
        self.most_waiting = max(self.most_waiting, count)


class Sure:
    """Answers everything with the first entry; with encoders as slow as it is told."""

    may_answer = threading.Event()

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.slow = False
        self.first = entries[0].id

    def with_meaning(self, stores: Sequence[VectorStore]) -> "Sure":
        found = copy(self)
        found.slow = True
        return found

    def understand(self, question: str) -> Understanding:
        if self.slow and not self.may_answer.wait(timeout=10):
            raise AssertionError
        if self.slow and question == "broken":
            raise ArithmeticError
        return Understanding(Decision.ANSWER, [Candidate(self.first, 1.0, question)])


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def encoder() -> SmallEncoder:
    return SmallEncoder()


@pytest.fixture
async def opened(tmp_path: Path, counted: Counted, encoder: SmallEncoder) -> AsyncIterator[Open]:
    found: list[Understanders] = []

    def open_(**options: object) -> Understanders:
        given = {"encoders": ("small",), "load": lambda _name: encoder, "vectors": tmp_path}
        understanders = Understanders(
            COUNTY.region, Options(**{**given, **options}), watch=counted
        )
        found.append(understanders)
        return understanders

    yield open_
    for one in found:
        one.close()


def with_service(snapshot: Snapshot, **changed: object) -> Snapshot:
    """Return the next revision, in which the first service is changed."""
    services = dict(snapshot.services)
    key = next(iter(services))
    services[key] = services[key].model_copy(update=changed)
    return replace(snapshot, revision=snapshot.revision + 1, services=services)


async def test_words_answer_until_the_encoders_are_there(
    opened: Open, encoder: SmallEncoder
) -> None:
    encoder.may_answer.clear()
    understanders = opened()
    early = await understanders.understand(FIRST, "Hund anmelden")
    assert early.by == "words"
    assert understanders.state()["state"] == "words"
    encoder.may_answer.set()
    assert await understanders.ready(FIRST, 10)
    late = await understanders.understand(FIRST, "my dog")
    assert late.candidates[0].id == "hund-anmelden"
    assert understanders.state() == {
        "encoders": ["small"],
        "state": "ready",
        "entries": len(entries_of(FIRST.services.values(), read_training())),
        "waiting": 0,
    }


async def test_the_same_question_is_understood_once(opened: Open, counted: Counted) -> None:
    understanders = opened(make=Sure, encoders=())
    first = await understanders.understand(FIRST, "Hund anmelden")
    again = await understanders.understand(FIRST, "  hund ANMELDEN ")
    assert again is first
    assert counted.decisions == ["answer", "answer"]


async def test_when_too_many_wait_words_decide_and_the_person_chooses(
    opened: Open, counted: Counted
) -> None:
    Sure.may_answer.set()
    understanders = opened(make=Sure, most_waiting=2)
    await understanders.ready(FIRST, 10)
    Sure.may_answer.clear()
    asked = [asyncio.ensure_future(understanders.understand(FIRST, one)) for one in "ab"]
    await asyncio.sleep(0)
    third = await understanders.understand(FIRST, "c")
    assert (third.decision, third.by) == (Decision.CHOOSE, "words")
    assert counted.reasons == ["full"]
    Sure.may_answer.set()
    assert [one.decision for one in await asyncio.gather(*asked)] == [Decision.ANSWER] * 2
    assert counted.most_waiting == 2


async def test_nobody_waits_longer_than_set(opened: Open, counted: Counted) -> None:
    Sure.may_answer.set()
    understanders = opened(make=Sure, seconds=0.05)
    await understanders.ready(FIRST, 10)
    Sure.may_answer.clear()
    found = await understanders.understand(FIRST, "a")
    assert (found.decision, found.by, counted.reasons) == (Decision.CHOOSE, "words", ["slow"])
    Sure.may_answer.set()


async def test_an_encoder_that_fails_costs_nobody_the_answer(
    opened: Open, counted: Counted
) -> None:
    Sure.may_answer.set()
    understanders = opened(make=Sure)
    await understanders.ready(FIRST, 10)
    found = await understanders.understand(FIRST, "broken")
    assert (found.by, counted.reasons) == ("words", ["failed"])


async def test_the_event_loop_goes_on_meanwhile(opened: Open) -> None:
    Sure.may_answer.set()
    understanders = opened(make=Sure)
    await understanders.ready(FIRST, 10)
    Sure.may_answer.clear()
    asked = asyncio.ensure_future(understanders.understand(FIRST, "a"))
    for _ in range(100):
        await asyncio.sleep(0.001)
    assert not asked.done()
    Sure.may_answer.set()
    await asked


async def test_an_edited_service_is_found_and_only_its_new_words_are_encoded(
    opened: Open, encoder: SmallEncoder
) -> None:
    understanders = opened()
    await understanders.ready(FIRST, 10)
    encoder.encoded.clear()
    second = with_service(FIRST, synonyms=("Drache", "Lindwurm", "Ungeheuer"))
    edited = next(iter(FIRST.services))
    assert await understanders.ready(second, 10)
    assert sorted(encoder.encoded) == ["Drache", "Lindwurm", "Ungeheuer"]
    found = await understanders.understand(second, "my dragon")
    assert found.candidates[0].id == edited


async def test_the_old_index_answers_until_the_new_one_stands(
    opened: Open, encoder: SmallEncoder
) -> None:
    understanders = opened()
    await understanders.ready(FIRST, 10)
    before = understanders.indexing.current
    second = with_service(FIRST, synonyms=("Drache", "Lindwurm", "Ungeheuer"))
    understanders.follow(second)
    found = await understanders.understand(second, "my dog")
    assert found.candidates[0].id == "hund-anmelden"
    await understanders.ready(second, 10)
    assert understanders.indexing.current is not before


async def test_a_service_that_is_gone_is_not_offered(opened: Open) -> None:
    understanders = opened(make=Sure, encoders=())
    gone = (await understanders.understand(FIRST, "a")).candidates[0].id
    left = {key: one for key, one in FIRST.services.items() if key != gone}
    found = await understanders.understand(replace(FIRST, services=left), "a")
    assert (found.decision, list(found.candidates)) == (Decision.REFUSE, [])


async def test_what_staff_taught_is_known(opened: Open) -> None:
    understanders = opened(encoders=())
    await understanders.ready(FIRST, 10)
    taught = Taught(1, {"hund-anmelden": ("Wauwau vom Züchter",)})
    understanders.follow(FIRST, taught)
    assert await understanders.ready(FIRST, 10)
    found = await understanders.understand(FIRST, "wauwau")
    assert found.candidates[0].id == "hund-anmelden"


async def test_several_questions_are_prepared_beforehand(
    opened: Open, encoder: SmallEncoder
) -> None:
    understanders = opened()
    await understanders.ready(FIRST, 10)
    assert understanders.takes_time("my dog")
    await understanders.prepare(FIRST, ["my dog", "MY dog", "a house"])
    assert not understanders.takes_time("my dog")
    encoder.encoded.clear()
    await understanders.understand(FIRST, "a house")
    assert encoder.encoded == []


async def test_a_place_alone_and_words_alone_take_no_time(opened: Open) -> None:
    understanders = opened()
    await understanders.ready(FIRST, 10)
    assert not understanders.takes_time("Köthen")
    plain = opened(encoders=())
    await plain.ready(FIRST, 10)
    assert not plain.takes_time("my dog")


async def test_a_question_means_the_same_with_and_without_a_place(opened: Open) -> None:
    understanders = opened(make=Sure, encoders=())
    found = await understanders.understand(FIRST, "Hund anmelden in Köthen")
    assert found.candidates[0].why == "Hund anmelden"
    only_a_place = await understanders.understand(FIRST, "Köthen")
    assert only_a_place.candidates[0].why == "Köthen"


@pytest.mark.parametrize(
    ("text", "private", "asked"),
    [
        ("Hund anmelden", True, ("Hund anmelden",)),
        ("umgezogen und Hund", True, ("umgezogen und Hund", "umgezogen", "Hund")),
        ("Hund anmelden", False, ()),
        ("/suche Hund anmelden", False, ("Hund anmelden",)),
        ("/search@some_bot dog", True, ("dog",)),
        ("/suche", True, ()),
        ("/start 99115005104000", True, ()),
    ],
)
def test_what_is_a_question(text: str, private: bool, asked: tuple[str, ...]) -> None:
    assert questions_of(text, private=private) == asked


def test_an_ozg_service_teaches_only_where_one_service_stands_for_it() -> None:
    services = list(FIRST.services.values())[:3]
    shared = [
        one.model_copy(update={"ozg": ozg})
        for one, ozg in zip(services, ("10001", "10001", "10002"), strict=True)
    ]
    training = Training({}, {"10001": ("of two",), "10002": ("of one",)}, ())
    found = entries_of(shared, training, [Entry("faq:open", ("Open?",))])[:4]
    assert ["of two" in one.phrases for one in found] == [False] * 4
    assert ["of one" in one.phrases for one in found] == [False, False, True, False]
    assert found[-1].id == "faq:open"
