"""The caller's own name: announced (« je m'appelle »), or the bare answer when it was asked for."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from voicebot.nlu.numbers import fold

_TITLE = r"(?:madame|mademoiselle|monsieur|mme|mlle|mr|m\.|maitre|docteur|dr|mrs|ms|miss|m)"
_WORD = r"[^\W\d_]+(?:[-'][^\W\d_]+)*"
_ANNOUNCED = re.compile(
    r"(?<![\w'])(je m'appelle(?: bien)?|moi c'est|je suis|c'est(?: toujours| encore| de nouveau)?|ici|on m'appelle|je me nomme"
    r"|(?:le |mon )?nom(?: complet| de famille)?,? (?:est|c'est|sera)|(?:mon )?prenom (?:est|c'est)"
    r"|au nom d(?:e |')|de la part d(?:e |')"
    r"|je me presente|mon nom|my name is|my name's|this is|i am|i'm|it's|under the name(?: of)?|the name is|(?:last |sur)name is)"
    r",?(?<=[ ',\w])[ ]?(?=\w)"
)
_SURE = re.compile(r"appelle|moi c'est|nom|nomme|presente|part d|name")
_AFTER = r"(?: a l'appareil| au telephone| speaking| here| on the line)"
_PARTICLES = frozenset(["de", "du", "des", "d", "la", "le", "von", "van", "der", "den", "di", "da", "el", "ben", "al"])
_COMPOUND_HEADS = frozenset(
    ["jean", "marie", "anne", "pierre", "paul", "louis", "charles", "marc", "rose", "lou", "jose", "anna", "ange"]
)
_MOST_WORDS = 5
_CLOSING = re.compile(
    r"^[ ,.]*(?:(?:s'il vous plait|merci|voila|bonjour|euh|madame|monsieur|please)[ ,.!]*)*"
    r"(?:$|(?:avec|ca s'ecrit|ca s'epelle|j'epelle|je vous epelle|comme|en (?:un|deux) mots?|tout attache|\w )(?: ?.*)?$)"
)
_OPENING = re.compile(
    r"^(?:(?:oui|alors|allo|bonjour|bonsoir|euh|heu|ben|bah|eh|donc|voila|non|ok|d'accord|bien sur|merci"
    r"|hello|hi|yes|well|um)[ ,.]+)+"
)


class _Span(NamedTuple):
    start: int
    end: int
    sure: bool
    """Whether what announced it can announce nothing else."""


def read_person(text: str, *, asked: bool, first_names: Collection[str], not_names: Collection[str]) -> str | None:
    """The caller's name as it would be written, or None.

    Args:
        text: What was said.
        asked: Whether the name was just asked for: then the bare answer is the name.
        first_names: Known first names, folded.
        not_names: Words that no name holds, folded.
    """
    raw = re.sub(r"\s+", " ", text.replace("’", "'")).strip()
    line = _flat(raw)
    if len(line) != len(raw):
        return None
    reader = _Reader(raw, line, first_names, not_names)
    for span in [*_titled_endings(line), *sorted(_announced(line), key=lambda span: not span.sure)]:
        name = reader.name_at(span.start, span.end, sure=span.sure or asked)
        if name:
            return name
    return reader.bare() if asked else None


def _flat(text: str) -> str:
    """Folded letter by letter, so that places match in both texts."""
    return "".join(fold(c)[:1] or c for c in text)


def _titled_endings(line: str) -> list[_Span]:
    """« X à l'appareil »."""
    found = re.search(rf"((?:{_WORD} ?){{1,5}}),?{_AFTER}", line)
    return [_Span(found.start(1), found.end(1), sure="telephone" not in found.group())] if found else []


def _announced(line: str) -> list[_Span]:
    return [
        _Span(m.end(), len(line), sure=bool(_SURE.search(m.group(1))))
        for m in _ANNOUNCED.finditer(line)
        if not re.search(r"\b(?:n'|ne |pas |que |qui |si )$", line[: m.start()])
    ]


