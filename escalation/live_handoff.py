"""How the calls of this process reach the desk: blocking for the threads of a call, which the event loop serves."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

from escalation.attendance import places_to_tell
from escalation.desk import Desk
from escalation.desk_events import CallerGone, CallerLeft, Raised, Returned
from escalation.newsroom import ticket_of
from voicebot.core.errors import RecordsError, RefusalError
from voicebot.core.ids import CallId, ClientId
from voicebot.core.tickets import Leaving, Ticket, TicketState
from voicebot.handoff.protocol import HandoffLine, Place
from voicebot.handoff.requests import HandoffRequest
from voicebot.records.tickets import NewTicket, returning_ticket

ANSWER_WITHIN_S = 5.0
"""A call that waits longer for the desk is told that it cannot be reached."""
_ATTEMPTS = 3
_Result = TypeVar("_Result")


class LiveHandoff:
    """Implements `Handoff` on a desk."""

    def __init__(self, desk: Desk, *, loop: asyncio.AbstractEventLoop, answer_within_s: float = ANSWER_WITHIN_S) -> None:
        """Serve the calls on the event loop of the desk."""
        self._floor = desk.floor
        self._loop = loop
        self._answer_within_s = answer_within_s

    def request(self, call: CallId, client: ClientId | None, request: HandoffRequest, *, now: datetime) -> Place:
        """See `Handoff.request`."""
        return self._answered(self._request(call, client, request, now))

    def leave(self, call: CallId, how: Leaving, *, phone: str | None, now: datetime) -> None:  # noqa: ARG002 (the desk has its own)
        """See `Handoff.leave`."""
        self._answered(self._leave(call, how, phone))

    def returning(self, client: ClientId, caller: str, *, now: datetime) -> bool:
        """See `Handoff.returning`."""
        return self._before(client, caller, now) is not None

    def attend(self, call: CallId) -> HandoffLine:
        """See `Handoff.attend`; from the event loop."""
        return self._floor.attend(call)

    async def _request(self, call: CallId, client: ClientId | None, request: HandoffRequest, now: datetime) -> Place:
        asked_again = await self._raise(call, request)
        if not asked_again and not await self._return(call, client, request, now):
            self._floor.attendance.open(call, client, now)
            await self._floor.ledger.open(self._new(call, client, request), now=now)
        self._floor.wake()
        return self._place(call)

    async def _raise(self, call: CallId, request: HandoffRequest) -> bool:
        ticket = ticket_of(self._floor.board, call)
        if ticket is None:
            return False
        self._floor.attend(call)
        try:
            await self._floor.ledger.change(Raised(ticket=ticket.id, request=request))
        except RefusalError:  # it has just been closed
            return False
        return True

    async def _return(self, call: CallId, client: ClientId | None, request: HandoffRequest, now: datetime) -> bool:
        """Whether the caller has got the ticket of before back, with its rank."""
        caller = request.caller
        before = None if caller is None else await self._floor.ledger.in_thread(lambda: self._before(client, caller, now))
        if before is None or await self._floor.ledger.bring(before.id) is None:
            return False
        self._floor.attendance.open(call, client, now)
        try:
            await self._floor.ledger.change(Returned(ticket=before.id, call=call), Raised(ticket=before.id, request=request))
        except RefusalError:  # a secretary is ringing at this moment
            return False
        return True

    def _before(self, client: ClientId | None, caller: str, now: datetime) -> Ticket | None:
        since = now - timedelta(seconds=self._floor.rules(client).return_within_s)
        return returning_ticket(self._floor.database, client, caller, since=since)

    def _new(self, call: CallId, client: ClientId | None, request: HandoffRequest) -> NewTicket:
        return NewTicket(
            client=client,
            call=call,
            caller=request.caller,
            person=request.person,
            language=request.language,
            reason=request.reason.value,
            urgency_kind=request.urgency_kind,
            base_score=self._floor.rules(client).score(request.reason),
            summary=request.summary,
            transcript=request.transcript,
        )

    def _place(self, call: CallId) -> Place:
        floor = self._floor
        ticket, line = ticket_of(floor.board, call), floor.attendance.line(call)
        if ticket is None or line is None:
            raise RecordsError(f"the ticket of call {call} is gone as soon as it was opened")
        told = places_to_tell(floor.board, floor.clock.wall(), floor.rules).get(ticket.id)
        if told is None:  # a secretary has it already
            return Place(ticket=ticket.id, live=True, staffed=True, position=1, estimate_s=0.0)
        line.put(told, tell=False)
        return Place(ticket=ticket.id, live=True, staffed=told.staffed, position=told.position, estimate_s=told.estimate_s)

    async def _leave(self, call: CallId, how: Leaving, phone: str | None) -> None:
        for _ in range(_ATTEMPTS):
            ticket = ticket_of(self._floor.board, call)
            if ticket is None:
                return
            if ticket.state is TicketState.TALKING:
                if how not in {"hung_up", "cut"}:
                    return
                event: CallerGone | CallerLeft = CallerGone(ticket=ticket.id)
            else:
                event = CallerLeft(ticket=ticket.id, how=how, phone=phone)
            try:
                await self._floor.ledger.change(event)
            except RefusalError:  # it has changed meanwhile: look again
                continue
            return

    def _answered(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        try:
            answer = asyncio.run_coroutine_threadsafe(work, self._loop)
        except RuntimeError as exc:  # the loop is closed
            work.close()
            raise RecordsError("the desk is closed") from exc
        try:
            return answer.result(self._answer_within_s)
        except (TimeoutError, concurrent.futures.CancelledError) as exc:
            answer.cancel()
            raise RecordsError(f"the desk did not answer within {self._answer_within_s:g} s") from exc
