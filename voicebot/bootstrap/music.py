"""The music that waiting callers hear: a file that was uploaded, else the client's own, else the music of the house."""

from __future__ import annotations

import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Literal

import structlog

from voicebot.audio.hold_music import hold_music
from voicebot.audio.resample import resample
from voicebot.audio.wav import read_wav
from voicebot.clients.consignes import Consignes
from voicebot.core.audio import Samples
from voicebot.core.errors import AudioFileError, StorageFullError
from voicebot.core.ids import ClientId

MusicSource = Literal["uploaded", "consignes", "house"]
MIN_LOOP_S, MAX_LOOP_S = 3.0, 600.0
"""A shorter loop is no music, a longer one is a mistake."""
_log = structlog.get_logger(__name__)

house_music = lru_cache(maxsize=2)(hold_music)
"""The loop composed here, made once for each rate."""


class MusicLibrary:
    """Loops by client and rate, each read once. Safe to share between threads."""

    def __init__(self, consignes_dir: Path, uploads: Path) -> None:
        """Look for the clients' own files where their consignes are, and for uploaded ones in `uploads`, made when needed."""
        self._consignes_dir = consignes_dir
        self._uploads = uploads
        self._read: dict[tuple[Path, int, int], Samples] = {}

    def source(self, consignes: Consignes) -> MusicSource:
        """Where a client's music comes from."""
        if self._uploaded(consignes.id).is_file():
            return "uploaded"
        return "house" if consignes.queue.hold_music is None else "consignes"

    def loop(self, consignes: Consignes, rate_hz: int) -> Samples:
        """The client's loop at `rate_hz`, int16 mono; the music of the house when the client's file is not to be read."""
        file = self._file(consignes)
        if file is None:
            return house_music(rate_hz)
        try:
            return self._cached(file, rate_hz)
        except AudioFileError as failure:  # a caller waits: better this music than none
            _log.warning("hold_music_not_read", code=failure.code, message=str(failure))
            return house_music(rate_hz)

    def check(self, consignes: Consignes) -> None:
        """Make sure that the file which the consignes name can be played.

        Raises:
            AudioFileError: it is missing, too short or long, or not mono 16-bit PCM at 8000 or 16000 Hz.
        """
        if consignes.queue.hold_music is not None:
            _checked(self._consignes_dir / consignes.queue.hold_music)

    def keep(self, client: ClientId, wav: bytes) -> None:
        """Put an uploaded WAV file in the place of the client's music.

        Raises:
            AudioFileError: it is too short or long, or not mono 16-bit PCM at 8000 or 16000 Hz; the music stays as it was.
            StorageFullError: it cannot be written.
        """
        try:
            self._uploads.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self._uploads, suffix=".part")
            with os.fdopen(descriptor, "wb") as file:
                file.write(wav)
        except OSError as exc:
            raise StorageFullError(f"{self._uploads}: {exc.strerror}, the music is not kept") from exc
        try:
            _checked(Path(name))
            Path(name).replace(self._uploaded(client))
        finally:
            Path(name).unlink(missing_ok=True)

    def remove(self, client: ClientId) -> None:
        """Take the uploaded file away."""
        self._uploaded(client).unlink(missing_ok=True)

    def _file(self, consignes: Consignes) -> Path | None:
        uploaded, own = self._uploaded(consignes.id), consignes.queue.hold_music
        if uploaded.is_file():
            return uploaded
        return None if own is None else self._consignes_dir / own

    def _uploaded(self, client: ClientId) -> Path:
        return self._uploads / f"{client}.wav"

    def _cached(self, file: Path, rate_hz: int) -> Samples:
        try:
            key = file, rate_hz, file.stat().st_mtime_ns
        except OSError as exc:
            raise AudioFileError(f"{file}: {exc.strerror}") from exc
        if key not in self._read:
            samples, rate = read_wav(file)
            self._read = {old: loop for old, loop in self._read.items() if old[:2] != key[:2]}
            self._read[key] = resample(samples, rate, rate_hz)
        return self._read[key]


def _checked(file: Path) -> None:
    samples, rate_hz = read_wav(file)
    length_s = samples.size / rate_hz
    if not MIN_LOOP_S <= length_s <= MAX_LOOP_S:
        raise AudioFileError(f"{file.name} lasts {length_s:.1f} s; expected hold music of {MIN_LOOP_S:g} to {MAX_LOOP_S:g} s.")
