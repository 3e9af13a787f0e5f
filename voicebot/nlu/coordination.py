"""A sentence that holds two things, cut where the second begins."""

from __future__ import annotations

import re

from voicebot.core.language import Language
from voicebot.nlu.normalise import normalise

_STOPS = re.compile(r"[.;?!…]+\s+|,\s+(?=(?:et|puis|sinon|par contre|d'ailleurs|ensuite|aussi|and|also|then)\b)")
_JOINTS: dict[Language, re.Pattern[str]] = {
    "fr": re.compile(
        r" (?:et (?:aussi|puis|sinon|en plus|au passage|tant que j'y suis|ensuite|par la même occasion|d'ailleurs|là)"
        r"|et|puis|sinon|par contre|d'ailleurs"
        r"|au fait|ensuite|en plus|mais aussi|ainsi que|tant que j'y suis) "
        r"(?=(?:je|j'|on|il|elle|vous|tu|c'|ça|est|pour|que|qu'|à|où|dites|notez|annul|quel|combien|savoir|confirmer"
        r"|laisser|prendre|me|lui|si|déplacer|décaler|demander|avoir|aussi))"
    ),
    "en": re.compile(
        r" (?:and also|and then|and|also|then|plus|by the way) (?=(?:i|i'd|i'm|could|can|do|what|how|where|when|is|are"
        r"|please|to|cancel|book|leave|you|he|she|we)\b)"
    ),
}
MIN_WORDS = 2
"""A part must hold this many words to be something on its own."""


def split_parts(text: str, language: Language) -> list[str]:
    """Normalised parts of `text`, in the order said; one part when nothing is coordinated."""
    lines = (normalise(piece, language) for piece in _STOPS.split(text.replace("’", "'")))
    parts = [part.strip() for line in lines for part in _JOINTS[language].split(line)]
    return [p for p in parts if len(p.split()) >= MIN_WORDS]
