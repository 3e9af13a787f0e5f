"""Which of the proposed appointments was chosen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from voicebot.core.language import Language
from voicebot.nlu.datetime_grammar import read_datetimes
from voicebot.nlu.numbers import fold
from voicebot.nlu.slots import DateTimeWish, PartOfDay

_RANKS = (
    (r"premiere?|1 ?ere?|1er|first|option 1|numero (?:un|1)|choix (?:un|1)", 0),
    (r"deuxieme|seconde?|2 ?e(?:me)?|second|option 2|numero (?:deux|2)|choix (?:deux|2)", 1),
    (r"troisieme|3 ?e(?:me)?|third|option 3|numero (?:trois|3)|choix (?:trois|3)", 2),
    (r"derniere?|last", -1),
)
_NONE_OR_BOTH = re.compile(
    r"\b(?:les (?:deux|trois|2|3)|n'importe|peu importe|au choix|ni l'un|aucune?|ni le|ni la|comme vous voulez|both|either"
    r"|neither|none|any|whichever)\b"
)
_REFUSED = re.compile(r"\b(?:pas|non|sauf|not|except)(?: (?:le|la|the|celui|celle|a|au|de|du))*$")
_EARLIER = re.compile(r"\b(?:le |la |celui |celle )(?:plus tot|plus proche)\b|\bthe (?:earlier|earliest|sooner)(?: one)?\b")
_LATER = re.compile(r"\b(?:le |la |celui |celle )plus tard\b|\bthe (?:later|latest)(?: one)?\b")
_HOURS = {
    PartOfDay.MORNING: (5, 12), PartOfDay.LATE_MORNING: (10, 12), PartOfDay.MIDDAY: (12, 14), PartOfDay.EARLY_AFTERNOON: (12, 15),
    PartOfDay.AFTERNOON: (12, 18), PartOfDay.LATE_AFTERNOON: (16, 19), PartOfDay.LATE_DAY: (16, 20), PartOfDay.EVENING: (18, 24),
    PartOfDay.NIGHT: (0, 6),
}  # fmt: skip


def choose(text: str, options: Sequence[datetime], now: datetime, *, language: Language = "fr") -> int | None:
    """Index of the one option that `text` picks, or None when it picks none or more than one.

    Args:
        text: What was said.
        options: Starts of the proposed slots in the order they were said, aware, in the client's zone.
        now: Local wall time, aware.
        language: Language of the call.
    """
    line = fold(text).strip(" .,!?")
    if not options or _NONE_OR_BOTH.search(line):
        return None
    by_rank, by_value = _ranked(line, len(options)), _valued(text, options, now, language)
    picked = by_rank & by_value if by_rank and by_value else by_rank or by_value
    return picked.pop() if len(picked) == 1 else None


def _ranked(line: str, count: int) -> set[int]:
    """Options named by rank, or by « le plus tôt »; refused ranks leave the others when one remains."""
    named: set[int] = set()
    refused: set[int] = set()
    for pattern, rank in _RANKS:
        for m in re.finditer(rf"\b(?:{pattern})\b(?! (?:rendez|avril|mai|mars|janvier|fevrier|ju|aout|sept|oct|nov|dec))", line):
            index = rank % count if rank < 0 else rank
            (refused if _REFUSED.search(line[: m.start()].rstrip()) else named).add(index)
    if _EARLIER.search(line):
        named.add(0)
    if _LATER.search(line):
        named.add(count - 1)
    if not named and refused and count - len(refused) == 1:
        named = set(range(count)) - refused
    return {i for i in named if i < count}


def _valued(text: str, options: Sequence[datetime], now: datetime, language: Language) -> set[int]:
    """Options that fit what was said of day and hour."""
    wishes = [w for w in read_datetimes(text, now, language=language) if not w.asap]
    return {i for i, option in enumerate(options) if any(_fits(option, w) for w in wishes)}


def _fits(option: datetime, wish: DateTimeWish) -> bool:
    day, hour = option.date(), option.time().replace(second=0, microsecond=0)
    said = [
        wish.date is None or wish.date == day,
        not wish.dates or day in wish.dates,
        wish.date_from is None or wish.date_from <= day,
        wish.date_to is None or day <= wish.date_to,
        wish.time is None or wish.time == hour or (wish.time.minute == 0 and wish.time.hour == hour.hour),
        wish.time_from is None or wish.time_from <= hour,
        wish.time_to is None or hour <= wish.time_to,
        wish.part is None or _HOURS[wish.part][0] <= option.hour < _HOURS[wish.part][1],
        ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[option.weekday()] not in wish.excluded,
    ]
    return all(said)
