"""The card of a service: short, sourced, honest about what nobody has verified."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from aiogram.types import InlineKeyboardButton

from handlers.ask.cards import CardWriter
from handlers.buttons.citizens import Part, ShowService
from services.catalogue.records import Office, Service
from services.catalogue.rules import Snapshot
from services.golive.model import OnlineFact
from services.region.service import Region
from services.text import Texts
from tests.catalogue.kit import (
    COUNTY,
    KOETHEN,
    LAW,
    PORTAL,
    ZERBST,
    both,
    link,
    maturity,
    office,
    service,
)

TOWN_LINK = "https://www.koethen-anhalt.de/hund"
FEE = {"what": both("Marke"), "amount": "12.50", "source": LAW}
DEADLINE = {"what": both("nach dem Kauf"), "value": 2, "unit": "week", "source": LAW}
Write = Callable[..., CardWriter]


@pytest.fixture
def write(texts: Texts, region: Region) -> Write:
    def writer(
        record: Service | None = None,
        *offices: Office,
        language: str = "de",
        ars: str = KOETHEN,
        fact: OnlineFact | None = None,
        own_place: bool = True,
    ) -> CardWriter:
        record = record or service()
        known = {one.id: one for one in offices or (office(),)}
        snapshot = Snapshot(1, {record.id: record}, known)
        return CardWriter(texts.of(language), region, snapshot, record, ars, fact, own_place)

    return writer


def online(
    url: str | None = TOWN_LINK, since: datetime | None = None, batch: int | None = 1
) -> OnlineFact:
    since = since or datetime(2026, 11, 20, 11, tzinfo=UTC)
    return OnlineFact(
        service_id="hund-anmelden", area=KOETHEN, url=url, online_since=since, batch_id=batch
    )


def words(card: tuple[str, Any]) -> str:
    return str(card[0])


def buttons(card: tuple[Any, Sequence[Any]]) -> dict[str, InlineKeyboardButton]:
    return {one.text: one for row in card[1] for one in row}


# -- the first message


def test_the_card_says_what_who_how_much_and_by_when(write: Write) -> None:
    card = words(write(service(fees=[FEE], deadlines=[DEADLINE])).card())
    assert card == (
        "<b>Hund anmelden</b>\n\n"
        "Für Hunde zahlt man Steuer.\n\n"
        "Zuständig: Amt\n"
        "Frist: nach dem Kauf: 2 Wochen\n"
        "Gebühr: 12,50\xa0€\n\n"
        "Ob das online geht, ist uns nicht bekannt. Wir sagen Ihnen gern Bescheid."
    )


def test_english_readers_get_english(write: Write) -> None:
    record = service(fees=[FEE], deadlines=[DEADLINE])
    card = words(write(record, language="en").card())
    assert "<b>Hund anmelden (en)</b>" in card
    assert "€12.50" in card
    assert "2 weeks" in card
    for german in ("Zuständig", "Gebühr", "Frist", "Wochen"):
        assert german not in card


def test_what_is_not_stored_is_to_be_asked(write: Write) -> None:
    writer = write()
    assert "Gebühr: bitte erfragen" in words(writer.card())
    assert "Bitte erfragen" in words(writer.documents())
    fees = words(writer.fees())
    assert "Gebühr: bitte erfragen" in fees
    assert "Bearbeitungszeit: bitte erfragen" in fees
    assert "kostenlos" not in fees


def test_free_is_not_the_same_as_unknown(write: Write) -> None:
    free = write(service(fees=[{**FEE, "amount": "0.00"}]))
    assert "Gebühr: kostenlos" in words(free.card())
    assert "0,00" not in words(free.fees())


@pytest.mark.parametrize(
    ("fee", "shown"),
    [
        ({"amount": "1234.50"}, "1.234,50\xa0€"),
        ({"from": "5.00", "to": "20.00"}, "5,00\xa0€ bis 20,00\xa0€"),
        ({"from": "5.00"}, "ab 5,00\xa0€"),
        ({"to": "20.00"}, "bis 20,00\xa0€"),
        ({"from": "0.00", "to": "20.00"}, "0,00\xa0€ bis 20,00\xa0€"),
    ],
)
def test_an_amount_or_a_range_is_shown(write: Write, fee: dict[str, str], shown: str) -> None:
    record = service(fees=[{"what": both("Marke"), "source": LAW, **fee}])
    assert f"Gebühr: {shown}\n" in words(write(record).card())


def test_several_fees_are_left_to_their_part(write: Write) -> None:
    record = service(fees=[FEE, {**FEE, "amount": "99.00"}])
    card, fees = words(write(record).card()), words(write(record).fees())
    assert "je nach Fall" in card
    assert "12,50" not in card
    assert "12,50" in fees
    assert "99,00" in fees


@pytest.mark.parametrize(
    ("unit", "count", "shown"),
    [
        ("day", 1, "1 Tag"),
        ("day", 3, "3 Tage"),
        ("working_day", 1, "1 Werktag"),
        ("week", 1, "1 Woche"),
        ("month", 2, "2 Monate"),
        ("year", 1, "1 Jahr"),
    ],
)
def test_a_deadline_is_counted_in_its_unit(
    write: Write, unit: str, count: int, shown: str
) -> None:
    record = service(deadlines=[{**DEADLINE, "unit": unit, "value": count}])
    assert f"nach dem Kauf: {shown}\n" in words(write(record).card())


def test_an_important_notice_stands_on_the_card(write: Write) -> None:
    assert "Wichtig: Nur mit Termin" in words(write(service(hint=both("Nur mit Termin"))).card())
    assert "Wichtig" not in words(write().card())


# -- sources


def test_fees_deadlines_and_laws_are_shown_with_law_paragraph_and_date(write: Write) -> None:
    laws = [{"law": "HundeG", "paragraph": "§ 15", "as_of": date(2026, 10, 2)}]
    record = service(fees=[FEE], deadlines=[DEADLINE], legal_basis=laws)
    lines = words(write(record).fees()).splitlines()
    assert "• Marke: 12,50\xa0€ (BMG § 17, Stand 01.11.2026)" in lines
    assert "Frist: nach dem Kauf: 2 Wochen (BMG § 17, Stand 01.11.2026)" in lines
    assert "Rechtsgrundlage: HundeG § 15, Stand 02.10.2026" in lines


def test_every_source_is_shown_in_english_too(write: Write) -> None:
    fees = words(write(service(fees=[FEE], deadlines=[DEADLINE]), language="en").fees())
    assert fees.count("BMG § 17") == 2
    assert fees.count("Nov 1, 2026") == 2


# -- who is responsible


def test_the_municipality_beats_the_county(write: Write) -> None:
    town = office("stadt", area=KOETHEN, name=both("Stadtbüro"))
    assert "Zuständig: Stadtbüro\n" in words(write(None, office(), town).card())
    assert "Zuständig: Amt\n" in words(write(None, office(), town, ars=ZERBST).card())


def test_an_unverified_office_is_to_be_checked_before(write: Write) -> None:
    shaky = office(phone="+49 3496 600", unverified=["phone"])
    writer = write(None, shaky)
    assert "Zuständig: Amt (bitte vorab prüfen)" in words(writer.card())
    assert "Bitte vorab prüfen" in words(writer.office_details())
    sure = write(None, office(phone="+49 3496 600"))
    assert "prüfen" not in words(sure.card()) + words(sure.office_details())


def test_all_that_is_known_of_an_office_is_shown(write: Write) -> None:
    known = office(
        address={"street": "Am Flugplatz 1", "postcode": "06366", "town": "Köthen (Anhalt)"},
        phone="+49 3496 600",
        email="amt@koethen-anhalt.de",
        url="https://www.koethen-anhalt.de",
        hours=["Mo 9-12 Uhr", "Di 14-18 Uhr"],
    )
    details = words(write(None, known).office_details()).splitlines()
    assert details[2:] == [
        "Zuständige Stelle:",
        "Amt",
        "Adresse: Am Flugplatz 1, 06366 Köthen (Anhalt)",
        "Telefon: +49 3496 600",
        "E-Mail: amt@koethen-anhalt.de",
        "Internet: https://www.koethen-anhalt.de",
        "Öffnungszeiten: Mo 9-12 Uhr; Di 14-18 Uhr",
    ]


def test_an_office_without_contact_leads_to_the_hotline(write: Write) -> None:
    details = words(write().office_details())
    assert "115" in details
    assert "Telefon:" not in details


def test_nobody_known_to_be_responsible_is_said(write: Write) -> None:
    writer = write(None, office(tasks=["kfz"]))
    card = writer.card()
    assert "Wer zuständig ist, weiß ich nicht. Auskunft: 115" in words(card)
    assert "Zuständige Stelle" not in buttons(card)
    assert "weiß ich nicht" in words(writer.office_details()), "an old button is answered too"


# -- online or not


def test_since_when_it_is_online_is_said_and_the_link_leads_there(write: Write) -> None:
    card = write(fact=online()).card()
    assert "Online seit 20.11.2026." in words(card)
    assert buttons(card)["Online-Dienst öffnen"].url == TOWN_LINK
    assert "Bescheid geben, wenn online" not in buttons(card)


def test_the_day_is_the_countys_day(write: Write) -> None:
    late = online(since=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    assert "Online seit 21.11.2026." in words(write(fact=late).card())


def test_what_was_online_before_we_knew_names_no_day(write: Write) -> None:
    card = words(write(fact=online(batch=None)).card())
    assert "Das geht online." in card
    assert "Online seit" not in card


def test_a_link_of_the_catalogue_is_offered_as_unverified(write: Write) -> None:
    card = write(service(online=[link("unverified")])).card()
    assert "Angabe nicht geprüft" in words(card)
    assert buttons(card)["Online-Dienst öffnen"].url == PORTAL
    assert "Bescheid geben, wenn online" in buttons(card)


def test_a_broken_link_is_never_shown(write: Write) -> None:
    broken = service(online=[link("broken")])
    for fact in (None, online(PORTAL)):
        writer = write(broken, fact=fact)
        for part in Part:
            card = writer.part(part)
            assert PORTAL not in words(card)
            assert all(one.url != PORTAL for one in buttons(card).values())


def test_where_the_towns_link_is_broken_the_states_is_shown(write: Write) -> None:
    record = service(online=[link(), link("broken", KOETHEN, TOWN_LINK)])
    assert buttons(write(record, fact=online()).card())["Online-Dienst öffnen"].url == PORTAL


@pytest.mark.parametrize(
    "url", ["https://evil.example", "https://kfz.sachsen-anhalt.de:8443/x", None]
)
def test_a_link_that_is_not_allowed_is_not_shown(write: Write, url: str | None) -> None:
    assert "Online-Dienst öffnen" not in buttons(write(fact=online(url)).card())


def test_the_maturity_is_named_with_its_model(write: Write) -> None:
    record = service(maturity=[maturity(2), maturity(5, KOETHEN, model="2.0")])
    assert "Stufe 5 (Modell 2.0)" in words(write(record).card())
    assert "Stufe 2 (Modell 1.1)" in words(write(record, ars=ZERBST).card())


def test_an_unknown_maturity_is_called_unknown(write: Write) -> None:
    record = service(maturity=[maturity(None)])
    assert "ist uns nicht bekannt" in words(write(record).card())
    zero = service(maturity=[maturity(0)])
    assert "Stufe 0 (Modell 1.1)" in words(write(zero).card()), "0 is a level, null is none"


# -- buttons and limits


def test_buttons_carry_the_place_only_where_it_is_not_the_persons_own(write: Write) -> None:
    own = buttons(write().card())["Unterlagen"].callback_data or ""
    foreign = buttons(write(own_place=False, ars=ZERBST).card())["Unterlagen"].callback_data or ""
    assert ShowService.unpack(own).ars == ""
    assert ShowService.unpack(foreign).ars == ZERBST


def test_every_part_leads_back_to_the_card(write: Write) -> None:
    writer = write(own_place=False, ars=ZERBST)
    for part in (Part.DOCUMENTS, Part.FEES, Part.OFFICE):
        card = writer.part(part)
        assert words(card).startswith("<b>Hund anmelden</b>")
        back = ShowService.unpack(buttons(card)["Zurück"].callback_data or "")
        assert (back.part, back.ars) == (Part.CARD, ZERBST)


def test_what_editors_write_is_never_markup(write: Write) -> None:
    sharp = both("<b>Hund</b> & <a href='https://evil.example'>Katze</a>")
    record = service(
        name=sharp,
        summary=sharp,
        hint=sharp,
        processing=sharp,
        documents={"de": [sharp["de"]], "en": [sharp["en"]]},
        fees=[{**FEE, "what": sharp}],
        deadlines=[{**DEADLINE, "what": sharp}],
        legal_basis=[{**LAW, "law": "<i>BMG"}],
    )
    known = office(name=sharp, hours=[sharp["de"]])
    for language in ("de", "en"):
        writer = write(record, known, language=language)
        for part in Part:
            card = words(writer.part(part))
            assert card.count("<") == card.count("<b>") + card.count("</b>") == 2
            assert "&amp; &lt;a" in card


def test_the_largest_record_an_editor_may_write_fits_in_button_data(write: Write) -> None:
    long = "x" * 40
    card = write(service(long), own_place=False).card()
    for one in buttons(card).values():
        assert len((one.callback_data or "").encode()) <= 64


def test_whether_it_can_be_done_online_is_a_part_of_its_own(write: Write) -> None:
    words, rows = write().part(Part.ONLINE)
    assert "Geht das online?\nOb das online geht, ist uns nicht bekannt." in words
    assert [one.text for row in rows for one in row] == ["Zurück"]


def test_the_county_stands_in_where_no_town_is_known(write: Write) -> None:
    assert "Zuständig: Amt" in words(write(ars=COUNTY).card())
