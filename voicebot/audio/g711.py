"""G.711, the codec of the telephone network: 8 bits a sample, logarithmic, mu-law (America, Japan) or A-law (elsewhere).

Source: ITU-T G.711 (11/1988), tables 1a and 2a; decision thresholds as in ITU-T G.191.
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from voicebot.core.audio import Samples

_ULAW_BIAS = 33
_ULAW_MAX_14_BIT = 8191


def ulaw_decode(data: bytes) -> Samples:
    """Expand mu-law bytes to int16 samples, one a byte, within +-32124."""
    return _ulaw_table()[np.frombuffer(data, np.uint8)]


def ulaw_encode(samples: Samples) -> bytes:
    """Compress int16 samples to mu-law bytes."""
    value = samples.astype(np.int32)
    magnitude = np.minimum((np.where(value < 0, ~value, value) >> 2) + _ULAW_BIAS, _ULAW_MAX_14_BIT)
    segment = _bit_length(magnitude >> 5) - 1
    code = (segment << 4) | ((magnitude >> (segment + 1)) & 0x0F)
    return bytes((np.where(value < 0, 0x7F, 0xFF) ^ code).astype(np.uint8))


def alaw_decode(data: bytes) -> Samples:
    """Expand A-law bytes to int16 samples, one a byte, within +-32256."""
    return _alaw_table()[np.frombuffer(data, np.uint8)]


def alaw_encode(samples: Samples) -> bytes:
    """Compress int16 samples to A-law bytes."""
    value = samples.astype(np.int32) >> 3
    magnitude = np.where(value < 0, -value - 1, value)
    segment = _bit_length(magnitude >> 5)
    code = (segment << 4) | ((magnitude >> np.maximum(segment, 1)) & 0x0F)
    return bytes((np.where(value < 0, 0x55, 0xD5) ^ code).astype(np.uint8))


def _bit_length(values: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Bits needed for each value >= 0."""
    return np.frexp(values.astype(np.float64))[1].astype(np.int32)


@functools.cache
def _ulaw_table() -> Samples:
    code = ~np.arange(256) & 0xFF
    magnitude = ((((code & 0x0F) << 1) + _ULAW_BIAS) << (code >> 4 & 7)) - _ULAW_BIAS
    return (np.where(code & 0x80, -magnitude, magnitude) * 4).astype(np.int16)


@functools.cache
def _alaw_table() -> Samples:
    code = np.arange(256) ^ 0x55
    segment = code >> 4 & 7
    magnitude = ((code & 0x0F) << 4) + 8
    magnitude = np.where(segment > 0, (magnitude + 0x100) << np.maximum(segment - 1, 0), magnitude)
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)
