"""From waiting to accepted: who is asked, who refuses, who takes it.

    waiting -- Offered, Moved --> offered -- Accepted --> connecting
    waiting -- Accepted, picked from the list ----------> connecting
    offered -- OfferExpired, Declined --> waiting <-- Declined -- connecting
    waiting -- Widened --> waiting       every able secretary may take it; never taken back

Whether *she* may have it (able, available, nothing else in hand) is asked in `escalation.claims`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from escalation.desk_events import Accepted, Declined, Moved, Offered, OfferEvent, OfferExpired, Widened
from escalation.outcomes import Changed, Refused, not_hers, out_of_place
from voicebot.clients.consignes import Queue
from voicebot.core.ids import UserId
from voicebot.core.tickets import IN_QUEUE, Ticket, TicketEvent, TicketState


def change(ticket: Ticket, event: OfferEvent, *, now: datetime, queue: Queue) -> Changed | Refused:
    """The ticket after the event, by the durations of its client."""
    match event:
        case Offered():
            return _offered(ticket, event, now, queue)
        case OfferExpired():
            return _expired(ticket, now)
        case Widened():
            return _widened(ticket, now, queue)
        case Accepted():
            return _accepted(ticket, event, now, queue)
        case Declined():
            return _declined(ticket, event, now)
        case Moved():
            return _moved(ticket, event, now, queue)
        case _:
            assert_never(event)


def requeued(ticket: Ticket, *, refused_by: Sequence[UserId] | None = None) -> Ticket:
    """Back in the queue: rank, widening and what was refused stay; nobody has it, nothing runs out."""
    refusals = ticket.refused_by if refused_by is None else tuple(refused_by)
    return replace(ticket, state=TicketState.WAITING, secretary=None, deadline=None, refused_by=refusals)


def withdrawn(ticket: Ticket, why: str, *, now: datetime, by: UserId | None = None) -> Changed:
    """An offer taken back; nobody's fault, so it is no refusal."""
    return requeued(ticket), TicketEvent(
        ticket=ticket.id, kind="withdrawn", at=now, user=by, data={"secretary": ticket.secretary, "why": why}
    )


def with_refusal(ticket: Ticket) -> tuple[UserId, ...]:
    """Who refused, with who has it now as the latest."""
    earlier = tuple(user for user in ticket.refused_by if user != ticket.secretary)
    return earlier if ticket.secretary is None else (*earlier, ticket.secretary)


def _offer(ticket: Ticket, user: UserId, now: datetime, queue: Queue) -> Ticket:
    deadline = now + timedelta(seconds=queue.offer_s)
    return replace(ticket, state=TicketState.OFFERED, secretary=user, deadline=deadline, offers=ticket.offers + 1)


def _offered(ticket: Ticket, event: Offered, now: datetime, queue: Queue) -> Changed | Refused:
    if ticket.state is not TicketState.WAITING:
        return out_of_place(ticket)
    fact = TicketEvent(ticket=ticket.id, kind="offered", at=now, data={"secretary": event.user})
    return _offer(ticket, event.user, now, queue), fact


def _expired(ticket: Ticket, now: datetime) -> Changed | Refused:
    if ticket.state is not TicketState.OFFERED or ticket.deadline is None or now < ticket.deadline:
        return out_of_place(ticket)  # also the expiry of an earlier offer, come late
    fact = TicketEvent(ticket=ticket.id, kind="offer_expired", at=now, data={"secretary": ticket.secretary})
    return requeued(ticket, refused_by=with_refusal(ticket)), fact


def _widened(ticket: Ticket, now: datetime, queue: Queue) -> Changed | Refused:
    too_early = now < ticket.waiting_since + timedelta(seconds=queue.widen_after_s)
    if ticket.state is not TicketState.WAITING or ticket.widened_at is not None or too_early:
        return out_of_place(ticket)
    return replace(ticket, widened_at=now), TicketEvent(ticket=ticket.id, kind="widened", at=now, data={})


def _accepted(ticket: Ticket, event: Accepted, now: datetime, queue: Queue) -> Changed | Refused:
    hers = ticket.state is TicketState.OFFERED and ticket.secretary == event.user
    if ticket.state is TicketState.CALLBACK_DUE:
        return Refused(code="gone")
    if not hers and ticket.state is not TicketState.WAITING:
        return out_of_place(ticket, event.user)
    taken = replace(
        ticket,
        state=TicketState.CONNECTING,
        secretary=event.user,
        deadline=now + timedelta(seconds=queue.connect_s),
        accepted_at=now,
    )
    data = {"picked": int(not hers), "waited_s": (now - ticket.waiting_since).total_seconds()}
    return taken, TicketEvent(ticket=ticket.id, kind="accepted", at=now, user=event.user, data=data)


def _declined(ticket: Ticket, event: Declined, now: datetime) -> Changed | Refused:
    if refused := not_hers(ticket, event.user, TicketState.OFFERED, TicketState.CONNECTING):
        return refused
    fact = TicketEvent(ticket=ticket.id, kind="declined", at=now, user=event.user, data={"why": event.why})
    return requeued(ticket, refused_by=with_refusal(ticket)), fact


def _moved(ticket: Ticket, event: Moved, now: datetime, queue: Queue) -> Changed | Refused:
    fact = TicketEvent(
        ticket=ticket.id, kind="moved", at=now, user=event.by, data={"from": ticket.secretary, "to": event.to_user}
    )
    if ticket.secretary == event.to_user or ticket.state not in IN_QUEUE | {TicketState.CALLBACK_DUE}:
        return out_of_place(ticket)
    if ticket.state is TicketState.CALLBACK_DUE:
        return replace(ticket, secretary=event.to_user), fact
    return _offer(ticket, event.to_user, now, queue), fact
