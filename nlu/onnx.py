"""An encoder of one's own: a folder with `model.onnx` and `tokenizer.json`.

The official multilingual-e5-small, for example. Needs the packages of the extra `onnx`; they are
imported when the encoder is used.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from nlu.encoders import Vectors, encodable, in_batches

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
MOST_TOKENS = 512
SHORT = 16
"""Digits of the digest that tell one model from another."""
POOLED = 2
"""Dimensions of what a model gives back that has already one vector for each text."""


@dataclass(frozen=True)
class OnnxFolder:
    """Where the encoder lies, and what it wants to read before each text.

    Attributes:
        folder: with `model.onnx` and `tokenizer.json`.
        query: stands before what is looked for.
        passage: stands before what can be found.
    """

    folder: Path
    query: str = "query: "
    passage: str = "passage: "


class OnnxEncoder:
    """Implements `nlu.encoders.Encoder`: the mean of all tokens' vectors."""

    name = "onnx"

    def __init__(self, where: OnnxFolder) -> None:
        self._where = where

    @cached_property
    def version(self) -> str:
        """The digest of all that decides about the vectors."""
        found = hashlib.sha256(f"{self._where.query}\0{self._where.passage}\0".encode())
        for name in (MODEL, TOKENIZER):
            with (self._where.folder / name).open("rb") as file:
                found.update(hashlib.file_digest(file, "sha256").digest())
        return found.hexdigest()[:SHORT]

    @cached_property
    def dim(self) -> int:
        return int(self._encode([""]).shape[1])

    def passages(self, texts: Sequence[str]) -> Vectors:
        return in_batches(self._encode, [self._where.passage + one for one in texts], self.dim)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return in_batches(self._encode, [self._where.query + one for one in texts], self.dim)

    @cached_property
    def _session(self) -> Any:
        runtime = import_module("onnxruntime")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        model = str(self._where.folder / MODEL)
        return runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    @cached_property
    def _tokenizer(self) -> Any:
        path = str(self._where.folder / TOKENIZER)
        tokenizer = import_module("tokenizers").Tokenizer.from_file(path)
        tokenizer.enable_truncation(MOST_TOKENS)
        tokenizer.enable_padding()
        return tokenizer

    def _encode(self, texts: list[str]) -> Vectors:
        read = self._tokenizer.encode_batch([encodable(one) for one in texts])
        mask = np.array([one.attention_mask for one in read], dtype=np.int64)
        tokens = {
            "input_ids": np.array([one.ids for one in read], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        wanted = {one.name: tokens[one.name] for one in self._session.get_inputs()}
        found = np.asarray(self._session.run(None, wanted)[0], dtype=np.float32)
        if found.ndim == POOLED:
            return found
        weights = mask[:, :, np.newaxis].astype(np.float32)
        total: Vectors = (found * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)
        return total
