"""One spelling for what recognisers write many ways: lower case, plain apostrophes, no hyphens, no fillers."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from voicebot.core.language import Language

_FILLERS = re.compile(r"\b(?:euh+|heu+|hein|hum+|hm+|mh+m*|mm+|bah?|ben|beh|uh+|um+|er+m)\b")
_REPLACEMENTS: dict[Language, tuple[tuple[re.Pattern[str], str], ...]] = {
    "fr": tuple(
        (re.compile(pattern), replacement)
        for pattern, replacement in (
            (r"\b(j|c|d|l|m|n|s|t|qu|jusqu|lorsqu|puisqu) (?=[aeiouyhàâéèêëîïôù])", r"\1'"),
            (r"\brdv\b", "rendez vous"),
            (r"\b(?:svp|siouplait|siouplaît|s'il te plait|s'il vous plait)\b", "s'il vous plaît"),
            (r"\bch(?:ui|uis|ais|uis)\b", "je suis"),
            (r"\bj'(?=[bcdfgklmnpqrstvwxz])", "je "),
            (r"\b(?:il )?y ?'? ?a\b", "il y a"),
            (r"\b(?:il )?y avait\b", "il y avait"),
            (r"\b(?:il )?y en a\b", "il y en a"),
            (r"\b(?:ne\b|n')\s*(?!plus ultra)", ""),
            (r"\b(?:qu'est ce qu(?:e |'))", "que "),
            (r"\best ce qu(?:e |')", ""),
        )
    ),
    "en": tuple(
        (re.compile(pattern), replacement)
        for pattern, replacement in (
            (r"\bcan not\b", "can't"),
            (r"\b(?:gonna)\b", "going to"),
            (r"\b(?:wanna)\b", "want to"),
            (r"\b(?:pls|plz)\b", "please"),
        )
    ),
}
_NOT_SPOKEN = re.compile(r"[^\w'@+ ]+")
_SPACES = re.compile(r"\s+")


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Lower case without accents: « Hélène » -> `helene`; « œ » becomes `oe`."""
    spread = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    return "".join(c for c in spread if not unicodedata.combining(c))


def normalise(text: str, language: Language = "fr") -> str:
    """`text` as one line of words: the input of the intent model, the rules and the urgency lexicon.

    French loses its « ne » (« je ne peux pas » and « je peux pas » are one sentence) and « est-ce que »;
    elisions that a recogniser has split (« j ai ») are joined. Number words are kept.
    """
    line = unicodedata.normalize("NFC", text).lower()
    line = line.replace("’", "'").replace("`", "'").replace("œ", "oe").replace("-", " ").replace("–", " ")
    line = _SPACES.sub(" ", _NOT_SPOKEN.sub(" ", line)).strip()
    line = _FILLERS.sub(" ", line)
    line = _SPACES.sub(" ", line)
    for pattern, replacement in _REPLACEMENTS[language]:
        line = pattern.sub(replacement, line)
    return _SPACES.sub(" ", line).strip(" '")


_OPENING = re.compile(
    r"^(?:(?:oui|allô|allo|ah|alors|hello|hi|good (?:morning|afternoon|evening)|rebonjour|bonjour|bonsoir|madame"
    r"|monsieur|mademoiselle"
    r"|messieurs dames|docteur|excusez moi(?: de vous déranger)?|voilà|donc|sorry to bother you|excuse me) )+(?=\S+ \S+)"
)
_CLOSING = re.compile(
    r"(?<=\S) (?:s'il vous plaît|merci d'avance|merci beaucoup|merci bien|merci|please|thank you|thanks|madame|monsieur)$"
)


def strip_courtesies(line: str) -> str:
    """Normalised `line` without « bonjour madame » before and « s'il vous plaît » after, when two words or more remain."""
    if not re.match(r"^(?:oui|ah|voilà) ", line) or re.match(r"^(?:oui|ah) (?:allô|allo|bonjour|bonsoir)\b", line):
        opened = _OPENING.sub("", line)
        line = opened or line
    closed = _CLOSING.sub("", _CLOSING.sub("", line))
    return closed if len(closed.split()) >= 2 else line  # « oui merci » is an answer of its own
