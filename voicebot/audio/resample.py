"""Change of sample rate, by soxr; whatever overshoots full scale saturates, it never wraps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import soxr

from voicebot.core.audio import Samples


def resample(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    """Convert a whole recording.

    Args:
        samples: int16 mono at `from_hz`.
        from_hz: its rate, > 0.
        to_hz: wanted rate, > 0.

    Returns:
        int16 mono at `to_hz`, of the same duration to within one sample.
    """
    if from_hz == to_hz or not samples.size:
        return samples
    return _to_int16(soxr.resample(_to_float(samples), from_hz, to_hz))


class Resampler:
    """Converts a stream, piece by piece, 13 to 30 ms behind what it was fed.

    soxr's variable-rate mode is used at a constant ratio because its fixed-rate one hands samples out in blocks of 100 ms.
    """

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self._same = from_hz == to_hz
        self._stream = soxr.ResampleStream(from_hz, to_hz, 1, dtype="float32", quality="HQ", vr=True)

    def feed(self, samples: Samples) -> Samples:
        """Take int16 mono at the first rate; what is ready at the second, possibly empty."""
        return samples if self._same else _to_int16(self._stream.resample_chunk(_to_float(samples)))

    def flush(self) -> Samples:
        """End the stream: the samples still inside. Nothing may be fed afterwards."""
        nothing = np.zeros(0, np.float32)
        return nothing.astype(np.int16) if self._same else _to_int16(self._stream.resample_chunk(nothing, last=True))


def _to_float(samples: Samples) -> npt.NDArray[np.float32]:
    scaled: npt.NDArray[np.float32] = np.multiply(samples, 1 / 32768, dtype=np.float32)
    return scaled


def _to_int16(values: npt.NDArray[np.float32]) -> Samples:
    return np.clip(np.rint(values * 32768), -32768, 32767).astype(np.int16)
