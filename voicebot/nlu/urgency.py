"""How urgent a caller's words are: a lexicon that acts at once, or the model that catches unforeseen wording."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from voicebot.core.errors import InputError
from voicebot.core.language import Language
from voicebot.nlu.catalogue import mapping_of, read_yaml, texts_of
from voicebot.nlu.intent_model import CALM
from voicebot.nlu.normalise import fold, normalise
from voicebot.nlu.rules import compile_pattern
from voicebot.nlu.understanding import Urgency, UrgencyKind

ASK_PROBABILITY = 0.2
"""Probability of urgency from which the caller is asked."""
URGENT_PROBABILITY = 0.5
"""Probability from which the urgent path is taken without a question."""
VITAL_PROBABILITY = 0.4
"""Probability of a life-threatening wording from which the safety sentence comes first."""
SURELY_CALM_PROBABILITY = 0.02
"""Probability of urgency below which a wording of the lexicon is taken for a story: asked about when vital, else dropped."""
VITAL_LABEL = "medical_vital"

_ANIMALS = re.compile(
    r"\b(?:chien(?:ne|s)?|chiots?|chat(?:te|s|on)?|lapine?s?|cheval|jument|poulain|vache|veau|animal|perroquet|hamster"
    r"|cochon d.inde|furet|tortue|dog|puppy|cat|kitten|horse|pet)\b"
)
_BEFORE = re.compile(
    r"(?:\b(?:pas|plus|jamais|aucune?|sans|ni|not|no|never|without|isn't|don't|doesn't)\b)"
    r"(?: (?:du tout|vraiment|trop|tres|de|d'|du|la|le|les|une?|en|a|mal|fait|ete|eu|me|se|des|any|really|the|a|be|been"
    r"|have|had))*[ ']*$"
)
_AFTER = re.compile(r"^ (?:pas|plus)\b(?! (?:trop|tard|que))")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wording:
    kind: UrgencyKind
    vital: bool
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hit:
    kind: UrgencyKind
    vital: bool
    negated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Wording of one language, compiled."""

    alarming: tuple[_Wording, ...]
    calm: Mapping[str, tuple[re.Pattern[str], ...]]
    """`dismissed`, `calm`, `past`, `quoted`, `seller`, `present`."""

    def reassures(self, line: str) -> bool:
        """Whether a normalised line says that nothing presses, or that it is over, or sells."""
        folded = fold(line)
        return any(_any(self, name, folded) for name in ("calm", "past", "seller"))


def load_lexicon(catalogue: Path, language: Language) -> Lexicon:
    """Wording of `catalogue/urgency`.

    Raises:
        InputError: naming the file and the field that is wrong.
    """
    alarming: list[_Wording] = []
    for kind in get_args(UrgencyKind):
        path = catalogue / "urgency" / f"{kind}.yaml"
        data = mapping_of(mapping_of(read_yaml(path), path, "").get(language), path, language)
        for level in ("vital", "urgent"):
            patterns = texts_of(data.get(level, []), path, f"{language}.{level}")
            alarming += [_Wording(kind=kind, vital=level == "vital", pattern=compile_pattern(p, path)) for p in patterns]
    path = catalogue / "urgency" / "calm.yaml"
    data = mapping_of(mapping_of(read_yaml(path), path, "").get(language), path, language)
    names = ("dismissed", "calm", "past", "quoted", "seller", "present")
    if set(data) - set(names):
        raise InputError(f"{path}: unknown field `{min(set(data) - set(names))}`, expected one of {', '.join(names)}.")
    calm = {n: tuple(compile_pattern(p, path) for p in texts_of(data.get(n, []), path, f"{language}.{n}")) for n in names}
    return Lexicon(alarming=tuple(alarming), calm=calm)


def read_urgency(
    lexicon: Lexicon,
    line: str,
    probabilities: Mapping[str, float],
    own_words: tuple[tuple[str, UrgencyKind], ...] = (),
    language: Language = "fr",
) -> Urgency:
    """Urgency of a normalised line, given the model's probabilities of each kind.

    A wording of the lexicon is urgent at once; a negation, or a model that is sure of a story, lowers a vital one to
    "ask", any other to silence. Without a wording, the model alone asks or, when it is sure, takes the urgent path.
    """
    folded = fold(line)
    calmed = _any(lexicon, "calm", folded) or _any(lexicon, "seller", folded)
    over = _any(lexicon, "past", folded) and not _any(lexicon, "present", folded)
    kept = folded
    for pattern in (*lexicon.calm["dismissed"], *lexicon.calm["quoted"]):
        kept = pattern.sub(" ", kept)
    hits = [*_own_hits(own_words, kept, language), *_hits(lexicon, kept)]
    animal = bool(_ANIMALS.search(folded))
    plain = next((h for h in _ranked(hits) if not h.negated), None)
    story = 1 - probabilities.get(CALM, 0.0) < SURELY_CALM_PROBABILITY
    if plain is not None and not (over or calmed or story):
        return Urgency(level="urgent", kind=plain.kind, vital=plain.vital and not animal)
    vital = next((h for h in hits if h.vital), None)
    if vital is not None and not over and not _any(lexicon, "seller", folded):
        return Urgency(level="ask", kind=vital.kind)
    dismissed = kept != folded and not hits
    return Urgency() if calmed or over or dismissed or hits else _from_model(probabilities, animal=animal)


def _ranked(hits: list[_Hit]) -> list[_Hit]:
    """Vital first, a precise kind before the general one, else in the lexicon's order."""
    return sorted(hits, key=lambda h: (not h.vital, h.kind == "general"))


def _any(lexicon: Lexicon, name: str, folded: str) -> bool:
    return any(p.search(folded) for p in lexicon.calm[name])


def _hits(lexicon: Lexicon, folded: str) -> list[_Hit]:
    found = []
    for wording in lexicon.alarming:
        for match in wording.pattern.finditer(folded):
            negated = bool(_BEFORE.search(folded[: match.start()]) or _AFTER.match(folded[match.end() :]))
            found.append(_Hit(kind=wording.kind, vital=wording.vital, negated=negated))
    return found


def _own_hits(own_words: tuple[tuple[str, UrgencyKind], ...], folded: str, language: Language) -> list[_Hit]:
    found = []
    for words, kind in own_words:
        match = re.search(rf"\b{re.escape(fold(normalise(words, language)))}\b", folded)
        if match:
            negated = bool(_BEFORE.search(folded[: match.start()]) or _AFTER.match(folded[match.end() :]))
            found.append(_Hit(kind=kind, vital=False, negated=negated))
    return found


def _from_model(probabilities: Mapping[str, float], *, animal: bool) -> Urgency:
    alarm = 1 - probabilities.get(CALM, 1.0)
    if alarm < ASK_PROBABILITY:
        return Urgency()
    by_kind: dict[UrgencyKind, float] = {
        kind: probabilities.get(kind, 0.0) + (probabilities.get(VITAL_LABEL, 0.0) if kind == "medical" else 0.0)
        for kind in get_args(UrgencyKind)
    }
    kind = max(by_kind, key=lambda k: by_kind[k])
    if alarm < URGENT_PROBABILITY:
        return Urgency(level="ask", kind=kind)
    vital = kind == "medical" and probabilities.get(VITAL_LABEL, 0.0) >= VITAL_PROBABILITY and not animal
    return Urgency(level="urgent", kind=kind, vital=vital)
