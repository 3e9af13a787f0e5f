"""Names spelled aloud: letter names, « M comme Marie », « deux n », accents, signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from voicebot.nlu.numbers import Token, tokens

_SURE_NAMES = {
    "be": "b", "effe": "f", "ef": "f", "hache": "h", "ache": "h", "ji": "j", "ka": "k", "elle": "l", "el": "l", "emme": "m",
    "enne": "n", "pe": "p", "ku": "q", "erre": "r", "esse": "s", "ixe": "x", "iks": "x", "igrec": "y", "zede": "z", "zed": "z",
    "ve": "v",
}  # fmt: skip
_WORD_NAMES = {
    "ah": "a", "ce": "c", "de": "d", "eu": "e", "ge": "g", "em": "m", "aime": "m", "en": "n", "haine": "n", "oh": "o", "eau": "o",
    "au": "o", "air": "r", "es": "s", "te": "t", "the": "t", "hue": "u", "ai": "i", "cue": "q", "queue": "q",
}  # fmt: skip
"""Ordinary words that recognisers write for a letter: believed only next to another letter."""
_SIGNS = {"tiret": "-", "apostrophe": "'", "espace": " "}
_ACCENTS = {"aigu": "\u0301", "aigue": "\u0301", "grave": "\u0300", "circonflexe": "\u0302", "trema": "\u0308"}
_FRENCH_MARKED = frozenset("àâäéèêëîïôöùûüÿç")
_COUNTS = {"deux": 2, "double": 2, "2": 2, "trois": 3, "two": 2}
_FILLERS = frozenset(["euh", "heu", "alors", "donc", "puis", "ensuite", "et", "voila", "oui", "hum"])
_SEPARATORS = frozenset(",.;-…")
_TRIGGER = re.compile(r"\b(?:epelle|epele|epeler|s'ecrit|s'epelle|lettres?|spell\w*|spelt)\b")
_FINALS = frozenset("dtsxzec")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    text: str
    sure: bool
    """False for an ordinary word that may be a letter's name."""
    common: bool = False
    """« a », « y »: a letter that is also a word."""


def read_spelling(text: str, *, asked: bool = False) -> str | None:
    """What was spelled, in capitals with hyphens and apostrophes, or None.

    Args:
        text: What was said.
        asked: Whether a spelling was just asked for; otherwise three letters in a row, or « ça s'écrit », are needed.
    """
    words = tokens(text)
    hinted = _with_letter(words)
    if hinted:
        return hinted
    best = max(_sequences(words), key=len, default=[])
    spelled = "".join(letter.text for letter in best).strip(" -'")
    letters = sum(c.isalpha() for c in spelled)
    triggered = asked or bool(_TRIGGER.search(" ".join(t.word for t in words).replace(" ' ", "'")))
    sure = sum(letter.sure and not (letter.common and not triggered) for letter in best)
    if letters < (2 if triggered else 3) or sure < (1 if triggered else 2):
        return None
    return unicodedata.normalize("NFC", spelled).upper()


def letters_of(words: Sequence[Token], at: int) -> tuple[str, int] | None:
    """The letter (or repeated letter, or sign) that starts at `at`, as written in capitals or not, and the index after it."""
    read = _letter(words, at)
    return (read[0].text, read[1]) if read else None


def _sequences(words: Sequence[Token]) -> list[list[_Letter]]:
    """Maximal stretches of letters, fillers and commas let pass."""
    found: list[list[_Letter]] = [[]]
    at = 0
    while at < len(words):
        read = _letter(words, at)
        if read:
            found[-1].append(read[0])
            at = read[1]
        else:
            if words[at].word not in _FILLERS and words[at].word not in _SEPARATORS:
                found.append([])
            at += 1
    return [_trimmed(sequence) for sequence in found]


def _trimmed(sequence: list[_Letter]) -> list[_Letter]:
    """Without the doubtful words at the start (« c'est de ») and signs at both ends."""
    while sequence and (not sequence[0].sure and (len(sequence) < 2 or not sequence[1].sure)):
        sequence = sequence[1:]
    return sequence


def _letter(words: Sequence[Token], at: int) -> tuple[_Letter, int] | None:
    if at >= len(words):
        return None
    word = words[at].word
    if word in _COUNTS and not (word == "double" and _word(words, at + 1) in {"v", "ve", "u"}):
        repeated = _single(words, at + 1)
        sure_count = word != "trois" and repeated is not None and repeated[0].sure and not repeated[0].text.isspace()
        if repeated and sure_count and repeated[0].text.isalpha():
            return _Letter(text=repeated[0].text * _COUNTS[word], sure=True), repeated[1]
        return None
    return _single(words, at)


