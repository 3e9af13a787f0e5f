"""The lattice of readings of one run of number words."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from voicebot.nlu.numbers import below_thousand
from voicebot.nlu.phone_runs import Atom, Glue, Run

_LONGEST_GROUP = 7
_NATIONAL_DIGITS = 10
_MOST_READINGS = 4096
_TENS = frozenset({"20", "30", "40", "50", "60", "70", "80", "90"})
Groups = tuple[str, ...]


def readings_of(run: Run, most_digits: int) -> list[str]:
    """Digit strings that the run may stand for, most likely first, at most `most_digits` long.

    Hyphens are believed first (« cinquante-quatre vingt-deux » is 54 22); only when nothing short enough can be read that way
    are they taken as spaces.
    """
    strict = _strings(list(run.atoms), most_digits, strict=True)
    if any(len(s) <= _NATIONAL_DIGITS or run.foreign or s.startswith("00") for s in strict):
        return strict
    return _strings(_without_hyphens(run.atoms), most_digits, strict=False) or strict


def _without_hyphens(atoms: tuple[Atom, ...]) -> list[Atom]:
    return [replace(a, glue=Glue.SPACE) if a.glue is Glue.HYPHEN else a for a in atoms]


def _strings(atoms: list[Atom], most_digits: int, *, strict: bool) -> list[str]:
    if strict:
        atoms = _break_false_chains(atoms)
    paths = _paths(atoms, most_digits)
    ranked = sorted(paths, key=_unlikeliness)
    return list(dict.fromkeys("".join(groups) for groups in ranked))


def _unlikeliness(groups: Groups) -> tuple[int, int]:
    """Pairs are the rule; at equal shape the first grouping found is the one read greedily."""
    return sum(len(g) != 2 for g in groups), len(groups)


def _break_false_chains(atoms: list[Atom]) -> list[Atom]:
    """Hyphens between words that form no number (« zéro-six ») only separate."""
    result = list(atoms)
    for start, end in _chains(atoms):
        chain = atoms[start:end]
        if below_thousand([a.value for a in chain], with_and=any(a.with_and for a in chain[1:])) is None:
            for at in range(start + 1, end):
                if result[at].glue is Glue.HYPHEN:
                    result[at] = replace(result[at], glue=Glue.SPACE)
    return result


def _chains(atoms: list[Atom]) -> Iterator[tuple[int, int]]:
    start = 0
    for at in range(1, len(atoms) + 1):
        if at == len(atoms) or atoms[at].glue is not Glue.HYPHEN:
            if at - start > 1:
                yield start, at
            start = at


def _paths(atoms: list[Atom], most_digits: int) -> list[Groups]:
    """Every way of grouping the atoms, corrections applied."""
    ways: list[list[Groups]] = [[] for _ in range(len(atoms) + 1)]
    ways[0] = [()]
    for at in range(len(atoms)):
        heads = _corrected(ways[at]) if at and atoms[at].glue is Glue.CORRECTION else ways[at]
        for end in range(min(len(atoms), at + _LONGEST_GROUP), at, -1):
            group = _group(atoms, at, end)
            if group is None:
                continue
            longest = most_digits if not _correction_ahead(atoms, end) else 2 * most_digits
            ways[end] += [(*head, group) for head in heads if sum(map(len, head)) + len(group) <= longest][:_MOST_READINGS]
    return ways[-1]


def _correction_ahead(atoms: list[Atom], at: int) -> bool:
    return any(a.glue is Glue.CORRECTION for a in atoms[at:])


def _corrected(heads: list[Groups]) -> list[Groups]:
    """What may be left of each head once its last groups are taken back: at least one of them."""
    return list(dict.fromkeys(head[:keep] for head in heads for keep in range(len(head) - 1, -1, -1)))


def _group(atoms: list[Atom], start: int, end: int) -> str | None:
    """Digits of the atoms said as one number, or None when they are not one."""
    parts = atoms[start:end]
    if (end < len(atoms) and atoms[end].glue is Glue.HYPHEN) or atoms[start].glue is Glue.HYPHEN:
        return None
    if len(parts) == 1:
        return None if _torn_off(atoms, start) else parts[0].digits
    inner = parts[1:]
    if any(a.glue in {Glue.BORDER, Glue.CORRECTION} for a in inner) or any(len(str(a.value)) != len(a.digits) for a in parts):
        return None
    if any(a.with_and for a in inner[:-1]) or _mixed(parts):
        return None
    value = below_thousand([a.value for a in parts], with_and=inner[-1].with_and)
    return None if value is None else str(value)


def _torn_off(atoms: list[Atom], at: int) -> bool:
    """Whether a lone unit follows a ten that it completes (« vingt deux »): nobody means 20 and 2 by that."""
    atom = atoms[at]
    if not at or not 1 <= atom.value <= 9 or atom.glue is not Glue.SPACE or atom.digits.startswith("0"):
        return False
    before = atoms[at - 1]
    return before.digits in _TENS and not (before.written and atom.written and len(atom.digits) > 1)


def _mixed(parts: list[Atom]) -> bool:
    """Whether hyphens and spaces are mixed below a hundred (« quatre-vingt deux » is 80 2)."""
    glues = {b.glue for a, b in itertools.pairwise(parts) if 100 not in (a.value, b.value) and not b.with_and}
    return len(glues) > 1
