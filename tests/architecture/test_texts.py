"""Every text exists in German and English, none is dead, and all of them can be sent.

What a citizen meets on the way from a question to an answer (locales/basic.txt) exists in every
language of the bot.
"""

import ast
import gettext
import re
import string
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.dispatcher import renderers
from handlers.commands import citizen_commands
from services.chats.service import LANGUAGES
from services.records import CATALOGUE_LANGUAGES
from services.text import Texts

ROOT = Path(__file__).resolve().parent.parent.parent
CODE = ("bot", "handlers", "services")
KEY = re.compile(r"[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*")
FEATURES = {
    path.name for folder in ("handlers", "services") for path in (ROOT / folder).iterdir()
} | {"error", "cli", "profile", "commands", "welcome", "emergency", "intent"}
TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a"} | {
    "blockquote",
    "tg-spoiler",
    "tg-emoji",
}
"""What Telegram knows in HTML; `span` only as a spoiler, which we do not use."""
ENTITY = re.compile(r"&(?=[a-zA-Z#])(?!(lt|gt|amp|quot|#[0-9]+|#x[0-9a-fA-F]+);)")
SUFFIXES = {"json", "toml", "yaml"}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def is_key(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and KEY.fullmatch(node.value) is not None
        and node.value.split(".")[0] in FEATURES
        and node.value.split(".")[1] not in SUFFIXES
    )


def audited(tree: ast.Module) -> set[int]:
    """Return the constants that name an act in the audit trail: those are no texts."""
    return {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "note"
        for argument in node.args
    }


def keys_in_code() -> dict[str, str]:
    """Return every text key that stands in the code, with a file that holds it."""
    found: dict[str, str] = {}
    for path, tree in sources():
        acts = audited(tree)
        for node in ast.walk(tree):
            if is_key(node) and id(node) not in acts:
                found.setdefault(node.value, str(path.relative_to(ROOT)))  # type: ignore[attr-defined]
    return found


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


CATALOGUES = {
    path.parent.parent.name: catalogue(path)
    for path in sorted((ROOT / "locales").glob("*/LC_MESSAGES/bot.po"))
}

COMPLETE = [language for language in CATALOGUES if language in CATALOGUE_LANGUAGES]
PARTIAL = [language for language in CATALOGUES if language not in CATALOGUE_LANGUAGES]
BASIC = (ROOT / "locales" / "basic.txt").read_text(encoding="utf-8")


def basic() -> set[str]:
    return {line for line in BASIC.splitlines() if not line.startswith("#")}


