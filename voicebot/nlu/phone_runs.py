"""Runs of number words in a sentence: where a telephone number may have been dictated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from voicebot.nlu.numbers import ATOMS, ENGLISH_ATOMS, FRENCH_ATOMS, Token, tokens

FILLERS = frozenset({
    "euh", "heu", "hum", "ben", "bah", "alors", "donc", "puis", "ensuite", "apres", "oui", "voila", "hein", "virgule",
    "point", "tiret", "espace", "attendez", "et", "um", "uh", "then",
})  # fmt: skip
CORRECTIONS = frozenset(
    ["non", "pardon", "plutot", "enfin", "erreur", "correction", "desole", "desolee", "excusez", "sorry", "rather", "no"]
)
_CORRECTION_GLUE = frozenset({
    "c", "est", "'", "le", "la", "je", "me", "trompe", "suis", "trompee", "voulais", "dire", "veux", "moi", "plutot",
    "mais", "i", "mean", "it", "s",
})  # fmt: skip
_REPEATS = {"double": 2, "triple": 3}
_NOT_PHONES = frozenset({
    "dossier", "client", "reference", "commande", "facture", "code", "siret", "siren", "contrat", "secu", "securite", "rib",
    "iban", "compte", "adherent", "serie",
})  # fmt: skip
_PHONE_WORDS = frozenset(
    ["telephone", "tel", "portable", "mobile", "fixe", "numero", "joindre", "rappeler", "rappelez", "appeler", "phone", "number"]
)
_BORDER_SIGNS = frozenset(",-–—./;…·_")


class Glue(Enum):
    """What stands between an atom and the one before."""

    SPACE = "space"
    HYPHEN = "hyphen"
    """Inside one written number word (« soixante-dix-sept »)."""
    BORDER = "border"
    """Comma, hyphen between figures, filler: no number crosses it."""
    CORRECTION = "correction"
    """« non pardon »: the group before is replaced by what follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Atom:
    """One indivisible piece of a number."""

    digits: str
    """As it would be dialled when it stands alone."""
    value: int
    glue: Glue
    with_and: bool = False
    """« et » stands before it."""
    written: bool = False
    """Figures rather than words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Atoms that follow each other with nothing but fillers between them."""

    atoms: tuple[Atom, ...]
    foreign: bool = False
    """« plus » stands before it."""

    @property
    def pairs_without_zero(self) -> bool:
        """Written « 6, 12, 34, 56, 78 »: a mobile number whose zero was not written."""
        lengths = [len(atom.digits) for atom in self.atoms]
        return lengths == [1, 2, 2, 2, 2] and self.atoms[0].digits in {"6", "7"} and all(a.written for a in self.atoms)

    def halves(self) -> Iterator[tuple[Run, Run]]:
        """The ways of cutting it in two at a border."""
        for at, atom in enumerate(self.atoms):
            if at and (atom.glue is Glue.BORDER or atom.with_and):
                rest = (replace(atom, glue=Glue.BORDER, with_and=False), *self.atoms[at + 1 :])
                yield replace(self, atoms=self.atoms[:at]), Run(atoms=rest)


def find_runs(text: str) -> list[Run]:
    """Every run of number words or figures in `text` that may be a telephone number."""
    words = tokens(text.replace("(0)", " "))
    atoms_known = _vocabulary(words)
    runs: list[Run] = []
    at = 0
    while at < len(words):
        if not _starts(words, at, atoms_known):
            at += 1
            continue
        atoms, end = _collect(words, at, atoms_known)
        if not _other_number(words[max(0, at - 6) : at]):
            runs.append(Run(atoms=tuple(atoms), foreign=_after_plus(words, at)))
        at = max(end, at + 1)
    return runs


def _vocabulary(words: tuple[Token, ...]) -> dict[str, int]:
    english = sum(t.word in ENGLISH_ATOMS and t.word not in FRENCH_ATOMS for t in words)
    return {**ATOMS, "oh": 0, "o": 0} if english >= 3 else FRENCH_ATOMS


def _starts(words: tuple[Token, ...], at: int, known: dict[str, int]) -> bool:
    word = words[at].word
    if word in _REPEATS:
        return at + 1 < len(words) and _is_number(words[at + 1].word, known)
    return _is_number(word, known)


def _is_number(word: str, known: dict[str, int]) -> bool:
    return word.isdecimal() or word in known or word == "zeros"


def _after_plus(words: tuple[Token, ...], at: int) -> bool:
    return at > 0 and words[at - 1].word in {"+", "plus"}


def _other_number(before: tuple[Token, ...]) -> bool:
    said = {t.word for t in before}
    return bool(said & _NOT_PHONES) and not said & (_PHONE_WORDS - {"numero", "number"})


def _collect(words: tuple[Token, ...], start: int, known: dict[str, int]) -> tuple[list[Atom], int]:
    atoms: list[Atom] = []
    at, end, repeat = start, start, 1
    glue, with_and = Glue.BORDER, False
    while at < len(words):
        token = words[at]
        if _is_number(token.word, known):
            made = _atoms(token, known, glue, with_and=with_and)
            atoms += [replace(made[0], glue=glue if not i else Glue.BORDER) for i in range(repeat)]
            atoms += made[1:]
            glue, with_and, repeat = Glue.SPACE, False, 1
            end = at + 1
        elif token.word in _REPEATS:
            repeat = _REPEATS[token.word]
            glue = Glue.BORDER if glue is Glue.SPACE else glue
        else:
            between = _between(token, words, at, glue, with_and=with_and, known=known)
            if between is None:
                break
            glue, with_and = between
        at += 1
    return atoms, end


def _atoms(token: Token, known: dict[str, int], glue: Glue, *, with_and: bool) -> list[Atom]:
    if token.word == "zeros":
        return [Atom(digits="0", value=0, glue=glue)]
    if token.word.isdecimal():
        return [Atom(digits=token.word, value=int(token.word[:15]), glue=glue, with_and=with_and, written=True)]
    value = known[token.word]
    return [Atom(digits=str(value), value=value, glue=glue, with_and=with_and)]


def _between(
    token: Token, words: tuple[Token, ...], at: int, glue: Glue, *, with_and: bool, known: dict[str, int]
) -> tuple[Glue, bool] | None:
    """Glue after one more non-number token, or None when the run ends here."""
    if token.word == "et" and glue is Glue.SPACE:
        return glue, True
    if token.word in CORRECTIONS or (glue is Glue.CORRECTION and token.word in _CORRECTION_GLUE):
        return Glue.CORRECTION, False
    if glue is Glue.CORRECTION and (token.word in FILLERS or token.word in _BORDER_SIGNS):
        return glue, False
    if token.word == "-" and glue is Glue.SPACE and not token.spaced and not with_and:
        joins_words = not words[at - 1].word.isdecimal() and at + 1 < len(words) and words[at + 1].word in known
        return (Glue.HYPHEN if joins_words and not words[at + 1].spaced else Glue.BORDER), False
    if token.word in _BORDER_SIGNS or token.word in FILLERS:
        return Glue.BORDER, False
    return None
