"""Bringing the tables up to date, by Alembic, from code."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

_FOLDER = Path(__file__).parent / "migrations"


def head_revision() -> str:
    """The revision that this code needs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError(f"no migration in {_FOLDER}")
    return head


def current_revision(connection: Connection) -> str | None:
    """The revision of a database; None when it has none."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade_tables(connection: Connection, revision: str = "head") -> None:
    """Run what is missing up to a revision, inside the connection's transaction; does nothing when up to date."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
