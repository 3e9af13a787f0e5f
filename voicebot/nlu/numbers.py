"""Spoken text as tokens, and French and English number words as atoms of numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_", re.UNICODE)

UNITS = {
    "zero": 0, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
}  # fmt: skip
TEENS = {"dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16}
TENS = {
    "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "huitante": 80,
    "octante": 80, "nonante": 90,
}  # fmt: skip
FRENCH_ATOMS = {**UNITS, **TEENS, **TENS, "cent": 100, "cents": 100}
ENGLISH_ATOMS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "hundred": 100,
}  # fmt: skip
ATOMS = {**ENGLISH_ATOMS, **FRENCH_ATOMS}


def fold(text: str) -> str:
    """Lower case without accents, ligatures opened, apostrophes straight: the form that every grammar matches on."""
    opened = text.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'").replace("ʼ", "'")
    return "".join(c for c in unicodedata.normalize("NFKD", opened) if not unicodedata.combining(c))


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One word, one run of digits or one sign."""

    word: str
    """Folded."""
    raw: str
    """As written, accents and case kept."""
    spaced: bool
    """Whether white space stands before it."""


def tokens(text: str) -> tuple[Token, ...]:
    """Split `text` into words, digit runs and signs."""
    composed = unicodedata.normalize("NFC", text)
    return tuple(
        Token(word=fold(m.group()), raw=m.group(), spaced=m.start() == 0 or composed[m.start() - 1].isspace())
        for m in _TOKEN.finditer(composed)
    )


def below_hundred(values: Sequence[int], *, with_and: bool = False) -> int | None:
    """Value of atoms said together, 0..99, or None when they do not form one number.

    Args:
        values: Atoms in the order said, e.g. `[60, 10, 7]`.
        with_and: Whether « et » stood before the last one (« vingt et un »).
    """
    match list(values):
        case [only] if 0 <= only < 100 and not with_and:
            return only
        case [10, unit] if 7 <= unit <= 9 and not with_and:
            return 10 + unit
        case [4, 20] if not with_and:
            return 80
        case [4, 20, *rest] if rest:
            tail = below_hundred(rest)
            return 80 + tail if tail is not None and 1 <= tail <= 19 and len(rest) <= 2 and (tail == 1 or not with_and) else None
        case [60, *rest] if rest:
            tail = below_hundred(rest)
            if tail is None or not 1 <= tail <= 19 or (with_and and tail not in {1, 11}):
                return None
            return 60 + tail
        case [tens, unit] if tens in {20, 30, 40, 50, 70, 80, 90} and 1 <= unit <= 9 and (unit == 1 or not with_and):
            return tens + unit
        case _:
            return None


def below_thousand(values: Sequence[int], *, with_and: bool = False) -> int | None:
    """As `below_hundred`, up to 999 (« six cent soixante-dix-huit »)."""
    if 100 not in values:
        return below_hundred(values, with_and=with_and)
    at = list(values).index(100)
    head, tail = list(values[:at]), list(values[at + 1 :])
    if head and not (len(head) == 1 and 2 <= head[0] <= 9):
        return None
    hundreds = 100 * (head[0] if head else 1)
    if not tail:
        return None if with_and else hundreds
    rest = below_hundred(tail, with_and=with_and)
    return hundreds + rest if rest else None


def read_number(words: Sequence[str], at: int) -> tuple[int, int] | None:
    """Longest number 0..9999 that starts at `words[at]`, in French words or digits: its value and the index after it."""
    if at < len(words) and words[at].isdigit():
        return int(words[at]), at + 1
    longest: tuple[int, int] | None = None
    for end in range(at + 1, min(at + 8, len(words)) + 1):
        value = _value(words[at:end])
        if value is not None:
            longest = value, end
    if longest and longest[1] < len(words) and words[longest[1]] == "mille" and 1 <= longest[0] <= 9:
        rest = read_number(words, longest[1] + 1)
        return (1000 * longest[0] + rest[0], rest[1]) if rest and rest[0] < 1000 else (1000 * longest[0], longest[1] + 1)
    return longest


def _value(words: Sequence[str]) -> int | None:
    with_and = "et" in words
    if with_and and (len(words) < 3 or words[-2] != "et"):
        return None
    values = [FRENCH_ATOMS.get(w) for w in words if w != "et"]
    known = [v for v in values if v is not None]
    return below_thousand(known, with_and=with_and) if len(known) == len(values) else None
