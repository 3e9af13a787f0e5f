"""Which callers are on the line: in this process, or still to be found again after a restart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from escalation.board import Board, Rules, places
from escalation.desk_events import CallerGone, CutOff, Readopted
from escalation.lines import CallLine
from escalation.routing import by_rank
from voicebot.call.live import LiveCalls
from voicebot.core.ids import CallId, ClientId, TicketId
from voicebot.core.tickets import IN_QUEUE, LIVE, Ticket, TicketState
from voicebot.handoff.events import PlaceChanged

READOPT_S = 30.0
"""How long a ticket waits for a caller who is not on the line: after a restart, or when a call broke down without a word."""
PLACES_S = 3.0
"""Between two announcements of places to the calls."""


class Attendance:
    """The lines of the calls that have asked for a human, and the tickets whose callers are missing."""

    def __init__(self, live: LiveCalls, rules: Rules) -> None:
        self._live = live
        self._rules = rules
        self._lines: dict[CallId, CallLine] = {}
        self._missing: dict[TicketId, datetime] = {}
        self._found: list[TicketId] = []
        self._told_at: datetime | None = None
        self._told_with: object = None

    def line(self, call: CallId) -> CallLine | None:
        """The line of a call that has one."""
        return self._lines.get(call)

    def open(self, call: CallId, client: ClientId | None, counts_from: datetime) -> CallLine:
        """The line of a call that begins to wait."""
        if call in self._lines:
            self._lines[call].waits_from(counts_from)
        else:
            self._lines[call] = CallLine(rules=self._rules(client), counts_from=counts_from)
        return self._lines[call]

    def find(self, call: CallId, ticket: Ticket | None, now: datetime) -> CallLine:
        """The line of a call that may have waited before this process began."""
        if call not in self._lines:
            rules = self._rules(None if ticket is None else ticket.client)
            since = now if ticket is None else ticket.waiting_since
            self._lines[call] = CallLine(rules=rules, counts_from=since, missed_before=now)
            self._told_at = None  # it does not know its place
            if ticket is not None and ticket.state is TicketState.WAITING:
                self._found.append(ticket.id)
        return self._lines[call]

    def found(self) -> list[Readopted]:
        """What follows for the tickets whose callers were found again since the last time."""
        found, self._found = self._found, []
        return [Readopted(ticket=number) for number in found]

    def expect(self, tickets: Iterable[Ticket], now: datetime) -> None:
        """Their callers shall be found again."""
        self._missing.update({ticket.id: now + timedelta(seconds=READOPT_S) for ticket in tickets})

    def here(self, ticket: Ticket) -> bool:
        """Whether the caller of a ticket can be offered to a secretary of this process."""
        return ticket.call in self._lines

    def offerable(self, board: Board) -> Board:
        """The board without those in the queue whose callers are not here: nobody is asked to take them."""
        kept = {t.id: t for t in board.tickets.values() if t.state not in IN_QUEUE or self.here(t)}
        return board if len(kept) == len(board.tickets) else replace(board, tickets=kept)

    def lost(self, board: Board, now: datetime) -> Iterator[CutOff | CallerGone]:
        """The tickets whose callers have been missing for too long."""
        live = {ticket.id: ticket for ticket in board.tickets.values() if ticket.state in LIVE}
        for ticket in live.values():
            if not self.here(ticket):
                continue
            if self._live.get(ticket.call) is not None:
                self._missing.pop(ticket.id, None)
            else:
                self._missing.setdefault(ticket.id, now + timedelta(seconds=READOPT_S))
        self._missing = {number: until for number, until in self._missing.items() if number in live}
        for number, until in self._missing.items():
            if now >= until:
                served = self.here(live[number]) and live[number].state is TicketState.TALKING
                yield CallerGone(ticket=number) if served else CutOff(ticket=number)
        self._forget({ticket.call for ticket in live.values()})

    def tell_places(self, board: Board, now: datetime) -> None:
        """Tell the waiting calls their places: now and then, and at once that nobody is there any more."""
        often = self._told_at is not None and (now - self._told_at).total_seconds() < PLACES_S
        if often and self._told_with is board.secretaries:
            return
        for number, place in places_to_tell(board, now, self._rules).items():
            line = self._lines.get(board.tickets[number].call)
            if line is not None and (not often or (line.staffed and not place.staffed)):
                line.put(place)
        self._told_at, self._told_with = self._told_at if often else now, board.secretaries

    def _forget(self, waiting: set[CallId]) -> None:
        self._lines = {call: line for call, line in self._lines.items() if call in waiting or self._live.get(call) is not None}


def places_to_tell(board: Board, now: datetime, rules: Rules) -> Mapping[TicketId, PlaceChanged]:
    """The place of every ticket in the queue as its caller is told: behind `max_waiting` of the same client nobody is free."""
    found, before = places(board, now=now, rules=rules), Counter[ClientId | None]()
    told: dict[TicketId, PlaceChanged] = {}
    for ticket in by_rank((t for t in board.tickets.values() if t.state in IN_QUEUE), now):
        place = found[ticket.id]
        free = place.staffed and before[ticket.client] < rules(ticket.client).max_waiting
        told[ticket.id] = PlaceChanged(position=place.position, estimate_s=place.estimate_s, staffed=free)
        before[ticket.client] += 1
    return told
