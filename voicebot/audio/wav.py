"""WAV files: those that people give us, checked, and those that we write.

Source: Multimedia Programming Interface and Data Specifications 1.0 (RIFF); WAVEFORMATEXTENSIBLE, Microsoft.
"""

from __future__ import annotations

import errno
import struct
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voicebot.core.audio import CALL_RATES_HZ, Samples
from voicebot.core.errors import AudioFileError, StorageFullError

EXPECTED = "mono, 16-bit PCM, 8000 or 16000 Hz"

_PCM, _EXTENSIBLE = 0x0001, 0xFFFE
_ENCODINGS = {
    _PCM: "PCM",
    0x0002: "ADPCM",
    0x0003: "float",
    0x0006: "A-law",
    0x0007: "mu-law",
    0x0011: "IMA ADPCM",
    0x0055: "MP3",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Format:
    encoding: int
    channels: int
    rate_hz: int
    bits: int

    def __str__(self) -> str:
        channels = {1: "mono", 2: "stereo"}.get(self.channels, f"{self.channels} channels")
        encoding = _ENCODINGS.get(self.encoding, f"encoding 0x{self.encoding:04x}")
        return f"{channels}, {self.bits}-bit {encoding}, {self.rate_hz} Hz"

    @property
    def usable(self) -> bool:
        return (self.encoding, self.channels, self.bits) == (_PCM, 1, 16) and self.rate_hz in CALL_RATES_HZ


def read_wav(path: Path) -> tuple[Samples, int]:
    """Read a caller's recording.

    Returns:
        int16 mono samples, at least one, and their rate in Hz, one of `CALL_RATES_HZ`.

    Raises:
        AudioFileError: the file is missing, is not a WAV, is cut short, holds no sample or is not of the `EXPECTED` shape.
    """
    content = _content(path)
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise AudioFileError(f"{path} is not a WAV file; expected a WAV file, {EXPECTED}.")
    chunks, promised = _chunks(content)
    if b"fmt " not in chunks or b"data" not in chunks or len(chunks[b"fmt "]) < 16:
        raise AudioFileError(f"{path} is cut short or damaged: its WAV header is incomplete; expected {EXPECTED}.")
    found = _format(chunks[b"fmt "])
    if not found.usable:
        raise AudioFileError(
            f"{path} holds {found}, expected {EXPECTED}; "
            f"convert it with: sox '{path}' -r 16000 -c 1 -b 16 -e signed-integer out.wav"
        )
    data = chunks[b"data"]
    if len(data) < promised:
        raise AudioFileError(f"{path} is cut short: its header promises {promised} bytes of audio and it holds {len(data)}.")
    if len(data) < 2:
        raise AudioFileError(f"{path} is a WAV file without any sample; expected speech, {EXPECTED}.")
    return np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.int16), found.rate_hz


def write_wav(path: Path, samples: Samples, rate_hz: int) -> None:
    """Write int16 PCM, mono of shape (n,) or stereo of shape (n, 2).

    Raises:
        AudioFileError: the file cannot be written.
        StorageFullError: no room is left.
    """
    try:
        with path.open("wb") as file, wave.open(file, "wb") as out:
            out.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
            out.setsampwidth(2)
            out.setframerate(rate_hz)
            out.writeframes(samples.astype("<i2").tobytes())
    except OSError as exc:
        if exc.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFullError(f"{path} cannot be written: no room is left on the disk.") from exc
        raise AudioFileError(f"{path} cannot be written: {exc.strerror}.") from exc


def _content(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError as exc:
        raise AudioFileError(f"{path} does not exist; expected a WAV file, {EXPECTED}.") from exc
    except IsADirectoryError as exc:
        raise AudioFileError(f"{path} is a directory; expected a WAV file, {EXPECTED}.") from exc
    except OSError as exc:
        raise AudioFileError(f"{path} cannot be read: {exc.strerror}; expected a WAV file, {EXPECTED}.") from exc
    if not content:
        raise AudioFileError(f"{path} is empty (0 bytes); expected a WAV file, {EXPECTED}.")
    return content


def _chunks(content: bytes) -> tuple[dict[bytes, bytes], int]:
    """RIFF chunks by name up to the audio, and the size that the header promises for the audio."""
    chunks: dict[bytes, bytes] = {}
    position, size = 12, 0
    while position + 8 <= len(content) and b"data" not in chunks:
        name = content[position : position + 4]
        (size,) = struct.unpack_from("<I", content, position + 4)
        chunks[name] = content[position + 8 : position + 8 + size]
        position += 8 + size + size % 2
    return chunks, size


def _format(fmt: bytes) -> _Format:
    encoding, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", fmt)
    if encoding == _EXTENSIBLE and len(fmt) >= 26:
        (encoding,) = struct.unpack_from("<H", fmt, 24)  # first two bytes of the sub-format's GUID
    return _Format(encoding=encoding, channels=channels, rate_hz=rate_hz, bits=bits)
