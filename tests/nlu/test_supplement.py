"""What others do: known topics and the OZG services, complete, in both languages, none twice."""

import re
from collections import Counter
from functools import cache

import pytest
import yaml

from nlu.supplement import DATA, EXAMPLES, KNOWN, OZG, entries_beyond, services_of_others, topics
from nlu.training import read_training
from nlu.understanding import Kind
from tests.faq.test_reading import measured, near_pairs
from tests.nlu.test_examples import REGION, SHARED, examples, read_lines, utterances

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LEAST = 6
LANGUAGES = {"de", "en", "uk", "ru", "ar", "tr", "pl"}
LONGEST = 300


@cache
def rows() -> dict[str, dict[str, dict[str, list[str]]]]:
    content: dict[str, dict[str, dict[str, list[str]]]] = yaml.safe_load(
        DATA.joinpath("supplement.yaml").read_text(encoding="utf-8")
    )
    return content


@pytest.mark.parametrize("slug", rows())
def test_every_topic_is_complete(slug: str) -> None:
    topic, languages = topics()[KNOWN + slug], rows()[slug]["examples"]
    assert SLUG.fullmatch(slug)
    assert len(languages["de"]) >= LEAST
    assert languages["en"]
    assert languages.keys() <= LANGUAGES
    assert all(text.strip() for text in (topic.name.de, topic.name.en))
    for answer in (topic.answer.de, topic.answer.en):
        assert answer.endswith((".", "”."))
        assert len(answer) <= LONGEST


def test_there_are_about_sixty_topics_and_none_is_a_service_of_the_county() -> None:
    ours = {
        service["id"]
        for file in REGION.glob("*.yaml")
        for service in yaml.safe_load(file.read_text(encoding="utf-8"))["services"]
    }
    assert len(topics()) >= 60
    assert rows().keys() & ours == set()


def test_no_example_stands_for_two_topics_or_for_a_service() -> None:
    found = [text.casefold() for one in topics().values() for text in one.phrases]
    assert [text for text, count in Counter(found).items() if count > 1] == []
    others = {text.casefold() for kind in ("services", "ozg") for _, text in utterances(kind)}
    assert set(found) & others == set()


def test_no_example_is_one_of_the_questions_we_measure_with() -> None:
    phrases = {text for one in topics().values() for text in one.phrases}
    assert near_pairs(phrases, measured()) == []


def test_every_service_of_the_ozg_says_whose_it_is() -> None:
    others = services_of_others()
    assert {key.removeprefix(OZG) for key in others} == examples("ozg").keys()
    assert len(others) == 557
    for one in others.values():
        texts = (one.name.de, one.name.en, one.who.name.de, one.who.name.en, one.who.how.de)
        assert all(text.strip() for text in texts), one.id
        assert one.who.how.en.endswith("."), one.id


def test_names_of_the_ozg_services_are_not_doubled() -> None:
    names = Counter(one.name.de for one in services_of_others().values())
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared development questions are missing")
def test_the_ozg_services_are_those_of_the_catalogue() -> None:
    known = {OZG + one["id"] for one in read_lines(SHARED / "ozg_catalogue.jsonl")}
    assert services_of_others().keys() == known


def test_what_the_region_offers_itself_is_left_out() -> None:
    ozg = read_training().ozg
    entries = {one.id: one for one in entries_beyond({"10000", "10002"}, ozg)}
    assert not {"ozg:10000", "ozg:10002"} & entries.keys()
    assert entries["ozg:10031"].kind is Kind.ELSEWHERE
    assert entries["ozg:10031"].phrases == ozg["10031"][:EXAMPLES]
    assert entries["known:schiedsstelle"].kind is Kind.KNOWN
    assert len(entries) == len(topics()) + 555
