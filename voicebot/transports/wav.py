"""A caller played from recordings: each utterance is said once the bot has finished and waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from voicebot.audio.resample import resample
from voicebot.audio.wav import read_wav
from voicebot.core.audio import CALL_RATES_HZ, CHUNK_MS, AudioChunk, Samples, chunk_samples

REACTION_S = 0.4
"""How long the caller takes to answer."""
PATIENCE_S = 1.5
"""How long the caller stays on the line after the last utterance and the bot's answer to it."""


def load_utterances(paths: Sequence[Path]) -> tuple[list[Samples], int]:
    """Read all the files first, so that a bad one stops the call before it starts.

    Returns:
        Utterances at one rate, and that rate: 8000 Hz if every file is, else 16000.

    Raises:
        AudioFileError: a file is missing, or not mono 16-bit PCM at 8000 or 16000 Hz.
    """
    files = [read_wav(path) for path in paths]
    narrow, wide = CALL_RATES_HZ
    rate_hz = narrow if all(rate == narrow for _, rate in files) else wide
    return [samples if rate == rate_hz else resample(samples, rate, rate_hz) for samples, rate in files], rate_hz


class WavLine:
    """A `Line` whose caller is played from recordings."""

    def __init__(self, next_utterance: Callable[[], Samples | None], *, rate_hz: int, background: Samples | None = None) -> None:
        """Make a line.

        Args:
            next_utterance: what the caller says when the bot waits, int16 mono at `rate_hz`; None to hang up.
            rate_hz: one of `CALL_RATES_HZ`.
            background: noise of the caller's surroundings, looped under everything; None for digital silence.
        """
        self.rate_hz = rate_hz
        self._next_utterance = next_utterance
        self._background = background
        self._now: Samples | None = None
        self._position = 0
        self._chunks = 0
        self._waited_s = 0.0
        self._leaving = False
        self._hung_up = False

    def receive(self) -> AudioChunk:
        """The caller's next 20 ms."""
        size = chunk_samples(self.rate_hz)
        samples = np.zeros(size, np.int16)
        if self._now is not None:
            piece = self._now[self._position : self._position + size]
            samples[: len(piece)] = piece
            self._position += size
            if self._position >= len(self._now):
                self._now = None
        if self._background is not None:
            where = np.arange(self._chunks * size, (self._chunks + 1) * size) % len(self._background)
            mixed = samples.astype(np.int32) + self._background[where]
            samples = np.clip(mixed, -32768, 32767).astype(np.int16)
        self._chunks += 1
        return AudioChunk(samples=samples, rate_hz=self.rate_hz)

    def pressed_keys(self) -> str:
        """Recordings press no keys."""
        return ""

    def send(self, chunk: AudioChunk) -> None:
        """The recorder keeps what the bot says; this caller only waits for its end."""

    def follow(self, *, bot_done: bool) -> None:
        """Speak when the bot waits; hang up when nothing is left to say."""
        if self._now is not None or not bot_done:
            self._waited_s = 0.0
            return
        self._waited_s += CHUNK_MS / 1000
        if not self._leaving and self._waited_s >= REACTION_S:
            self._now, self._position = self._next_utterance(), 0
            self._leaving = self._now is None
        self._hung_up = self._leaving and self._waited_s >= PATIENCE_S

    @property
    def speaking(self) -> bool:
        """Whether an utterance is under way."""
        return self._now is not None

    @property
    def closed(self) -> bool:
        """Whether the caller has hung up."""
        return self._hung_up

    def hang_up(self) -> None:
        """The bot has hung up."""
        self._hung_up = True
