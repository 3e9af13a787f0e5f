"""The databases that every contract on records is tried on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from voicebot.records.database import Database


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty database; one parameter for each product."""
    addresses = {"sqlite": f"sqlite:///{tmp_path}/records.db"}
    return addresses[request.param]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database with current tables."""
    opened = Database.open(database_url, upgrade=True)
    yield opened
    opened.close()
