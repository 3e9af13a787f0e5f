"""The softphone's calls under way: found again by their token, and no more of them than there may be."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from voicebot.transports.browser import BrowserLine
from voicebot.transports.phone.exchange import Answered

MINUTE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much the softphone may be used."""

    per_address: int = 5
    """Calls at the same time from one address."""
    in_all: int = 50
    """Calls at the same time."""
    begun_per_minute: int = 30
    """Calls that one address may begin within a minute."""


@dataclass(slots=True, kw_only=True, eq=False)
class OpenLine:
    """A line with a place among the calls."""

    line: BrowserLine
    address: str
    answered: Answered | None = None
    """None until the call has begun."""


class OpenLines:
    """Who is on the softphone. Lines leave by themselves once they are closed."""

    def __init__(self, limits: Limits, *, now_s: Callable[[], float]) -> None:
        self._limits = limits
        self._now_s = now_s
        self._open: list[OpenLine] = []
        self._begun: dict[str, deque[float]] = {}

    def enter(self, line: BrowserLine, address: str) -> OpenLine | None:
        """Give the line a place; None when its address, or everybody, has too many."""
        self._forget()
        mine = sum(entry.address == address for entry in self._open)
        begun = self._begun.setdefault(address, deque())
        if (
            len(self._open) >= self._limits.in_all
            or mine >= self._limits.per_address
            or len(begun) >= self._limits.begun_per_minute
        ):
            return None
        begun.append(self._now_s())
        entry = OpenLine(line=line, address=address)
        self._open.append(entry)
        return entry

    def find(self, token: str) -> OpenLine | None:
        """The open line whose call the token belongs to."""
        asked = token.encode(errors="replace")
        for entry in self._open:
            if entry.answered is None or entry.line.closed:
                continue
            if secrets.compare_digest(entry.answered.token.encode(), asked):
                return entry
        return None

    def _forget(self) -> None:
        self._open = [entry for entry in self._open if not entry.line.closed]
        minute_ago_s = self._now_s() - MINUTE_S
        for address, begun in list(self._begun.items()):
            while begun and begun[0] <= minute_ago_s:
                begun.popleft()
            if not begun:
                del self._begun[address]
