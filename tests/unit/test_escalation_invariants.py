"""Whatever happens at the desk, in whatever order, twice or late: what must hold, holds; and every ticket ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.board import Refused, due
from escalation.desk_events import (
    ConsoleClosed,
    ConsoleOpened,
    Declares,
    DeskEvent,
    Forced,
)
from tests.fakes.desk import ANNE, BERTHE, CHIEF, CLARA, FIRM, OTHER_FIRM, FakeDesk, secretary, ticket
from tests.fakes.desk_happenings import LIKELY, OF_TICKETS
from voicebot.core.ids import TicketId, UserId
from voicebot.core.secretaries import Declared
from voicebot.core.tickets import CLOSED, TicketState

TICKETS = 3
USERS = (ANNE, BERTHE, CLARA)
PAUSES_S = (0.0, 0.25, 1.0, 4.0, 8.0, 11.0, 15.0, 21.0, 31.0, 130.0, 901.0, 1801.0)


class Fate:
    """A desk to which bytes happen."""

    def __init__(self, fate: bytes) -> None:
        self._fate = iter(fate)
        self.desk = FakeDesk(
            secretary(ANNE),
            secretary(BERTHE, clients=frozenset({FIRM}), usual_for=frozenset({FIRM})),
            secretary(CLARA, connected=False, languages=frozenset({"fr"})),
        )
        self._opened = 0
        self._past: list[DeskEvent] = []
        self._late: list[DeskEvent] = []

    def dice(self, sides: int) -> int:
        return next(self._fate, 0) % sides

    def run(self) -> None:
        """Until the bytes are used up."""
        self._open()
        for throw in self._fate:
            self._round(throw % 16)

    def _round(self, throw: int) -> None:
        match throw:
            case 0 | 1 | 2:
                self.desk.now += timedelta(seconds=PAUSES_S[self.dice(len(PAUSES_S))])
            case 3 | 4 | 5 | 6:
                self._happens(self._likely())
            case 7:
                self._happens(list(OF_TICKETS.values())[self.dice(len(OF_TICKETS))](*self._whom(), self.dice))
            case 8:
                self._happens(self._presence())
            case 9 | 10 if self._past:
                self._happens(self._past[-1 - self.dice(len(self._past))])
            case 11 | 12 | 13:
                self._due()
            case 14:
                self._late += due(self.desk.board, now=self.desk.now, rules=self.desk.rules)
                while self._late and self.dice(2):
                    self._happens(self._late.pop(self.dice(len(self._late))))
            case _:
                self._open()

    def _open(self) -> None:
        if self._opened < TICKETS:
            self._opened += 1
            client, caller = (FIRM, OTHER_FIRM, None)[self.dice(3)], "+33639980001" if self.dice(4) else None
            self.desk.opens(ticket(self._opened, client=client, caller=caller, waiting_since=self.desk.now))

    def _whom(self) -> tuple[TicketId, UserId]:
        return TicketId(1 + self.dice(self._opened)), USERS[self.dice(len(USERS))]

    def _likely(self) -> DeskEvent:
        number, user = self._whom()
        it = self.desk.board.tickets[number]
        kinds = LIKELY.get(it.state, tuple(OF_TICKETS))
        hers = it.secretary if it.secretary is not None and self.dice(8) else user
        return OF_TICKETS[kinds[self.dice(len(kinds))]](number, hers, self.dice)

    def _presence(self) -> DeskEvent:
        user, declared = USERS[self.dice(len(USERS))], tuple(Declared)[self.dice(3)]
        match self.dice(6):
            case 0:
                return ConsoleClosed(user=user)
            case 1 | 2:
                return ConsoleOpened(user=user)
            case 3:
                return Forced(user=user, declared=declared, by=CHIEF)
            case _:
                return Declares(user=user, declared=declared, reason="lunch")

    def _happens(self, event: DeskEvent) -> None:
        self._past.append(event)
        self.desk.tries(event)

    def _due(self) -> None:
        """All that is due applies in its order, is then done, and does nothing when it comes again."""
        events = self.desk.settles()
        self._past += events
        assert due(self.desk.board, now=self.desk.now, rules=self.desk.rules) == ()
        assert all(isinstance(self.desk.tries(event), Refused) for event in events)


def ends(desk: FakeDesk) -> Iterator[TicketState]:
    return (t.state for t in desk.board.tickets.values())


@settings(max_examples=10_000, deadline=None, derandomize=True, database=None)
@given(st.binary(min_size=200, max_size=200))
def test_whatever_happens_no_invariant_breaks_and_every_ticket_ends(fate: bytes) -> None:
    life = Fate(fate)
    life.run()
    for seconds in (16, 16, 11, 61, 1801, 4 * 3600, 16, 61, 4 * 3600, 61):
        life.desk.leaps(seconds)
    assert all(state in CLOSED | {TicketState.CALLBACK_DUE} for state in ends(life.desk))
