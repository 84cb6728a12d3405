"""Reading questions to measure with."""

import json
from pathlib import Path

import pytest

from nlu.questions import UNKNOWN, Fault, Question, QuestionsError, read_questions


def written(folder: Path, *lines: str) -> Path:
    path = folder / "questions.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_line_is_a_question(tmp_path: Path):
    line = {"text": "Hund?", "services": ["a", "b"], "oos": False, "lang": "de", "style": "lay"}
    path = written(tmp_path, json.dumps({**line, "id": 7, "title_overlap": False}), "")
    assert read_questions(path) == [Question("Hund?", frozenset("ab"), "de", "lay")]


def test_language_and_style_may_be_missing(tmp_path: Path):
    path = written(tmp_path, '{"text": "Hund?", "services": ["a"], "lang": null}')
    assert read_questions(path) == [Question("Hund?", frozenset("a"), UNKNOWN, UNKNOWN)]


def test_out_of_scope_needs_no_services(tmp_path: Path):
    path = written(
        tmp_path,
        '{"text": "Wetter?", "oos": true}',
        '{"text": "Wetter?", "oos": true, "services": []}',
        '{"text": "Wetter?", "oos": true, "services": ["a"]}',
        '{"text": "Hilfe!", "emergency": true}',
    )
    *beyond, emergency = read_questions(path)
    assert all(one == Question("Wetter?") for one in beyond)
    assert emergency == Question("Hilfe!", emergency=True)


def test_a_mark_of_the_file_s_encoding_and_line_ends_of_windows_are_no_fault(tmp_path: Path):
    path = tmp_path / "questions.jsonl"
    path.write_bytes(
        b'\xef\xbb\xbf{"text": "a", "oos": true}\r\n\r\n{"text": "b", "oos": true}\r\n'
    )
    assert [one.text for one in read_questions(path)] == ["a", "b"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", Fault.NO_JSON),
        ("[" * 100_000, Fault.NO_JSON),
        ("[]", Fault.NO_OBJECT),
        ('{"services": ["a"]}', Fault.NO_TEXT),
        ('{"text": 5, "services": ["a"]}', Fault.NO_TEXT),
        ('{"text": "Hund?"}', Fault.NO_SERVICES),
        ('{"text": "Hund?", "services": []}', Fault.NO_SERVICES),
        ('{"text": "Hund?", "services": [10000]}', Fault.NO_SERVICES),
        ('{"text": "Hund?", "services": "a"}', Fault.NO_SERVICES),
        ('{"text": "Hund?", "services": [], "oos": "no"}', Fault.NO_TRUTH),
        ('{"text": "Hund?", "services": ["a"], "lang": 1}', Fault.NO_NAME),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, fault: Fault):
    path = written(tmp_path, '{"text": "Hund?", "services": ["a"]}', "", line)
    with pytest.raises(QuestionsError) as found:
        read_questions(path)
    assert (found.value.line, found.value.fault) == (3, fault)


def test_another_encoding_is_named_with_its_line(tmp_path: Path):
    path = tmp_path / "questions.jsonl"
    path.write_bytes('{"text": "a", "oos": true}\n{"text": "ä"}'.encode("latin-1"))
    with pytest.raises(QuestionsError) as found:
        read_questions(path)
    assert (found.value.line, found.value.fault) == (2, Fault.NO_TEXT_FILE)
