"""What a call asks of speech recognition."""

from __future__ import annotations

import concurrent.futures
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from voicebot.core.audio import Samples
from voicebot.core.language import Language
from voicebot.core.transcripts import Transcript


class Priority(IntEnum):
    """Order of service; partials are the first to be shed under load."""

    FINAL = 0
    SPECULATIVE = 1
    PARTIAL = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RecognitionRequest:
    """One stretch of one caller's speech."""

    samples: Samples
    """int16 mono, at `rate_hz`, pre-roll included."""
    rate_hz: int
    language: Language
    priority: Priority
    deadline_s: float
    """Seconds from submission by which the answer is useful; requests are served earliest deadline first."""
    expected_words: tuple[str, ...] = ()
    """Words the answer is likely to hold (names, acts): a bias, never a constraint."""


class Recognizer(Protocol):
    """Turns speech into text, in threads of its own."""

    def submit(self, request: RecognitionRequest) -> concurrent.futures.Future[Transcript]:
        """Queue a request and return at once.

        `future.cancel()` drops it if decoding has not begun. A shed partial is a cancelled future.
        The future's exception, if any, is a `RecognitionError`.
        """

    def close(self) -> None:
        """Stop the threads; pending futures are cancelled."""
