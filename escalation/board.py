"""The pure heart of the desk: what an event does to tickets and secretaries, and what time and routing demand.

    step = apply(board, event, now=..., rules=...)     a Step to store, or Refused
    for event in due(board, now=..., rules=...): ...   the same, for what nobody has to do

Whoever serves a desk needs this module and the events; the rest of the package is behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from escalation.desk_events import DeskEvent, PresenceEvent
from escalation.expiry import expiries
from escalation.outcomes import Refused
from escalation.places import QueuePlace, estimate_s, places, position, staffed
from escalation.routing import routes
from escalation.standing import Board, Change, Rules, Step, derived, held_by
from escalation.steps import secretary_step, ticket_step

__all__ = [
    "Board",
    "Change",
    "QueuePlace",
    "Refused",
    "Rules",
    "Step",
    "apply",
    "derived",
    "due",
    "estimate_s",
    "held_by",
    "places",
    "position",
    "staffed",
]


def apply(board: Board, event: DeskEvent, *, now: datetime, rules: Rules) -> Step | Refused:
    """What the event does; refused, and nothing changed, when it does not apply: it comes twice, too late, or to the wrong one.

    Args:
        board: As it stands.
        event: What happens.
        now: Aware.
        rules: Durations and scores by client.
    """
    if isinstance(event, PresenceEvent):
        return secretary_step(board, event, now=now)
    return ticket_step(board, event, now=now, rules=rules)


def due(board: Board, *, now: datetime, rules: Rules) -> Sequence[DeskEvent]:
    """What time and routing demand by `now`: expiries first, then widenings and offers, on the board as it is after them.

    Applied in order at `now` each of them applies, and nothing more is due. Applied again they are refused.
    Tickets whose callers are not found again yet after a restart are kept off the board that is handed in.

    Args:
        board: As it stands.
        now: Aware.
        rules: Durations and scores by client.
    """
    events: list[DeskEvent] = []
    for event in expiries(board.tickets.values(), now=now):
        step = apply(board, event, now=now, rules=rules)
        if isinstance(step, Step):
            board = step.board
            events.append(event)
    return (*events, *routes(board, now=now, rules=rules))
