"""The databases that every contract on records is tried on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.postgres import PostgresMissingError, PostgresServer, running_postgres
from voicebot.records.database import Database


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server, started by the first test that needs one."""
    try:
        with running_postgres() as server:
            yield server
    except PostgresMissingError as missing:
        if "CI" in os.environ:
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def postgres_with_tables(postgres: PostgresServer) -> Iterator[str]:
    """Name of a database with current tables, to be copied."""
    with postgres.database() as name:
        Database.open(postgres.url(name), upgrade=True).close()
        yield name


@pytest.fixture(scope="session")
def sqlite_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with current tables, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "records.db"
    Database.open(f"sqlite:///{file}", upgrade=True).close()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database, one parameter for each product: empty, unless the test asks for the open `database` too."""
    with_tables = "database" in request.fixturenames
    if request.param == "sqlite":
        if with_tables:
            shutil.copy(request.getfixturevalue("sqlite_with_tables"), tmp_path / "records.db")
        yield f"sqlite:///{tmp_path}/records.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    original = request.getfixturevalue("postgres_with_tables") if with_tables else "template0"
    with server.database(original) as name:
        yield server.url(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database with current tables."""
    opened = Database.open(database_url)
    yield opened
    opened.close()
