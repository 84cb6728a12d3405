"""Puts answers beyond services into words: the region's questions, and "not us, but …"."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import get_day_names
from markupsafe import Markup

from handlers.buttons.citizens import ShowFaq, ShowMenu, ShowService
from handlers.messages import Row, button, link
from nlu.entities import Entities, EntityKind
from nlu.supplement import services_of_others, topics
from services.catalogue.records import Office
from services.faq.records import Kind
from services.faq.rules import Opening, State
from services.faq.service import Asked, FaqAnswer, Faqs
from services.hours import Span, Week
from services.region.service import Region
from services.text import Text

Card = tuple[Markup, list[Row]]


async def faq_card(
    faqs: Faqs,
    text: Text,
    slug: str,
    question: str = "",
    *,
    place: str | None = None,
    home: str | None = None,
    office: str | None = None,
) -> Card:
    """Return words and buttons of an answer.

    `place` is the municipality that the question names, `home` where the person lives (ARS),
    `office` the id of the office that was chosen.
    """
    now = faqs.clock().astimezone(faqs.region.zone)
    day = day_in(question, now)
    asked = Asked(question, place, home, day, office)
    answer = await faqs.answer(slug, asked)
    return FaqWriter(text, faqs.region, answer, now).card()


def day_in(question: str, now: datetime) -> date | None:
    """Return the day a question names, if it names one."""
    found = Entities({}, lambda: now).find(question)
    days = [date.fromisoformat(one.value) for one in found if one.kind is EntityKind.DATE]
    return next((day for day in days if day >= now.date()), None)


def beyond(entry_id: str, text: Text, region: Region) -> Markup | None:
    """Return who does what our catalogue lacks, for the id of a known topic or an OZG service."""
    if (topic := topics().get(entry_id)) is not None:
        words = topic.answer.of(text.language)
        return text("ask.not-us-known", name=topic.name.of(text.language), answer=words)
    if (other := services_of_others().get(entry_id)) is not None:
        return text(
            "ask.not-listed" if other.who.ours else "ask.not-us",
            hotline=region.facts.hotline.phone,
            name=other.name.of(text.language),
            who=other.who.name.of(text.language),
            how=other.who.how.of(text.language),
        )
    return None


@dataclass(frozen=True)
class FaqWriter:
    """Writes one answer at a moment of the county's clock."""

    text: Text
    region: Region
    answer: FaqAnswer
    now: datetime

    @property
    def language(self) -> str:
        return self.text.language

    def card(self) -> Card:
        writers: dict[Kind, Callable[[], list[Markup]]] = {
            Kind.HOURS: self._hours,
            Kind.TODAY: self._today,
            Kind.CONTACT: self._contact,
            Kind.HOLIDAYS: self._holidays,
            Kind.MUNICIPALITIES: self._municipalities,
        }
        faq = self.answer.faq
        lines = [self.text("ask.title", name=faq.name.of(self.language))]
        if self.answer.by_place:
            lines.append(self.text("faq.which-town"))
            return Markup("\n\n").join(lines), self._town_buttons()
        if faq.answer:
            lines.append(self.text.plain(faq.answer.of(self.language)))
        writer = writers.get(faq.kind, self._whom_to_ask)
        lines += writer()
        if faq.review_by < self.now.date():
            lines.append(self.text("faq.old", date=self.text.date(faq.as_of)))
        return Markup("\n\n").join(lines), self._buttons()

    # -- what an answer says, by its kind

    def _hours(self) -> list[Markup]:
        office, hours = self.answer.office, self.answer.hours
        if office is None or hours is None:
            return self._hours_unknown()
        lines = [self.text("faq.hours", office=self._name(office)), *self._week(hours)]
        return [self.text.lines(lines), *self._check(office, "hours")]

    def _today(self) -> list[Markup]:
        office, found = self.answer.office, self.answer.opening
        if office is None or found is None:
            return self._hours_unknown()
        lines = [self._state(office, found)]
        if found.state is not State.OPEN and found.opens is not None:
            when = self._when(found.opens)
            if found.state is not State.LATER:
                lines.append(self.text("faq.opens-next", when=when))
        if found.doubtful:
            lines.append(self.text("faq.half-holiday"))
        return [*lines, *self._check(office, "hours")]

    def _state(self, office: Office, found: Opening) -> Markup:
        name = self._name(office)
        hours = self._spans(found.spans)
        if found.state is State.OPEN and found.until is not None:
            return self.text("faq.open", office=name, until=self._time(found.until))
        if found.state is State.HOLIDAY and found.why is not None:
            day, why = self._day(found.day), found.why.of(self.language)
            return self.text("faq.closed-holiday", office=name, day=day, why=why)
        if found.day != self.now.date():
            key = "faq.open-on-day" if found.spans else "faq.closed-on-day"
            return self.text(key, office=name, day=self._day(found.day), hours=hours)
        if found.state is State.LATER and found.opens is not None:
            opens = self._time(found.opens.time())
            return self.text("faq.opens-later", office=name, time=opens, hours=hours)
        key = "faq.over" if found.state is State.OVER else "faq.closed-today"
        return self.text(key, office=name, hours=hours)

    def _hours_unknown(self) -> list[Markup]:
        office, hotline = self.answer.office, self.region.facts.hotline.phone
        if office is None:
            return [self.text("faq.office-unknown", hotline=hotline)]
        key = "faq.hours-unknown" if office.phone else "faq.hours-unknown-no-phone"
        name = self._name(office)
        first = self.text(key, office=name, phone=office.phone or "", hotline=hotline)
        return [first, *self._check(office, "phone")]

    def _contact(self) -> list[Markup]:
        office = self.answer.office
        if office is None:
            hotline = self.region.facts.hotline.phone
            return [self.text("faq.office-unknown", hotline=hotline)]
        return self._office_block(office)

    def _whom_to_ask(self) -> list[Markup]:
        return self._office_block(self.answer.office) if self.answer.office else []

    def _holidays(self) -> list[Markup]:
        rows = [
            self.text("faq.holiday", day=self._day(day), name=name.of(self.language))
            for day, name in self.answer.holidays
        ]
        return [self.text.lines(rows), self.text("faq.half-holidays")]

    def _municipalities(self) -> list[Markup]:
        names = sorted((one.name for one in self.answer.municipalities), key=str.casefold)
        return [self.text.lines(self.text("ask.item", item=name) for name in names)]

    # -- parts

    def _office_block(self, office: Office) -> list[Markup]:
        address = office.address
        where = f"{address.street}, {address.postcode} {address.town}" if address else ""
        lines = [self.text("ask.office-name", name=self._name(office))]
        lines += [
            self.text(key, value=value)
            for key, value in (
                ("ask.address", where),
                ("ask.phone", office.phone),
                ("ask.email", office.email),
                ("ask.url", office.url),
            )
            if value
        ]
        if len(lines) == 1:
            hotline = self.region.facts.hotline.phone
            lines.append(self.text("ask.office-no-contact", hotline=hotline))
        return [self.text.lines(lines), *self._check(office, "address", "phone", "email", "url")]

    def _check(self, office: Office, *fields: str) -> list[Markup]:
        """Return the request to check first, where one of the fields shown is unverified."""
        shown = [name for name in fields if name in office.unverified]
        return [self.text("ask.please-check")] if shown else []

    def _buttons(self) -> list[Row]:
        rows: list[Row] = [
            [button(one.name.of(self.language), ShowService(service_id=one.id))]
            for one in self.answer.services
        ]
        office = self.answer.office
        if office is not None and office.url and self._may_link(office.url):
            rows.append([link(self.text("faq.button-website"), office.url)])
        if self.answer.faq.kind is Kind.RESPONSIBLE:
            rows.append([button(self.text("ask.button-menu"), ShowMenu())])
        return rows

    def _town_buttons(self) -> list[Row]:
        slug = self.answer.faq.id
        buttons = [
            button(place.name, ShowFaq(slug=slug, office=office.id))
            for place, office in self.answer.by_place
        ]
        return [buttons[start : start + 2] for start in range(0, len(buttons), 2)]

    def _may_link(self, url: str) -> bool:
        host = url.removeprefix("https://").split("/", maxsplit=1)[0]
        return self.region.allows_link(host)

    # -- values

    def _name(self, office: Office) -> str:
        return office.name.of(self.language)

    def _week(self, week: Week) -> list[Markup]:
        names = get_day_names("wide", locale=self.language)
        return [
            self.text("faq.hours-day", day=names[day], hours=self._spans(spans))
            for day, spans in enumerate(week)
            if spans
        ]

    def _spans(self, spans: tuple[Span, ...]) -> Markup:
        both = [
            self.text("faq.span", start=self._time(one.start), end=self._time(one.end))
            for one in spans
        ]
        return Markup(", ").join(both)

    def _time(self, value: object) -> str:
        return f"{value:%H:%M}"

    def _day(self, day: date) -> Markup:
        name = get_day_names("wide", locale=self.language)[day.weekday()]
        return self.text("faq.day", name=name, date=self.text.date(day))

    def _when(self, moment: datetime) -> Markup:
        day = self._day(moment.date())
        return self.text("faq.when", day=day, time=self._time(moment.time()))
