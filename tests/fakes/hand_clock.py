"""A clock that tests move by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from voicebot.core.clock import Job

START = datetime(2027, 3, 23, 9, 0, tzinfo=UTC)
"""A Tuesday, ten o'clock in Paris."""


class HandClock:
    """Implements `Clock`: stands still until it is moved; whoever sleeps moves it."""

    def __init__(self, wall: datetime = START) -> None:
        self._wall = wall
        self._s = 0.0

    def now_s(self) -> float:
        return self._s

    def wall(self) -> datetime:
        return self._wall + timedelta(seconds=self._s)

    @asynccontextmanager
    async def joined(self) -> AsyncIterator[None]:
        yield

    async def sleep_until(self, t_s: float) -> None:
        await asyncio.sleep(0)
        self._s = max(self._s, t_s)

    async def is_ready(self, job: Job[Any]) -> bool:
        return job.future.done()

    def pass_(self, seconds: float) -> None:
        self._s += seconds
