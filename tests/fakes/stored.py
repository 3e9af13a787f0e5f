"""A registered firm and calls of it, for tests on a real database."""

from __future__ import annotations

from datetime import UTC, datetime

from voicebot.core.ids import CallId, ClientId
from voicebot.records.calls import start_call
from voicebot.records.clients import register_client
from voicebot.records.database import Database

FIRM_ID = ClientId("firm")
NOW = datetime(2027, 3, 23, 9, 0, tzinfo=UTC)
"""A Tuesday, ten o'clock in Paris."""


def register_firm(database: Database, client: ClientId = FIRM_ID, line: str = "+33199001001") -> None:
    """Store the firm."""
    register_client(database, client=client, name="le cabinet Test", zone="Europe/Paris", version="v1", lines=(line,), now=NOW)


def answer_call(database: Database, name: str = "call", client: ClientId = FIRM_ID, at: datetime = NOW) -> CallId:
    """Store the start of a call."""
    call = CallId(name)
    start_call(
        database,
        call=call,
        client=client,
        line="+33199001001",
        caller="+33639980001",
        started_at=at,
        zone="Europe/Paris",
        language="fr",
        consignes_version="v1",
    )
    return call
