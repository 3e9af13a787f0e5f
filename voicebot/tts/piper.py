"""Piper as a synthesizer: the natural voice, when its ONNX model is there.

No real Piper voice could be run where this adapter was written: it is checked against piper-tts itself with a model of
the right inputs and outputs that makes a tone instead of speech. Level, speed and sound quality of real voices are
unmeasured.

Source: piper-tts 1.8, piper/voice.py; voices at https://huggingface.co/rhasspy/piper-voices.
"""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from voicebot.core.audio import Samples
from voicebot.core.errors import ModelError, SynthesisError
from voicebot.tts.loudness import TARGET_DBFS, levelled


class PiperSynthesizer:
    """One Piper voice; implements `Synthesizer`. Calls may overlap: onnxruntime allows it."""

    def __init__(self, model_path: Path, *, length_scale: float | None = None, level_dbfs: float = TARGET_DBFS) -> None:
        """Load the voice.

        Args:
            model_path: the `.onnx` file; its configuration is expected beside it as `<model_path>.json`.
            length_scale: above 1 speaks slower, below 1 faster; None for the voice's own.
            level_dbfs: RMS of the active speech, dB below full scale; peaks stay below -3 dBFS.

        Raises:
            ModelError: a file is missing, or the voice does not load.
        """
        self._voice = _load(model_path)
        self._length_scale = length_scale
        self._level_dbfs = level_dbfs
        self.rate_hz: int = int(self._voice.config.sample_rate)
        with model_path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()[:12]
        scale = "" if length_scale is None else f":{length_scale:g}"
        self.name = f"piper:{model_path.stem}:{digest}{scale}:{level_dbfs:g}:{version('piper-tts')}"

    def synthesize(self, text: str) -> Samples:
        """Speak verbalised text; see `Synthesizer.synthesize`. Text without a letter or digit gives no sample."""
        if not any(character.isalnum() for character in text):
            return np.zeros(0, np.int16)
        chunks = self._chunks(text.replace("[[", " ").replace("]]", " "))  # brackets would be read as raw phonemes
        if not sum(chunk.size for chunk in chunks):
            raise SynthesisError(f"Piper returned no audio for a text of {len(text)} characters.")
        return levelled(np.concatenate(chunks), self.rate_hz, target_dbfs=self._level_dbfs)

    def _chunks(self, text: str) -> list[Samples]:
        from piper import SynthesisConfig

        settings = SynthesisConfig(length_scale=self._length_scale)
        try:
            return [np.atleast_1d(chunk.audio_int16_array) for chunk in self._voice.synthesize(text, settings)]
        except _synthesis_failures() as exc:
            raise SynthesisError(f"Piper failed on a text of {len(text)} characters: {exc}.") from exc


def _load(model_path: Path) -> Any:
    from piper import PiperVoice

    config_path = Path(f"{model_path}.json")
    for path, role in ((model_path, "model"), (config_path, "configuration")):
        if not path.is_file():
            raise ModelError(f"The Piper voice's {role} {path} is missing; expected an .onnx file with its .onnx.json beside it.")
    try:
        return PiperVoice.load(model_path, config_path)
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError, ValueError) as exc:
        raise ModelError(f"The Piper voice's configuration {config_path} is not one that Piper reads: {exc!r}.") from exc
    except _loading_failures() as exc:
        raise ModelError(f"The Piper voice {model_path} does not load: {exc}.") from exc


def _loading_failures() -> tuple[type[Exception], ...]:
    return (OSError, RuntimeError, *_onnx_errors())


def _synthesis_failures() -> tuple[type[Exception], ...]:
    return (ValueError, TypeError, LookupError, RuntimeError, MemoryError, *_onnx_errors())


def _onnx_errors() -> tuple[type[Exception], ...]:
    """Errors of onnxruntime, which piper-tts lets through and which share no base but Exception."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    return tuple(value for value in vars(state).values() if isinstance(value, type) and issubclass(value, Exception))
