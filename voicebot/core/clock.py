"""Time inside a call, injected so that the same session runs in real or virtual time."""

from __future__ import annotations

import concurrent.futures
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Generic[T]):
    """Work done in a thread (recognition, synthesis, a transaction) that a call waits for.

    In real time a job is ready when its future is done. On a virtual clock it is ready `nominal_s`
    after its start, whatever it really took, so that event times do not depend on the machine.
    """

    future: concurrent.futures.Future[T]
    started_s: float
    """Clock time at which it was submitted."""
    nominal_s: float
    """Duration that it takes on a virtual clock, seconds, >= 0."""


class Clock(Protocol):
    """Seconds since an arbitrary origin, and the wall time that belongs to them."""

    def now_s(self) -> float:
        """Current time, float seconds, never decreasing."""

    def wall(self) -> datetime:
        """Current wall time, aware UTC."""

    def joined(self) -> AbstractAsyncContextManager[None]:
        """Take part in the clock while the block runs; only who takes part may sleep on it."""

    async def sleep_until(self, t_s: float) -> None:
        """Return once `now_s() >= t_s`."""

    async def is_ready(self, job: Job[Any]) -> bool:
        """Whether the job's result may be taken now; on a virtual clock, waits for the real work when it is due."""
