"""Puts a service into words: a short card first, each detail behind a button."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from handlers.buttons.citizens import AskTown, Part, ShowService, Subscribe
from handlers.messages import Row, button, link
from services.catalogue.records import Deadline, Fee, Office, Service
from services.catalogue.rules import Snapshot, nearest_link, nearest_maturity
from services.golive.model import OnlineFact
from services.golive.rules import is_allowed_link
from services.records import CATALOGUE_LANGUAGES, LawSource
from services.region.service import Region
from services.text import Text

Card = tuple[Markup, list[Row]]


@dataclass(frozen=True)
class CardWriter:
    """Writes the card of a service for a place; `ars` is the county's where no town is known."""

    text: Text
    region: Region
    snapshot: Snapshot
    service: Service
    ars: str
    fact: OnlineFact | None
    own_place: bool = True

    @property
    def language(self) -> str:
        return self.text.language

    @property
    def office(self) -> Office | None:
        return self.snapshot.responsible_office(self.service, self.ars)

    @property
    def online_url(self) -> str | None:
        """Return the link to use the service online: a known fact first, then the catalogue."""
        known = nearest_link(self.service, self.ars)
        broken = {row.url for row in self.service.online if row.status == "broken"}
        fact_url = self.fact.url if self.fact and self.fact.url not in broken else None
        url = fact_url or (known.url if known else None)
        return url if url and is_allowed_link(url, self.region) else None

    def part(self, part: Part) -> Card:
        """Return the card or one of its parts."""
        writers = {
            Part.CARD: self.card,
            Part.DOCUMENTS: self.documents,
            Part.FEES: self.fees,
            Part.OFFICE: self.office_details,
            Part.ONLINE: self.online,
        }
        return writers[part]()

    # -- the card

    def card(self) -> Card:
        lines = [
            self._title(),
            self.text.plain(self.service.summary.of(self.language)),
            Markup("\n").join([self._office_line(), *self._deadline_lines(), self._fee_line()]),
            self._online_line(),
        ]
        if self.service.hint:
            lines.append(self.text("ask.hint", hint=self.service.hint.of(self.language)))
        if self.language not in CATALOGUE_LANGUAGES:
            english = self.service.name.of("en")
            lines.append(self.text("ask.in-german", english=english))
        return Markup("\n\n").join(lines), self._card_buttons()

    def _title(self) -> Markup:
        return self.text("ask.title", name=self.service.name.of(self.language))

    def _office_line(self) -> Markup:
        if self.office is None:
            return self.text("ask.office-unknown", hotline=self.region.facts.hotline.phone)
        key = "ask.office-unverified" if self.office.unverified else "ask.office"
        return self.text(key, name=self.office.name.of(self.language))

    def _deadline_lines(self) -> list[Markup]:
        return [
            self.text("ask.deadline", deadline=self._deadline(one))
            for one in self.service.deadlines[:1]
        ]

    def _fee_line(self) -> Markup:
        if not self.service.fees:
            return self.text("ask.fee-unknown")
        if len(self.service.fees) == 1:
            return self.text("ask.fee", amount=self._amount(self.service.fees[0]))
        return self.text("ask.fees-several", count=len(self.service.fees))

    def _online_line(self) -> Markup:
        if self.fact is not None:
            if self.fact.batch_id is None:  # it was online before we knew: no day to name
                return self.text("ask.online-known")
            return self.text("ask.online-since", date=self.text.day(self.fact.online_since))
        maturity = nearest_maturity(self.service, self.ars)
        if maturity is not None and maturity.level is not None:
            return self.text("ask.maturity", level=maturity.level, model=maturity.model)
        if self.online_url:
            return self.text("ask.online-unverified")
        return self.text("ask.maturity-unknown")

    def _card_buttons(self) -> list[Row]:
        rows: list[Row] = []
        if self.online_url:
            rows.append([link(self.text("ask.button-online"), self.online_url)])
        rows.append(
            [
                self._to(Part.DOCUMENTS, "ask.button-documents"),
                self._to(Part.FEES, "ask.button-fees"),
            ]
        )
        place = [self._to(Part.OFFICE, "ask.button-office")] if self.office else []
        place.append(button(self.text("ask.button-town"), AskTown(service_id=self.service.id)))
        rows.append(place)
        if self.fact is None:
            subscribe = Subscribe(service_id=self.service.id)
            rows.append([button(self.text("ask.button-subscribe"), subscribe)])
        return rows

    def _to(self, part: Part, label: str) -> InlineKeyboardButton:
        ars = "" if self.own_place else self.ars
        return button(
            self.text(label), ShowService(service_id=self.service.id, part=part, ars=ars)
        )

    # -- its parts

    def documents(self) -> Card:
        listed = self.service.documents_in(self.language)
        lines = [self.text("ask.item", item=item) for item in listed]
        if not lines:
            lines = [self.text("ask.documents-unknown")]
        return self._part("ask.documents", lines)

    def fees(self) -> Card:
        lines = [self._fee(fee) for fee in self.service.fees] or [self.text("ask.fee-unknown")]
        lines += [
            self.text(
                "ask.deadline-sourced",
                deadline=self._deadline(one),
                source=self._source(one.source),
            )
            for one in self.service.deadlines
        ]
        processing = self.service.processing
        lines.append(
            self.text("ask.processing", time=processing.of(self.language))
            if processing
            else self.text("ask.processing-unknown")
        )
        lines += [
            self.text("ask.legal-basis", source=self._source(one))
            for one in self.service.legal_basis
        ]
        return self._part("ask.fees", lines)

    def office_details(self) -> Card:
        office = self.office
        if office is None:
            return self._part("ask.office-details", [self._office_line()])
        lines = [self.text("ask.office-name", name=office.name.of(self.language))]
        lines += [
            self.text(key, value=value) if value else Markup("")
            for key, value in (
                ("ask.address", self._address(office)),
                ("ask.phone", office.phone),
                ("ask.email", office.email),
                ("ask.url", office.url),
                ("ask.hours", "; ".join(office.hours)),
            )
        ]
        lines = [line for line in lines if line]
        if len(lines) == 1:
            lines.append(
                self.text("ask.office-no-contact", hotline=self.region.facts.hotline.phone)
            )
        if office.unverified:
            lines.append(self.text("ask.please-check"))
        return self._part("ask.office-details", lines)

    def online(self) -> Card:
        words, rows = self._part("ask.online", [self._online_line()])
        if self.online_url:
            rows = [[link(self.text("ask.button-online"), self.online_url)], *rows]
        return words, rows

    def _part(self, heading: str, lines: Sequence[Markup]) -> Card:
        back = [self._to(Part.CARD, "ask.button-back")]
        body = Markup("\n").join([self.text(heading), *lines])
        return Markup("\n\n").join([self._title(), body]), [back]

    # -- values

    @staticmethod
    def _address(office: Office) -> str:
        found = office.address
        return f"{found.street}, {found.postcode} {found.town}" if found else ""

    def _fee(self, fee: Fee) -> Markup:
        return self.text(
            "ask.fee-sourced",
            what=fee.what.of(self.language),
            amount=self._amount(fee),
            source=self._source(fee.source),
        )

    def _amount(self, fee: Fee) -> Markup:
        if fee.amount is not None:
            return (
                self.text("ask.amount", euro=self.text.euro(fee.amount))
                if fee.amount
                else self.text("ask.free")
            )
        lowest = self.text.euro(fee.lowest) if fee.lowest is not None else None
        highest = self.text.euro(fee.highest) if fee.highest is not None else None
        if lowest and highest:
            return self.text("ask.amount-range", lowest=lowest, highest=highest)
        if lowest:
            return self.text("ask.amount-from", lowest=lowest)
        return self.text("ask.amount-up-to", highest=highest)

    def _deadline(self, deadline: Deadline) -> Markup:
        keys = {
            "day": "ask.days",
            "working_day": "ask.working-days",
            "week": "ask.weeks",
            "month": "ask.months",
            "year": "ask.years",
        }
        time = self.text(keys[deadline.unit], count=deadline.value)
        return self.text("ask.deadline-time", what=deadline.what.of(self.language), time=time)

    def _source(self, source: LawSource) -> Markup:
        return self.text(
            "ask.source" if source.verified else "ask.source-unverified",
            law=source.law,
            paragraph=source.paragraph,
            date=self.text.date(source.as_of),
        )
