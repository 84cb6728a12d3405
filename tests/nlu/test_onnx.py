"""An encoder of one's own, from a folder: a tiny model, run by the real engine."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from nlu.encoders import works
from nlu.onnx import OnnxEncoder, OnnxFolder
from nlu.vectors import VectorStore

pytestmark = pytest.mark.skipif(
    not (find_spec("onnxruntime") and find_spec("tokenizers")),
    reason="needs the extra: pip install 'abibot[onnx]'",
)
WORDS = {"[UNK]": 0, "[PAD]": 1, "hund": 2, "dog": 3, "haus": 4, "query": 5, "passage": 6}
TABLE = np.array(
    [[0, 0, 0.1], [9, 9, 9], [1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 2]],
    dtype=np.float32,
)
"""What each word means; what fills up short texts must not count."""
INT64, FLOAT = 7, 1


def field(number: int, content: bytes | str | int) -> bytes:
    """Write a field of a protobuf message, in which ONNX models are kept."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    raw = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(raw)) + raw


def varint(value: int) -> bytes:
    low, rest = value & 127, value >> 7
    return bytes([low | 128]) + varint(rest) if rest else bytes([low])


def value(name: str, kind: int, *sizes: str) -> bytes:
    shape = b"".join(field(1, field(2, size)) for size in sizes)
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, shape)))


def model() -> bytes:
    """Return a model that looks each word up in the table."""
    sizes = b"".join(field(1, size) for size in TABLE.shape)
    table = sizes + field(2, FLOAT) + field(8, "table") + field(9, TABLE.tobytes())
    look_up = field(1, "table") + field(1, "input_ids") + field(2, "hidden") + field(4, "Gather")
    graph = (
        field(1, look_up)
        + field(2, "tiny")
        + field(5, table)
        + field(11, value("input_ids", INT64, "texts", "words"))
        + field(11, value("attention_mask", INT64, "texts", "words"))
        + field(12, value("hidden", FLOAT, "texts", "words", "dim"))
    )
    return field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, 13))


@pytest.fixture
def where(tmp_path: Path) -> OnnxFolder:
    tokenizers = import_module("tokenizers")
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(WORDS, unk_token="[UNK]"))
    tokenizer.normalizer = tokenizers.normalizers.Lowercase()
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    folder = tmp_path / "model"
    folder.mkdir()
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "model.onnx").write_bytes(model())
    return OnnxFolder(folder)


def test_it_means_what_it_should(where: OnnxFolder) -> None:
    assert works(OnnxEncoder(where))


def test_what_fills_up_a_short_text_does_not_count(where: OnnxFolder) -> None:
    encoder = OnnxEncoder(where)
    [alone] = encoder.passages(["hund"])
    [beside, _] = encoder.passages(["hund", "haus haus haus haus haus"])
    assert np.allclose(alone, beside)


def test_questions_and_texts_begin_differently(where: OnnxFolder) -> None:
    encoder = OnnxEncoder(where)
    assert not np.allclose(encoder.queries(["hund"]), encoder.passages(["hund"]))


@pytest.mark.parametrize("text", ["", "🐕", "wort " * 5000, "\ud800"])
def test_any_text_has_a_vector(where: OnnxFolder, text: str) -> None:
    found = OnnxEncoder(where).queries([text, "hund"])
    assert found.shape == (2, TABLE.shape[1])
    assert np.isfinite(found).all()


def test_another_model_has_other_vectors(where: OnnxFolder, tmp_path: Path) -> None:
    first = VectorStore(tmp_path, OnnxEncoder(where))
    first.passages(["hund"])
    other = VectorStore(tmp_path, OnnxEncoder(OnnxFolder(where.folder, "", "")))
    assert other.missing(["hund"]) == 1
    content = (where.folder / "tokenizer.json").read_text(encoding="utf-8")
    (where.folder / "tokenizer.json").write_text(content + "\n", encoding="utf-8")
    assert VectorStore(tmp_path, OnnxEncoder(where)).missing(["hund"]) == 1
