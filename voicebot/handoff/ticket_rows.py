"""Tickets as rows of the database."""

from __future__ import annotations

from datetime import datetime

from voicebot.core.ids import CallId, ClientId, TicketId
from voicebot.handoff.requests import PRIORITY, HandoffRequest
from voicebot.records.database import Database
from voicebot.records.tickets import TicketText, open_ticket


class TicketRows:
    """Hand-off by a committed row: whoever serves the queue reads it there, whatever happens to this process."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def request(self, call: CallId, client: ClientId | None, request: HandoffRequest, *, now: datetime) -> TicketId:
        """See `Handoff.request`."""
        text = TicketText(
            reason=request.reason.value,
            urgency_kind=request.urgency_kind,
            base_priority=PRIORITY[request.reason],
            summary=request.summary,
            transcript=request.transcript,
        )
        return open_ticket(self._database, client=client, call=call, text=text, now=now)
