"""Contrastive negation: « pas annuler, décaler » speaks of moving, not of cancelling."""

from __future__ import annotations

import re

from voicebot.core.language import Language

_TOPICS: dict[Language, tuple[str, ...]] = {
    "fr": (
        r"annul\w*",
        r"(?:décal|déplac|report|repouss|avanc|modifi|chang)\w*",
        r"confirm\w*",
        r"(?:(?:prendre |de |un |le |mon )?rendez vous|prendre)",
        r"(?:un )?(?:renseignement|information|question)s?",
        r"(?:un )?message",
        r"(?:rappel\w*|appel\w*)",
        r"(?:factur|pay|régl)\w*",
        r"(?:parler|secrétaire|quelqu'un)",
        r"(?:commande|livr\w+)",
        r"(?:plain\w*|réclam\w*)",
    ),
    "en": (
        r"cancel\w*",
        r"(?:mov|chang|resched|postpon)\w*",
        r"confirm\w*",
        r"(?:book\w*|appointment)",
        r"(?:information|question)s?",
        r"message",
        r"call(?:ed)? back",
        r"(?:invoice|bill|pay)\w*",
    ),
}
_NOT: dict[Language, str] = {"fr": "pas", "en": "(?:not|don't|didn't|never)"}
_RESTS: dict[Language, str] = {
    "fr": r"^(?:(?:mais|juste|seulement|plutôt|au contraire|du tout|pour|c'est pour|je veux|je voudrais) )*",
    "en": r"^(?:(?:but|just|only|rather|to) )*",
}


def _compiled(language: Language) -> tuple[tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]], ...]:
    """Per topic: negated (« pas annuler », « annule pas »), negated at the end, mentioned."""
    no = _NOT[language]
    return tuple(
        (
            re.compile(
                rf"\b{no} (?:(?!mais\b|but\b)[\w']+ ){{0,3}}?"
                rf"(?:(?:l'|d'|m'|j'|vous |le |la |les |un |une )?){topic}\b(?: [\w']+ vous)?"
            ),
            re.compile(rf"\b(?:j'|l'|m'|vous )?{topic} {no}\b"),
            re.compile(rf"\b(?:\w')?{topic}\b"),
        )
        for topic in _TOPICS[language]
    )


_PATTERNS: dict[Language, tuple[tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]], ...]] = {
    "fr": _compiled("fr"),
    "en": _compiled("en"),
}
_TRAILING: dict[Language, re.Pattern[str]] = {
    "fr": re.compile(r"(?<=\S) (?:et |mais |non )?pas (?:(?:le|la|les|l'|un|une|pour|de|du|au) ?)?\S+$"),
    "en": re.compile(r"(?<=\S) (?:and |but )?not (?:(?:the|a|to|for|on) )?\S+$"),
}


def rewrite_contrast(line: str, language: Language = "fr") -> str:
    """Normalised `line` without the topic that is denied, when another one is affirmed; else `line` itself."""
    for before_topic, after_topic, mention in _PATTERNS[language]:
        for pattern in (before_topic, after_topic):
            denied = pattern.search(line)
            if denied is None:
                continue
            rest = re.sub(_RESTS[language], "", line[denied.end() :].strip())
            if _affirms_another(rest, mention, language):
                return rest
            head = line[: denied.start()].strip()
            if not rest and _affirms_another(head, mention, language) and _TRAILING[language].search(line):
                return re.sub(r" (?:et|mais|non|and|but)$", "", head)
    return line


def _affirms_another(part: str, denied: re.Pattern[str], language: Language) -> bool:
    """Whether `part` names a topic of its own, undenied."""
    return any(
        mention.search(part) and not before.search(part) and not after.search(part)
        for before, after, mention in _PATTERNS[language]
        if mention is not denied
    )
