"""Leaning a text towards words that the answer is likely to hold: names of acts and people. A bias, never a constraint. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from voicebot.asr.engine import Hypothesis

N_BEST = 8
"""Hypotheses asked of a model that cannot be prompted."""

RESCORING_MARGIN = 0.15
"""A hypothesis with an expected word may be this much less likely (mean log-probability per token) than the best one."""

MAX_PROMPT_WORDS = 40
"""A prompt of more words costs more than it helps."""


def as_prompt(expected_words: Sequence[str]) -> str:
    """Previous text that makes a prompted model expect these words."""
    return ", ".join(expected_words[:MAX_PROMPT_WORDS])


def choose(hypotheses: Sequence[Hypothesis], expected_words: Sequence[str]) -> Hypothesis:
    """The likeliest hypothesis, or one nearly as likely that holds more of the expected words."""
    best = hypotheses[0]
    near = [h for h in hypotheses if h.avg_logprob >= best.avg_logprob - RESCORING_MARGIN]
    return max(near, key=lambda h: (_count(h.text, expected_words), h.avg_logprob))


def _count(text: str, expected_words: Sequence[str]) -> int:
    """How many expected words or phrases the text holds."""
    padded = f" {_spaced(text)} "
    return sum(f" {_spaced(word)} " in padded for word in expected_words)


def _spaced(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", _unaccented(text)))


def _unaccented(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
