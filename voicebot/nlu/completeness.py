"""How finished a heard text is as an answer: it sets how long the call waits for more."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from voicebot.core.expected import Completeness, ExpectedAnswer
from voicebot.core.language import Language
from voicebot.nlu.datetime_grammar import read_datetimes
from voicebot.nlu.email import read_email
from voicebot.nlu.numbers import fold, tokens
from voicebot.nlu.phone import digits_heard, read_phones
from voicebot.nlu.spelling import read_spelling
from voicebot.nlu.yes_no import read_yes_no

_UNFINISHED: dict[Language, re.Pattern[str]] = {
    "fr": re.compile(
        r"(?:^|[ '])(?:et|ou|mais|euh+|heu+|donc|alors|puis|pour|de|du|des|d'|le|la|les|l'|un|une|au|aux|a|en|avec|sans"
        r"|chez|sur|dans|par|vers|que|qu'|qui"
        r"|parce que|c'est|c'est que|je|j'|mon|ma|mes|est|entre|depuis|avant|apres|comme|si|quand|numero|arobase|point"
        r"|tiret|plutot|ce|cet|cette|sauf|pas le"
        r"|m'appelle|mon nom|mon prenom|voudrais|aimerais|attendez|un instant|une seconde|deux secondes|je cherche)$"
    ),
    "en": re.compile(
        r"(?:^| )(?:and|or|but|um+|uh+|so|then|for|of|the|a|an|to|at|in|on|with|my|is|it's|i|i'd|because|that|number|dot"
        r"|dash|between|before|after"
        r"|would like|my name|hold on|one second)$"
    ),
}
_REFERENCE = datetime(2027, 3, 10, 10, tzinfo=UTC)
"""Any day will do to see whether a date was said at all."""
_ROLLING_DIGITS = 10


def completeness(text: str, expected: ExpectedAnswer, language: Language = "fr") -> Completeness:
    """How finished `text` is as an answer to what was asked."""
    line = fold(text).strip(" .,!?…")
    if not line:
        return Completeness.OPEN
    satisfied = _satisfied(text, expected)
    if satisfied is not None:
        return satisfied
    if _UNFINISHED[language].search(line) or text.rstrip().endswith(("…", "...", ",")):
        return Completeness.INCOMPLETE
    if _grammar_met(text, expected, language):
        return Completeness.COMPLETE
    return Completeness.OPEN


def _satisfied(text: str, expected: ExpectedAnswer) -> Completeness | None:
    """Dictations know their own end; None for the other answers."""
    match expected:
        case ExpectedAnswer.PHONE:
            if read_phones(text) and digits_heard(text) >= _ROLLING_DIGITS:
                return Completeness.COMPLETE
            return Completeness.INCOMPLETE if 0 < digits_heard(text) < _ROLLING_DIGITS else None
        case ExpectedAnswer.EMAIL:
            return _email(text)
        case ExpectedAnswer.SPELLING:
            return Completeness.INCOMPLETE if _spelling_goes_on(text) else None
        case ExpectedAnswer.PERSON:
            return Completeness.INCOMPLETE if read_spelling(text) is not None else None
        case _:
            counting = 2 <= digits_heard(text) < _ROLLING_DIGITS and _dictates_phone(text)
            return Completeness.INCOMPLETE if counting and not read_phones(text) else None


def _grammar_met(text: str, expected: ExpectedAnswer, language: Language) -> bool:
    match expected:
        case ExpectedAnswer.YES_NO:
            return read_yes_no(text, asked=True, language=language) is not None
        case ExpectedAnswer.CHOICE | ExpectedAnswer.DATETIME:
            return bool(read_datetimes(text, _REFERENCE, language=language)) or _names_rank(text)
        case _:
            return False


def _email(text: str) -> Completeness | None:
    if read_email(text):
        return Completeness.COMPLETE
    return Completeness.INCOMPLETE if len(tokens(text)) > 1 else None


def _spelling_goes_on(text: str) -> bool:
    """Letters are dictated with pauses: there is no telling the last one."""
    return read_spelling(text, asked=True) is not None or len(fold(text).strip(" .,")) == 1


def _dictates_phone(text: str) -> bool:
    """Two pairs that begin like a French number, to the end of the text."""
    return re.search(r"(?:\bzero \w+|\b0\d)(?:[ .,-]+[\w-]+){0,6}$", fold(text).strip(" .,")) is not None


def _names_rank(text: str) -> bool:
    return (
        re.search(r"\b(?:premiere?|1er|deuxieme|seconde?|troisieme|derniere?|first|second|third|last)\b", fold(text)) is not None
    )
