"""What open consoles are told, as it happens: one bounded queue a console, one text for all who are told the same."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Self

from accounts.users import User
from voicebot.core.events import JsonValue

UpdateKind = Literal["ticket", "secretary", "turn", "call", "me", "reload"]
CAPACITY = 1000
"""Updates kept for a console that does not read; one more, and it is told to start again from a snapshot."""


@dataclass(frozen=True, eq=False)
class Update:
    """One piece of news; shared between consoles."""

    kind: UpdateKind
    data: Mapping[str, JsonValue]

    @cached_property
    def event(self) -> bytes:
        """As a server-sent event, written once however many are told: every change is told to a room full of consoles.

        Source: WHATWG HTML, section 9.2.5, Parsing an event stream.
        """
        text = json.dumps(self.data, ensure_ascii=False, separators=(",", ":"))
        return f"event: {self.kind}\ndata: {text}\n\n".encode()


RELOAD = Update("reload", {})
"""Too much was missed: ask for a snapshot."""


class Subscription:
    """The news of one console. An async context manager, and an async iterator that ends when the subscription is closed.

    What happens at once is told at once: the iterator gives everything that waits, in order, at least one update.
    """

    def __init__(self, user: User, *, opened: Callable[[Subscription], None], closed: Callable[[Subscription], None]) -> None:
        self.user = user
        self._opened = opened
        self._closed = closed
        self._waiting: deque[Update] = deque()
        self._news = asyncio.Event()
        self._over = False

    async def __aenter__(self) -> Self:
        self._opened(self)
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self.close()
        self._closed(self)

    def __aiter__(self) -> AsyncIterator[Sequence[Update]]:
        return self

    async def __anext__(self) -> Sequence[Update]:
        while not self._waiting:
            if self._over:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        told = tuple(self._waiting)
        self._waiting.clear()
        return told

    def tell(self, update: Update) -> None:
        """Add news; never blocks."""
        if len(self._waiting) >= CAPACITY:
            self._waiting.clear()
            update = RELOAD
        self._waiting.append(update)
        self._news.set()

    def close(self) -> None:
        """End the iteration once what waits is read."""
        self._over = True
        self._news.set()
