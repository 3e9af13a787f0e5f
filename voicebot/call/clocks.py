"""The two clocks a call can run on."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from voicebot.core.audio import CHUNK_MS
from voicebot.core.clock import Job

BEAT_S = CHUNK_MS / 1000
"""In real time all calls of a process wake together, once a chunk: one wake-up of the event loop serves them all."""


class RealClock:
    """Real time: `time.monotonic` and the machine's wall clock, shifted so that it reads `wall` at the start."""

    def __init__(self, wall: datetime | None = None) -> None:
        self._shift = timedelta() if wall is None else wall.astimezone(UTC) - datetime.now(UTC)

    def now_s(self) -> float:
        """Seconds of the monotonic clock."""
        return time.monotonic()

    def wall(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC) + self._shift

    @asynccontextmanager
    async def joined(self) -> AsyncIterator[None]:
        """Real time needs no book-keeping."""
        yield

    async def sleep_until(self, t_s: float) -> None:
        """Sleep until the first beat of the process at or after `t_s`; yields to other tasks even when that has passed."""
        beat_s = math.ceil(t_s / BEAT_S - 1e-6) * BEAT_S
        await asyncio.sleep(max(0.0, beat_s - time.monotonic()))

    async def is_ready(self, job: Job[Any]) -> bool:
        """Whether the work is done."""
        return job.future.done()


class VirtualClock:
    """Time that passes only when every participant sleeps: calls run as fast as the machine can, with identical times.

    Each session that sleeps on the clock joins it for as long as it runs; the clock jumps to the earliest
    wake-up once all that have joined are asleep.
    """

    def __init__(self, wall: datetime) -> None:
        self._origin = wall.astimezone(UTC)
        self._now_s = 0.0
        self._participants = 0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._jumping = False

    def now_s(self) -> float:
        """Seconds since the clock was made."""
        return self._now_s

    def wall(self) -> datetime:
        """Aware UTC: the origin plus virtual time."""
        return self._origin + timedelta(seconds=self._now_s)

    @asynccontextmanager
    async def joined(self) -> AsyncIterator[None]:
        """Take part in the clock while the block runs."""
        self._participants += 1
        try:
            yield
        finally:
            self._participants -= 1
            self._advance()

    async def sleep_until(self, t_s: float) -> None:
        """Sleep in virtual time."""
        if t_s <= self._now_s:
            return
        wake = asyncio.get_running_loop().create_future()
        sleeper = t_s, next(self._order), wake
        heapq.heappush(self._sleepers, sleeper)
        self._advance()
        try:
            await wake
        except asyncio.CancelledError:
            self._forget(sleeper)
            raise

    def _advance(self) -> None:
        """Jump when all sleep, but after the tasks that the loop was about to run: they may join, or cancel."""
        if not self._jumping and self._all_asleep():
            self._jumping = True
            asyncio.get_running_loop().call_soon(self._jump)

    def _all_asleep(self) -> bool:
        return bool(self._sleepers) and len(self._sleepers) >= self._participants

    def _jump(self) -> None:
        self._jumping = False
        if not self._all_asleep():
            return
        self._now_s = max(self._now_s, self._sleepers[0][0])
        while self._sleepers and self._sleepers[0][0] <= self._now_s:
            wake = heapq.heappop(self._sleepers)[2]
            if not wake.done():
                wake.set_result(None)

    def _forget(self, sleeper: tuple[float, int, asyncio.Future[None]]) -> None:
        """Who is cancelled sleeps no more, and must not be counted as asleep."""
        if sleeper in self._sleepers:
            self._sleepers.remove(sleeper)
            heapq.heapify(self._sleepers)

    async def is_ready(self, job: Job[Any]) -> bool:
        """Whether `nominal_s` have passed since the start; if so, waits for the real work with time standing still."""
        if self._now_s < job.started_s + job.nominal_s - 1e-9:
            return False
        if not job.future.done():
            done = asyncio.wrap_future(job.future)
            await asyncio.wait([done])
            _ = done.cancelled() or done.exception()  # seen here, told to whoever takes the job's result
        return True
