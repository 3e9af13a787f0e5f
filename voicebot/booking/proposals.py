"""Choosing the few slots to say aloud out of all that are free. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain

from voicebot.booking.slots import Slot
from voicebot.booking.wishes import WishedTimes

APART = timedelta(hours=1)
"""Least distance between two proposals of one half-day, when there is a choice."""
_NOON = 13
HalfDay = tuple[date, bool]


def spread(fitting: Sequence[Slot], wished: WishedTimes, refused: Sequence[datetime], limit: int) -> tuple[Slot, ...]:
    """At most `limit` slots that fit a wish: the best, then others that differ really.

    « Mardi 10 h ou mardi 10 h 15 » is no choice: another half-day comes first, then at least an hour apart, then
    whatever there is. Half-days in which the caller has just refused a slot come last.

    Args:
        fitting: Slots that fit, by start.
        wished: The wish.
        refused: Starts already refused, aware.
        limit: At least 1.
    """
    ordered = list(fitting)
    if wished.wish.time is not None:  # « vers dix heures »: ten o'clock itself, when it is free, is the answer
        at_the_minute = [slot for slot in fitting if _minute(slot) == wished.wanted_minute]
        ordered = sorted(at_the_minute or fitting, key=_closeness(wished))
    zone = ordered[0].starts.tzinfo
    seen = {half_day(start.astimezone(zone)) for start in refused}
    fresh = [slot for slot in ordered if half_day(slot.starts) not in seen]
    return _by_start(_differing(chain(fresh, ordered), limit))


def nearest_first(free: Sequence[Slot], wished: WishedTimes, today: date, limit: int) -> tuple[Slot, ...]:
    """At most `limit` alternatives: the same day at another time, the same time on another day, then the nearest of all.

    Excluded weekdays stay excluded; days before the first one said come only when nothing later is free.

    Args:
        free: Every free slot, by start.
        wished: The wish that cannot be met.
        today: Local date.
        limit: At least 1.
    """
    allowed = [slot for slot in free if wished.allows_weekday(slot.starts.date())]
    if not allowed:
        return ()
    near = _distance(wished, today, allowed[0])
    same_day = sorted((slot for slot in allowed if wished.names_days and wished.allows_day(slot.starts.date())), key=near)
    same_time = sorted((slot for slot in allowed if wished.names_times and wished.allows_time(slot.starts)), key=near)
    picked = _differing(chain(same_day[:1], same_time[:1]), limit)
    return _by_start(_differing(chain(picked, sorted(allowed, key=near)), limit))


def half_day(start: datetime) -> HalfDay:
    """The morning or the afternoon of a local time."""
    return start.date(), start.hour >= _NOON


def _differing(slots: Iterable[Slot], limit: int) -> list[Slot]:
    """The first `limit` slots in order of preference, each as different as can be from those before it."""
    choices = list(slots)
    rules: tuple[Callable[[Slot, Slot], bool], ...] = (
        lambda one, other: half_day(one.starts) != half_day(other.starts),
        lambda one, other: abs(one.starts.astimezone(UTC) - other.starts.astimezone(UTC)) >= APART,
        lambda one, other: one.starts.astimezone(UTC) != other.starts.astimezone(UTC),
    )
    chosen: list[Slot] = []
    for differs in rules:
        for slot in choices:
            if len(chosen) < limit and all(differs(slot, other) for other in chosen):
                chosen.append(slot)
    return chosen


def _closeness(wished: WishedTimes) -> Callable[[Slot], tuple[date, int]]:
    """Order for a said time: by day, then by distance from that time."""
    minute = wished.wanted_minute or 0
    return lambda slot: (slot.starts.date(), abs(_minute(slot) - minute))


def _distance(wished: WishedTimes, today: date, first: Slot) -> Callable[[Slot], tuple[bool, float]]:
    """Order of alternatives: not before the first day said, then by distance from the day and time said."""
    day = max(wished.first_day or today, today)
    minute = wished.wanted_minute
    if minute is None:
        minute = _minute(first)
    anchor = datetime(day.year, day.month, day.day, tzinfo=first.starts.tzinfo) + timedelta(minutes=minute)
    wanted = anchor.astimezone(UTC)
    return lambda slot: (slot.starts.date() < day, abs((slot.starts.astimezone(UTC) - wanted).total_seconds()))


def _minute(slot: Slot) -> int:
    return slot.starts.hour * 60 + slot.starts.minute


def _by_start(slots: Iterable[Slot]) -> tuple[Slot, ...]:
    return tuple(sorted(slots, key=lambda slot: slot.starts.astimezone(UTC)))
