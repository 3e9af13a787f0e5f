"""Which slots to propose: those that fit the wish, else the nearest, and why the wish could not be met. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from voicebot.booking.hours import day_hours
from voicebot.booking.proposals import nearest_first, spread
from voicebot.booking.slots import Slot
from voicebot.booking.wishes import WishedTimes
from voicebot.clients.consignes import Act, Consignes
from voicebot.core.ids import ActId, PersonId
from voicebot.nlu.slots import DateTimeWish

WhyNot = Literal["closed", "full", "past", "too_far", "too_soon"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyInterval:
    """A stretch that is taken."""

    practitioner: PersonId | None
    """None: taken for everybody."""
    starts: datetime
    """Aware."""
    ends: datetime
    """Aware, buffer included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSlots:
    """What can be proposed."""

    slots: tuple[Slot, ...]
    """By start time, at most as many as asked."""
    exact: bool
    """Whether they fit the wish; otherwise they are the nearest alternatives."""
    why_not: WhyNot | None = None
    """Why the wish could not be met; None when `exact`."""


def find_slots(
    consignes: Consignes,
    *,
    act: ActId,
    practitioner: PersonId | None,
    wish: DateTimeWish,
    now: datetime,
    busy: Iterable[BusyInterval],
    refused: Iterable[datetime] = (),
    limit: int = 2,
) -> FoundSlots:
    """Free slots for a wish.

    Args:
        consignes: The firm and its rules: hours, step, notice, horizon, buffers.
        act: What is to be booked.
        practitioner: With whom; None for anybody who performs the act.
        wish: What the caller said.
        now: Aware.
        busy: What is taken.
        refused: Starts that the caller has refused.
        limit: Most slots to return, at least 1.

    Raises:
        KeyError: the firm has no such act.
    """
    search = _Search(consignes, consignes.act(act), practitioner, busy, now)
    wished, said_no = WishedTimes(wish), {start.astimezone(UTC) for start in refused}
    free = [slot for slot in search.free() if slot.starts.astimezone(UTC) not in said_no]
    fitting = [slot for slot in free if wished.allows(slot.starts)]
    if fitting:
        return FoundSlots(slots=spread(fitting, wished, sorted(said_no), limit), exact=True)
    return FoundSlots(slots=nearest_first(free, wished, search.today, limit), exact=False, why_not=search.why_not(wished))


def performers(consignes: Consignes, act: Act) -> tuple[PersonId | None, ...]:
    """Whose agendas an act can go to; (None,) when the firm has a single agenda."""
    return act.practitioners or tuple(person.id for person in consignes.people if person.takes_appointments) or (None,)


class _Search:
    """The starts that an act could have, and the agendas that they could be in."""

    def __init__(
        self, consignes: Consignes, act: Act, practitioner: PersonId | None, busy: Iterable[BusyInterval], now: datetime
    ) -> None:
        self._consignes, self._act = consignes, act
        self._zone = ZoneInfo(consignes.timezone)
        self._now = now.astimezone(UTC)
        self.today = now.astimezone(self._zone).date()
        self.last_day = self.today + timedelta(days=consignes.booking.horizon_days)
        able = performers(consignes, act)
        self._who = able if practitioner is None else tuple(person for person in able if person in {practitioner, None})
        taken = list(busy)
        self._agendas = {who: _Agenda([b for b in taken if who is None or b.practitioner in {who, None}]) for who in self._who}

    def free(self) -> Iterator[Slot]:
        """Every free slot within notice and horizon, by start."""
        earliest = self._now + timedelta(minutes=self._consignes.booking.notice_min)
        for day in _days(self.today, self.last_day):
            for start, end in self._starts(day):
                who = self._who_is_free(start, end) if start >= earliest else None
                if who is not None:
                    yield self._slot(start, end, who[0])

    def why_not(self, wished: WishedTimes) -> WhyNot:
        """Why no free slot fits."""
        if wished.names_days:
            named = [day for day in _days(self.today, self.last_day) if wished.allows_day(day)]
            if not named:
                return self._outside(wished)
        if not self._who:
            return "closed"
        open_starts = list(self._wished_starts(wished))
        earliest = self._now + timedelta(minutes=self._consignes.booking.notice_min)
        if not open_starts:
            return "closed"
        if max(open_starts) < self._now:  # « aujourd'hui », said in the evening: the firm has closed
            return "past" if wished.names_times else "closed"
        return "too_soon" if max(open_starts) < earliest else "full"

    def _outside(self, wished: WishedTimes) -> WhyNot:
        wish = wished.wish
        days = [day for day in (wish.date, *wish.dates, wish.date_to, wish.date_from) if day is not None]
        if all(day < self.today for day in days):
            return "past"
        return "too_far" if max(days) > self.last_day else "closed"

    def _wished_starts(self, wished: WishedTimes) -> Iterator[datetime]:
        """Starts (UTC) that fit the wish, free or not."""
        step_min = self._consignes.booking.step_min
        for day in filter(wished.allows_day, _days(self.today, self.last_day)):
            for start, _ in self._starts(day):
                local = start.astimezone(self._zone)
                if wished.allows_time(local) or wished.falls_within(local, step_min):
                    yield start

    def _starts(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Start and end (UTC) of each place for the act in a day's opening hours, free or not."""
        step = timedelta(minutes=self._consignes.booking.step_min)
        length = timedelta(minutes=self._act.duration_min)
        for interval in day_hours(self._consignes, day, booking=True).intervals:
            start, closes = interval.starts.astimezone(UTC), interval.ends.astimezone(UTC)
            while start + length <= closes:
                yield start, start + length
                start += step

    def _who_is_free(self, start: datetime, end: datetime) -> tuple[PersonId | None] | None:
        busy_to = end + timedelta(minutes=self._act.buffer_min)
        return next(((who,) for who in self._who if self._agendas[who].is_free(start, busy_to)), None)

    def _slot(self, start: datetime, end: datetime, who: PersonId | None) -> Slot:
        return Slot(act=self._act.id, practitioner=who, starts=start.astimezone(self._zone), ends=end.astimezone(self._zone))


class _Agenda:
    """What is taken in one agenda, for fast look-up: disjoint stretches, by start."""

    def __init__(self, busy: Sequence[BusyInterval]) -> None:
        self._starts: list[datetime] = []
        self._ends: list[datetime] = []
        for start, end in sorted((b.starts.astimezone(UTC), b.ends.astimezone(UTC)) for b in busy):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def is_free(self, start: datetime, end: datetime) -> bool:
        before = bisect_left(self._starts, end) - 1  # the last stretch that begins before `end`
        return before < 0 or self._ends[before] <= start


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
