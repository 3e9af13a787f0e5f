"""From trained weights to the CTranslate2 folder that faster-whisper loads."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from ctranslate2.specs import whisper_spec
from tokenizers import Tokenizer

from models.training.network import sinusoids
from models.training.shape import ENCODER_POSITIONS, MEL_BANDS, MODEL_RATE_HZ, Shape

Floats = npt.NDArray[np.float32]


def export(weights: Path, tokenizer_path: Path, folder: Path, shape: Shape) -> None:
    """Write model.bin (int8), config, vocabulary, tokenizer and feature settings into `folder`."""
    state = {name: value.float().numpy() for name, value in torch.load(weights, map_location="cpu").items()}
    tokenizer = Tokenizer.from_file(str(tokenizer_path))
    names = {index: token for token, index in tokenizer.get_vocab().items()}
    spec = whisper_spec.WhisperSpec(shape.encoder_layers, shape.heads, shape.decoder_layers, shape.heads)
    filler = _Filler(state, shape.width)
    filler.encoder(spec.encoder)
    filler.decoder(spec.decoder)
    spec.register_vocabulary([names[index] for index in range(len(names))])
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.lang_ids = [tokenizer.token_to_id("<|fr|>"), tokenizer.token_to_id("<|en|>")]
    spec.config.alignment_heads = [[shape.decoder_layers - 1, 0]]
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    shutil.copy(tokenizer_path, folder / "tokenizer.json")
    features = {"feature_size": MEL_BANDS, "hop_length": 160, "n_fft": 400, "sampling_rate": MODEL_RATE_HZ, "chunk_length": 30}
    (folder / "preprocessor_config.json").write_text(json.dumps(features), encoding="utf-8")


class _Filler:
    """Copies parameters by name into a specification; CTranslate2 wants q, k and v (or k and v) in one matrix."""

    def __init__(self, state: dict[str, Floats], width: int) -> None:
        self._state = state
        self._no_bias = np.zeros(width, np.float32)
        self._width = width

    def encoder(self, encoder: Any) -> None:
        self._linear(encoder.conv1, "c1")
        self._linear(encoder.conv2, "c2")
        encoder.position_encodings.encodings = sinusoids(ENCODER_POSITIONS, self._width)
        self._norm(encoder.layer_norm, "el")
        for index, layer in enumerate(encoder.layer):
            self._self_attention(layer.self_attention, f"e.{index}")
            self._feed_forward(layer.ffn, f"e.{index}")

    def decoder(self, decoder: Any) -> None:
        decoder.embeddings.weight = decoder.projection.weight = self._state["emb.weight"]
        decoder.position_encodings.encodings = self._state["dpos"]
        self._norm(decoder.layer_norm, "dl")
        for index, layer in enumerate(decoder.layer):
            self._self_attention(layer.self_attention, f"d.{index}")
            self._cross_attention(layer.attention, f"d.{index}")
            self._feed_forward(layer.ffn, f"d.{index}")

    def _norm(self, layer: Any, name: str) -> None:
        layer.gamma, layer.beta = self._state[f"{name}.weight"], self._state[f"{name}.bias"]

    def _linear(self, layer: Any, *names: str) -> None:
        layer.weight = np.concatenate([self._state[f"{name}.weight"] for name in names])
        layer.bias = np.concatenate([self._state.get(f"{name}.bias", self._no_bias) for name in names])

    def _self_attention(self, attention: Any, block: str) -> None:
        self._norm(attention.layer_norm, f"{block}.l1")
        self._linear(attention.linear[0], f"{block}.a.q", f"{block}.a.k", f"{block}.a.v")
        self._linear(attention.linear[1], f"{block}.a.o")

    def _cross_attention(self, attention: Any, block: str) -> None:
        self._norm(attention.layer_norm, f"{block}.l2")
        self._linear(attention.linear[0], f"{block}.c.q")
        self._linear(attention.linear[1], f"{block}.c.k", f"{block}.c.v")
        self._linear(attention.linear[2], f"{block}.c.o")

    def _feed_forward(self, ffn: Any, block: str) -> None:
        self._norm(ffn.layer_norm, f"{block}.l3")
        self._linear(ffn.linear_0, f"{block}.f.0")
        self._linear(ffn.linear_1, f"{block}.f.2")
