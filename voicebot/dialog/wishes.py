"""Arithmetic of date-time wishes: merging a correction, naming a reading."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

from voicebot.nlu.slots import DateTimeWish


def has_day(wish: DateTimeWish) -> bool:
    """Whether a day, or a range or choice of days, was said."""
    return bool(wish.date or wish.dates or wish.date_from or wish.date_to or wish.asap)


def has_hour(wish: DateTimeWish) -> bool:
    """Whether an hour or a part of the day was said."""
    return bool(wish.time or wish.part or wish.time_from or wish.time_to)


def merge(old: DateTimeWish | None, new: DateTimeWish) -> DateTimeWish:
    """The wish after « plutôt l'après-midi » or « plutôt jeudi »: what was not said again is kept.

    An exact time does not survive a change of day, a part of the day does.
    """
    if old is None or (has_day(new) and has_hour(new)):
        return new
    if has_day(new):
        return replace(new, part=old.part, time_from=old.time_from, time_to=old.time_to)
    if has_hour(new):
        return replace(
            new,
            date=old.date,
            dates=old.dates,
            date_from=old.date_from,
            date_to=old.date_to,
            asap=old.asap,
            excluded=new.excluded or old.excluded,
        )
    return replace(old, excluded=tuple(dict.fromkeys((*old.excluded, *new.excluded))))


def is_exact(wish: DateTimeWish) -> bool:
    """Whether the wish names one start."""
    return wish.date is not None and wish.time is not None and not wish.approx


def instants(readings: tuple[DateTimeWish, ...], now: datetime) -> tuple[datetime, ...]:
    """The readings as moments to choose from; a missing day is today's, a missing hour midnight."""
    return tuple(
        datetime.combine(wish.date or wish.date_from or now.date(), wish.time or wish.time_from or time(0), now.tzinfo)
        for wish in readings
    )
