"""The open database and its transactions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlmodel import Session

from voicebot.core.errors import RecordsError
from voicebot.records.engines import Purpose, engine_for, make_engine
from voicebot.records.faults import records_error, translated
from voicebot.records.migrate import current_revision, head_revision, upgrade_tables


class Database:
    """Connections to one database, safe to share between threads."""

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine = engine
        self.where = where
        """Its address without password, for messages."""
        self._engines = {purpose: engine_for(engine, purpose) for purpose in Purpose}

    @classmethod
    def open(cls, url: str, *, upgrade: bool = False) -> Self:
        """Open `sqlite:///path/file.db` or `postgresql+psycopg://…`.

        Args:
            url: SQLAlchemy address.
            upgrade: Create or update the tables first.

        Raises:
            RecordsError: the folder is missing or not writable, the file is not a database, is locked, or its tables
                are not those that this version needs.
        """
        database = cls(*_engine_and_name(url))
        try:
            if upgrade:
                database.upgrade()
            else:
                database._require_current_tables()
        except RecordsError:
            database.close()
            raise
        return database

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a single file."""
        return self._engine.dialect.name == "sqlite"

    def upgrade(self) -> None:
        """Create or update the tables; does nothing when they are up to date.

        Raises:
            RecordsError: the database refuses.
        """
        with translated(self.where), self._engines[Purpose.WRITE].begin() as connection:
            upgrade_tables(connection)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Read.

        Raises:
            RecordsError: the database refuses or cannot be reached.
        """
        with translated(self.where), Session(self._engines[Purpose.READ], autoflush=False) as session:
            yield session

    @contextmanager
    def transaction(self, purpose: Purpose = Purpose.WRITE) -> Iterator[Session]:
        """Write: committed when the block ends, undone when it raises. SQLite's write lock is held from the start.

        Raises:
            StorageFullError: no room is left; nothing was written.
            RecordsError: the database refuses or cannot be reached; nothing was written.
        """
        with translated(self.where), Session(self._engines[purpose], expire_on_commit=False) as session:
            yield session
            session.commit()

    def close(self) -> None:
        """Close the idle connections."""
        self._engine.dispose()

    def _require_current_tables(self) -> None:
        with translated(self.where), self._engines[Purpose.READ].begin() as connection:
            found = current_revision(connection)
        if found != head_revision():
            state = (
                "has no tables yet" if found is None else f"has tables of version {found}, this program needs {head_revision()}"
            )
            raise RecordsError(f"database {self.where} {state}: run `voicebot db upgrade`")


def _engine_and_name(url: str) -> tuple[Engine, str]:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            if not parsed.database or parsed.database == ":memory:":
                raise RecordsError(f"database address {url!r}: expected a file, as in sqlite:///var/permanence.db")
            _require_folder(Path(parsed.database))
            return make_engine(parsed), parsed.database
        if parsed.get_backend_name() == "postgresql":
            return make_engine(parsed), parsed.render_as_string(hide_password=True)
    except (ArgumentError, NoSuchModuleError, ValueError) as exc:  # ValueError: of a port that is no number
        raise RecordsError(f"database address {_masked(url)!r}: expected sqlite:///file.db or postgresql+psycopg://…") from exc
    except ImportError as exc:
        raise records_error(exc, parsed.render_as_string(hide_password=True)) from exc
    raise RecordsError(f"database address {_masked(url)!r}: expected sqlite:///file.db or postgresql+psycopg://…")


def _masked(url: str) -> str:
    return url.rsplit("@", maxsplit=1)[-1]


def _require_folder(file: Path) -> None:
    if not file.parent.is_dir():
        raise RecordsError(f"database {file}: the folder {file.parent} does not exist")
    if file.is_dir():
        raise RecordsError(f"database {file}: is a folder, expected a file")
    if not os.access(file if file.exists() else file.parent, os.W_OK):
        raise RecordsError(f"database {file}: not writable")
