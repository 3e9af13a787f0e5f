"""Cut a written sentence into the pieces that are synthesised, played, paused and resumed one by one."""

from __future__ import annotations

import re

MIN_CLAUSE_CHARACTERS = 25
"""A comma ends a clause only after this many characters: shorter pieces sound chopped and save no time."""
MIN_REST_CHARACTERS = 12
"""Nor does it when less than this is left."""

_STRONG_PAUSE_S = 0.30
_LIGHT_PAUSE_S = 0.15

_BOUNDARY = re.compile(r"(?P<stop>[.!?…;:,]+)(?P<closing>[»”\")\]]|\s»)?(?P<space>\s+)")
_ABBREVIATION = re.compile(
    r"(?<!\w)(?:M|MM|Mme|Mmes|Mlle|Dr|Drs|Pr|Me|Mgr|St|Ste|bd|bld|av|tél|tel|réf|bât|appt|env|cf|p|n°|Mr|Mrs|Ms|Prof|No|vs"
    r"|(?:\w\.-?)*\w)$",
    re.IGNORECASE,
)


def clauses(text: str) -> tuple[str, ...]:
    """Split at `. ! ? … ; :`, and at a comma when the clause is long enough.

    Never inside a number, telephone number or hour, nor after an abbreviation or an initial (« M. », « Dr. », « J. »).

    Returns:
        Pieces whose concatenation is `text`, each with the spaces that follow it; empty for an empty text.
    """
    pieces, start = [], 0
    for match in _BOUNDARY.finditer(text):
        if match.end() < len(text) and _ends_clause(text, start, match):
            pieces.append(text[start : match.end()])
            start = match.end()
    return (*pieces, text[start:]) if text else ()


def pause_after_s(clause: str) -> float:
    """Silence that belongs between this clause and the next, seconds: 0.15 after a comma or nothing, 0.30 after a stop."""
    return _STRONG_PAUSE_S if re.search(r"[.!?…;:][\s»”\")\]]*$", clause) else _LIGHT_PAUSE_S


def _ends_clause(text: str, start: int, match: re.Match[str]) -> bool:
    before, rest, stop = text[start : match.start()], text[match.end() :], match["stop"]
    if not re.search(r"\w", before) or not re.search(r"\w", rest):
        return False
    if stop in {",", "."} and before[-1].isdigit() and rest[0].isdigit():
        return False
    if stop == ",":
        return len(before) >= MIN_CLAUSE_CHARACTERS and len(rest.strip()) >= MIN_REST_CHARACTERS
    return not (stop == "." and _ABBREVIATION.search(before))
