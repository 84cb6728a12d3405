"""What people read when they ask about offices, holidays and what others do."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from handlers.buttons.citizens import ShowFaq
from handlers.entries import entries_of, faq_entries
from handlers.faq.cards import beyond, day_in, faq_card
from nlu.supplement import services_of_others, topics
from nlu.training import read_training
from nlu.understanding import Kind
from services.faq.reading import read_book
from services.faq.records import ShortSlug
from services.region.service import Region
from services.text import Texts
from tests.catalogue.kit import KOETHEN, ZERBST, office_data, service, write
from tests.county import County
from tests.faq.test_reading import PHRASES, faq

TUESDAY = datetime(2026, 11, 24, 9, tzinfo=UTC)  # ten o'clock in Köthen
HOURS = ["Di 9-12 und 13-18 Uhr", "Do 9-12 Uhr"]
OFFICES = [
    office_data("kreis", tasks=["kreis"], hours=HOURS, phone="+49 3496 600", unverified=["hours"]),
    office_data("rathaus-koethen", tasks=["auskunft"], area=KOETHEN, hours=["Mi 9-12"]),
    office_data("rathaus-zerbst", tasks=["auskunft"], area=ZERBST, phone="+49 3923 7540"),
    office_data("stumm", tasks=["stumm"]),
]
ADDRESS = {"street": "Am Test 1", "postcode": "06366", "town": "Köthen (Anhalt)"}


@pytest.fixture
def book(tmp_path: Path) -> Any:
    """A small faq.yaml beside what the test county says."""
    rows = [
        {"task": "auskunft", "words": ["Rathaus"]},
        {"task": "stumm", "words": ["Archiv"]},
        {"task": "nirgends", "words": ["Sternwarte"]},
    ]
    kinds = ["hours", "today", "contact", "holidays", "municipalities"]
    computed = [faq(id=kind, kind=kind, answer=...) for kind in kinds]
    christmas = {"on": "12-24", "name": {"de": "Heiligabend", "en": "Christmas Eve"}}
    content = {
        "offices": {"county": "kreis", "town_task": "auskunft", "words": rows},
        "closing_days": [christmas],
        "faq": [
            *computed,
            faq(office="kreis", services=["hund-anmelden", "fehlt"]),
            faq(id="wer", kind="responsible"),
            faq(id="alt", as_of="2020-01-01", review_by="2021-01-01"),
            faq(id="scharf", answer={"de": "<b>&amp;", "en": "<b>&amp;"}),
        ],
    }
    (tmp_path / "faq.yaml").write_text(json.dumps(content, indent=1))
    return read_book(tmp_path)


@pytest.fixture
async def town(county: County, book: Any, tmp_path: Path) -> County:
    assert not book.problems
    offices = [dict(one) for one in OFFICES]
    offices[0]["address"] = ADDRESS
    file = write(tmp_path / "offices.yaml", offices=offices)
    async with county.application.transaction() as services:
        report = await services.catalogue.take_in(file)
        assert not report.refused, report.refused
    work = county.application.work
    work.house = replace(work.house, book=book)
    county.clock.now = TUESDAY
    return county


async def card(town: County, texts: Texts, slug: str, question: str = "", **more: Any) -> str:
    async with town.application.work.reading() as services:
        words, _ = await faq_card(services.faqs, texts.of("de"), slug, question, **more)
        return str(words).split("\n\n", 1)[1]


# -- opening hours


async def test_the_hours_of_the_county_with_what_is_not_confirmed(
    town: County, texts: Texts
) -> None:
    assert await card(town, texts, "hours") == (
        "Amt, Öffnungszeiten:\nDienstag: 09:00 bis 12:00 Uhr, 13:00 bis 18:00 Uhr\n"
        "Donnerstag: 09:00 bis 12:00 Uhr\n\n"
        "Bitte vorab prüfen: Diese Angaben sind noch nicht bestätigt."
    )


async def test_unknown_hours_are_said_to_be_unknown(town: County, texts: Texts) -> None:
    unknown = "Amt: Die Öffnungszeiten sind mir nicht bekannt"
    words = await card(town, texts, "hours", "Öffnungszeiten in Zerbst", place=ZERBST)
    assert words == f"{unknown}. Bitte rufen Sie vorher an: +49 3923 7540"
    words = await card(town, texts, "today", "hat das archiv auf")
    assert words == f"{unknown}, eine Telefonnummer auch nicht. Auskunft gibt 115."


@pytest.mark.parametrize(
    ("question", "place", "words"),
    [
        ("habt ihr heute auf", None, "Amt: jetzt geöffnet, bis 12:00 Uhr."),
        (
            "am donnerstag offen?",
            None,
            "Amt: am Donnerstag, 26.11.2026 geöffnet, 09:00 bis 12:00 Uhr.",
        ),
        (
            "morgen offen?",
            None,
            (
                "Amt: am Mittwoch, 25.11.2026 geschlossen.\n\n"
                "Wieder geöffnet: Donnerstag, 26.11.2026, 09:00 Uhr."
            ),
        ),
        (
            "ist am 24.12. offen",
            None,
            (
                "Amt: am Donnerstag, 24.12.2026 geschlossen (Heiligabend).\n\n"
                "Wieder geöffnet: Dienstag, 29.12.2026, 09:00 Uhr."
            ),
        ),
        (
            "31.12. offen?",
            None,
            (
                "Amt: am Donnerstag, 31.12.2026 geöffnet, 09:00 bis 12:00 Uhr.\n\n"
                "Am 24. und 31. Dezember haben viele Ämter geschlossen. Bitte rufen Sie vorher an."
            ),
        ),
        (
            "rathaus heute offen",
            KOETHEN,
            "Amt: heute geschlossen.\n\nWieder geöffnet: Mittwoch, 25.11.2026, 09:00 Uhr.",
        ),
    ],
)
async def test_open_or_not(
    town: County, texts: Texts, question: str, place: str | None, words: str
) -> None:
    assert (await card(town, texts, "today", question, place=place)).startswith(words)


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (7, "Amt: jetzt geschlossen, öffnet heute um 09:00 Uhr. Zeiten heute: 09:00 bis"),
        (11, "Amt: jetzt geschlossen, öffnet heute um 13:00 Uhr."),
        (12, "Amt: jetzt geöffnet, bis 18:00 Uhr."),
        (18, "Amt: jetzt geschlossen. Zeiten heute: 09:00 bis 12:00 Uhr, 13:00 bis 18:00 Uhr."),
    ],
)
async def test_in_the_course_of_a_day(town: County, texts: Texts, hour: int, words: str) -> None:
    town.clock.now = TUESDAY.replace(hour=hour)
    assert (await card(town, texts, "today")).startswith(words)


async def test_a_town_s_office_without_a_town_is_asked_back_and_tapped(
    town: County, texts: Texts
) -> None:
    async with town.application.work.reading() as services:
        _, rows = await faq_card(services.faqs, texts.of("de"), "hours", "rathaus öffnungszeiten")
    labels = {one.text: one.callback_data for row in rows for one in row}
    assert list(labels) == ["Köthen (Anhalt)", "Zerbst/Anhalt"]
    answer = await town.citizen().presses(str(labels["Köthen (Anhalt)"]))
    assert "Mittwoch: 09:00 bis 12:00 Uhr" in answer


async def test_where_a_person_lives_answers_for_a_town_s_office(
    town: County, texts: Texts
) -> None:
    assert "Mittwoch" in await card(town, texts, "hours", "rathaus offen", home=KOETHEN)
    assert "Dienstag" in await card(town, texts, "hours", "habt ihr offen", home=KOETHEN)


async def test_an_office_nobody_has(town: County, texts: Texts) -> None:
    words = await card(town, texts, "contact", "telefon sternwarte")
    assert words == "Diese Stelle kenne ich nicht. Auskunft gibt 115."


# -- the other kinds


async def test_contact(town: County, texts: Texts) -> None:
    assert await card(town, texts, "contact") == (
        "Amt\nAdresse: Am Test 1, 06366 Köthen (Anhalt)\nTelefon: +49 3496 600"
    )


async def test_holidays_from_today_on(town: County, texts: Texts) -> None:
    lines = (await card(town, texts, "holidays")).splitlines()
    assert lines[0] == "• Freitag, 25.12.2026: Erster Weihnachtstag"
    assert lines[3] == "• Mittwoch, 06.01.2027: Heilige Drei Könige"
    assert len(lines[: lines.index("")]) == 12


async def test_municipalities(town: County, texts: Texts) -> None:
    words = await card(town, texts, "municipalities")
    assert words == "• Köthen (Anhalt)\n• Südliches Anhalt\n• Zerbst/Anhalt"


async def test_a_text_with_its_office_and_its_services(town: County) -> None:
    erika = town.citizen()
    words = await erika.presses(ShowFaq(slug="parken").pack())
    assert words.startswith("<b>Parken</b>\n\nHinter dem Haus.\n\nAmt\nAdresse:")
    assert list(erika.buttons) == ["Hund anmelden"]
    assert "Behind the house." in await town.citizen(7, "en").presses(
        ShowFaq(slug="parken").pack()
    )


async def test_who_is_responsible_leads_to_the_menu(town: County) -> None:
    erika = town.citizen()
    await erika.presses(ShowFaq(slug="wer").pack())
    assert list(erika.buttons) == ["Themen"]


async def test_an_old_answer_says_so(town: County, texts: Texts) -> None:
    words = await card(town, texts, "alt")
    assert words.endswith(
        "Stand: 01.01.2020. Diese Angabe ist schon älter, bitte prüfen Sie sie vorab."
    )


async def test_what_editors_write_is_no_markup(town: County, texts: Texts) -> None:
    assert await card(town, texts, "scharf") == "&lt;b&gt;&amp;amp;"


async def test_a_question_that_is_gone(town: County) -> None:
    words = await town.citizen().presses(ShowFaq(slug="weg").pack())
    assert words == "Diese Frage kenne ich nicht mehr. Bitte schreiben Sie sie noch einmal."


def test_the_largest_ids_an_editor_may_write_fit_in_button_data() -> None:
    longest = ShortSlug.__metadata__[-1].max_length  # type: ignore[attr-defined]
    data = ShowFaq(slug="x" * longest, office="y" * 40).pack()
    assert len(data.encode()) <= 64


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("am freitag offen?", "2026-11-27"),
        ("morgen?", "2026-11-25"),
        ("offen", None),
        ("am 1.1.2020 offen", None),
    ],
)
def test_a_day_named_in_a_question(question: str, day: str | None) -> None:
    found = day_in(question, TUESDAY)
    assert (found.isoformat() if found else None) == day


# -- not us, but …


def test_who_does_what_we_do_not(texts: Texts, region: Region) -> None:
    words = beyond("ozg:10031", texts.of("de"), region)
    assert str(words).startswith(
        "<b>Scheidung</b>\n\nDas macht nicht der Landkreis, sondern: das Gericht"
    )
    ours = str(beyond("ozg:10057", texts.of("de"), region))
    assert "Das macht nicht der Landkreis" in ours
    listed = str(beyond("ozg:10126", texts.of("de"), region))
    assert "Zuständig ist meistens: Ihre Stadt oder Gemeinde." in listed
    assert "Auskunft: 115" in listed
    known = str(beyond("known:panne", texts.of("en"), region))
    assert known.startswith("<b>Car breakdown</b>\n\nA breakdown service helps")
    assert beyond("hund-anmelden", texts.of("de"), region) is None


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_answer_can_be_written(texts: Texts, region: Region, language: str) -> None:
    for entry_id in (*topics(), *services_of_others()):
        assert beyond(entry_id, texts.of(language), region)


async def test_entries_for_the_understander(town: County) -> None:
    async with town.application.work.reading() as services:
        entries = {one.id: one for one in faq_entries(services.faqs.entries())}
    assert entries["faq:parken"].kind is Kind.FAQ
    assert entries["faq:parken"].phrases == tuple(PHRASES)
    ids = {one.id for one in entries_of([service(ozg="10031")], read_training())}
    assert "ozg:10031" not in ids
    assert {"ozg:10002", "known:panne"} <= ids
