"""Records a call as it goes: caller on the left, bot on the right, aligned on call time."""

from __future__ import annotations

import errno
import struct
from pathlib import Path
from typing import NoReturn

import numpy as np

from voicebot.core.audio import CHUNK_MS, AudioChunk
from voicebot.core.errors import RecordsError, StorageFullError

FLUSH_S = 1.0
"""Audio held in memory before it is written: what a crash may lose."""

_HEADER_BYTES = 44
_FRAME_BYTES = 4


class StereoRecorder:
    """A growing WAV file, PCM 16 bits, that any player opens at any moment: its header is rewritten at each flush."""

    def __init__(self, path: Path, rate_hz: int) -> None:
        """Create the file, empty but valid.

        Raises:
            StorageFullError: no room is left.
            RecordsError: the file cannot be created.
        """
        self.path = path
        """The file."""
        self.rate_hz = rate_hz
        """Of both sides."""
        self._pending: list[bytes] = []
        self._data_bytes = 0
        try:
            self._file = path.open("wb", buffering=0)
        except OSError as exc:
            self._fail(exc)
        try:
            self._put(0, self._header())
        except OSError as exc:
            self._file.close()
            if path.is_file():  # a device stays where it is
                path.unlink()
            self._fail(exc)

    @property
    def recorded_s(self) -> float:
        """Duration of the audio that is in the file, seconds."""
        return self._data_bytes / (_FRAME_BYTES * self.rate_hz)

    def write(self, caller: AudioChunk, bot: AudioChunk) -> None:
        """Add the same 20 ms of both sides, at the recorder's rate.

        Raises:
            StorageFullError: no room is left; what was flushed before stays readable.
            RecordsError: the file cannot be written; likewise.
        """
        self._pending.append(np.column_stack((caller.samples, bot.samples)).astype("<i2").tobytes())
        if len(self._pending) * CHUNK_MS >= FLUSH_S * 1000:
            self.flush()

    def flush(self) -> None:
        """Write what is held, audio before header, so that the header never promises what is not there.

        Raises:
            StorageFullError: no room is left.
            RecordsError: the file cannot be written.
        """
        audio = b"".join(self._pending)
        self._pending.clear()
        if not audio:
            return
        try:
            self._put(_HEADER_BYTES + self._data_bytes, audio)
            self._data_bytes += len(audio)
            self._put(0, self._header())
        except OSError as exc:
            self._fail(exc)

    def close(self) -> None:
        """Flush and close; a second call does nothing.

        Raises:
            StorageFullError: no room is left.
            RecordsError: the file cannot be written.
        """
        if self._file.closed:
            return
        try:
            self.flush()
        finally:
            self._file.close()

    def _put(self, position: int, content: bytes) -> None:
        self._file.seek(position)
        view = memoryview(content)
        while view:  # a raw write may be partial when the disk fills up; the next one says so
            view = view[self._file.write(view) :]

    def _header(self) -> bytes:
        rate, size = self.rate_hz, self._data_bytes
        fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, rate, rate * _FRAME_BYTES, _FRAME_BYTES, 16)
        return struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE") + fmt + struct.pack("<4sI", b"data", size)

    def _fail(self, exc: OSError) -> NoReturn:
        if exc.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFullError(f"No room is left to record the call in {self.path}.") from exc
        raise RecordsError(f"The recording {self.path} cannot be written: {exc.strerror}.") from exc
