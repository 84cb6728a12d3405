"""Entities found, given and shown."""

import pytest

from simulator.entities import entity_json
from simulator.entities_find import find_entities
from simulator.entities_render import to_html
from simulator.errors import ApiError
from simulator.formatting import finished_text, parse_formatted
from simulator.images import dimensions
from tests.simulator.pictures import jpeg, png


def found(text: str) -> list[tuple[str, str]]:
    units = text.encode("utf-16-le")
    return [
        (one.kind, units[2 * one.offset : 2 * one.end].decode("utf-16-le"))
        for one in finished_text(parse_formatted(text, "", None)).entities
    ]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("/start abc", [("bot_command", "/start")]),
        ("😀 /hilfe@test_bot!", [("bot_command", "/hilfe@test_bot")]),
        ("und/oder </b> //x 1/2", []),
        ("an @corona_abi und @ab", [("mention", "@corona_abi")]),
        ("#Müll #2024 a#b", [("hashtag", "#Müll")]),
        ("$EUR", [("cashtag", "$EUR")]),
        ("post@anhalt-bitterfeld.de", [("email", "post@anhalt-bitterfeld.de")]),
        (
            "Siehe https://www.anhalt-bitterfeld.de/de/start.html.",
            [("url", "https://www.anhalt-bitterfeld.de/de/start.html")],
        ),
        ("köthen.de, 3.5 und z.B. so", [("url", "köthen.de")]),
        ("(http://a.de/x(y))", [("url", "http://a.de/x(y)")]),
    ],
)
def test_found_by_itself(text: str, entities: list[tuple[str, str]]) -> None:
    assert found(text) == entities


def test_nothing_is_found_inside_links_and_code() -> None:
    text = finished_text(parse_formatted("<code>/start</code> <b>/x</b>", "HTML", None))
    assert [one.kind for one in text.entities] == ["code", "bot_command", "bold"]


def given(text: str, *entities: dict[str, object]) -> list[dict[str, object]]:
    finished = finished_text(parse_formatted(text, "", list(entities)))
    return [entity_json(one) for one in finished.entities]


def entity(kind: str, offset: int, length: int, **more: object) -> dict[str, object]:
    return {"type": kind, "offset": offset, "length": length} | more


def test_explicit_entities() -> None:
    link = entity("text_link", 2, 2, url="https://example.org")
    bold, code = entity("bold", 0, 1), entity("pre", 5, 1, language="py")
    shown = link | {"url": "https://example.org"}
    assert given("a bc d", bold, link, code, entity("url", 0, 1)) == [bold, shown, code]


def test_overlapping_links_do_not_both_stay() -> None:
    first = entity("text_link", 0, 3, url="https://a.de")
    assert given("abcd", first, entity("code", 2, 2)) == [first]


@pytest.mark.parametrize(
    ("item", "complaint"),
    [
        ("x", "can't parse MessageEntity: expected an Object"),
        ({"type": "bold", "length": 1}, "can't parse MessageEntity: Can't find field \"offset\""),
        (entity("bold", 9, 1), "entity begins after the end of the text at UTF-16 offset 9"),
        (
            entity("bold", 0, 9),
            (
                "entity beginning at UTF-16 offset 0 ends after the end of the text"
                " at UTF-16 offset 9"
            ),
        ),
        (
            entity("bold", 1, 1),
            "entity begins in a middle of a UTF-16 symbol at byte offset 1",
        ),
        (entity("bold", -1, 1), "receive an entity with incorrect offset -1"),
        (entity("nonsense", 0, 1), "can't parse MessageEntity: Unsupported type specified"),
        (entity("text_link", 0, 1), "can't parse MessageEntity: Can't find field \"url\""),
    ],
)
def test_wrong_entities(item: dict[str, object], complaint: str) -> None:
    with pytest.raises(ApiError) as refusal:
        given("😀bc", item)
    assert refusal.value.description == f"Bad Request: {complaint}"


def test_html_for_the_page_is_safe() -> None:
    text = '<script>&"'
    assert to_html(text, []) == "&lt;script&gt;&amp;&quot;"
    bad = entity("text_link", 0, 3, url="javascript:alert(1)")
    assert to_html("abc", [bad]) == "abc"


def test_html_for_the_page_nests() -> None:
    markup = '<blockquote>a <b>b <a href="https://x.de/?a&amp;b">c</a></b></blockquote>\nd'
    text = finished_text(parse_formatted(markup, "HTML", None))
    html = to_html(text.text, [entity_json(one) for one in text.entities])
    link = '<a href="https://x.de/?a&amp;b" target="_blank" rel="noopener noreferrer">'
    assert html == f"<blockquote>a <b>b </b>{link}<b>c</b></a></blockquote>\nd"


def test_telegram_counts_found_entities_in_utf16() -> None:
    (command,) = find_entities("😀 /start")
    assert (command.offset, command.length) == (3, 6)


def test_sizes_of_pictures() -> None:
    assert dimensions(png(640, 480)) == (640, 480)
    assert dimensions(jpeg(320, 240)) == (320, 240)
    assert dimensions(b"GIF89a") is None
    assert dimensions(b"\xff\xd8\xff") is None
