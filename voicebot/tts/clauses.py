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
    r"(?<!\w)(?:M|MM|Mme|Mmes|Mlle|Drs?|Pr|Me|Mgr|Ste?|Mrs?|Ms|Prof|[Bb]d|[Bb]ld|[Aa]v|[Tt][ée]l|[Rr]éf|[Bb]ât|[Aa]ppt|[Ee]nv|cf|vs"
    r"|[A-ZÀ-Ý]|(?:\w\.-?)+\w)$"
)
_ABBREVIATION_BEFORE_NUMBER = re.compile(r"(?<!\w)(?:[Nn][o°]|[Nn]os|pp?|[Aa]rt)$")


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
    return not (stop == "." and _goes_on_after_dot(before, rest))


def _goes_on_after_dot(before: str, rest: str) -> bool:
    """Whether a single dot belongs to an abbreviation: no sentence begins with a small letter."""
    if rest[0].isdigit() and _ABBREVIATION_BEFORE_NUMBER.search(before):
        return True
    return rest[0].islower() or bool(_ABBREVIATION.search(before))
