"""The parts of the desk in this process, and how all of them follow the board."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from escalation.attendance import Attendance
from escalation.board import Board
from escalation.figures import Counting
from escalation.ledger import Ledger
from escalation.lines import CallLine, news
from escalation.newsroom import Newsroom, ticket_of
from escalation.onward import Dialler
from escalation.switchboard import Switchboard
from escalation.transcripts import Transcripts
from voicebot.call.live import LiveCalls
from voicebot.clients.consignes import Consignes, Queue, in_language
from voicebot.core.audio import Samples
from voicebot.core.clock import Clock
from voicebot.core.ids import CallId, ClientId, UserId
from voicebot.core.language import Language
from voicebot.core.tickets import LIVE, Ticket, TicketEvent, TicketState
from voicebot.records.database import Database

Speech = Callable[[str, Language], Awaitable[Samples]]
"""Says a text; int16 mono at 16 kHz. Raises SynthesisError."""
_TITLES = frozenset({"m.", "mr", "mr.", "mme", "mlle", "mrs", "mrs.", "ms", "ms.", "dr", "dr."})


class Floor:
    """Everything that the desk's two sides share. From the event loop only."""

    def __init__(
        self,
        *,
        database: Database,
        clients: Iterable[Consignes],
        clock: Clock,
        live: LiveCalls,
        speech: Speech | None,
        dialler: Dialler | None,
    ) -> None:
        """Put the parts together; nothing is read yet."""
        self.database = database
        self.clock = clock
        self.live = live
        self.speech = speech
        self.dialler = dialler
        self.clients: Mapping[ClientId, Consignes] = {consignes.id: consignes for consignes in clients}
        names = {consignes.id: in_language(consignes.name, "fr") for consignes in self.clients.values()}
        self.counted = Counting()
        self.attendance = Attendance(live, self.rules)
        self.switchboard = Switchboard(clock=clock, changed=self.wake)
        self.newsroom = Newsroom(names=names, here=self.attendance.here)
        self.ledger = Ledger(database, rules=self.rules, wall=clock.wall, told=self._told)
        self.transcripts = Transcripts(live, self.newsroom, lambda: self.board)
        self.woken = asyncio.Event()

    @property
    def board(self) -> Board:
        """As it stands, committed."""
        return self.ledger.board

    def rules(self, client: ClientId | None) -> Queue:
        """Durations and scores of a client; those of the house for a line of nobody."""
        consignes = self.consignes(client)
        return _HOUSE if consignes is None else consignes.queue

    def consignes(self, client: ClientId | None) -> Consignes | None:
        """Of a client that is still in the catalogue."""
        return None if client is None else self.clients.get(client)

    def said_name(self, user: UserId | None) -> str:
        """How a secretary is called to callers: by her first name."""
        secretary = None if user is None else self.board.secretaries.get(user)
        words = [] if secretary is None else secretary.name.split()
        return " ".join(words) if words and words[0].lower() in _TITLES else "".join(words[:1])

    def wake(self) -> None:
        """Something wants to be looked at before the next beat."""
        self.woken.set()

    def attend(self, call: CallId) -> CallLine:
        """The line of a call, opened if it has none: its caller is here."""
        known, ticket, now = self.attendance.line(call), ticket_of(self.board, call), self.clock.wall()
        line = known or self.attendance.find(call, ticket, now)
        if known is None and ticket is not None:
            self._tell_caller(line, None, ticket, given_back=False)
            self.wake()
        return line

    def on_hold(self, call: CallId) -> bool:
        """Whether nobody may hear the caller of a call now: in the queue, or held by the human."""
        ticket = ticket_of(self.board, call)
        if ticket is None:
            return False
        post = self.switchboard.get(ticket.id)
        return ticket.state is not TicketState.TALKING or post is None or post.caller_on_hold

    def close(self) -> None:
        """Leave: conversations end, consoles are told nothing more."""
        self.switchboard.close()
        self.newsroom.close()
        self.ledger.close()

    def _told(self, before: Board, after: Board, facts: Sequence[TicketEvent]) -> None:
        given_back = {fact.ticket for fact in facts if fact.kind == "given_back"}
        for ticket in after.tickets.values():
            known = before.tickets.get(ticket.id)
            if known is not ticket:
                self._follow(known, ticket, given_back=ticket.id in given_back)
        self.counted.take(before, after, facts)
        self.newsroom.changed(before, after)

    def _follow(self, before: Ticket | None, ticket: Ticket, *, given_back: bool) -> None:
        self.switchboard.follow(ticket)
        was_live, is_live = before is not None and before.state in LIVE, ticket.state in LIVE
        line, call = self.attendance.line(ticket.call), self.live.get(ticket.call)
        if line is not None and (was_live or is_live):  # later, the call may have another ticket
            self._tell_caller(line, before, ticket, given_back=given_back)
        if call is not None and was_live is not is_live:
            self.newsroom.call(call.client, self.newsroom.call_now(call, self.board))

    def _tell_caller(self, line: CallLine, before: Ticket | None, ticket: Ticket, *, given_back: bool) -> None:
        user = ticket.secretary or (None if before is None else before.secretary)
        line.follow(ticket, self.clock.wall())
        line.joins(self.switchboard.get(ticket.id))
        event = news(before, ticket, name=self.said_name(user), given_back=given_back)
        if event is not None:
            line.tell(event)


_HOUSE = Queue()
