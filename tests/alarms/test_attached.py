"""One chart and one place go with a message, and only where they say something new."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alarms.rules.attaching import Attached, Shown, attached
from services.alarms.rules.notify import News
from services.alarms.rules.records import Severity


def shown(
    news: News, severity: Severity = Severity.WATCH, *, chart: bool = True, place: bool = True
) -> Shown:
    return Shown(news, severity, chart, place)


def test_what_begins_brings_both_what_rises_the_chart() -> None:
    assert attached({7: shown(News.FIRED)}) == Attached(7, 7)
    assert attached({7: shown(News.ROSE)}) == Attached(7, None)


@pytest.mark.parametrize("news", sorted(set(News) - {News.FIRED, News.ROSE}))
def test_nothing_else_brings_anything(news: News) -> None:
    assert attached({7: shown(news)}) == Attached()


def test_the_gravest_is_shown_and_of_equals_the_first() -> None:
    news = {
        5: shown(News.FIRED, Severity.START),
        9: shown(News.FIRED, Severity.GUARD),
        8: shown(News.FIRED, Severity.GUARD),
    }
    assert attached(news) == Attached(8, 8)


def test_what_cannot_be_shown_gives_way_to_what_can() -> None:
    news = {
        1: shown(News.FIRED, Severity.GUARD, chart=False, place=False),
        2: shown(News.ROSE, Severity.WATCH),
        3: shown(News.FIRED, Severity.START),
    }
    assert attached(news) == Attached(2, 3)


@given(
    st.dictionaries(
        st.integers(1, 50),
        st.builds(Shown, st.sampled_from(News), st.sampled_from(Severity), *[st.booleans()] * 2),
    )
)
def test_what_is_shown_is_new_may_be_shown_and_none_graver_is_left_out(
    news: dict[int, Shown],
) -> None:
    found = attached(news)
    for number in {found.chart, found.place} - {None}:
        assert number is not None
        assert news[number].news in (News.FIRED, News.ROSE)
    could = [one.severity for one in news.values() if one.chart and one.news is News.FIRED]
    assert found.chart is None or news[found.chart].chart
    if could:
        assert found.chart is not None
        assert news[found.chart].severity >= max(could)
    assert found.place is None or (news[found.place].place and found.place in news)
