"""Order of service of a shared recogniser: finals, then speculative ones, then partials; earliest deadline first. Pure."""

from __future__ import annotations

import bisect
import itertools
from dataclasses import dataclass
from typing import Generic, TypeVar

from voicebot.asr.recognizer import Priority

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting(Generic[T]):
    item: T
    priority: Priority
    deadline_s: float
    order: int
    window_s: float

    @property
    def rank(self) -> tuple[int, float, int]:
        return (self.priority, self.deadline_s, self.order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(Generic[T]):
    """What the worker gets."""

    batch: tuple[T, ...]
    """Requests to serve together, first to last; empty when none waits."""
    shed: tuple[T, ...]
    """Partials given up."""


class DeadlineQueue(Generic[T]):
    """Requests that wait. Only partials are ever given up: when they are late, or when too many requests wait."""

    def __init__(self, *, most_waiting: int) -> None:
        """A queue that sheds partials while more than `most_waiting` requests wait."""
        self._most_waiting = most_waiting
        self._waiting: list[_Waiting[T]] = []
        self._order = itertools.count()

    def __len__(self) -> int:
        """How many requests wait."""
        return len(self._waiting)

    def push(self, item: T, *, priority: Priority, deadline_s: float, window_s: float) -> tuple[T, ...]:
        """Add a request.

        Args:
            item: whatever identifies it to the caller.
            priority: its class of service.
            deadline_s: time by which its answer is useful, on the clock given to `take`.
            window_s: length of its window; only equal ones are served together.

        Returns:
            The partials shed to make room, which may include `item`.
        """
        waiting = _Waiting(item=item, priority=priority, deadline_s=deadline_s, order=next(self._order), window_s=window_s)
        bisect.insort(self._waiting, waiting, key=lambda entry: entry.rank)
        shed: list[T] = []
        while len(self._waiting) > self._most_waiting and self._waiting[-1].priority is Priority.PARTIAL:
            shed.append(self._waiting.pop().item)
        return tuple(shed)

    def take(self, now_s: float, *, limit: int) -> Taken[T]:
        """Remove the most pressing request and up to `limit` - 1 others of its priority and window; drop late partials."""
        late = [entry for entry in self._waiting if entry.priority is Priority.PARTIAL and entry.deadline_s < now_s]
        self._waiting = [entry for entry in self._waiting if entry not in late]
        batch: list[_Waiting[T]] = []
        if self._waiting:
            first = self._waiting[0]
            alike = (e for e in self._waiting if (e.priority, e.window_s) == (first.priority, first.window_s))
            batch = list(itertools.islice(alike, limit))
            self._waiting = [entry for entry in self._waiting if entry not in batch]
        return Taken(batch=tuple(entry.item for entry in batch), shed=tuple(entry.item for entry in late))

    def drain(self) -> tuple[T, ...]:
        """Remove and return everything."""
        items = tuple(entry.item for entry in self._waiting)
        self._waiting = []
        return items
