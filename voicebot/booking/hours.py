"""When a firm is open: weekly hours, closures, French public holidays. Pure; right on days when clocks change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import holidays

from voicebot.clients.consignes import Consignes, DayName

DAY_NAMES: tuple[DayName, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""In the order of `date.weekday()`."""
_LOOK_AHEAD_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A stretch of time, end excluded."""

    starts: datetime
    """Aware, in the client's zone."""
    ends: datetime
    """Aware, in the client's zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayHours:
    """One day of a firm."""

    day: date
    intervals: tuple[Interval, ...]
    """By start; empty when closed."""
    closed: Literal["weekly", "closure", "holiday"] | None
    """Why it is closed all day; None when it opens."""


def day_hours(consignes: Consignes, day: date, *, booking: bool = False) -> DayHours:
    """The opening intervals of a day.

    Args:
        consignes: The firm.
        day: Local date.
        booking: When appointments are given, instead of when the firm is open.
    """
    if any(closure.first <= day <= closure.last for closure in consignes.closures):
        return DayHours(day=day, intervals=(), closed="closure")
    if consignes.closed_on_public_holidays and day in french_holidays(day.year):
        return DayHours(day=day, intervals=(), closed="holiday")
    weekly = consignes.booking.hours if booking and consignes.booking.hours is not None else consignes.hours
    zone = ZoneInfo(consignes.timezone)
    found = tuple(
        Interval(starts=local_time(day, hours.opens.hour * 60 + hours.opens.minute, zone),
                 ends=local_time(day, hours.closes.hour * 60 + hours.closes.minute, zone))
        for hours in sorted(weekly.get(DAY_NAMES[day.weekday()], ()), key=lambda hours: hours.opens)
    )  # fmt: skip
    return DayHours(day=day, intervals=found, closed=None if found else "weekly")


def is_open(consignes: Consignes, at: datetime) -> bool:
    """Whether the firm is open at an aware time."""
    day = at.astimezone(ZoneInfo(consignes.timezone)).date()
    instant = at.astimezone(UTC)
    return any(
        interval.starts.astimezone(UTC) <= instant < interval.ends.astimezone(UTC)
        for interval in day_hours(consignes, day).intervals
    )


def next_opening(consignes: Consignes, at: datetime) -> datetime | None:
    """The next time at which the firm opens, aware, in its zone; None when it stays closed for two months."""
    first = at.astimezone(ZoneInfo(consignes.timezone)).date()
    days = (first + timedelta(days=ahead) for ahead in range(_LOOK_AHEAD_DAYS))
    openings = (interval.starts for day in days for interval in day_hours(consignes, day).intervals)
    return next((opening for opening in openings if opening.astimezone(UTC) > at.astimezone(UTC)), None)


def local_time(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The aware time shown by a clock on the wall, `minute` minutes after the day's midnight was shown.

    A time that the clock skips in spring is the one that exists an hour later; one shown twice in autumn is the first.
    """
    shown = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
    return shown.astimezone(UTC).astimezone(zone)


@lru_cache(maxsize=16)
def french_holidays(year: int) -> frozenset[date]:
    """The national public holidays of a year (jours fériés, code du travail L3133-1)."""
    return frozenset(holidays.country_holidays("FR", years=year))
