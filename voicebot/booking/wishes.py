"""What a spoken wish allows: which days, which times of day. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from voicebot.booking.hours import DAY_NAMES
from voicebot.nlu.slots import DateTimeWish, PartOfDay

APPROX_MIN = 60
"""« vers dix heures » accepts as much before and after."""
DAY_MIN = 24 * 60

PART_MINUTES: dict[PartOfDay, tuple[tuple[int, int], ...]] = {
    PartOfDay.MORNING: ((0, 12 * 60),),
    PartOfDay.LATE_MORNING: ((10 * 60 + 30, 12 * 60 + 30),),
    PartOfDay.MIDDAY: ((12 * 60, 14 * 60),),
    PartOfDay.EARLY_AFTERNOON: ((13 * 60, 15 * 60),),
    PartOfDay.AFTERNOON: ((12 * 60 + 30, 19 * 60),),
    PartOfDay.LATE_AFTERNOON: ((16 * 60, 19 * 60),),
    PartOfDay.LATE_DAY: ((16 * 60 + 30, 21 * 60),),
    PartOfDay.EVENING: ((18 * 60, DAY_MIN),),
    PartOfDay.NIGHT: ((20 * 60, DAY_MIN), (0, 6 * 60)),
}
"""Minutes since midnight at which an appointment of that part may start, end excluded."""


@dataclass(frozen=True, slots=True)
class WishedTimes:
    """A wish, ready to be compared with starts of slots."""

    wish: DateTimeWish

    @property
    def names_days(self) -> bool:
        """Whether days were said."""
        wish = self.wish
        return bool(wish.date or wish.dates or wish.date_from or wish.date_to)

    @property
    def names_times(self) -> bool:
        """Whether times of day were said."""
        wish = self.wish
        return wish.time is not None or wish.part is not None or wish.time_from is not None or wish.time_to is not None

    @property
    def first_day(self) -> date | None:
        """The first day that was said."""
        wish = self.wish
        named = [day for day in (wish.date, *wish.dates, wish.date_from) if day is not None]
        return min(named) if named else wish.date_to

    @property
    def wanted_minute(self) -> int | None:
        """The time that was said, or the start of the part or range, in minutes since midnight."""
        wish = self.wish
        if wish.time is not None:
            return _minute(wish.time)
        if wish.part is not None:
            return max(PART_MINUTES[wish.part][0][0], 8 * 60)
        start = wish.time_from or wish.time_to
        return None if start is None else _minute(start)

    def allows_weekday(self, day: date) -> bool:
        """Whether the day's weekday was not excluded."""
        return DAY_NAMES[day.weekday()] not in self.wish.excluded

    def allows_day(self, day: date) -> bool:
        """Whether the day is one of those said; any is when none was."""
        wish = self.wish
        if not self.allows_weekday(day):
            return False
        named = {named for named in (wish.date, *wish.dates) if named is not None}
        if named:
            return day in named
        return (wish.date_from is None or wish.date_from <= day) and (wish.date_to is None or day <= wish.date_to)

    def allows_time(self, start: datetime) -> bool:
        """Whether a slot may start at that local time of day; a said time prevails over a part of day."""
        wish, minute = self.wish, start.hour * 60 + start.minute
        if wish.time is not None:
            return abs(minute - _minute(wish.time)) <= (APPROX_MIN if wish.approx else 0)
        if wish.part is not None and not any(first <= minute < last for first, last in PART_MINUTES[wish.part]):
            return False
        slack = APPROX_MIN if wish.approx else 0
        if wish.time_from is not None and minute < _minute(wish.time_from) - slack:
            return False
        return wish.time_to is None or minute < _minute(wish.time_to) + slack

    def falls_within(self, start: datetime, step_min: int) -> bool:
        """Whether the time said is between that start and the next one: « dix heures dix » on a grid of quarters."""
        wanted = None if self.wish.time is None else _minute(self.wish.time)
        minute = start.hour * 60 + start.minute
        return wanted is not None and minute <= wanted < minute + step_min

    def allows(self, start: datetime) -> bool:
        """Whether a slot may start then, local time."""
        return self.allows_day(start.date()) and self.allows_time(start)


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute
