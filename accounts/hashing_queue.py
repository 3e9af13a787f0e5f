"""Passwords are hashed one at a time: the machine also carries live calls."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from accounts.refusals import OverrunError

T = TypeVar("T")
_MAX_WAITING = 20
"""With more, the last would wait for seconds."""


class HashingQueue:
    """Runs work that hashes in a thread, off the event loop; more than one core is never taken."""

    def __init__(self, *, max_waiting: int = _MAX_WAITING) -> None:
        self._turn = asyncio.Semaphore(1)
        self._max_waiting = max_waiting
        self._waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        """The result of the work, when its turn has come.

        Raises:
            OverrunError: too many wait already.
        """
        if self._waiting > self._max_waiting:
            raise OverrunError
        self._waiting += 1
        try:
            async with self._turn:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1
