"""MarkdownV2 markup: marks, escapes, links, quotes, complaints."""

import pytest

from simulator.entities import Entity, FormattedText
from simulator.errors import ApiError
from simulator.formatting import finished_text, parse_formatted


def read(text: str) -> FormattedText:
    return finished_text(parse_formatted(text, "MarkdownV2", None))


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        ("*x*", "bold"),
        ("_x_", "italic"),
        ("__x__", "underline"),
        ("~x~", "strikethrough"),
        ("||x||", "spoiler"),
        ("`x`", "code"),
        ("```\nx```", "pre"),
        (">x", "blockquote"),
        (">x||", "expandable_blockquote"),
    ],
)
def test_each_mark_becomes_its_entity(markup: str, kind: str) -> None:
    assert read(markup) == ("x", [Entity(kind, 0, 1)])


def test_offsets_count_utf16_units() -> None:
    assert read("😀 *😀*") == ("😀 😀", [Entity("bold", 3, 2)])


def test_escapes() -> None:
    assert read(r"1\. \*kein Stern\* \\").text == "1. *kein Stern* \\"


def test_code_needs_few_escapes() -> None:
    assert read("`a.b_c!`") == ("a.b_c!", [Entity("code", 0, 6)])


def test_a_block_of_code_in_a_language() -> None:
    assert read("```python\nx```") == ("x", [Entity("pre", 0, 1, "python")])


def test_links() -> None:
    assert read(r"[hier](https://example\.org/a_\))").entities == [
        Entity("text_link", 0, 4, "https://example.org/a_)")
    ]
    (mention,) = read("[Erika](tg://user?id=1001)").entities
    assert (mention.kind, mention.user_id) == ("text_mention", 1001)


def test_nested_marks() -> None:
    assert [(one.kind, one.offset, one.length) for one in read("*a _b_*").entities] == [
        ("bold", 0, 2),
        ("bold", 2, 1),
        ("italic", 2, 1),
    ]


def test_quotes_of_several_lines() -> None:
    quote = read(">eins\n>zwei\ndrei")
    assert quote == ("eins\nzwei\ndrei", [Entity("blockquote", 0, 10)])


@pytest.mark.parametrize("letter", list("]()#+-={}.!|"))
def test_reserved_characters(letter: str) -> None:
    with pytest.raises(ApiError) as refusal:
        read(f"a{letter}")
    assert refusal.value.description == (
        f"Bad Request: can't parse entities: Character '{letter}' is reserved and must be escaped"
        " with the preceding '\\'"
    )


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        ("a >b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
        ("ä*b", "Can't find end of Bold entity at byte offset 2"),
        ("_b", "Can't find end of Italic entity at byte offset 0"),
        ("__b", "Can't find end of Underline entity at byte offset 0"),
        ("`b", "Can't find end of Code entity at byte offset 0"),
        ("```c\nb", "Can't find end of PreCode entity at byte offset 0"),
        ("[b", "Can't find end of TextUrl entity at byte offset 0"),
        ("[b](c", "Can't find end of a URL at byte offset 4"),
        ("![b]", "The entity must contain a tg://emoji or tg://time URL"),
        ("![b](x)", "Invalid tg://emoji or tg://time URL specified"),
    ],
)
def test_complaints(markup: str, complaint: str) -> None:
    with pytest.raises(ApiError) as refusal:
        read(markup)
    assert refusal.value.description == f"Bad Request: can't parse entities: {complaint}"
