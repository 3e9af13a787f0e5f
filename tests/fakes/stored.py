"""A registered firm, calls of it, people who work for it, for tests on a real database."""

from __future__ import annotations

from datetime import UTC, datetime

from voicebot.core.ids import CallId, ClientId, UserId
from voicebot.core.tickets import Ticket
from voicebot.records.calls import start_call
from voicebot.records.clients import register_client
from voicebot.records.database import Database
from voicebot.records.tickets import NewTicket, open_ticket
from voicebot.records.users import NewUser, add_users

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


def add_user(database: Database, login: str = "alice", role: str = "secretary", **changes: object) -> UserId:
    """Store somebody who works for every client, in French; `changes` are fields of `NewUser`."""
    user: dict[str, object] = {
        "login": login, "name": login.title(), "role": role, "language": "fr", "speaks": frozenset({"fr"}), "all_clients": True,
        "clients": frozenset(), "usual_for": frozenset(), "password_hash": "none",
    }  # fmt: skip
    (added,) = add_users(database, [NewUser(**{**user, **changes})], now=NOW)  # type: ignore[arg-type]
    return added


def wait_for_human(database: Database, call: CallId, at: datetime = NOW, **changes: object) -> Ticket:
    """Open the ticket of a call; `changes` are fields of `NewTicket`."""
    ticket: dict[str, object] = {
        "client": FIRM_ID, "call": call, "caller": "+33639980001", "reason": "asked", "base_score": 120, "summary": "Une panne.",
    }  # fmt: skip
    return open_ticket(database, NewTicket(**{**ticket, **changes}), now=at)  # type: ignore[arg-type]
