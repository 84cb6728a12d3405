"""Answers to what people ask besides services: "heute offen?", telephone, holidays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from services.catalogue.records import Office, Service
from services.catalogue.rules import Snapshot
from services.catalogue.service import Catalogue
from services.clock import Clock
from services.errors import ServiceError
from services.faq.reading import Book
from services.faq.records import Faq, Kind
from services.faq.rules import Opening, closed_by, holidays_from, opening, task_in
from services.hours import Week, known_hours
from services.records import Localised
from services.region.records import Municipality
from services.region.service import Region

MOST_HOLIDAYS = 12
ABOUT_AN_OFFICE = frozenset({Kind.HOURS, Kind.TODAY, Kind.CONTACT})


class UnknownFaqError(ServiceError):
    """The region's file has no such question."""

    text_key = "faq.unknown"


@dataclass(frozen=True)
class Asked:
    """What is known about a question besides which one it is.

    Attributes:
        question: what the person wrote; it may name an office.
        place: ARS of the municipality the question names: its offices come first.
        home: ARS of where the person lives, for offices that depend on it.
        day: the day the question names.
        office: id of the office that was chosen by a button.
    """

    question: str = ""
    place: str | None = None
    home: str | None = None
    day: date | None = None
    office: str | None = None


@dataclass(frozen=True)
class FaqAnswer:
    """What is to be said; only what the kind of the question needs is filled.

    Attributes:
        faq: the question.
        office: whom it is about, or who knows more.
        by_place: the office of each municipality, when it depends on a place we do not know.
        hours: the office's week; None where nobody told us.
        opening: with TODAY and known hours, what holds at the moment or on the day asked for.
        holidays: the public holidays to come.
        municipalities: the county's.
        services: what to offer as buttons.
    """

    faq: Faq
    office: Office | None = None
    by_place: tuple[tuple[Municipality, Office], ...] = ()
    hours: Week | None = None
    opening: Opening | None = None
    holidays: tuple[tuple[date, Localised], ...] = ()
    municipalities: tuple[Municipality, ...] = ()
    services: tuple[Service, ...] = ()


@dataclass(frozen=True)
class Faqs:
    """Use cases around the region's questions and answers."""

    catalogue: Catalogue
    region: Region
    book: Book
    clock: Clock

    def entries(self) -> Iterable[Faq]:
        """Return every question that can be answered."""
        return self.book.faqs.values()

    async def answer(self, slug: str, asked: Asked | None = None) -> FaqAnswer:
        """Return the answer; raise `UnknownFaqError` where there is none."""
        faq = self.book.faqs.get(slug)
        if faq is None:
            raise UnknownFaqError(slug=slug)
        snapshot = await self.catalogue.snapshot()
        if faq.kind in ABOUT_AN_OFFICE:
            return self._about_an_office(faq, snapshot, asked or Asked())
        today = self.clock().astimezone(self.region.zone).date()
        wants_holidays = faq.kind is Kind.HOLIDAYS
        found = holidays_from(self.region.facts.ars, today, MOST_HOLIDAYS * wants_holidays)
        wants_places = faq.kind is Kind.MUNICIPALITIES
        return FaqAnswer(
            faq,
            office=snapshot.offices.get(faq.office or ""),
            holidays=tuple(found),
            municipalities=self.region.municipalities if wants_places else (),
            services=_services(faq, snapshot),
        )

    def _about_an_office(self, faq: Faq, snapshot: Snapshot, asked: Asked) -> FaqAnswer:
        office = snapshot.offices.get(asked.office or "")
        task = None if office else self._task(faq, asked)
        if task is not None:
            by_place = self._by_place(task, asked.place or asked.home, snapshot)
            if len({one.id for _, one in by_place}) > 1:
                return FaqAnswer(faq, by_place=by_place)
            office = by_place[0][1] if by_place else None
        elif office is None:
            guide = self.book.guide
            office = snapshot.offices.get(faq.office or (guide.county if guide else ""))
        week = known_hours(office.hours) if office else None
        found = self._opening(week, asked.day) if week and faq.kind is Kind.TODAY else None
        services = _services(faq, snapshot)
        return FaqAnswer(faq, office, hours=week, opening=found, services=services)

    def _task(self, faq: Faq, asked: Asked) -> str | None:
        """Return the task of the office that is meant: one the question names, a town hall's."""
        guide = self.book.guide
        if guide is None or faq.task:
            return faq.task
        return task_in(asked.question, guide) or (guide.town_task if asked.place else None)

    def _by_place(
        self, task: str, ars: str | None, snapshot: Snapshot
    ) -> tuple[tuple[Municipality, Office], ...]:
        """Return the office for a place; without one, that of each municipality."""
        places = [one for one in self.region.municipalities if ars in {None, one.ars}]
        found = ((place, snapshot.office_for(task, place.ars)) for place in places)
        return tuple((place, office) for place, office in found if office is not None)

    def _opening(self, week: Week, day: date | None) -> Opening:
        now = self.clock().astimezone(self.region.zone)
        if day is not None and day != now.date():
            now = datetime.combine(day, time(), tzinfo=now.tzinfo)
        closed = closed_by(self.region.facts.ars, self.book.closing_days)
        return opening(week, now, closed)


def _services(faq: Faq, snapshot: Snapshot) -> tuple[Service, ...]:
    return tuple(snapshot.services[one] for one in faq.services if one in snapshot.services)
