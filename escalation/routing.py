"""Who is asked: highest score first, one secretary a ticket at a time, and one ticket a secretary.

    waited 0 s                usual_first_s             widen_after_s
    | the client's usual ones | whoever is idle longest | everybody able, nobody in particular ...
    an offer rings for offer_s, also beyond such a limit

She must be able (client and language), present, without any ticket, and not cooling down after a refusal. The first phase is for
usual secretaries who are present, be they busy: that is the time for which the call waits for them; with none present, or when
they have refused, the second begins at once. Whoever refused a ticket, or let it ring, is asked again for it only when everybody
able who is present has. Once widened, a ticket is offered to nobody in particular: every able secretary sees it ring and may
accept it, and nobody is blamed for not doing so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from escalation.desk_events import Offered, TicketDeskEvent, Widened
from escalation.presence import present
from escalation.standing import Board, Rules, holders
from voicebot.core.ids import ClientId, TicketId, UserId
from voicebot.core.language import Language
from voicebot.core.secretaries import Secretary
from voicebot.core.tickets import Ticket, TicketState

_NEVER = datetime.max.replace(tzinfo=UTC)


def rank_of(ticket: Ticket, now: datetime) -> tuple[float, datetime, TicketId]:
    """Smaller is better: highest score first, then who waits longer, then who came first."""
    return -ticket.score(now), ticket.waiting_since, ticket.id


def by_rank(tickets: Iterable[Ticket], now: datetime) -> list[Ticket]:
    """Best first."""
    return sorted(tickets, key=lambda ticket: rank_of(ticket, now))


def routes(board: Board, *, now: datetime, rules: Rules) -> Sequence[TicketDeskEvent]:
    """Widenings and offers that are due, best rank first; each offer to somebody else.

    Args:
        board: As it stands.
        now: Aware.
        rules: By client; asked once a waiting ticket.
    """
    waiting = by_rank((t for t in board.tickets.values() if t.state is TicketState.WAITING and t.widened_at is None), now)
    crew = _Crew(board, now)
    events: list[TicketDeskEvent] = []
    for ticket in waiting:
        queue = rules(ticket.client)
        waited_s = (now - ticket.waiting_since).total_seconds()
        if waited_s >= queue.widen_after_s:
            events.append(Widened(ticket=ticket.id))
        elif (user := crew.ask(ticket, usual_only=waited_s < queue.usual_first_s)) is not None:
            events.append(Offered(ticket=ticket.id, user=user))
    return events


class _Crew:
    """Who is present, longest idle first, and who of them is still free."""

    def __init__(self, board: Board, now: datetime) -> None:
        held = holders(board)
        here = [s for s in board.secretaries.values() if present(s)]
        self._present = sorted(here, key=lambda s: (s.idle_since or _NEVER, s.user))
        self._free = {s.user for s in here if s.user not in held and (s.cooldown_until is None or now >= s.cooldown_until)}
        self._able: dict[tuple[ClientId | None, Language], list[Secretary]] = {}

    def ask(self, ticket: Ticket, *, usual_only: bool) -> UserId | None:
        """Who is to be offered it; she is free no more."""
        if not self._free:
            return None
        able = self._able_to_take(ticket)
        asked = [s for s in able if s.user not in ticket.refused_by] or able
        if usual_only:
            asked = [s for s in asked if ticket.client in s.usual_for] or asked
        chosen = next((s.user for s in asked if s.user in self._free), None)
        if chosen is not None:
            self._free.remove(chosen)
        return chosen

    def _able_to_take(self, ticket: Ticket) -> list[Secretary]:
        key = (ticket.client, ticket.language)
        if key not in self._able:
            self._able[key] = [s for s in self._present if s.answers_for(ticket.client, ticket.language)]
        return self._able[key]
