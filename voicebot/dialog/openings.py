"""When the firm is open, from its consignes and the French public holidays."""

from __future__ import annotations

from datetime import date, time, timedelta
from enum import StrEnum
from typing import get_args

import holidays

from voicebot.clients.consignes import Closure, Consignes, DayName, Hours

DAYS: tuple[DayName, ...] = get_args(DayName)
"""Monday first, as `date.weekday()` counts."""


class Closed(StrEnum):
    """Why a firm is closed on a day."""

    WEEKDAY = "weekday"
    HOLIDAY = "holiday"
    CLOSURE = "closure"


def closed_on(consignes: Consignes, day: date) -> Closed | None:
    """Why the firm is closed on `day`; None when it is open."""
    if closure_on(consignes, day) is not None:
        return Closed.CLOSURE
    if consignes.closed_on_public_holidays and day in holidays.country_holidays("FR", years=day.year):
        return Closed.HOLIDAY
    return None if consignes.hours.get(DAYS[day.weekday()]) else Closed.WEEKDAY


def closure_on(consignes: Consignes, day: date) -> Closure | None:
    """The announced closure that holds `day`, if any."""
    return next((c for c in consignes.closures if c.first <= day <= c.last), None)


def bounds_on(consignes: Consignes, day: date) -> tuple[time, ...]:
    """Opening and closing hours of a day, alternately."""
    return flat(consignes.hours.get(DAYS[day.weekday()], ()))


def flat(hours: tuple[Hours, ...]) -> tuple[time, ...]:
    """Opening and closing hours, alternately."""
    return tuple(t for opening in hours for t in (opening.opens, opening.closes))


def next_open_day(consignes: Consignes, after: date) -> date | None:
    """First day open after `after`, within two months."""
    days = (after + timedelta(days=n) for n in range(1, 62))
    return next((day for day in days if closed_on(consignes, day) is None), None)
