"""Leaning a text towards words that the answer is likely to hold: names of acts and people. A bias, never a constraint. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rapidfuzz import fuzz

from voicebot.asr.engine import Hypothesis

N_BEST = 5
"""Hypotheses asked of a model that cannot be prompted."""

RESCORING_MARGIN = 0.25
"""A hypothesis with an expected word may be this much less likely (mean log-probability per token) than the best one."""

CORRECTION_RATIO = 80.0
"""Least similarity, 0..100, at which a misheard name becomes the expected one."""

MIN_CORRECTED_LETTERS = 5
"""Shorter names resemble too many ordinary words."""

MAX_PROMPT_WORDS = 40
"""A prompt of more words costs more than it helps."""


def as_prompt(expected_words: Sequence[str]) -> str:
    """Previous text that makes a prompted model expect these words."""
    return ", ".join(expected_words[:MAX_PROMPT_WORDS])


def choose(hypotheses: Sequence[Hypothesis], expected_words: Sequence[str]) -> Hypothesis:
    """The likeliest hypothesis, or one nearly as likely that holds more of the expected words, misheard ones put right."""
    best = hypotheses[0]
    if not expected_words:
        return best
    near = [h for h in hypotheses if h.avg_logprob >= best.avg_logprob - RESCORING_MARGIN]
    chosen = max(near, key=lambda h: (_count(h.text, expected_words), h.avg_logprob))
    return Hypothesis(text=correct(chosen.text, expected_words), avg_logprob=chosen.avg_logprob)


def correct(text: str, expected_words: Sequence[str]) -> str:
    """Replace stretches of `text` that sound almost like an expected word or phrase by it."""
    words = text.split()
    for phrase in sorted(expected_words, key=len, reverse=True):
        words = _corrected(words, phrase)
    return " ".join(words)


def _corrected(words: list[str], phrase: str) -> list[str]:
    target = _letters(phrase)
    if len(target) < MIN_CORRECTED_LETTERS:
        return words
    size = len(phrase.split())
    spans = [(start, start + n) for n in {size, size + 1, max(1, size - 1)} for start in range(len(words) - n + 1)]
    scored = [(fuzz.ratio(_letters("".join(words[a:b])), target), -(b - a), a, b) for a, b in spans]
    score, _, start, stop = max(scored, default=(0.0, 0, 0, 0))
    if not CORRECTION_RATIO <= score < 100:
        return words
    return [*words[:start], phrase, *words[stop:]]


def _count(text: str, expected_words: Sequence[str]) -> int:
    """How many expected words or phrases the text holds."""
    padded = f" {_spaced(text)} "
    return sum(f" {_spaced(word)} " in padded for word in expected_words)


def _spaced(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", _unaccented(text)))


def _letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", _unaccented(text)))


def _unaccented(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
