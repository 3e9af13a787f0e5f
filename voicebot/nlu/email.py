"""E-mail addresses as dictated: « jean point dupont arobase orange point fr »."""

from __future__ import annotations

import re
from collections.abc import Sequence

from email_validator import EmailNotValidError, validate_email
from rapidfuzz import fuzz, process

from voicebot.nlu.numbers import FRENCH_ATOMS, Token, read_number, tokens
from voicebot.nlu.spelling import letters_of

COMMON_DOMAINS = (
    "gmail.com", "orange.fr", "wanadoo.fr", "hotmail.fr", "hotmail.com", "free.fr", "yahoo.fr", "yahoo.com", "sfr.fr",
    "laposte.net", "outlook.fr", "outlook.com", "live.fr", "live.com", "icloud.com", "bbox.fr", "neuf.fr", "numericable.fr",
    "aol.com", "msn.com", "protonmail.com", "proton.me", "me.com", "mac.com", "club-internet.fr", "gmx.fr", "gmx.com",
    "bluewin.ch", "skynet.be", "voila.fr",
)  # fmt: skip
_WRITTEN = re.compile(r"[\w.+-]+ ?@ ?[\w-]+(?:\.[\w-]+)+")
_AT = frozenset(["@", "arobase", "arobaze", "arrobase", "arobas", "arobasse", "arobace", "at"])
_TLDS = frozenset({
    "fr", "com", "net", "org", "eu", "be", "ch", "lu", "ca", "info", "io", "me", "biz", "pro", "uk", "de", "es", "it",
    "bzh", "paris", "re", "gouv", "asso",
})  # fmt: skip
_TRIGGERS = frozenset({
    "est", "mail", "mails", "email", "emails", "adresse", "courriel", "electronique", "mel", "donc", "alors", "euh",
    "bonjour", "voila", "note", "notez", "oui", "sur", "contact", "my", "is",
})  # fmt: skip
_DROPPED = frozenset({
    "tout", "attache", "attachee", "minuscule", "minuscules", "colle", "collee", "en", "un", "seul", "mot", "sans",
    "accent", "accents", "espace", "euh", "heu",
})  # fmt: skip
_DASH_TAILS = ({"du", "six"}, {"du", "6"}, {"du", "milieu"}, {"haut"}, {"du", "haut"}, {"simple"}, {"normal"})
_UNDERSCORES = tuple(
    tuple(form.split())
    for form in ("tiret du bas", "tiret bas", "under score", "underscore", "souligne", "_", "tiret du huit", "tiret du 8")
)
REPAIR_SCORE = 90
"""Least likeness (0 to 100) for an unknown domain to be taken for a common one."""


def read_email(text: str) -> str | None:
    """The one e-mail address in `text`, lower case and of valid syntax, or None."""
    written = _WRITTEN.search(text)
    if written:
        return _checked(written.group().replace(" ", ""))
    words = [t for t in tokens(text) if t.word not in {",", "…", "?", "!", ";"}]
    at = _arobase(words)
    if at is None:
        return None
    domain = _domain(words[at + 1 :])
    local = _local(words[:at])
    return _checked(f"{local}@{_repaired(domain)}") if local and domain else None


def _arobase(words: Sequence[Token]) -> int | None:
    found = [i for i, t in enumerate(words) if t.word in _AT]
    if not found:
        found = [i for i, t in enumerate(words) if t.word == "chez" and _domain(words[i + 1 :])]
    return found[0] if len(found) == 1 and found[0] > 0 else None


def _local(words: Sequence[Token]) -> str:
    """What stands before the arobase, back to the words that announce it."""
    start = max((i + 1 for i, t in enumerate(words) if _announces(words, i)), default=0)
    kept = words[start:]
    if start == 0 and len(kept) > 14:
        return ""
    return "".join(_pieces(kept)).strip(".-_")


def _announces(words: Sequence[Token], at: int) -> bool:
    word = words[at].word
    return word in _TRIGGERS or word == ":" or (word == "." and at + 1 < len(words) and words[at + 1].spaced)


def _pieces(words: Sequence[Token]) -> list[str]:
    pieces: list[str] = []
    at = 0
    while at < len(words):
        piece, at = _piece(words, at)
        pieces.append(piece)
    return pieces


