"""Lists of words kept as data in `scripts_catalog/lexicon`."""

from __future__ import annotations

from functools import cache

from voicebot.core.errors import InputError
from voicebot.nlu.catalogue import CATALOGUE
from voicebot.nlu.numbers import fold


@cache
def first_names() -> frozenset[str]:
    """Common first names, folded.

    Raises:
        InputError: when the list cannot be read.
    """
    return frozenset(fold(name) for name in _words("first_names_fr.txt"))


@cache
def not_names() -> frozenset[str]:
    """Words that are never part of a person's name, folded.

    Raises:
        InputError: when the list cannot be read.
    """
    return frozenset(fold(word) for word in _words("not_names_fr.txt"))


def _words(file: str) -> list[str]:
    path = CATALOGUE / "lexicon" / file
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as exc:
        raise InputError(f"{path}: expected a readable list of words ({exc}).") from exc
    return [word for line in lines if not line.startswith("#") for word in line.split()]
