"""What recognisers write over silence, music and noise: subtitles' credits and thanks, learnt from videos. Pure."""

from __future__ import annotations

import re
import unicodedata

# Whole texts, as `plain` writes them: these could be said by nobody, or by nobody on such a call.
_TEXTS = frozenset(
    (
        "a bientot pour une nouvelle video",
        "don t forget to subscribe",
        "merci d avoir ecoute",
        "merci de m avoir ecoute",
        "merci de votre attention",
        "merci pour votre attention",
        "musique",
        "musique d intro",
        "musique de fin",
        "please subscribe to my channel",
        "see you in the next video",
        "si vous avez aime cette video n hesitez pas a vous abonner",
        "sous titres",
        "subscribe",
        "the end",
        "you",
    )
)
# Beginnings of credits: whatever follows (a year, a name, a city) is invented too.
_STARTS = (
    "abonnez vous",
    "captions by",
    "cliquez sur le lien",
    "copyright",
    "retrouvez nous sur",
    "sous titrage",
    "sous titres par",
    "sous titres faits par",
    "sous titres realises",
    "sous titres crees par",
    "subtitles by",
    "subtitles created",
    "traduction par",
    "transcription by",
    "transcription par",
    "transcrit par",
    "translated by",
)
_ANYWHERE = (
    "a la prochaine video",
    "amara org",
    "like and subscribe",
    "like et abonne",
    "merci a tous d avoir regarde",
    "merci d avoir regarde",
    "n oubliez pas de liker",
    "n oubliez pas de vous abonner",
    "please subscribe",
    "radio canada st",
    "sous titrage st",
    "soustitreur com",
    "thank you for watching",
    "thanks for watching",
    "tous droits reserves",
    "www zeoranger",
)


def plain(text: str) -> str:
    """Lower case, no accents, letters and digits separated by single spaces; empty for punctuation and music signs."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("œ", "oe"))
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", letters))


def is_invented(text: str) -> bool:
    """Whether `text` holds no word at all, or is one that recognisers are known to write when nobody speaks."""
    line = plain(text)
    return not line or line in _TEXTS or line.startswith(_STARTS) or any(credit in line for credit in _ANYWHERE)
