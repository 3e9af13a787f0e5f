"""A PostgreSQL server of its own for a test session: in a temporary folder, reached by a Unix socket, no password, no safety."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

_ROLE = "permanence"
_START_S = 60.0
_UNSAFE_AND_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "64MB"}
"""The server dies with the session: nothing of it needs to survive a power cut."""
_MEMORY = Path("/dev/shm")  # noqa: S108 (only its free space is looked at; the folder in it has a random name)
_ROOM_BYTES = 1 << 29
"""A server with a few small databases takes a third of it."""


class PostgresMissingError(Exception):
    """The programs of a PostgreSQL server are not installed; the message says how to install them."""


class PostgresServer:
    """A running server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    @contextmanager
    def database(self, copy_of: str = "template0") -> Iterator[str]:
        """Name of a new database, dropped at the end whoever is still connected to it.

        Args:
            copy_of: Name of another, to which nobody is connected; by default it is empty.
        """
        name = f"test_{next(self._numbers)}"
        new, original = sql.Identifier(name), sql.Identifier(copy_of)
        self.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(new, original))
        yield name
        self.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(new))

    def url(self, name: str) -> str:
        """SQLAlchemy address of a database."""
        return f"postgresql+psycopg://{_ROLE}@/{name}?host={self._folder}"

    def execute(self, statement: sql.SQL | sql.Composed) -> None:
        """Run one statement outside any transaction.

        Raises:
            psycopg.Error: the server refuses or does not answer.
        """
        with closing(psycopg.connect(host=str(self._folder), user=_ROLE, dbname="postgres", autocommit=True)) as connection:
            connection.execute(statement)


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start a server, stop it at the end.

    Raises:
        PostgresMissingError: it is not installed.
        RuntimeError: it does not start; the message holds its log.
    """
    programs, user = _programs(), _unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="permanence-postgres-", dir=_where_files_are_fast()))
    try:
        if user is not None:
            shutil.chown(folder, user, user)
        data, log = folder / "data", folder / "log"
        options = f"--username={_ROLE} --auth=trust --encoding=UTF8 --locale=C --no-sync".split()
        initdb = [str(programs / "initdb"), "-D", str(data), *options]
        subprocess.run(initdb, user=user, group=user, cwd=folder, check=True, capture_output=True)
        settings = [part for name, value in _UNSAFE_AND_FAST.items() for part in ("-c", f"{name}={value}")]
        command = [str(programs / "postgres"), "-D", str(data), "-k", str(folder), "-c", "listen_addresses=", *settings]
        with (
            log.open("wb") as output,
            subprocess.Popen(command, user=user, group=user, cwd=folder, stdout=output, stderr=output) as process,
        ):
            try:
                server = PostgresServer(folder)
                _wait_until_ready(server, process, log)
                yield server
            finally:
                process.send_signal(signal.SIGINT)  # disconnects everybody and stops
                process.wait(_START_S)
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    """The folder of the newest server installed."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin/postgres"), *filter(None, [_on_path("postgres")])]
    if not found:
        raise PostgresMissingError("no PostgreSQL server is installed: `make system` as root, or `apt-get install postgresql`")
    return max(found, key=lambda program: [int(number) for number in re.findall(r"\d+", str(program))]).parent


def _on_path(program: str) -> Path | None:
    found = shutil.which(program)
    return None if found is None else Path(found)


def _unprivileged_user() -> str | None:
    """Whom to run the server as: it refuses to run as root. None for ourselves."""
    return "postgres" if os.geteuid() == 0 else None


def _where_files_are_fast() -> Path | None:
    """In memory, where a database is copied twenty times faster than on a disk; None, the usual place, without room there."""
    roomy = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES
    return _MEMORY if roomy else None


def _wait_until_ready(server: PostgresServer, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_S
    while True:
        try:
            return server.execute(sql.SQL("SELECT 1"))
        except psycopg.OperationalError as exc:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL does not start:\n{log.read_text(errors='replace')}") from exc
            time.sleep(0.02)
