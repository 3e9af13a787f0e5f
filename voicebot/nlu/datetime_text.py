"""Spoken French as one flat line in which every number is written in figures: what the date-time rules match on."""

from __future__ import annotations

import re

from voicebot.nlu.numbers import FRENCH_ATOMS, fold, read_number

_REWRITES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\b(\d{4})-(\d{2})-(\d{2})\b", r"\3/\2/\1"),
        (r"\b(\d{1,2})-(\d{1,2})-(\d{4})\b", r"\1/\2/\3"),
        (r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b", r"\1/\2/\3"),
        (r"(?<=[\dh])\s*[-–—]\s*(?=\d)", " a "),
        (r"aujourd'? ?hui", "aujourdhui"),
        (r"\bapres[- ]?midis?\b|\baprem\b", "apresmidi"),
        (r"\bapres[- ]demain\b", "apresdemain"),
        (r"\bavant[- ]hier\b", "avanthier"),
        (r"\bweek[- ]?ends?\b", "weekend"),
        (r"\bfins? de semaine\b", "finsemaine"),
        (r"\bdemi(e?)[- ]heure\b", "demiheure"),
        (r"\brendez[- ]vous\b", "rdv"),
        (r"\bpeut[- ]etre\b", "peutetre"),
        (r"\b(\d{1,2}) ?(?:h|heures?|:) ?(\d{2})\b", r"\1 heures \2"),
        (r"\b(\d{1,2}) ?(?:h|hrs?|heure)\b\.?", r"\1 heures"),
        (r"\bheure\b", "heures"),
        (r"\b(?:premier|1 ?er|1ere|premiere) (?=janvier|fevrier|mars|avril|mai|juin|juillet|aout|sept|octobre|nov|dec)", "1er "),
        (r"([,.;?!…:])", r" \1 "),
        (r"['’\-–—_«»\"()]", " "),
        (r"\b(?:euh+|heu+|hum+|hein|ben|bah)\b", " "),
        (r"\best ce qu(?:e|')?\b", " "),
    )
)
_WORD = re.compile(r"\d+/\d+(?:/\d+)?|\w+|\S")


def flatten(text: str) -> str:
    """`text` folded, without hyphens and apostrophes, hours as « 14 heures 30 », numbers in figures, one space between words."""
    line = fold(text)
    for pattern, replacement in _REWRITES:
        line = pattern.sub(replacement, line)
    words = _WORD.findall(line)
    flat: list[str] = []
    at = 0
    while at < len(words):
        value, at = _next(words, at, flat[-1] if flat else "")
        flat.append(value)
    return _hours(" ".join(flat))


def _next(words: list[str], at: int, before: str) -> tuple[str, int]:
    word = words[at]
    if word in {"un", "une"}:
        minute = before == "heures" and (at + 1 == len(words) or not words[at + 1].isalpha())
        return ("1" if minute or words[at + 1 : at + 2] == ["heures"] else word), at + 1
    if word in FRENCH_ATOMS:
        read = read_number(words, at)
        if read:
            return str(read[0]), read[1]
    return word, at + 1


def _hours(line: str) -> str:
    line = re.sub(r"\b(midi|minuit)(?= (?:et|moins|\d))", r"\1", line)
    return re.sub(r"\b(\d{1,2}) heures 0(\d)\b", r"\1 heures \2", line)
