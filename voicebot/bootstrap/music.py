"""The music that waiting callers hear: a client's own file, or the music of the house."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from voicebot.audio.hold_music import hold_music
from voicebot.audio.resample import resample
from voicebot.audio.wav import read_wav
from voicebot.clients.consignes import Consignes
from voicebot.core.audio import Samples

house_music = lru_cache(maxsize=2)(hold_music)
"""The loop composed here, made once for each rate."""


class MusicLibrary:
    """Loops by client and rate, each read once."""

    def __init__(self, folder: Path) -> None:
        """Look for the clients' files in `folder`, where their consignes are."""
        self._folder = folder
        self._own: dict[tuple[str, int], Samples] = {}

    def loop(self, consignes: Consignes, rate_hz: int) -> Samples:
        """The client's loop at `rate_hz`, int16 mono.

        Raises:
            AudioFileError: the client's file is missing or not mono 16-bit PCM at 8000 or 16000 Hz.
        """
        file = consignes.queue.hold_music
        if file is None:
            return house_music(rate_hz)
        key = file, rate_hz
        if key not in self._own:
            samples, rate = read_wav(self._folder / file)
            self._own[key] = resample(samples, rate, rate_hz)
        return self._own[key]
