"""Every button of a conversation fits into Telegram's 64 bytes, also with the longest ids."""

from importlib import import_module
from pkgutil import iter_modules

import pytest

from handlers import buttons
from handlers.ask.why import Explanations
from handlers.buttons.citizens import (
    LONGEST_REFERENCE,
    ChooseEntry,
    Explain,
    NarrowDown,
    NoneOfThese,
    Part,
    RateAnswer,
)
from nlu.understanding import Decision, Understanding
from tests.conftest import FRIDAY_NOON

LONGEST = "x" * 40
ARS = "150820180180"
TOKEN = Explanations(lambda: FRIDAY_NOON).keep(Understanding(Decision.REFUSE))
BIG = 2**63 - 1


@pytest.mark.parametrize(
    "payload",
    [
        ChooseEntry.of(LONGEST, LONGEST_REFERENCE, Part.DOCUMENTS, ARS),
        ChooseEntry.of(LONGEST, BIG, Part.DOCUMENTS, ARS),
        ChooseEntry.of(f"known:{LONGEST}", LONGEST_REFERENCE),
        NoneOfThese(ref=BIG, language="de"),
        NarrowDown(situation="x" * 40, ref=LONGEST_REFERENCE, language="de"),
        RateAnswer(ref=BIG, up=False),
        Explain(token=TOKEN),
    ],
    ids=lambda payload: type(payload).__name__,
)
def test_it_fits_into_64_bytes(payload) -> None:
    assert len(payload.pack().encode()) <= 64


@pytest.mark.parametrize("entry_id", ["hund-anmelden", "faq:offen", "known:notar", "ozg:10124"])
@pytest.mark.parametrize("ref", [None, 0, 1, 255, LONGEST_REFERENCE])
def test_what_is_packed_comes_out_again(entry_id: str, ref: int | None) -> None:
    packed = ChooseEntry.of(entry_id, ref, Part.FEES, ARS).pack()
    found = ChooseEntry.unpack(packed)
    assert (found.entry_id, found.ref, found.part, found.ars) == (entry_id, ref, Part.FEES, ARS)


def test_a_reference_too_long_for_a_button_is_left_out() -> None:
    assert ChooseEntry.of("hund", LONGEST_REFERENCE + 1).ref is None


def test_no_two_kinds_of_buttons_look_the_same() -> None:
    modules = [
        import_module(f"{buttons.__name__}.{one.name}") for one in iter_modules(buttons.__path__)
    ]
    kinds = {one for module in modules for one in vars(module).values() if isinstance(one, type)}
    prefixes = [one.__prefix__ for one in kinds if hasattr(one, "__prefix__")]
    assert len(prefixes) > 50
    assert len(prefixes) == len(set(prefixes))


@pytest.mark.parametrize("forged", ["e:hund:zz:c:", "e:hund::c:", "e:hund:-:c:"])
def test_a_forged_reference_is_none(forged: str) -> None:
    assert ChooseEntry.unpack(forged).ref is None
