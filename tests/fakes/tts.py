"""Doubles for speech synthesis: a voice that beeps, a Piper model that hisses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from voicebot.core.audio import Samples
from voicebot.core.errors import SynthesisError


class FakeSynthesizer:
    """Implements `Synthesizer`: 60 ms of a 440 Hz tone per character, between two silences, at an ordinary level."""

    def __init__(self, name: str = "fake", *, rate_hz: int = 22050, fails: bool = False) -> None:
        self.name = name
        self.rate_hz = rate_hz
        self.fails = fails
        self.spoken: list[str] = []
        """Every text asked for, in order, failures included."""

    def synthesize(self, text: str) -> Samples:
        self.spoken.append(text)
        if self.fails:
            raise SynthesisError(f"{self.name} is told to fail.")
        if not any(character.isalnum() for character in text):
            return np.zeros(0, np.int16)
        n_samples = round(0.06 * len(text) * self.rate_hz)
        tone = np.sin(2 * np.pi * 440.0 * np.arange(n_samples) / self.rate_hz) * 4634.0  # -20 dBFS RMS
        silence = np.zeros(round(0.2 * self.rate_hz))
        return np.concatenate([silence, tone, silence]).astype(np.int16)


def write_hissing_piper_voice(folder: Path) -> Path:
    """Write a voice that piper-tts loads and runs: 256 samples of noise-like tone per phoneme, at 22050 Hz.

    The graph has the inputs and the output of a Piper voice (input, input_lengths, scales -> output):
    output = sin(tile(float(input), 256)).
    """
    from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

    config = {
        "audio": {"sample_rate": 22050},
        "espeak": {"voice": "fr"},
        "num_symbols": 256,
        "num_speakers": 1,
        "phoneme_id_map": DEFAULT_PHONEME_ID_MAP,
    }
    model = folder / "hiss.onnx"
    model.write_bytes(_model())
    Path(f"{model}.json").write_text(json.dumps(config), encoding="utf-8")
    return model


# ONNX is Protocol Buffers; the few messages needed are written by field number (onnx.proto, IR version 8).
_FLOAT, _INT64 = 1, 7


def _model() -> bytes:
    graph = b"".join(
        (
            _bytes(1, _bytes(1, b"input") + _bytes(2, b"ids") + _bytes(4, b"Cast") + _bytes(5, _cast_to_float())),
            _bytes(1, _bytes(1, b"ids") + _bytes(1, b"repeats") + _bytes(2, b"tiled") + _bytes(4, b"Tile")),
            _bytes(1, _bytes(1, b"tiled") + _bytes(2, b"output") + _bytes(4, b"Sin")),
            _bytes(2, b"hiss"),
            _bytes(5, _int(1, 2) + _int(2, _INT64) + _bytes(8, b"repeats") + _bytes(9, np.array([1, 256], "<i8").tobytes())),
            _bytes(11, _tensor(b"input", _INT64, 2)),
            _bytes(11, _tensor(b"input_lengths", _INT64, 1)),
            _bytes(11, _tensor(b"scales", _FLOAT, 1)),
            _bytes(12, _tensor(b"output", _FLOAT, 2)),
        )
    )
    return _int(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, b"") + _int(2, 13))


def _cast_to_float() -> bytes:
    return _bytes(1, b"to") + _int(3, _FLOAT) + _int(20, 2)


def _tensor(name: bytes, element: int, n_dims: int) -> bytes:
    shape = b"".join(_bytes(1, _bytes(2, b"%s_%d" % (name, i))) for i in range(n_dims))
    return _bytes(1, name) + _bytes(2, _bytes(1, _int(1, element) + _bytes(2, shape)))


def _varint(value: int) -> bytes:
    low, high = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + _varint(high) if high else bytes([low])


def _int(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content
