"""Engines for SQLite and PostgreSQL, and how a transaction begins on each."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

BUSY_TIMEOUT_MS = 10_000
"""How long an SQLite transaction waits for another's."""
_OPTION = "permanence_purpose"


class Purpose(StrEnum):
    """What a transaction is for."""

    READ = "read"
    WRITE = "write"
    """A confirmed fact: on the disk before commit returns, even if the power fails."""
    LOG = "log"
    """Events: survive a killed process, not necessarily a power cut of the last instant."""


def make_engine(url: URL) -> Engine:
    """An engine whose connections keep foreign keys, and wait instead of failing when SQLite is busy."""
    engine = create_engine(url, hide_parameters=True, pool_size=8, max_overflow=56)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def engine_for(engine: Engine, purpose: Purpose) -> Engine:
    """The same engine and pool, whose transactions are of that purpose."""
    return engine.execution_options(**{_OPTION: purpose})


def _set_up_sqlite(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.isolation_level = None  # the driver must not begin transactions by itself
    for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", "journal_mode=WAL", "foreign_keys=ON"):
        dbapi_connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    purpose = connection.get_execution_options().get(_OPTION, Purpose.READ)
    connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if purpose is Purpose.WRITE else 'NORMAL'}")
    # IMMEDIATE takes the write lock at once: a read that turns into a write could not wait for its turn.
    connection.exec_driver_sql("BEGIN" if purpose is Purpose.READ else "BEGIN IMMEDIATE")
