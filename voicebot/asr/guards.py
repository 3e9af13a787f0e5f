"""Silence, music and noise must not become words: tests on what a decoder wrote. Pure.

Source: thresholds on log-probability, compression and no-speech are those of the Whisper paper (Radford et al. 2022,
section 4.5), adapted by model in the manifest.
"""

from __future__ import annotations

import itertools
import zlib

from rapidfuzz import fuzz

from voicebot.asr.engine import Hypothesis
from voicebot.core.hallucinations import is_invented, plain
from voicebot.models.manifest import RecognitionTraits

MAX_COMPRESSION_RATIO = 2.4
"""Above this, a text repeats itself."""

MAX_REPEATS = 4
"""Words said more often than this in a row are a decoder's loop; a phone number may hold « zéro » four times."""

MIN_AGREEMENT_RATIO = 55.0
"""Least similarity, 0..100, of two readings of the same speech."""


def rejection(hypothesis: Hypothesis, no_speech_prob: float, traits: RecognitionTraits) -> str | None:
    """Why a text is not what was said (see `Transcript.rejected`), or None when it is to be believed."""
    if not hypothesis.text:
        return None
    if is_invented(hypothesis.text):
        return "hallucination"
    if is_repetitive(hypothesis.text):
        return "repetition"
    if no_speech_prob > traits.max_no_speech_prob and hypothesis.avg_logprob < traits.min_avg_logprob:
        return "no_speech"
    if hypothesis.avg_logprob < traits.reject_avg_logprob:
        return "low_logprob"
    return None


def is_suspicious(hypothesis: Hypothesis, traits: RecognitionTraits) -> bool:
    """Whether a text is worth a second look on the full window."""
    return bool(hypothesis.text) and (hypothesis.avg_logprob < traits.min_avg_logprob or is_repetitive(hypothesis.text))


def disagreement(first: Hypothesis, again: Hypothesis) -> str | None:
    """`low_logprob` when two looks at a doubtful window read different things: speech keeps its words, noise does not."""
    if is_repetitive(first.text):
        return None  # a loop is no evidence of anything: the second look alone counts
    return None if fuzz.ratio(plain(first.text), plain(again.text)) >= MIN_AGREEMENT_RATIO else "low_logprob"


def compression_ratio(text: str) -> float:
    """Bytes of UTF-8 per byte of its zlib form; repetition makes it high."""
    data = text.encode()
    return len(data) / len(zlib.compress(data))


def is_repetitive(text: str) -> bool:
    """Whether one group of words comes over and over in a row, or the whole compresses too well."""
    words = plain(text).split()
    return compression_ratio(text) > MAX_COMPRESSION_RATIO or any(
        _longest_run(words, size) > MAX_REPEATS for size in range(1, len(words) // MAX_REPEATS + 1)
    )


def _longest_run(words: list[str], size: int) -> int:
    """Most times that a group of `size` words follows itself."""
    longest = 1
    for offset in range(size):
        groups = [tuple(words[i : i + size]) for i in range(offset, len(words) - size + 1, size)]
        run = 1
        for before, after in itertools.pairwise(groups):
            run = run + 1 if before == after else 1
            longest = max(longest, run)
    return longest
