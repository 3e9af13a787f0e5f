"""What a call asks of speech synthesis."""

from __future__ import annotations

import concurrent.futures
from dataclasses import dataclass
from typing import Protocol

from voicebot.core.audio import Samples
from voicebot.core.language import Language


class Synthesizer(Protocol):
    """One product's voice: blocking, called from a thread."""

    name: str
    """Identifies product, voice and version in cache keys, e.g. `espeak-ng:fr:1.52`."""
    rate_hz: int
    """Native sample rate of what `synthesize` returns."""

    def synthesize(self, text: str) -> Samples:
        """Speak verbalised text (no digits or symbols left).

        Returns:
            int16 mono at `rate_hz`.

        Raises:
            SynthesisError: the engine failed.
        """


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clause:
    """A piece of a sentence that is played, paused and resumed as one."""

    text: str
    """As written (what transcripts show)."""
    audio: concurrent.futures.Future[Samples]
    """int16 mono at the call's rate; the exception, if any, is a `SynthesisError`."""


class Speaker(Protocol):
    """Speaks written sentences by clause, from the cache where it can."""

    def speak(self, text: str, *, language: Language, rate_hz: int) -> tuple[Clause, ...]:
        """Split into clauses and start synthesising them in order; returns at once."""
