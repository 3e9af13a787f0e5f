"""How a call asks for a human."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from voicebot.core.ids import CallId, ClientId, TicketId
from voicebot.handoff.requests import HandoffRequest


class Handoff(Protocol):
    """The queue of calls that wait for a human, as a call sees it. Blocking; safe to share between threads."""

    def request(self, call: CallId, client: ClientId | None, request: HandoffRequest, *, now: datetime) -> TicketId:
        """Open the call's ticket; committed on return. Asked again, the call keeps its ticket and its rank.

        Args:
            call: Who waits.
            client: For which firm; None when the line belongs to nobody.
            request: What the secretary reads.
            now: Aware; waiting counts from here.

        Raises:
            RecordsError: the call is unknown, or the ticket cannot be stored.
        """