def _piece(words: Sequence[Token], at: int) -> tuple[str, int]:
    folded = [t.word for t in words]
    word = folded[at]
    for form in _UNDERSCORES:
        if tuple(folded[at : at + len(form)]) == form:
            return "_", at + len(form)
    if word in {"point", "dot", "."}:
        return ".", at + 1
    if word in {"tiret", "dash", "hyphen", "-"}:
        return _dash(folded, at, spoken=word != "-")
    if word == "trait":
        return "-", at + (4 if folded[at + 1 : at + 4] == ["d", "'", "union"] else 1)
    if word == "plus":
        return "+", at + 1
    if word in FRENCH_ATOMS or word.isdecimal():
        return _figures(words, at)
    if word in _DROPPED:
        return "", at + 1
    letters = (
        letters_of(words, at)
        if len(word) == 1 or word in {"double", "hache", "esse", "effe", "erre", "emme", "enne", "zede"}
        else None
    )
    if letters:
        return letters[0].strip(" -'"), letters[1]
    return (word if word.isalpha() else ""), at + 1


def _figures(words: Sequence[Token], at: int) -> tuple[str, int]:
    """A number said in the local part; « deux n » is a doubled letter."""
    folded = [t.word for t in words]
    doubled = letters_of(words, at) if folded[at] == "deux" else None
    if doubled:
        return doubled
    if folded[at] == "un" and at + 1 < len(folded) and folded[at + 1] == "seul":
        return "", at + 1
    plain = [w for w in folded if w != "-"] if "-" in folded[at:] else folded
    if plain is folded:
        read = read_number(folded, at)
        return (folded[at] if folded[at].isdecimal() else str(read[0]), read[1]) if read else (folded[at], at + 1)
    chain = _chain(folded, at)
    read = read_number([w for w in folded[at:chain] if w != "-"], 0)
    if read and read[1] == len([w for w in folded[at:chain] if w != "-"]):
        return str(read[0]), chain
    single = read_number(folded, at)
    return (folded[at] if folded[at].isdecimal() else str(single[0]), single[1]) if single else (folded[at], at + 1)


def _chain(folded: Sequence[str], at: int) -> int:
    """End of the number words joined by hyphens that start at `at`."""
    end = at + 1
    while end + 1 < len(folded) and folded[end] == "-" and (folded[end + 1] in FRENCH_ATOMS or folded[end + 1] == "et"):
        end += 2
    return end


def _dash(folded: Sequence[str], at: int, *, spoken: bool) -> tuple[str, int]:
    if spoken:
        for tail in _DASH_TAILS:
            if set(folded[at + 1 : at + 1 + len(tail)]) == tail:
                return "-", at + 1 + len(tail)
    return "-", at + 1


def _domain(words: Sequence[Token]) -> str:
    """Host name at the start of `words`, up to its top-level domain; empty when there is none."""
    said = ""
    at = 0
    while at < len(words):
        if words[at].word in {"point", "dot", "."} and said:
            ending = _top_level(words, at + 1)
            if ending:
                return f"{said}.{ending}"
        piece, at = _piece(words, at)
        said += piece
        if len(said) > 40:
            return ""
    return ""


def _top_level(words: Sequence[Token], at: int) -> str:
    word = words[at].word if at < len(words) else ""
    if word in {"comme", "come", "komm"}:
        return "com"
    if word in _TLDS:
        more = [t.word for t in words[at + 1 : at + 3]]
        return f"{word}.{more[1]}" if len(more) == 2 and more[0] in {"point", "."} and more[1] in _TLDS else word
    spelled = ""
    while len(spelled) < 3 and (read := letters_of(words, at)):
        spelled, at = spelled + read[0], read[1]
        if spelled in _TLDS:
            return spelled
    return ""


def _repaired(domain: str) -> str:
    if domain in COMMON_DOMAINS:
        return domain
    best = process.extractOne(domain, COMMON_DOMAINS, scorer=fuzz.ratio, score_cutoff=REPAIR_SCORE)
    return best[0] if best and best[0].rsplit(".", 1)[1] == domain.rsplit(".", 1)[1] else domain


def _checked(address: str) -> str | None:
    try:
        return validate_email(address, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None
