"""Whatever a bot sends as markup is either read sensibly or refused, never a crash."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import formatting
from simulator.entities import QUOTES, SPLITTABLE, Entity, entity_json, tidied, utf16_length
from simulator.entities_render import to_html
from simulator.errors import ApiError
from simulator.formatting import finished_caption, finished_text, parse_formatted

TAGS = ["b", "i", "code", "pre", "blockquote"]
PIECES = [
    *"ab 😀ä\n\r<>/&;#x='\"_*[]()~`|!\\-.@",
    *[f"<{tag}>" for tag in TAGS],
    *[f"</{tag}>" for tag in TAGS],
    *["<a href='a.de'>", "</a>", "&lt;", "&#128512;", "||", "__", "```", "\n>", "](a.de)"],
]
markup = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
kinds = st.sampled_from([*sorted(SPLITTABLE | QUOTES), "code", "pre", "text_link"])
places = st.builds(Entity, kinds, st.integers(0, 12), st.integers(0, 12))


@settings(max_examples=150, deadline=None)
@given(markup, st.sampled_from(["HTML", "MarkdownV2", ""]))
def test_markup_is_read_or_refused(text: str, mode: str) -> None:
    try:
        finished = finished_text(parse_formatted(text, mode, None))
    except ApiError:
        return
    assert finished.text == finished.text.strip("\n ") or finished.entities
    for entity in finished.entities:
        assert entity.length > 0
        assert 0 <= entity.offset <= entity.end <= utf16_length(finished.text)
    html = to_html(finished.text, [entity_json(one) for one in finished.entities])
    assert unescape(re.sub(r"<[^>]*>", "", html)) == finished.text


@settings(max_examples=150, deadline=None)
@given(st.lists(places, max_size=8))
def test_tidied_entities_nest(entities: list[Entity]) -> None:
    result = tidied(entities)
    assert result == sorted(result, key=lambda one: one.order)
    for index, one in enumerate(result):
        for other in result[index + 1 :]:
            apart = one.end <= other.offset
            assert apart or other.end <= one.end, (one, other)
            assert apart or one.kind != other.kind, (one, other)
    assert tidied(result) == result


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40), st.lists(places, max_size=4))
def test_explicit_entities_stay_inside_the_text(text: str, entities: list[Entity]) -> None:
    items = [entity_json(one) | {"url": "a.de"} for one in entities]
    try:
        finished = finished_caption(parse_formatted(text, "", items))
    except ApiError:
        return
    assert all(one.end <= utf16_length(finished.text) for one in finished.entities)


@given(st.text(alphabet="aÄ1_ ,;!?().\n😀ß9٣@#", max_size=30))
def test_the_short_way_for_plain_texts_leads_to_the_same(text: str) -> None:
    plain = formatting.FormattedText(text, [])
    try:
        quick: object = formatting.finished_caption(plain)
    except ApiError as error:
        quick = error.description
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(formatting, "_PLAIN", re.compile(r"(?!)"))
        assert formatting.finished_caption(plain) == quick
