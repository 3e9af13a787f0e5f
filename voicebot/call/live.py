"""The calls that this process holds right now, for who looks on, helps or stops them. Used from the event loop only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from voicebot.core.audio import AudioChunk
from voicebot.core.ids import CallId, ClientId

Tap = Callable[[AudioChunk, AudioChunk], None]
"""Told every 20 ms what the caller said and what the caller heard; must return at once."""


@dataclass(slots=True, kw_only=True, eq=False)
class LiveCall:
    """One call under way."""

    id: CallId
    client: ClientId
    line: str
    """Dialled number, E.164."""
    caller: str | None
    """Calling number, E.164; None when withheld."""
    answered_at: datetime
    """Aware UTC."""
    hint: Callable[[str], None]
    """The bot says this text next."""
    stop: Callable[[], None]
    """The server stops: the bot tells the caller, keeps what it can and ends the call."""
    with_human: Callable[[], bool] = lambda: False
    """Whether a human has the caller."""
    _taps: list[Tap] = field(default_factory=list)

    def tap(self, tap: Tap) -> Callable[[], None]:
        """Listen in from now on; the returned function ends it."""
        self._taps.append(tap)
        return lambda: self._taps.remove(tap)

    @property
    def tapped(self) -> bool:
        """Whether anybody listens in."""
        return bool(self._taps)

    def heard(self, caller: AudioChunk, bot: AudioChunk) -> None:
        """Pass 20 ms of both sides to who listens in."""
        for tap in self._taps:
            tap(caller, bot)


class LiveCalls:
    """All calls of this process."""

    def __init__(self) -> None:
        self._calls: dict[CallId, LiveCall] = {}

    def add(self, call: LiveCall) -> None:
        """A call was answered."""
        self._calls[call.id] = call

    def remove(self, call: CallId) -> None:
        """It is over."""
        self._calls.pop(call, None)

    def get(self, call: CallId) -> LiveCall | None:
        """A call under way; None when it is not, or not here."""
        return self._calls.get(call)

    def __iter__(self) -> Iterator[LiveCall]:
        return iter(tuple(self._calls.values()))

    def __len__(self) -> int:
        return len(self._calls)
