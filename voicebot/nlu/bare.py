"""Bare answers: a turn that is nothing but a date, a name, a number or spelled letters asks for nothing."""

from __future__ import annotations

import re
from enum import Enum

from voicebot.core.expected import ExpectedAnswer
from voicebot.core.language import Language
from voicebot.nlu.lexicon import first_names, not_names
from voicebot.nlu.normalise import fold
from voicebot.nlu.slots import Slots

MAX_NAME_WORDS = 4


class BareAnswer(Enum):
    """What a turn consists of."""

    VALUE = "value"
    INTRODUCTION = "introduction"
    """« je m'appelle Paul Martin »"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GLUE: dict[Language, frozenset[str]] = {
    "fr": _words(
        "euh heu alors bon ben et ou plutot le la les l du de d des a au aux en vers pour c est ca ce cet cette s il vous plait"
    ),
    "en": _words("um uh well so and or rather the a an of on at in by for it s is that please make"),
}
_NUMBERS: dict[Language, frozenset[str]] = {
    "fr": _words(
        "zero un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente"
        " quarante cinquante soixante septante octante huitante nonante cent mille plus double"
    ),
    "en": _words(
        "zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
        " eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred double triple plus first second third"
        " fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth"
        " seventeenth eighteenth nineteenth twentieth thirtieth"
    ),
}
_DATES: dict[Language, frozenset[str]] = {
    "fr": _words(
        "lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre octobre"
        " novembre decembre demain apres aujourd hui matin matinee midi apresmidi aprem soir soiree semaine mois prochain"
        " prochaine heure heures h demie quart moins debut fin milieu dans jours jour quinzaine entre avant premier 1er"
        " suivant suivante"
    ),
    "en": _words(
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september"
        " october november december tomorrow today morning noon midday afternoon evening week month next half past quarter to"
        " o clock early late end beginning after before between from until days am pm"
    ),
}
_RANKS: dict[Language, frozenset[str]] = {
    "fr": _words("premier premiere deuxieme second seconde troisieme dernier derniere celui celle option numero choix"),
    "en": _words("first second third last one option number choice"),
}
_INTRODUCTION = re.compile(
    r"^(?:(?:oui|bonjour|bonsoir|hello|hi|yes) )?(?:je m appelle|mon nom (?:c )?est|my name (?:is|s)|i am called) (?=\w)"
)
_HINT = re.compile(r"^(?:c est|it s|moi c est|this is|je suis|monsieur|madame|mademoiselle|mr|mrs|ms) (?=\w)")


def bare_answer(text: str, slots: Slots, expected: ExpectedAnswer, language: Language) -> BareAnswer | None:
    """What `text` is a bare value of, or None when it may hold a request."""
    line = " ".join(re.findall(r"[a-z0-9@]+", fold(text)))
    words = line.split()
    if _introduces(line):
        return BareAnswer.INTRODUCTION
    if _is_value(words, slots, language) or _is_name(line, expected):
        return BareAnswer.VALUE
    return None


def _is_value(words: list[str], slots: Slots, language: Language) -> bool:
    """Whether a date, a rank, a number or spelled letters, with words that only join them, make up the turn."""
    said = set(words) - _GLUE[language]
    numbers = _NUMBERS[language]
    spoken = {w for w in said if not any(c.isdigit() for c in w)}
    if any(not w.asap for w in slots.datetimes) and spoken <= _DATES[language] | numbers:
        return True
    if slots.phones and spoken <= numbers | {"numero", "mon", "number", "my"}:
        return True
    if said & _RANKS[language] and said <= _RANKS[language]:
        return True
    return slots.spelled is not None and all(len(w) == 1 or w in numbers for w in words)


def _introduces(line: str) -> bool:
    """Whether somebody only says their name."""
    rest = _INTRODUCTION.sub("", line)
    words = rest.split()
    return rest != line and 0 < len(words) <= MAX_NAME_WORDS and not set(words) & not_names()


def _is_name(line: str, expected: ExpectedAnswer) -> bool:
    """Whether a name stands alone: after the question any words that may be one, or with a known first name."""
    words = _HINT.sub("", line).split()
    if not 0 < len(words) <= MAX_NAME_WORDS or set(words) & not_names() or any(c.isdigit() for c in line):
        return False
    return bool(set(words) & first_names()) or (expected is ExpectedAnswer.PERSON and len(words) > 1)