class _Reader:
    """Reads the longest name at a place of one utterance."""

    def __init__(self, raw: str, line: str, first_names: Collection[str], not_names: Collection[str]) -> None:
        self._raw = raw
        self._line = line
        self._first = first_names
        self._never = not_names

    def name_at(self, start: int, end: int, *, sure: bool) -> str | None:
        """Name that starts at `start`; without a sure announcement it needs a title, a known first name or capitals."""
        backwards = end < len(self._line)
        if backwards:
            start = self._last_stop(start, end)
        titled, start = self._after_title(start)
        words = self._words(start, end)
        if not words or self._only_particles(words):
            return None
        known = any(part in self._first for part in words[0].split("-"))
        named = (
            titled
            or (known and len(words) > 1)
            or (self._capital(start) and (known or (len(words) > 1 and words[0] not in _PARTICLES)))
        )
        if not (sure or named) or re.match(r" ?\?| (?:qui|que|qu')\b", self._after(start, words)):
            return None
        return self._written(start, words)

    def bare(self) -> str | None:
        """The whole answer as a name."""
        opening = _OPENING.match(self._line + " ")
        start = min(opening.end(), len(self._line)) if opening else 0
        _, start = self._after_title(start)
        words = self._words(start, len(self._line))
        if not words or self._only_particles(words):
            return None
        known = words[0] in self._first and len(words) > 1
        clause = known and self._after(start, words).startswith((",", ".", " et ", " je ", " j'"))
        unlikely = len(words) > 3 and not known and not any(w in _PARTICLES for w in words)
        if unlikely or not (clause or _CLOSING.match(self._after(start, words))):
            return None
        return self._written(start, words)

    def _after(self, start: int, words: list[str]) -> str:
        return self._line[start + len(" ".join(words)) :]

    def _last_stop(self, start: int, end: int) -> int:
        """Start of the name that ends at `end`: after the last word that no name holds."""
        place = start
        for m in re.finditer(_WORD, self._line[start:end]):
            if self._stops(m.group()) and m.group() not in _PARTICLES and not re.fullmatch(_TITLE, m.group()):
                place = start + m.end()
        return place

    def _after_title(self, start: int) -> tuple[bool, int]:
        found = re.match(rf"[ ,]*(?:(?:{_TITLE})\.? (?:et |ou )?)*", self._line[start:])
        skipped = found.group() if found else ""
        return bool(skipped.strip(" ,")), start + len(skipped)

    def _words(self, start: int, end: int) -> list[str]:
        words: list[str] = []
        place = start
        while place < end and len(words) < _MOST_WORDS:
            found = re.match(_WORD, self._line[place:end])
            if not found or (self._stops(found.group()) and found.group() not in _PARTICLES):
                break
            if self._ends_before(words, found.group(), start, place):
                break
            words.append(found.group())
            place += found.end()
            if self._line[place : place + 1] != " ":
                break
            place += 1
        while words and words[-1] in _PARTICLES:
            words.pop()
        return words

    def _ends_before(self, words: list[str], word: str, start: int, place: int) -> bool:
        """Whether a word after part of a name is no more of it: a letter, « du garage » after a full name, a small letter."""
        capital = self._capital(place)
        if len(word) == 1 and word != "d":
            return True
        full = sum(w not in _PARTICLES for w in words) >= 2
        if word in _PARTICLES:
            after = re.match(rf"(?:{_WORD} )+?(?=(?:{_WORD}))", self._line[place:])
            next_capital = after is not None and self._raw[place + after.end() : place + after.end() + 1].isupper()
            return full and not next_capital and not capital
        return bool(words) and self._capital(start) and not capital and words[-1] not in _PARTICLES

    def _stops(self, word: str) -> bool:
        if word in self._never:
            return True
        head = re.match(r"(?:j|c|n|qu|l|m|s|t|jusqu)'", word)
        return bool(head) or word.isdecimal()

    def _only_particles(self, words: list[str]) -> bool:
        if words[0] in {"la", "le", "du", "de", "des", "d"} and len(words) > 1 and self._ordinary(words):
            return True
        return all(w in _PARTICLES for w in words)

    def _ordinary(self, words: list[str]) -> bool:
        """« le plombier », « de Paris »: an article and a common word, in lower case."""
        return words[0] in {"la", "le"} and words[1] not in self._first and not self._capital_word(words[1])

    def _capital_word(self, word: str) -> bool:
        at = self._line.find(word)
        return at >= 0 and self._raw[at : at + 1].isupper()

    def _capital(self, start: int) -> bool:
        return self._raw[start : start + 1].isupper()

    def _written(self, start: int, words: list[str]) -> str:
        raw = self._raw[start : start + len(" ".join(words))].split(" ")
        cased = [_cased(w, first=i == 0) for i, w in enumerate(raw)]
        if len(cased) >= 3 and words[0] in _COMPOUND_HEADS and words[1] in self._first:
            cased[:2] = [f"{cased[0]}-{cased[1]}"]
        return " ".join(cased)


def _cased(word: str, *, first: bool) -> str:
    if word.lower() in {"de", "du", "des", "d", "von", "van", "der", "den", "di", "da"} and not first:
        return word.lower()
    if word.lower().startswith("d'"):
        return "d'" + _cased(word[2:], first=True)
    if word[1:] != word[1:].lower() and not word.isupper():
        return word
    parts = re.split(r"([-'])", word)
    return "".join(p[:1].upper() + p[1:].lower() for p in parts)
