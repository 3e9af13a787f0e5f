"""Dates and hours as people say them: every reading of a sentence, or none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from voicebot.core.language import Language
from voicebot.nlu.datetime_compose import compose
from voicebot.nlu.datetime_days import DAY_RULES, Rule
from voicebot.nlu.datetime_english import ENGLISH_RULES, flatten_english
from voicebot.nlu.datetime_hours import HOUR_RULES
from voicebot.nlu.datetime_mentions import Mention
from voicebot.nlu.datetime_polarity import sort_out
from voicebot.nlu.datetime_spans import SPAN_RULES
from voicebot.nlu.datetime_text import flatten
from voicebot.nlu.slots import DateTimeWish

_BACKGROUND = re.compile(
    r"\b(?:depuis|il y a|ca fait)(?: (?:plus de|environ|deja|bien|presque|au moins|a peu pres|le|la|l|ce|cette|mon|les))*"
    r" (?:\w+ (?:dernier|derniere|passe|passee)\b|\d+ \w+|une? \w+|quelques \w+|plusieurs \w+|\w+(?: (?:matin|soir"
    r"|apresmidi|midi|dernier|derniere))?)"
    r"|\b(?:tous|toutes|chaque|les) (?:les )?(?:\d+ )?(?:jours?|semaines?|mois|lundis?|mardis?|mercredis?|jeudis?"
    r"|vendredis?|samedis?|dimanches?)\b"
    r"|\bsince (?:\w+)(?: (?:week|month|morning|night))?|\b\w+ (?:days?|weeks?|months?) ago\b|\bevery \w+"
    r"|\bbonne (?:fin (?:de |d )?(?:l )?)?(?:journee|soiree|apresmidi|matinee|nuit|semaine|annee)"
    r"|\bbon (?:weekend|apresmidi)|\bbonne finsemaine"
    r"|\b24 heures sur 24|\b24 heures 24|\bquelle heures|\ba l heures\b(?! d)"
)
"""What happened or lasts, and so is no wish."""
_ENGLISH = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|today|tonight|o'?clock|january|february|march|april|june"
    r"|july|august"
    r"|september|october|november|december|next|morning|afternoon|evening|noon|half past|quarter (?:past|to))\b"
)


def read_datetimes(text: str, now: datetime, *, language: Language = "fr") -> tuple[DateTimeWish, ...]:
    """Every reading of the date and hour wished for in `text`; empty when there is none or it cannot be told.

    Args:
        text: What was said.
        now: Local wall time at which it was said, aware.
        language: Language of the call.
    """
    english = language == "en" or _ENGLISH.search(text.lower()) is not None
    readers = (_read_english, _read_french) if english else (_read_french, _read_english)
    return readers[0](text, now.date()) or readers[1](text, now.date())


def _read_french(text: str, today: date) -> tuple[DateTimeWish, ...]:
    line = flatten(text)
    return compose(line, sort_out(line, find_mentions(line, today, (*SPAN_RULES, *DAY_RULES, *HOUR_RULES))))


def _read_english(text: str, today: date) -> tuple[DateTimeWish, ...]:
    line = flatten_english(text)
    return compose(line, sort_out(line, find_mentions(line, today, ENGLISH_RULES)))


def find_mentions(line: str, today: date, rules: Sequence[Rule]) -> list[Mention]:
    """Mentions in the order said; each rule takes what it reads out of the line."""
    rest = _BACKGROUND.sub(lambda m: "#" * len(m.group()), line)
    found: list[Mention] = []
    for pattern, read in rules:
        for m in list(pattern.finditer(rest)):
            if "#" in rest[m.start() : m.end()]:
                continue
            made = read(m, today)
            if made is None:
                continue
            found += made
            rest = rest[: m.start()] + "#" * (m.end() - m.start()) + rest[m.end() :]
    return sorted(found, key=lambda mention: mention.start)
