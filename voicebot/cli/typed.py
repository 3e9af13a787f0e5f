"""Lines typed or piped into a command."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator

from voicebot.core.errors import InputError

MAX_CHARACTERS = 4000
"""Longest line taken; the longest turn that a call lets a caller speak is a quarter of it."""


def typed_lines() -> Iterator[str]:
    """Lines of standard input, read as UTF-8, stripped; what is no text (bad bytes, control characters) becomes `�` or a space.

    Raises:
        InputError: a line is longer than `MAX_CHARACTERS`.
    """
    number = 0
    while line := sys.stdin.buffer.readline(4 * MAX_CHARACTERS + 2):
        number += 1
        text = _plain(line.decode("utf-8", "replace"))
        if len(text) > MAX_CHARACTERS or (not line.endswith(b"\n") and len(line) > 4 * MAX_CHARACTERS):
            raise InputError(f"line {number} of standard input is too long, expected at most {MAX_CHARACTERS} characters")
        yield text


def _plain(text: str) -> str:
    return "".join(" " if unicodedata.category(c) == "Cc" else c for c in text).strip()
