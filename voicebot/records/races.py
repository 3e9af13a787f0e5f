"""What to do when two transactions want the same: one wins, the other learns that it lost, or looks again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from voicebot.core.errors import RecordsError

_LOST_ON_SQLITE = sqlite3.SQLITE_CONSTRAINT_UNIQUE
_LOST_ON_POSTGRESQL = frozenset({"23505", "40001", "40P01"})
"""unique_violation, serialization_failure, deadlock_detected. Source: PostgreSQL documentation, appendix A, error codes."""
_ATTEMPTS = 5

_Result = TypeVar("_Result")


def lost_a_race(error: RecordsError) -> bool:
    """Whether another transaction was there first: a unique index refuses, or the database chose this one to give way."""
    cause = error.__cause__
    original = cause.orig if isinstance(cause, DBAPIError) else None
    if isinstance(original, sqlite3.Error):
        return original.sqlite_errorcode == _LOST_ON_SQLITE
    return getattr(original, "sqlstate", None) in _LOST_ON_POSTGRESQL


def looking_again(work: Callable[[], _Result]) -> _Result:
    """Do a whole transaction that first looks whether its row is there, again if somebody else put it there meanwhile.

    Raises:
        RecordsError: the database refuses for another reason, or again and again.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return work()
        except RecordsError as error:
            if not lost_a_race(error):
                raise
    return work()
