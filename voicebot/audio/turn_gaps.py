"""How long the caller waited for each answer, read off a stereo recording."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voicebot.audio.levels import speech_spans


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnGap:
    """One change of speaker, caller to bot."""

    caller_end_s: float
    bot_start_s: float

    @property
    def gap_s(self) -> float:
        """From the end of the caller's speech to the bot's first sample."""
        return self.bot_start_s - self.caller_end_s


def turn_gaps(stereo: npt.NDArray[np.int16], rate_hz: int, *, threshold_db: float = -45.0) -> list[TurnGap]:
    """Each caller's stretch of speech that the bot answered.

    Args:
        stereo: shape (n_samples, 2), caller left, bot right.
        rate_hz: sample rate.
        threshold_db: level above which a side speaks, dBFS.
    """
    caller = speech_spans(np.ascontiguousarray(stereo[:, 0]), rate_hz, threshold_db=threshold_db, min_gap_s=0.3)
    bot = speech_spans(np.ascontiguousarray(stereo[:, 1]), rate_hz, threshold_db=threshold_db, min_gap_s=0.3)
    gaps: list[TurnGap] = []
    for index, (_, end_s) in enumerate(caller):
        next_start_s = caller[index + 1][0] if index + 1 < len(caller) else float("inf")
        answers = [start_s for start_s, _ in bot if end_s <= start_s < next_start_s]
        if answers:
            gaps.append(TurnGap(caller_end_s=end_s, bot_start_s=answers[0]))
    return gaps
