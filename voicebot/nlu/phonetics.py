"""A French phonetic key: names that sound alike have the same key, however they are written."""

from __future__ import annotations

import re

from voicebot.nlu.normalise import fold

_STEPS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z]", ""),
        (r"ph", "f"),
        (r"bv", "v"),
        (r"sch|sh", "ch"),
        (r"ch(?=[lrnt])", "k"),
        (r"ch", "S"),
        (r"gn", "N"),
        (r"th", "t"),
        (r"h", ""),
        (r"(?:cqu|cq|qu|ck|q)", "k"),
        (r"sc(?=[eiy])", "s"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"gu(?=[eiy])", "G"),
        (r"g(?=[eiy])", "j"),
        (r"g", "G"),
        (r"w", "v"),
        (r"eaux?|aux?(?![aeiouy])|aults?$|auds?$|auts?$|ots?$|os$", "o"),
        (r"oeu|eu", "e"),
        (r"(?:ill|ll)(?=e|a|o|$)", "y"),
        (r"oi|oy", "wa"),
        (r"ou", "u"),
        (r"(?:ain|ein|aim|eim|yn|ym|in|im|un|um)(?![aeiouynm])", "I"),
        (r"(?:en|em|an|am|aen)(?![aeiouynm])", "A"),
        (r"(?:on|om)(?![aeiouynm])", "O"),
        (r"ai|ei|ay|ey|et$|er$|ez$", "e"),
        (r"y", "i"),
        (r"(?<=[aeiou])s(?=[aeiou])", "z"),
        (r"x$|[stdpzb]+$", ""),
        (r"e+s?$|[stdpz]+$", ""),
        (r"(.)\1+", r"\1"),
    )
)


def phonetic_key(word: str) -> str:
    """Key of one word; empty for one without letters. « Dupond » and « Dupont » share one."""
    key = fold(word)
    for pattern, sound in _STEPS:
        key = pattern.sub(sound, key)
    return key
