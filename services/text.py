"""Texts for people: a key, looked up in the catalogue of their language.

German and English say everything. The other languages say what a citizen meets on the way from a
question to an answer (locales/basic.txt); what they do not say is said in German.

Texts may hold the few HTML tags that chats show; parameters are escaped unless they are `Markup`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal
from babel.support import Translations
from babel.units import format_unit
from markupsafe import Markup, escape

from services.direction import apart, from_right_to_left, is_right_to_left

DEFAULT_LANGUAGE = "de"
CLDR_UNIT = "-"
"""Stands in CLDR's names of units and in no sign; babel takes any ending of a name for it."""


@dataclass(frozen=True)
class Text:
    """All texts of one language: `text("feature.slug", name=…)`."""

    language: str
    catalogue: Translations
    zone: ZoneInfo
    right_to_left: bool = False

    def __call__(self, key: str, /, **params: object) -> Markup:
        """Return the text; with `count` among the parameters its plural form."""
        count = params.get("count")
        template = self.catalogue.ungettext(key, key, count) if isinstance(count, int) else key
        if template == key:  # no plural forms: one text for every number
            template = self.catalogue.ugettext(key)
        if self.right_to_left:
            template = from_right_to_left(template)
            params = {name: apart(value) for name, value in params.items()}
        return Markup(template).format_map(params)  # noqa: S704 - our own texts

    def plain(self, value: str) -> Markup:
        """Return somebody's words, made safe to stand in a message."""
        return escape(apart(value) if self.right_to_left else value)

    def lines(self, lines: Iterable[str]) -> Markup:
        """Return lines below each other; those that are not `Markup` are made safe."""
        return Markup("\n").join(lines)

    def date(self, value: date) -> str:
        return format_date(value, format="medium", locale=self.language)

    def day(self, value: datetime) -> str:
        """Show the day of a UTC time in the county's own zone."""
        return self.date(value.astimezone(self.zone))

    def moment(self, value: datetime) -> str:
        """Show a UTC time in the county's own zone."""
        return format_datetime(value, format="short", tzinfo=self.zone, locale=self.language)

    def time(self, value: datetime) -> str:
        return format_time(value, format="short", tzinfo=self.zone, locale=self.language)

    def euro(self, value: Decimal) -> str:
        return format_currency(value, "EUR", locale=self.language)

    def number(self, value: float, decimals: int | None = None) -> str:
        """Show a number, with so many digits behind the decimal sign where that is given."""
        return format_decimal(value, _pattern(decimals), locale=self.language)

    def amount(self, value: float, unit: str, decimals: int) -> str:
        """Show a value with its unit: CLDR's name ("length-centimeter") or just a sign ("dB")."""
        value = round(value, decimals) + 0.0  # never "-0"
        if CLDR_UNIT not in unit:
            return f"{self.number(value, decimals)} {unit}".strip()
        return format_unit(value, unit, "short", _pattern(decimals), locale=self.language)

    def ago(self, value: timedelta) -> str:
        """Show how long ago something was: "vor 12 Minuten"."""
        return format_timedelta(
            -value, granularity="minute", add_direction=True, locale=self.language
        )

    def span(self, value: timedelta) -> str:
        """Show how long something lasts: "3 Stunden"."""
        return format_timedelta(value, granularity="minute", locale=self.language)


def _pattern(decimals: int | None) -> str | None:
    return None if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")


@dataclass(frozen=True)
class Texts:
    """The texts of every language, German where a language is unknown."""

    languages: Mapping[str, Text]

    def of(self, language: str | None) -> Text:
        return self.languages.get(language or "", self.languages[DEFAULT_LANGUAGE])


def load_texts(locales: Path, zone: ZoneInfo) -> Texts:
    """Read every language straight from its .po file; there is no compile step to forget."""
    sources = sorted(locales.glob("*/LC_MESSAGES/bot.po"))
    catalogues = {
        source.parent.parent.name: _read(source, source.parent.parent.name) for source in sources
    }
    languages = {}
    for language, catalogue in catalogues.items():
        if language != DEFAULT_LANGUAGE:
            catalogue.add_fallback(catalogues[DEFAULT_LANGUAGE])
        languages[language] = Text(language, catalogue, zone, is_right_to_left(language))
    return Texts(languages)


def _read(source: Path, language: str) -> Translations:
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language, abort_invalid=True))
    compiled.seek(0)
    return Translations(compiled)
