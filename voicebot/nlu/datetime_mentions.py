"""What the date-time rules find in a sentence, before it is put together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from voicebot.nlu.slots import PartOfDay, Weekday

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """An hour as said: « deux heures » leaves the half of the day open."""

    hour: int
    minute: int = 0
    fixed: bool = False
    """The half of the day was said (« du matin », 24-hour form, « midi »)."""
    earlier_minutes: int = 0
    """« moins le quart »: subtracted once the half of the day is known."""

    def at(self, part: PartOfDay | None) -> time:
        """Time of day: hours 1 to 7 with no other hint are in the afternoon."""
        hour = self.hour
        if not self.fixed:
            if part is PartOfDay.EVENING or part is PartOfDay.LATE_DAY:
                hour += 12 if 4 <= hour <= 11 else 0
            elif part not in {PartOfDay.MORNING, PartOfDay.LATE_MORNING, PartOfDay.NIGHT} and 1 <= hour <= 7:
                hour += 12
        minutes = (hour * 60 + self.minute - self.earlier_minutes) % (24 * 60)
        return time(minutes // 60, minutes % 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Where something was said: places in the flat line."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMention(Mention):
    """One day, with every reading when usage is divided."""

    readings: tuple[date, ...]
    weekday: int | None = None
    """0 is Monday; set when a bare day of the week was said, which a week said beside it may move."""
    past: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanMention(Mention):
    """A range of days, inclusive; either side may be open."""

    readings: tuple[tuple[date | None, date | None], ...]
    week: bool = False
    """A whole week, to which a day of the week said beside it belongs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HourMention(Mention):
    """One hour, or the border of a range of hours."""

    clock: Clock
    role: Literal["at", "from", "to"] = "at"
    approx: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursMention(Mention):
    """A range of hours."""

    first: Clock
    last: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class PartMention(Mention):
    """A part of the day."""

    part: PartOfDay


@dataclass(frozen=True, slots=True, kw_only=True)
class AsapMention(Mention):
    """As soon as possible."""
