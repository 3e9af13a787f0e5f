"""The databases of the contract tests, for what is tried on a real one."""

from __future__ import annotations

from tests.contract.conftest import database, database_url, postgres, postgres_with_tables, sqlite_with_tables

__all__ = ["database", "database_url", "postgres", "postgres_with_tables", "sqlite_with_tables"]
