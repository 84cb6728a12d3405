"""HTML markup: places in UTF-16 units, complaints with byte offsets as the real server's."""

import pytest

from simulator.entities import Entity, FormattedText
from simulator.errors import ApiError
from simulator.formatting import finished_text, parse_formatted


def read(text: str) -> FormattedText:
    return finished_text(parse_formatted(text, "HTML", None))


def spans(text: str) -> list[tuple[str, int, int]]:
    return [(one.kind, one.offset, one.length) for one in read(text).entities]


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        ("<b>x</b>", "bold"),
        ("<STRONG>x</strong>", "bold"),
        ("<i>x</i>", "italic"),
        ("<em>x</em>", "italic"),
        ("<u>x</u>", "underline"),
        ("<ins>x</ins>", "underline"),
        ("<s>x</s>", "strikethrough"),
        ("<strike>x</strike>", "strikethrough"),
        ("<del>x</>", "strikethrough"),
        ("<tg-spoiler>x</tg-spoiler>", "spoiler"),
        ('<span class="tg-spoiler">x</span>', "spoiler"),
        ("<code>x</code>", "code"),
        ("<pre>x</pre>", "pre"),
        ("<blockquote>x</blockquote>", "blockquote"),
        ("<blockquote expandable>x</blockquote>", "expandable_blockquote"),
    ],
)
def test_each_tag_becomes_its_entity(markup: str, kind: str) -> None:
    assert read(markup) == ("x", [Entity(kind, 0, 1)])


def test_offsets_count_utf16_units() -> None:
    assert read("😀ä <b>😀</b>") == ("😀ä 😀", [Entity("bold", 4, 2)])


def test_character_references() -> None:
    assert read("&lt;b&gt; &amp; &quot;&#228;&#x1F600; &nbsp; &lt").text == '<b> & "ä😀 &nbsp; <'


def test_links_are_written_as_telegram_writes_them() -> None:
    (link,) = read('<a href="HTTPS://Example.ORG?a=1&amp;b=2">hier</a>').entities
    assert link == Entity("text_link", 0, 4, "https://example.org/?a=1&b=2")


def test_a_link_without_an_address_takes_its_text() -> None:
    (link,) = read("<a>example.org</a>").entities
    assert link.argument == "http://example.org/"


def test_an_impossible_link_is_plain_text() -> None:
    assert read('<a href="nowhere">hier</a>') == ("hier", [])


def test_a_link_to_a_person_mentions_them() -> None:
    (mention,) = read('<a href="tg://user?id=1001">Erika</a>').entities
    assert (mention.kind, mention.user_id) == ("text_mention", 1001)


def test_a_block_of_code_in_a_language() -> None:
    code = '<pre><code class="language-python">x</code></pre>'
    assert read(code).entities == [Entity("pre", 0, 1, "python")]


def test_nested_entities_are_split_where_others_begin_and_end() -> None:
    assert spans("<b>a<i>b</i>c</b>") == [("bold", 0, 1), ("bold", 1, 2), ("italic", 1, 1)]


def test_nothing_is_bold_inside_code() -> None:
    assert spans("<code>a<b>b</b></code>") == [("code", 0, 2)]


def test_adjacent_stretches_of_a_kind_are_one() -> None:
    assert spans("<b>a</b><b>b</b>") == [("bold", 0, 2)]


def test_blanks_at_the_ends_go_and_take_the_entities_along() -> None:
    assert read("  \n<b>x </b>\n ") == ("x", [Entity("bold", 0, 1)])


def test_an_empty_entity_is_none() -> None:
    assert read("x<b></b>") == ("x", [])


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("ä<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<a =x>a</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href=http://x>a</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<tg-emoji emoji-id=x>a</tg-emoji>", "Invalid custom emoji identifier specified"),
        (
            "&#xd800;",
            (
                "Text contains invalid Unicode characters after decoding HTML entities, check for"
                " unmatched surrogate code units"
            ),
        ),
    ],
)
def test_complaints(markup: str, complaint: str) -> None:
    with pytest.raises(ApiError) as refusal:
        read(markup)
    assert refusal.value.description == f"Bad Request: can't parse entities: {complaint}"
