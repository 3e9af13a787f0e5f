"""A client's own acts, people and questions, recognised in what callers say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from voicebot.core.ids import ActId, PersonId, QuestionId
from voicebot.core.language import Language
from voicebot.nlu.features import stem, words_of
from voicebot.nlu.normalise import fold, normalise
from voicebot.nlu.phonetics import phonetic_key
from voicebot.nlu.understanding import Directory


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EMPTY_WORDS = _words(
    "le la les l un une des du de d et ou a au aux en dans pour par avec sur chez ce cet cette ces mon ma mes votre vos "
    "notre nos "
    "son sa ses leur je j tu il elle on nous vous ils elles me m te t se s y qui que qu quoi quel quelle quels quelles comment "
    "combien quand pourquoi est c ca cela sont suis etes ai as avez ont avoir etre faire fais fait faites faut peut peux pouvez "
    "pourrais pourriez voudrais veux voulez souhaite aimerais vais vas va bien pas plus si oui non bonjour merci plait rendez "
    "prendre besoin appelle appeler savoir dire chose quelque alors donc mais aussi tout tous toute toutes the an of to "
    "for in at "
    "with is are do does can could would i my your you it and or what when how much there have need want like please hello "
)
_TITLES = _words("docteur dr madame mme monsieur m mr mlle mademoiselle maitre me professeur pr doctor mrs ms miss ")
_IS_CALLER = re.compile(
    r"(?:\bje suis|\bje m'appelle|\bmon nom (?:est|c'est)|\bc'est|\bde la part de|\bici|\bau nom de|\bi am|\bi'm"
    r"|\bmy name is|\bthis is|\bchez)"
    r"(?: (?:le |la )?(?:docteur|madame|monsieur|mademoiselle|maître|mr|mrs|mme))?(?: \w+)?$"
)
FUZZY_RATIO = 88
"""rapidfuzz ratio from which two words of five letters or more are the same."""
SHORT_WORD = 5
QUESTION_OVERLAP = 0.6
"""Dice overlap of content stems from which a prepared question was asked."""
ACT_COVERAGE = 0.5
"""Share of an act's content words that must be heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What of a client's directory was named."""

    acts: tuple[ActId, ...] = ()
    """The acts that match best, equally well."""
    person: PersonId | None = None
    question: QuestionId | None = None


@lru_cache(maxsize=10_000)
def _content(phrase: str, language: Language) -> tuple[tuple[str, str], ...]:
    """Content words of a phrase with their stems, each once."""
    words = [w.rstrip("'") for w in words_of(normalise(phrase, language))]
    return tuple(dict.fromkeys((fold(w), stem(w, language)) for w in words if fold(w) not in _EMPTY_WORDS))


@lru_cache(maxsize=50_000)
def same_word(a: str, b: str) -> bool:
    """Whether two folded words are one, allowing for a recogniser's spelling."""
    if a == b:
        return True
    if min(len(a), len(b)) < SHORT_WORD:
        return False
    return fuzz.ratio(a, b) >= FUZZY_RATIO or (phonetic_key(a) == phonetic_key(b) and a[0] == b[0])


def _heard(wanted: tuple[tuple[str, str], ...], said: tuple[tuple[str, str], ...]) -> list[str]:
    """Words of `wanted` that are among `said`."""
    return [w for w, s in wanted if any(s == t or same_word(w, u) for u, t in said)]


def match_directory(text: str, directory: Directory, language: Language) -> Match:
    """Acts, person and question of `directory` named in `text`."""
    said = _content(text, language)
    return Match(
        acts=_acts(said, directory, language),
        person=_person(normalise(text, language), directory, language),
        question=_question(said, directory, language),
    )


def _best(scores: Iterable[tuple[str, tuple[float, int]]]) -> list[str]:
    """Ids whose score equals the best, an id once."""
    ranked = list(scores)
    if not ranked:
        return []
    top = max(score for _, score in ranked)
    return list(dict.fromkeys(key for key, score in ranked if score == top))


def _acts(said: tuple[tuple[str, str], ...], directory: Directory, language: Language) -> tuple[ActId, ...]:
    scores: list[tuple[str, tuple[float, int]]] = []
    for act, phrases in directory.acts:
        for phrase in phrases:
            wanted = _content(phrase, language)
            heard = _heard(wanted, said)
            if not set(heard) - _TITLES:
                continue  # « docteur » alone names no act
            coverage = len(heard) / len(wanted)
            if coverage == 1 or (coverage >= ACT_COVERAGE and max(map(len, heard)) >= SHORT_WORD):
                scores.append((act, (float(coverage == 1), sum(map(len, heard)))))
    return tuple(ActId(a) for a in _best(scores))


def _person(line: str, directory: Directory, language: Language) -> PersonId | None:
    words = words_of(line)
    scores: list[tuple[str, tuple[float, int]]] = []
    for person, names in directory.people:
        for name in names:
            parts = [w for w, _ in _content(name, language) if w not in _TITLES]
            places = [i for i, w in enumerate(words) if parts and _same_name(fold(w.rstrip("'")), parts[-1])]
            asked = [i for i in places if not _is_caller(words[:i])]
            if asked:
                whole = sum(any(_same_name(fold(w), p) for w in words) for p in parts)
                scores.append((person, (float(whole), 0)))
    found = _best(scores)
    return PersonId(found[0]) if len(found) == 1 else None


def _same_name(heard: str, name: str) -> bool:
    return heard == name or (
        min(len(heard), len(name)) >= 4 and (same_word(heard, name) or phonetic_key(heard) == phonetic_key(name))
    )


def _is_caller(before: list[str]) -> bool:
    """Whether the words before a name say that it is the caller's own."""
    return bool(_IS_CALLER.search(" ".join(before[-6:]).replace("' ", "'")))


def _question(said: tuple[tuple[str, str], ...], directory: Directory, language: Language) -> QuestionId | None:
    scores: list[tuple[str, tuple[float, int]]] = []
    for question, phrases in directory.questions:
        for phrase in phrases:
            wanted = _content(phrase, language)
            heard = _heard(wanted, said)
            overlap = 2 * len(heard) / (len(wanted) + len(said)) if wanted and said else 0.0
            if overlap >= QUESTION_OVERLAP or (len(heard) == len(wanted) > 1):
                scores.append((question, (overlap, len(heard))))
    found = _best(scores)
    return QuestionId(found[0]) if len(found) == 1 else None
