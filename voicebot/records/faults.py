"""Translation of every database exception into one of ours, without personal data."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError

from voicebot.core.errors import RecordsError, StorageFullError

_SQLITE_SENTENCES = {
    sqlite3.SQLITE_BUSY: "locked by another process for too long",
    sqlite3.SQLITE_LOCKED: "locked by another process for too long",
    sqlite3.SQLITE_READONLY: "not writable",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: its folder must exist and be writable",
    sqlite3.SQLITE_NOTADB: "not an SQLite database",
    sqlite3.SQLITE_CORRUPT: "damaged: restore the last backup",
}
_DISK_FULL = "53100"
"""PostgreSQL's disk_full. Source: PostgreSQL documentation, appendix A, error codes."""


def records_error(exc: Exception, where: str) -> RecordsError:
    """Our error for a library's, naming the database `where`; values are left out, of the library's errors too."""
    cause = exc.orig if isinstance(exc, DBAPIError) and exc.orig is not None else exc
    for told in (exc, cause):  # below the first line PostgreSQL shows the row that it refuses
        told.args = tuple(_first_line(arg) if isinstance(arg, str) else arg for arg in told.args)
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL or getattr(cause, "sqlstate", None) == _DISK_FULL:
        return StorageFullError(f"database {where}: no room left on the disk; free some space")
    if code in _SQLITE_SENTENCES:
        return RecordsError(f"database {where}: {_SQLITE_SENTENCES[code]}")
    return RecordsError(f"database {where}: {_first_line(str(cause)) or type(cause).__name__}")


def refuses_the_row(error: RecordsError) -> bool:
    """Whether trying the same row again is pointless: a constraint forbids it, or it cannot be written at all."""
    cause = error.__cause__
    return isinstance(cause, IntegrityError | DataError) or (
        isinstance(cause, SQLAlchemyError) and not isinstance(cause, DBAPIError)
    )


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Raise our errors in place of the library's.

    Raises:
        StorageFullError: no room is left.
        RecordsError: anything else that the database refuses.
    """
    try:
        yield
    except SQLAlchemyError as exc:
        raise records_error(exc, where) from exc


def _first_line(message: str) -> str:
    return (message.splitlines() or [""])[0]