def key_of(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def messages(language: str) -> dict[str, Message]:
    return {key_of(one): one for one in CATALOGUES[language] if one.id}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", COMPLETE)
def test_every_key_in_the_code_has_a_text_and_no_text_is_dead(language: str) -> None:
    used, there = keys_in_code(), messages(language)
    known = there.keys() | renderers().keys()  # the menu is no text, but has a renderer
    missing = {key: where for key, where in used.items() if key not in known}
    assert not missing
    assert not sorted(there.keys() - used.keys())


@pytest.mark.parametrize("language", CATALOGUES)
def test_every_text_is_finished(language: str) -> None:
    for key, message in messages(language).items():
        assert not message.fuzzy, key
        assert all(form.strip() for form in forms(message)), key
        assert all(form == form.strip() for form in forms(message)), key


def test_every_language_of_the_bot_is_there() -> None:
    assert set(LANGUAGES) == CATALOGUES.keys()


@pytest.mark.parametrize("language", PARTIAL)
def test_the_other_languages_say_what_a_citizen_meets_and_nothing_else(language: str) -> None:
    there = set(messages(language))
    assert not basic() - there, "missing"
    assert not there - basic(), "not in locales/basic.txt"


def test_what_is_basic_is_a_sorted_list_of_texts() -> None:
    lines = [line for line in BASIC.splitlines() if not line.startswith("#")]
    assert lines == sorted(set(lines))
    assert basic() <= messages("de").keys()


@pytest.mark.parametrize("language", PARTIAL)
def test_nothing_is_left_in_german(language: str) -> None:
    german = messages("de")
    for key, message in messages(language).items():
        words = re.findall(r"\w+", re.sub(r"{[^}]*}|<[^>]*>", "", forms(german[key])[-1]))
        if len(words) > 1:  # "Telefon" is Polish, too
            assert forms(message)[-1] != forms(german[key])[-1], key


@pytest.mark.parametrize("language", CATALOGUES)
def test_plural_forms_are_those_of_the_language(language: str) -> None:
    """Numbers share a form exactly when the language's grammar (CLDR) puts them together."""
    choose = gettext.c2py(CATALOGUES[language].plural_expr)
    grammar = Locale.parse(language).plural_form
    pairs = {(choose(number), grammar(number)) for number in range(300)}
    assert len(pairs) == len({form for form, _ in pairs}) == len({name for _, name in pairs})
    assert len(pairs) == CATALOGUES[language].num_plurals


@pytest.mark.parametrize("language", PARTIAL)
def test_commands_in_a_text_are_those_of_its_menu(texts: Texts, language: str) -> None:
    known = {one.command for one in citizen_commands(texts.of(language))}
    for key, message in messages(language).items():
        for form in forms(message):
            assert set(re.findall(r"(?<![<\w])/([a-z]+)", form)) <= known, key


@pytest.mark.parametrize("language", CATALOGUES)
def test_each_key_stands_once_and_is_its_own_plural(language: str) -> None:
    source = (ROOT / "locales" / language / "LC_MESSAGES" / "bot.po").read_text(encoding="utf-8")
    keys = re.findall(r'^msgid "(.+)"$', source, re.MULTILINE)
    assert len(keys) == len(set(keys))
    for message in messages(language).values():
        if not isinstance(message.id, str):
            assert message.id[0] == message.id[1]
            assert len(forms(message)) == CATALOGUES[language].num_plurals


def test_placeholders_are_the_same_in_every_language_and_plural_form() -> None:
    german = messages("de")
    for language in CATALOGUES:
        for key, message in messages(language).items():
            expected = placeholders(forms(german[key])[-1])
            for form in forms(message):
                assert placeholders(form) == expected, f"{language} {key}"


def test_a_text_has_plural_forms_in_every_language_or_in_none() -> None:
    plural = {
        language: {key for key, one in messages(language).items() if not isinstance(one.id, str)}
        for language in CATALOGUES
    }
    for language, keys in plural.items():
        assert keys == plural["de"] & messages(language).keys(), language
    for key in plural["de"]:
        assert "count" in placeholders(forms(messages("de")[key])[-1]), key


def calls(tree: ast.Module) -> Iterator[tuple[str, set[str]]]:
    """Yield each `text("feature.slug", name=…)` whose parameters stand there by name."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and node.args and is_key(node.args[0])):
            continue
        function = node.func
        name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
        if name == "text" and all(keyword.arg for keyword in node.keywords):
            key: Any = node.args[0]
            yield key.value, {keyword.arg or "" for keyword in node.keywords}


def test_every_call_gives_its_text_the_parameters_it_needs() -> None:
    german, seen = messages("de"), 0
    for path, tree in sources():
        for key, given in calls(tree):
            needed = placeholders(forms(german[key])[-1])
            assert needed <= given, f"{path.name}: {key} needs {needed - given}"
            seen += 1
    assert seen > 50, "this looks at the right calls"


class Balance(HTMLParser):
    """Reads a text as Telegram does: what is opened is closed, in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.problems: list[str] = []
        self.feed(text)
        self.close()
        self.problems += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        allowed = {"a": {"href"}, "code": {"class"}, "tg-emoji": {"emoji-id"}}.get(tag, set())
        if tag not in TAGS or {name for name, _ in attrs} - allowed:
            self.problems.append(self.get_starttag_text() or tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.problems.append(self.get_starttag_text() or tag)


@pytest.mark.parametrize("language", CATALOGUES)
def test_every_text_is_html_that_telegram_takes(language: str) -> None:
    for key, message in messages(language).items():
        for form in forms(message):
            assert not Balance(form).problems, key
            assert not ENTITY.search(form), key
            bare = re.sub(r"</?[a-z-]+( [a-z-]+=\"[^\"]*\")?>", "", form)
            assert not re.search(r"[<>]", bare), key


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("<b>x</b>", True),
        ("<b><i>x</i></b>", True),
        ('<a href="https://x">y</a>', True),
        ("<b>x", False),
        ("x</b>", False),
        ("<b><i>x</b></i>", False),
        ("<br>", False),
        ("<p>x</p>", False),
        ('<b class="x">y</b>', False),
        ("<b/>", False),
    ],
)
def test_the_balance_itself(text: str, *, fine: bool) -> None:
    assert (not Balance(text).problems) is fine


@pytest.mark.parametrize("language", CATALOGUES)
def test_what_telegram_limits_is_short_enough(language: str) -> None:
    for key, message in messages(language).items():
        limit = {"commands": 256}.get(key.split(".")[0], 3000)
        limit = {"profile.description": 512, "profile.short-description": 120}.get(key, limit)
        assert all(len(form) <= limit for form in forms(message)), key
