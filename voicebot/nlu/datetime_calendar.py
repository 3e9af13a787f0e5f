"""Calendar arithmetic of spoken dates: which day « vendredi prochain », « le 16 » or « Noël » is."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import cache

import holidays

DAY = timedelta(days=1)
_FIXED_FEASTS = {
    "noel": (12, 25), "reveillon de noel": (12, 24), "saint sylvestre": (12, 31), "jour de l an": (1, 1), "nouvel an": (1, 1),
    "toussaint": (11, 1), "armistice": (11, 11), "assomption": (8, 15), "fete du travail": (5, 1), "fete nationale": (7, 14),
    "saint valentin": (2, 14), "epiphanie": (1, 6), "chandeleur": (2, 2), "saint jean": (6, 24), "saint nicolas": (12, 6),
}  # fmt: skip
_EASTER_FEASTS = {
    "lundi de paques": 1, "dimanche de paques": 0, "paques": 0, "vendredi saint": -2, "jeudi de l ascension": 39, "ascension": 39,
    "lundi de pentecote": 50, "dimanche de pentecote": 49, "pentecote": 49, "mardi gras": -47, "mercredi des cendres": -46,
    "rameaux": -7,
}  # fmt: skip
FEASTS = tuple(sorted((*_FIXED_FEASTS, *_EASTER_FEASTS), key=len, reverse=True))
"""Names as they stand in a flat line, longest first."""


def next_weekday(after: date, weekday: int) -> date:
    """First `weekday` (0 is Monday) strictly after a day."""
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


def last_weekday(before: date, weekday: int) -> date:
    """Last `weekday` strictly before a day."""
    return before - timedelta(days=(before.weekday() - weekday - 1) % 7 + 1)


def weekday_next_week(today: date, weekday: int) -> tuple[date, ...]:
    """« mardi prochain »: one day when that weekday has passed this week, two readings when it is still to come."""
    coming = next_weekday(today, weekday)
    same_week = coming - timedelta(days=coming.weekday()) == monday_of(today)
    return (coming, coming + timedelta(days=7)) if same_week or coming - today == DAY else (coming,)


def monday_of(day: date) -> date:
    """Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def month_end(day: date) -> date:
    """Last day of the month of a day."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """Same day so many months later, the month's last when there is none."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def day_or_none(year: int, month: int, day: int) -> date | None:
    """The date, or None when the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def coming_day_of_month(today: date, day: int) -> date | None:
    """Next day with that number, today included."""
    for months in range(3):
        first = add_months(today.replace(day=1), months)
        found = day_or_none(first.year, first.month, day)
        if found and found >= today:
            return found
    return None


def coming_date(today: date, day: int, month: int) -> date | None:
    """Next such day of such a month, today included; 29 February waits for its year."""
    return next((d for y in range(today.year, today.year + 9) if (d := day_or_none(y, month, day)) and d >= today), None)


def coming_feast(today: date, name: str) -> date:
    """Next day of a feast of `FEASTS`, today included."""
    return next(d for d in (_feast(today.year, name), _feast(today.year + 1, name)) if d >= today)


def _feast(year: int, name: str) -> date:
    if name in _FIXED_FEASTS:
        return date(year, *_FIXED_FEASTS[name])
    return _easter_monday(year) + timedelta(days=_EASTER_FEASTS[name] - 1)


@cache
def _easter_monday(year: int) -> date:
    named = holidays.country_holidays("FR", years=year, language="fr")
    return next(day for day, name in named.items() if name == "Lundi de Pâques")
