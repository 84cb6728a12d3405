from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.entities import Entities, EntityKind

NAMES = {EntityKind.MUNICIPALITY: lambda: {"Köthen": "koethen", "Köthen (Anhalt)": "koethen"}}
ENTITIES = Entities(NAMES, lambda: datetime(2026, 3, 18, 12, tzinfo=UTC))  # a Wednesday


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("geht das morgen", "2026-03-19"),
        ("übermorgen früh", "2026-03-20"),
        ("nächsten Montag", "2026-03-23"),
        ("am mittwoch", "2026-03-25"),
        ("ab 20.3. offen", "2026-03-20"),
        ("am 15.3.", "2027-03-15"),
        ("am 15.3.2025", "2025-03-15"),
        ("2026-12-24", "2026-12-24"),
    ],
)
def test_dates_are_understood(text, value):
    assert [entity.value for entity in ENTITIES.find(text)] == [value]


@pytest.mark.parametrize("text", ["guten morgen", "31.2.2026", "2026-13-01", "99.99."])
def test_what_is_no_date_is_none(text):
    assert ENTITIES.find(text) == []


def test_places_and_numbers_come_with_their_span():
    text = "in köthen (anhalt), 06366, Leistung 99108008026000"
    found = [
        (entity.kind, entity.value, text[entity.start : entity.end])
        for entity in ENTITIES.find(text)
    ]
    assert found == [
        (EntityKind.MUNICIPALITY, "koethen", "köthen (anhalt)"),
        (EntityKind.POSTCODE, "06366", "06366"),
        (EntityKind.LEIKA, "99108008026000", "99108008026000"),
    ]


@given(st.text(max_size=700))
def test_no_text_makes_it_fail(text):
    for entity in ENTITIES.find(text):
        assert 0 <= entity.start < entity.end <= len(text)
