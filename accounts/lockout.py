"""Attempts counted in memory, for what has no row of its own: network addresses, and logins that nobody has."""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

ATTEMPTS = 5
"""The attempt of that number locks, unless it succeeds."""
LOCK_MINUTES = 15
LOCK = timedelta(minutes=LOCK_MINUTES)
_CAPACITY = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tally:
    attempts: int
    last: datetime


class Lockout:
    """Who has tried how often; when there are too many, the one of longest ago is forgotten. Safe to share between threads."""

    def __init__(self, *, capacity: int = _CAPACITY) -> None:
        self._tallies: OrderedDict[str, _Tally] = OrderedDict()
        self._capacity = capacity
        self._lock = threading.Lock()

    def locked(self, key: str, now: datetime) -> bool:
        """Whether attempts of that key are refused."""
        with self._lock:
            return self._attempts(key, now) >= ATTEMPTS

    def count(self, key: str, now: datetime) -> int | None:
        """Count an attempt before it is tried.

        Returns:
            Attempts left after this one; None when the key is locked, and this one must not be tried.
        """
        with self._lock:
            attempts = self._attempts(key, now) + 1
            if attempts > ATTEMPTS:
                return None
            self._tallies[key] = _Tally(attempts=attempts, last=now)
            self._tallies.move_to_end(key)
            if len(self._tallies) > self._capacity:
                self._tallies.popitem(last=False)
            return ATTEMPTS - attempts

    def forget(self, key: str) -> None:
        """An attempt succeeded: earlier ones count no more."""
        with self._lock:
            self._tallies.pop(key, None)

    def _attempts(self, key: str, now: datetime) -> int:
        tally = self._tallies.get(key)
        return 0 if tally is None or now >= tally.last + LOCK else tally.attempts


def neighbourhood(address: str) -> str:
    """What attempts from a network address are counted under: itself, or the /64 of IPv6, all of which one customer has.

    Source: RFC 6177, IPv6 Address Assignment to End Sites.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), 64), strict=False))
