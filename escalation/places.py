"""What a waiting caller is told: rank, expected wait, whether anybody is there.

*Its secretaries* are, for a ticket, those able to take it who are present; with none present, all who are able. Only tickets that
one of them could take as well stand before it: strangers' queues do not count. Who is *present* has a console open and has
declared herself available, be she busy; a break does not count. Sets of secretaries are bits of an integer, because every ticket
is compared with every better one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from escalation.presence import present
from escalation.routing import by_rank, rank_of
from escalation.standing import Board, Rules, holders
from voicebot.core.ids import ClientId, TicketId
from voicebot.core.language import Language
from voicebot.core.tickets import IN_QUEUE, Ticket, TicketState

TYPICAL_TALK_S = 150.0
"""Length of a conversation as long as none is known; counts as one of them afterwards."""

_Need = tuple[ClientId | None, Language]
"""All that decides who is able to take a ticket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePlace:
    """Where a ticket stands."""

    position: int
    """1 for the next to be taken by one of its secretaries."""
    estimate_s: float | None
    """Expected wait from now, seconds; see `estimate_s`."""
    staffed: bool
    """Whether anybody able is present."""


def places(board: Board, *, now: datetime, rules: Rules) -> Mapping[TicketId, QueuePlace]:
    """The place of every ticket in the queue, in one pass: to be preferred to the functions below when many are asked for."""
    crew, talk_s = _Crew(board), _talk_s(board)
    ahead: Counter[_Need] = Counter()
    found: dict[TicketId, QueuePlace] = {}
    for ticket in by_rank(_queue(board), now):
        position = crew.position(ticket, ahead)
        turn_s = talk_s + rules(ticket.client).wrap_up_s
        staffed = crew.count(ticket) > 0
        found[ticket.id] = QueuePlace(position=position, estimate_s=crew.wait_s(ticket, position, turn_s), staffed=staffed)
        ahead[_need(ticket)] += 1
    return found


def position(board: Board, ticket: Ticket, now: datetime) -> int:
    """Its rank among the tickets in the queue that its secretaries could take, 1 for the next; `now` aware.

    A ticket that is not in the queue is told the rank that it would have.
    """
    rank = rank_of(ticket, now)
    better = (other for other in _queue(board) if other.id != ticket.id and rank_of(other, now) < rank)
    return _Crew(board).position(ticket, Counter(map(_need, better)))


def estimate_s(board: Board, ticket: Ticket, *, now: datetime, rules: Rules) -> float | None:
    """Expected wait from now, seconds; None when nobody able is present, 0 when somebody is free for it.

    As if conversations, each with its wrap-up, ended evenly one after the other, and each let the next caller through. Their
    length is the mean of those that the board still knows, and of `TYPICAL_TALK_S`.
    """
    turn_s = _talk_s(board) + rules(ticket.client).wrap_up_s
    return _Crew(board).wait_s(ticket, position(board, ticket, now), turn_s)


def staffed(board: Board, ticket: Ticket) -> bool:
    """Whether anybody able to take it is present."""
    return _Crew(board).count(ticket) > 0


def _queue(board: Board) -> Iterable[Ticket]:
    return (ticket for ticket in board.tickets.values() if ticket.state in IN_QUEUE)


def _need(ticket: Ticket) -> _Need:
    return ticket.client, ticket.language


def _talk_s(board: Board) -> float:
    over = (t for t in board.tickets.values() if t.released_at is not None and t.accepted_at is not None)
    lengths = [TYPICAL_TALK_S]
    lengths += [(t.released_at - t.accepted_at).total_seconds() for t in over if t.released_at and t.accepted_at]
    return sum(lengths) / len(lengths)


class _Crew:
    """Who could take which ticket."""

    def __init__(self, board: Board) -> None:
        held = holders(board)
        self._everybody = tuple(board.secretaries.values())
        self._present = _bits(map(present, self._everybody))
        # Who is being offered a ticket of the queue will take it, or the next one.
        self._free = self._present & _bits(
            s.user not in held or held[s.user].state is TicketState.OFFERED for s in self._everybody
        )
        self._able: dict[_Need, int] = {}

    def able(self, need: _Need) -> int:
        """Bits of all who could take it."""
        if need not in self._able:
            self._able[need] = _bits(secretary.answers_for(*need) for secretary in self._everybody)
        return self._able[need]

    def count(self, ticket: Ticket) -> int:
        """How many able ones are present."""
        return (self.able(_need(ticket)) & self._present).bit_count()

    def position(self, ticket: Ticket, ahead: Mapping[_Need, int]) -> int:
        """Rank of a ticket before which so many of each kind stand."""
        able = self.able(_need(ticket))
        its = able & self._present or able
        return 1 + sum(number for need, number in ahead.items() if self.able(need) & its)

    def wait_s(self, ticket: Ticket, position: int, turn_s: float) -> float | None:
        """Expected wait at that rank when each caller takes a secretary `turn_s`."""
        crew = self.count(ticket)
        free = (self.able(_need(ticket)) & self._free).bit_count()
        return max(0, position - free) * turn_s / crew if crew else None


def _bits(flags: Iterable[bool]) -> int:
    return sum(1 << bit for bit, flag in enumerate(flags) if flag)
