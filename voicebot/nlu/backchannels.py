"""Little words that show that the caller listens: they do not interrupt."""

from __future__ import annotations

import re

from voicebot.core.language import Language
from voicebot.nlu.normalise import fold

_WORDS: dict[Language, str] = {
    "fr": r"oui|ouais|mouais|ok|okay|d accord|d acc|entendu|voila|ah|oh|bon|bien|tres bien|bien sur|je vois|hum+|hm+"
    r"|m+h*m+|m+h+|euh+"
    r"|je comprends|c est ca|exact|tout a fait|parfait|ah bon|mais oui",
    "en": r"yes|yeah|yep|ok|okay|right|sure|i see|mm+|m+h*m+|uh huh|uh+|hm+|alright|all right|of course|got it|oh|ah|good|fine",
}
_ONLY = {language: re.compile(rf"(?:(?:{words})(?: |$)){{1,4}}") for language, words in _WORDS.items()}


def is_backchannel(text: str, language: Language = "fr") -> bool:
    """Whether `text` holds nothing but « oui », « d'accord », « mm » and the like."""
    words = re.sub(r"[^a-z]+", " ", fold(text)).strip()
    return bool(_ONLY[language].fullmatch(words))
