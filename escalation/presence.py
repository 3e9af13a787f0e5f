"""A secretary's side of what happens: what she declares, and what tickets do to her. Pure: no clock, no board.

What she *is doing* is never stored but read off the tickets (`escalation.standing.derived`). Kept of it are only the traces that
routing needs: since when she is idle, until when she is left alone after a refusal, how many offers in a row she let ring.
`idle_since` is set exactly while she has declared herself available and has nothing in hand but perhaps an offer: an offer taken
back costs her nothing of her turn, one that she refused or let ring sends her to the end of the line.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from escalation.desk_events import ConnectionFailed, Declined, OfferExpired, TicketDeskEvent
from voicebot.clients.consignes import Queue
from voicebot.core.secretaries import Declared, Secretary
from voicebot.core.tickets import Ticket, TicketState

MISSED = "missed_offers"
"""Reason of the break that the engine declares for her."""
FORCED = "supervisor"
"""Reason of the break that a supervisor declares for her."""


def present(secretary: Secretary) -> bool:
    """Whether she is logged in to take calls, busy with one or not: a console open, and no break declared, nor one to come."""
    return secretary.connected and secretary.declared is Declared.AVAILABLE


def declaring(secretary: Secretary, declared: Declared, reason: str | None, *, now: datetime, free: bool) -> Secretary:
    """After she has declared something: no alert, no unanswered offers.

    Args:
        secretary: As she stands.
        declared: What she says of herself.
        reason: Kept for a break only.
        now: Aware.
        free: Whether she has nothing in hand but perhaps an offer.
    """
    idle_since = (secretary.idle_since or now) if free and declared is Declared.AVAILABLE else None
    return replace(
        secretary,
        declared=declared,
        break_reason=reason if declared is Declared.BREAK else None,
        alert=False,
        missed_offers=0,
        idle_since=idle_since,
    )


def opening(secretary: Secretary, *, now: datetime, free: bool) -> Secretary:
    """With her console open; who only reloads the page keeps her turn."""
    idle_since = (secretary.idle_since or now) if free and secretary.declared is Declared.AVAILABLE else None
    return replace(secretary, connected=True, idle_since=idle_since)


def closing(secretary: Secretary) -> Secretary:
    """Without a console; what she declared stands."""
    return replace(secretary, connected=False)


def taking(secretary: Secretary) -> Secretary:
    """With a ticket in hand: she is there."""
    return replace(secretary, idle_since=None, cooldown_until=None, missed_offers=0)


def letting_go(secretary: Secretary, ticket: Ticket, event: TicketDeskEvent, *, now: datetime, queue: Queue) -> Secretary:
    """Without the ticket that she had.

    Args:
        secretary: As she stands.
        ticket: As it was, hers.
        event: What took it from her.
        now: Aware.
        queue: The durations of its client.
    """
    match event:
        case OfferExpired():
            return _missing(secretary, now, queue)
        case Declined():
            return replace(_cooling(secretary, now, queue), missed_offers=0)
        case ConnectionFailed():
            return _cooling(secretary, now, queue)
        case _:
            return secretary if ticket.state is TicketState.OFFERED else _idling(secretary, now)


def _idling(secretary: Secretary, now: datetime) -> Secretary:
    return replace(secretary, idle_since=now if secretary.declared is Declared.AVAILABLE else None)


def _cooling(secretary: Secretary, now: datetime, queue: Queue) -> Secretary:
    return replace(_idling(secretary, now), cooldown_until=now + timedelta(seconds=queue.cooldown_s))


def _missing(secretary: Secretary, now: datetime, queue: Queue) -> Secretary:
    missed = replace(_idling(secretary, now), missed_offers=secretary.missed_offers + 1)
    if missed.missed_offers < queue.missed_offers:
        return missed
    return replace(missed, declared=Declared.BREAK, break_reason=MISSED, alert=True, idle_since=None)