def _single(words: Sequence[Token], at: int) -> tuple[_Letter, int] | None:
    base = _base(words, at)
    if base is None:
        return None
    letter, after = base
    accent, after = _accent(words, after)
    if accent and letter.text.isalpha():
        marked = unicodedata.normalize("NFC", unicodedata.normalize("NFD", letter.text)[0] + accent)
        if marked in _FRENCH_MARKED:
            return _Letter(text=marked, sure=True), after
    return letter, after


def _base(words: Sequence[Token], at: int) -> tuple[_Letter, int] | None:
    word = _word(words, at)
    if word == "comme" and _initial(words, at + 1):
        return _Letter(text=_initial(words, at + 1), sure=True), at + 2
    if word in _SIGNS:
        return _Letter(text=_SIGNS[word], sure=False), at + (3 if _word(words, at + 1) == "du" else 1)
    if word == "trait" and _word(words, at + 2) == "union":
        return None
    if word == "trait" and [_word(words, at + i) for i in (1, 2, 3)] == ["d", "'", "union"]:
        return _Letter(text="-", sure=False), at + 4
    named = _named(words, at)
    if named is None:
        return None
    letter, after = named
    if _word(words, after) in {"comme", "as", "for", "like"} and _initial(words, after + 1):
        skip = 2 if _word(words, after + 1) in {"in", "dans"} else 1
        return _Letter(text=_initial(words, after + skip), sure=True), after + skip + 1
    return letter, after


def _named(words: Sequence[Token], at: int) -> tuple[_Letter, int] | None:
    word = _word(words, at)
    if word == "double" and _word(words, at + 1) in {"v", "ve", "u"}:
        return _Letter(text="w", sure=True), at + 2
    if word == "i" and _word(words, at + 1) in {"grec", "grecque"}:
        return _Letter(text="y", sure=True), at + 2
    if len(word) == 1 and word.isalpha():
        if _word(words, at + 1) == "'" and not words[at + 1].spaced:
            return None
        common = words[at].raw in {"a", "y", "à"} or (at > 0 and words[at - 1].word == "-" and word == "t")
        return _Letter(text=words[at].raw.lower(), sure=True, common=common), at + 1
    if word in _SURE_NAMES:
        return _Letter(text=_SURE_NAMES[word], sure=word != "elle"), at + 1
    if word in _WORD_NAMES:
        return _Letter(text=_WORD_NAMES[word], sure=words[at].raw.lower() in {"cé", "dé", "gé", "té"}), at + 1
    return None


def _initial(words: Sequence[Token], at: int) -> str:
    word = _word(words, at)
    return word[0] if len(word) > 1 and word.isalpha() else ""


def _accent(words: Sequence[Token], at: int) -> tuple[str, int]:
    if _word(words, at) == "accent":
        mark = _ACCENTS.get(_word(words, at + 1), "")
        return mark, at + 2 if mark else at
    if _word(words, at) == "trema":
        return "\u0308", at + 1
    if _word(words, at) == "cedille":
        return "\u0327", at + 1
    return "", at


def _word(words: Sequence[Token], at: int) -> str:
    return words[at].word if at < len(words) else ""


def _with_letter(words: Sequence[Token]) -> str | None:
    """« Dupont avec un d », « Hanne avec deux n »: the word just said, put right."""
    for at, token in enumerate(words[:-2]):
        if token.word != "avec" or at == 0 or words[at + 1].word not in {"un", "une", "deux"}:
            continue
        named = _named(words, at + 2)
        if named is None or len(words[at - 1].word) < 3 or not words[at - 1].word.isalpha():
            continue
        return _put_right(words[at - 1].raw, named[0].text, twice=words[at + 1].word == "deux")
    return None


def _put_right(name: str, letter: str, *, twice: bool) -> str | None:
    folded = name.lower()
    if twice:
        if letter * 2 in folded:
            return name.upper()
        return folded.replace(letter, letter * 2).upper() if folded.count(letter) == 1 else None
    if letter in _FINALS and folded[-1] in _FINALS:
        return (folded[:-1] + letter).upper()
    if letter * 2 not in folded and letter in folded:
        return name.upper()
    return folded.replace("i", "y").upper() if letter == "y" and folded.count("i") == 1 else None
