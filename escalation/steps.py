"""One event on the whole board: the ticket changes, those who let it go and who take it change with it, in one step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from escalation import presence
from escalation.claims import claim_refused
from escalation.desk_events import (
    Accepted,
    CallbackTaken,
    ConsoleClosed,
    ConsoleOpened,
    Declares,
    Forced,
    PresenceEvent,
    Readopted,
    Returned,
    TicketDeskEvent,
)
from escalation.offers import withdrawn
from escalation.outcomes import Changed, Refused
from escalation.standing import Board, Change, Rules, Step, held_by
from escalation.tickets import change
from voicebot.clients.consignes import Queue
from voicebot.core.ids import UserId
from voicebot.core.secretaries import Secretary
from voicebot.core.tickets import HELD, LIVE, Ticket, TicketState


def ticket_step(board: Board, event: TicketDeskEvent, *, now: datetime, rules: Rules) -> Step | Refused:
    """What an event of a ticket does; `now` aware."""
    ticket = board.tickets.get(event.ticket)
    if ticket is None:
        return Refused(code="unknown")
    queue = rules(ticket.client)
    outcome = change(ticket, event, now=now, queue=queue)
    if isinstance(outcome, Refused):
        return outcome
    if refused := claim_refused(board, ticket, event) or _call_refused(board, event):
        return refused
    changed = [outcome, *_given_up(board, ticket, event, now)]
    return _step(board, changed, _followers(board, ticket, outcome[0], event, now, queue))


def secretary_step(board: Board, event: PresenceEvent, *, now: datetime) -> Step | Refused:
    """What an event of a secretary does; `now` aware. Nothing when it only says what is so already."""
    secretary = board.secretaries.get(event.user)
    if secretary is None:
        return Refused(code="unknown")
    held = held_by(board, event.user)
    offered = held if held is not None and held.state is TicketState.OFFERED else None
    after = _present_after(secretary, event, now, free=held is offered)
    if offered is None or presence.present(after):
        return _step(board, [], [after])
    why = "console_closed" if isinstance(event, ConsoleClosed) else "declared"
    by = event.by if isinstance(event, Forced) else event.user
    return _step(board, [withdrawn(offered, why, now=now, by=by)], [after])


def _present_after(secretary: Secretary, event: PresenceEvent, now: datetime, *, free: bool) -> Secretary:
    match event:
        case Declares():
            return presence.declaring(secretary, event.declared, event.reason, now=now, free=free)
        case Forced():
            return presence.declaring(secretary, event.declared, presence.FORCED, now=now, free=free)
        case ConsoleOpened():
            return presence.opening(secretary, now=now, free=free)
        case ConsoleClosed():
            return presence.closing(secretary)
        case _:
            assert_never(event)


def _call_refused(board: Board, event: TicketDeskEvent) -> Refused | None:
    """A call has one live ticket: it brings back no other one."""
    if not isinstance(event, Returned | Readopted) or event.call is None:
        return None
    others = (t for t in board.tickets.values() if t.id != event.ticket and t.state in LIVE)
    return Refused(code="wrong_state") if any(t.call == event.call for t in others) else None


def _given_up(board: Board, ticket: Ticket, event: TicketDeskEvent, now: datetime) -> Iterable[Changed]:
    """The offer of another ticket that she gives up for this one."""
    if isinstance(event, Accepted | CallbackTaken):
        offered = held_by(board, event.user)
        if offered is not None and offered.id != ticket.id:
            yield withdrawn(offered, "picked_another", now=now, by=event.user)


def _followers(
    board: Board, before: Ticket, after: Ticket, event: TicketDeskEvent, now: datetime, queue: Queue
) -> Iterable[Secretary]:
    """Who let the ticket go, who took it in hand."""
    had, has = _holder(before), _holder(after)
    if had is not None and had != has and had in board.secretaries:
        yield presence.letting_go(board.secretaries[had], before, event, now=now, queue=queue)
    if has is not None and isinstance(event, Accepted | CallbackTaken):
        yield presence.taking(board.secretaries[has])


def _holder(ticket: Ticket) -> UserId | None:
    return ticket.secretary if ticket.state in HELD else None


def _step(board: Board, changed: Iterable[Changed], secretaries: Iterable[Secretary]) -> Step:
    raised = [replace(ticket, version=board.tickets[ticket.id].version + 1) for ticket, _ in changed]
    raised.sort(key=lambda ticket: ticket.state in HELD)  # let go before taken: not even inside a transaction she has two
    differing = [s for s in secretaries if s != board.secretaries[s.user]]
    followed = [replace(s, version=s.version + 1) for s in differing]
    changes: list[Change] = [(board.tickets[ticket.id], ticket) for ticket in raised]
    changes += [(board.secretaries[s.user], s) for s in followed]
    after = Board(
        tickets={**board.tickets, **{ticket.id: ticket for ticket in raised}},
        secretaries={**board.secretaries, **{s.user: s for s in followed}},
    )
    return Step(board=after, changes=tuple(changes), events=tuple(fact for _, fact in changed))
