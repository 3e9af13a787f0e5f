"""Silero VAD v6, from the file that faster-whisper ships, on onnxruntime.

That file holds the 16 kHz network only: its input is fixed at (windows, 64 samples of context + 512 new ones). Audio at
8 kHz is therefore doubled, by repeating each sample: no delay, and the images that this leaves above 4 kHz help the judge.
Share of windows at 0.5 or more, one sentence by three espeak voices through `audio.telephone` at 20 / 30 / 60 dB SNR:
repeated 72-82 / 83-85 / 86-88 %, linear 47-65 / 59-78 / 82-84 %, soxr HQ 16-47 / 36-49 / 73-76 %. On hold music, noises,
typing, ring-back and DTMF repeating and linear give the same: 0.6 % of the music, 0 % of the rest. No human speech was tried.

Source: https://github.com/snakers4/silero-vad (MIT).
"""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from voicebot.core.audio import AudioChunk
from voicebot.core.errors import ModelError

MODEL_HZ = 16000
WINDOW_SAMPLES = 512
"""New samples in each judgement: 32 ms."""
CONTEXT_SAMPLES = 64


def _bundled_model() -> Path:
    spec = importlib.util.find_spec("faster_whisper")
    if spec is None or spec.origin is None:
        raise ModelError("Silero VAD is missing: the package faster-whisper, which ships it, is not installed.")
    return Path(spec.origin).parent / "assets" / "silero_vad_v6.onnx"


@functools.cache
def load_session(path: Path | None = None) -> Any:
    """Load the network once per process and file; runs on one thread and may be shared by calls.

    Args:
        path: ONNX file; None for the one that faster-whisper ships.

    Raises:
        ModelError: the file is missing or does not load.
    """
    import onnxruntime

    path = path or _bundled_model()
    if not path.is_file():
        raise ModelError(f"Silero VAD is missing at {path}; expected the ONNX file that faster-whisper ships.")
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as exc:  # onnxruntime's exceptions share no other base
        raise ModelError(f"Silero VAD at {path} does not load; expected a whole ONNX file.") from exc


class SileroJudge:
    """Speech probability of one caller's audio: the shared network, and this call's own state."""

    def __init__(self, path: Path | None = None) -> None:
        """Load the network if it is not yet.

        Raises:
            ModelError: see `load_session`.
        """
        self._session = load_session(path)
        self.reset()

    def reset(self) -> None:
        """Forget all audio."""
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._pending = np.zeros(CONTEXT_SAMPLES, np.float32)
        self._probability = 0.0

    def feed(self, chunk: AudioChunk) -> float:
        """Probability, 0..1, of the last whole window of 32 ms; 0 before the first."""
        self._pending = np.concatenate((self._pending, self._at_model_rate(chunk)))
        while self._pending.size >= CONTEXT_SAMPLES + WINDOW_SAMPLES:
            window = self._pending[: CONTEXT_SAMPLES + WINDOW_SAMPLES]
            self._pending = self._pending[WINDOW_SAMPLES:]
            inputs = {"input": window[np.newaxis], "h": self._h, "c": self._c}
            output, self._h, self._c = self._session.run(None, inputs)
            self._probability = float(output[0])
        return self._probability

    def _at_model_rate(self, chunk: AudioChunk) -> npt.NDArray[np.float32]:
        samples: npt.NDArray[np.float32] = np.multiply(chunk.samples, 1 / 32768, dtype=np.float32)
        return samples if chunk.rate_hz == MODEL_HZ else np.repeat(samples, MODEL_HZ // chunk.rate_hz)
