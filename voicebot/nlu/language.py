"""Which of the two languages a sentence is in, and whether the other one was asked for."""

from __future__ import annotations

import re

from voicebot.core.language import Language
from voicebot.nlu.normalise import fold


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FRENCH = _words(
    "je tu il elle nous vous ils elles le la les un une des du de et est ai as avez avons ont suis sont ete etre avoir ce cette "
    "ces mon ma mes votre vos notre nos leur leurs qui que quoi dont ou avec pour dans sur sous chez par pas ne plus bien tres "
    "mais donc car si oui non bonjour bonsoir merci voudrais veux peux pouvez peut faut faire fait demain hier aujourd hui matin "
    "soir heure heures jour semaine monsieur madame docteur rendez quand comment combien pourquoi aussi alors voila ca cela au "
    "aux y lui me te se moi toi j c d l m n s t qu plait rappeler prendre parler savoir "
)
_ENGLISH = _words(
    "i you he she we they it the an and is are was were am be been have has had do does did not don can could would should will "
    "shall may might my your his her our their this that these those what when where who why how which with for from to of at in "
    "on by about as if but so because please thank thanks hello hi yes like need want make get know speak talk call "
    "back tomorrow "
    "today morning afternoon evening appointment doctor there here just some any much many "
)
_SHARED = _words("a on me as or no an sur car est son ton pour date message ")
_ASKS_ENGLISH = re.compile(
    r"\b(?:(?:do|does|can|could) (?:you|anyone|anybody|someone|we) .{0,12}(?:speak|talk) (?:in )?english"
    r"|english[ ,]+please|in english|speak english"
    r"|(?:parl\w+|continuer|passer|faire)(?:[ -]vous)? (?:en )?anglais|(?:en anglais) (?:s.il|svp|please|c.est|ca)"
    r"|en anglais$|i (?:do not|don.?t|can.?t) (?:speak|understand) french|no french)\b"
)
_ASKS_FRENCH = re.compile(
    r"\b(?:parl\w+(?:[ -]vous)? (?:en )?francais|en francais(?: s.il|$| svp| please)|(?:do|can|could) (?:you"
    r"|we) .{0,12}(?:speak|talk) (?:in )?french|in french|french[ ,]+please"
    r"|i (?:do not|don.?t|can.?t) (?:speak|understand) english|speak french)\b"
)
_REPORTED = re.compile(
    r"\b(?:cours|professeur|traduct\w+|documents?|lettre|version|film) (?:d.|de l.|en )?(?:anglais|francais)\b"
)
_NEGATED = re.compile(r"\b(?:parle|comprends?|speak|understand) (?:pas|plus)? ?(?:l.|le |pas )?(anglais|francais)\b")
MIN_WORDS = 3
"""Words below which a sentence's language is not judged."""


def language_of(text: str) -> Language | None:
    """The language of a whole sentence, None when it is short or unclear."""
    words = re.findall(r"[a-z]+", fold(text))
    if len(words) < MIN_WORDS:
        return None
    french = sum(w in _FRENCH and w not in _SHARED for w in words)
    english = sum(w in _ENGLISH and w not in _SHARED for w in words)
    if english >= max(2, 0.3 * len(words)) and english > 3 * french:
        return "en"
    if french >= max(2, 0.3 * len(words)) and french > 3 * english:
        return "fr"
    return None


def requested_language(text: str, current: Language) -> Language | None:
    """The other language, when it was asked for or a whole sentence was said in it; None to stay."""
    folded = fold(text)
    negated = _NEGATED.search(folded)
    if negated and "pas" in negated.group(0):
        asked: Language | None = "en" if negated.group(1) == "francais" else "fr"
    elif _REPORTED.search(folded):
        asked = None
    elif _ASKS_ENGLISH.search(folded):
        asked = "fr" if re.search(r"(?:don.?t|do not|can.?t) (?:speak|understand) english", folded) else "en"
    elif _ASKS_FRENCH.search(folded):
        asked = "fr"
    else:
        asked = language_of(text)
    return asked if asked != current else None
