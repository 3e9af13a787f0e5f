"""Hand-off in a process that serves no desk: tickets are rows, and whoever serves the queue finds them there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from voicebot.clients.consignes import Queue
from voicebot.core.errors import RecordsError
from voicebot.core.ids import CallId, ClientId
from voicebot.core.tickets import IN_QUEUE, Leaving, Ticket, TicketEvent
from voicebot.handoff.leaving import UNSERVED, left
from voicebot.handoff.protocol import HandoffLine, Place
from voicebot.handoff.requests import HandoffRequest
from voicebot.records.database import Database
from voicebot.records.tickets import NewTicket, live_ticket, open_ticket, open_tickets, save_changes

_ATTEMPTS = 5
"""Somebody who serves the queue may change the ticket at the same moment, not again and again."""


def _rules_of_the_house(_client: ClientId | None) -> Queue:
    return Queue()


class TicketRows:
    """Implements `Handoff`: what is committed stays, whatever happens to this process; nobody comes to the line."""

    def __init__(self, database: Database, *, rules: Callable[[ClientId | None], Queue] = _rules_of_the_house) -> None:
        self._database = database
        self._rules = rules

    def request(self, call: CallId, client: ClientId | None, request: HandoffRequest, *, now: datetime) -> Place:
        """See `Handoff.request`."""
        asked = NewTicket(
            client=client,
            call=call,
            caller=request.caller,
            person=request.person,
            language=request.language,
            reason=request.reason.value,
            urgency_kind=request.urgency_kind,
            base_score=self._rules(client).score(request.reason),
            summary=request.summary,
            transcript=request.transcript,
        )
        ticket = open_ticket(self._database, asked, now=now)
        return Place(ticket=ticket.id, live=False, staffed=False, position=self._position(ticket, now))

    def leave(self, call: CallId, how: Leaving, *, phone: str | None, now: datetime) -> None:
        """See `Handoff.leave`."""
        for _ in range(_ATTEMPTS):
            ticket = live_ticket(self._database, call)
            if ticket is None or ticket.state not in UNSERVED:
                return
            event = TicketEvent(ticket=ticket.id, kind="caller_left", at=now, data={"how": how})
            if save_changes(self._database, [(ticket, left(ticket, how, phone, now=now))], [event]):
                return
        raise RecordsError(f"the ticket of call {call} changes too fast to be taken out of the queue")

    def returning(self, client: ClientId, caller: str, *, now: datetime) -> bool:  # noqa: ARG002 (of the protocol)
        """False: nobody waits on the line here, so nobody comes back to it. Every call has a ticket of its own."""
        return False

    def attend(self, call: CallId) -> HandoffLine | None:  # noqa: ARG002 (of the protocol)
        """None: no desk is served."""
        return None

    def _position(self, ticket: Ticket, now: datetime) -> int:
        waiting = [other.score(now) for other in open_tickets(self._database) if other.state in IN_QUEUE]
        return 1 + sum(score > ticket.score(now) for score in waiting)
