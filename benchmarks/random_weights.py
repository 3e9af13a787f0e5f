"""Whisper models of the right shapes and random weights, for measures of speed only: what they write means nothing.

`python -m benchmarks.random_weights small FOLDER`
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from ctranslate2.specs import whisper_spec
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

MEL_BANDS = 80
TEXT_TOKENS = 50257
LANGUAGES = 99
TIMESTAMPS = 1501
ENCODER_POSITIONS = 1500
DECODER_POSITIONS = 448


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Dimensions of one of OpenAI's models."""

    width: int
    heads: int
    layers: int
    """Of the encoder, and of the decoder."""


# Source: Radford et al. 2022, table 1.
SHAPES = {
    "tiny": Shape(width=384, heads=6, layers=4),
    "base": Shape(width=512, heads=8, layers=6),
    "small": Shape(width=768, heads=12, layers=12),
}


def build(shape: Shape, folder: Path, *, seed: int = 0) -> Path:
    """Write a multilingual model of that shape, int8, with a tokenizer whose special tokens are Whisper's.

    Args:
        shape: see SHAPES.
        folder: created; receives model.bin, config.json, vocabulary.json, tokenizer.json, preprocessor_config.json.
        seed: of the weights.
    """
    vocabulary = _vocabulary()
    weights = _Weights(np.random.default_rng(seed), shape.width)
    spec = whisper_spec.WhisperSpec(shape.layers, shape.heads, shape.layers, shape.heads)
    _fill_encoder(spec.encoder, weights)
    _fill_decoder(spec.decoder, weights, len(vocabulary))
    spec.register_vocabulary(vocabulary)
    index = {token: i for i, token in enumerate(vocabulary)}
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.lang_ids = [index["<|fr|>"], index["<|en|>"]]
    spec.config.alignment_heads = [[shape.layers - 1, 0]]
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    _write_tokenizer(vocabulary, folder)
    return folder


class _Weights:
    """Small normal weights, unit gains, no biases: sound numbers, meaningless text."""

    def __init__(self, chance: np.random.Generator, width: int) -> None:
        self._chance = chance
        self.width = width

    def matrix(self, *shape: int) -> npt.NDArray[np.float32]:
        return self._chance.standard_normal(shape, np.float32) * np.float32(0.02)

    def linear(self, layer: Any, rows: int, columns: int) -> None:
        layer.weight, layer.bias = self.matrix(rows, columns), np.zeros(rows, np.float32)

    def convolution(self, layer: Any, channels: int) -> None:
        layer.weight, layer.bias = self.matrix(self.width, channels, 3), np.zeros(self.width, np.float32)

    def norm(self, layer: Any) -> None:
        layer.gamma, layer.beta = np.ones(self.width, np.float32), np.zeros(self.width, np.float32)

    def self_attention(self, attention: Any) -> None:
        self.norm(attention.layer_norm)
        self.linear(attention.linear[0], 3 * self.width, self.width)
        self.linear(attention.linear[1], self.width, self.width)

    def cross_attention(self, attention: Any) -> None:
        self.norm(attention.layer_norm)
        for part, rows in zip(attention.linear, (1, 2, 1), strict=True):
            self.linear(part, rows * self.width, self.width)

    def feed_forward(self, ffn: Any) -> None:
        self.norm(ffn.layer_norm)
        self.linear(ffn.linear_0, 4 * self.width, self.width)
        self.linear(ffn.linear_1, self.width, 4 * self.width)


def _fill_encoder(encoder: Any, weights: _Weights) -> None:
    weights.convolution(encoder.conv1, MEL_BANDS)
    weights.convolution(encoder.conv2, weights.width)
    encoder.position_encodings.encodings = weights.matrix(ENCODER_POSITIONS, weights.width)
    weights.norm(encoder.layer_norm)
    for layer in encoder.layer:
        weights.self_attention(layer.self_attention)
        weights.feed_forward(layer.ffn)


def _fill_decoder(decoder: Any, weights: _Weights, tokens: int) -> None:
    decoder.embeddings.weight = weights.matrix(tokens, weights.width)
    decoder.projection.weight = decoder.embeddings.weight
    decoder.position_encodings.encodings = weights.matrix(DECODER_POSITIONS, weights.width)
    weights.norm(decoder.layer_norm)
    for layer in decoder.layer:
        weights.self_attention(layer.self_attention)
        weights.cross_attention(layer.attention)
        weights.feed_forward(layer.ffn)


def _vocabulary() -> list[str]:
    """As many tokens as Whisper's, in its order: bytes and made-up text, then the special ones."""
    return [*_text_tokens(), *_special_tokens()]


def _text_tokens() -> list[str]:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    return [*alphabet, *(f"{n:x}#" for n in range(TEXT_TOKENS - len(alphabet)))]


def _special_tokens() -> Iterator[str]:
    yield from ("<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|fr|>")
    yield from (f"<|l{n}|>" for n in range(LANGUAGES - 2))
    yield from ("<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>")
    yield from (f"<|{n * 0.02:.2f}|>" for n in range(TIMESTAMPS))


def _write_tokenizer(vocabulary: list[str], folder: Path) -> None:
    text = {token: i for i, token in enumerate(vocabulary[:TEXT_TOKENS])}
    tokenizer = Tokenizer(models.BPE(vocab=text, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(vocabulary[TEXT_TOKENS:])
    tokenizer.save(str(folder / "tokenizer.json"))
    preprocessor = {"feature_size": MEL_BANDS, "hop_length": 160, "n_fft": 400, "sampling_rate": 16000, "chunk_length": 30}
    (folder / "preprocessor_config.json").write_text(json.dumps(preprocessor), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    print(f"random weights of Whisper {arguments.shape}, for speed only: {build(SHAPES[arguments.shape], arguments.folder)}")


if __name__ == "__main__":
    main()
