"""A desk without a process: a board, a virtual clock, the client's durations; and what must hold of it at any moment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from escalation.board import Board, Refused, Rules, Step, apply, derived, due
from escalation.desk_events import ConsoleOpened, Declares, DeskEvent
from voicebot.clients.consignes import Queue
from voicebot.core.ids import CallId, ClientId, TicketId, UserId
from voicebot.core.secretaries import Declared, Derived, Secretary
from voicebot.core.tickets import CLOSED, HELD, LIVE, Ticket, TicketEvent, TicketState

NOW = datetime(2027, 3, 23, 9, 0, tzinfo=UTC)
FIRM, OTHER_FIRM = ClientId("firm"), ClientId("other")
ANNE, BERTHE, CLARA = UserId(1), UserId(2), UserId(3)
CHIEF = UserId(99)
CALLER = "+33639980001"


def secretary(user: UserId, **facts: Any) -> Secretary:
    """Available, her console open, idle for a minute, able to take every call."""
    here: dict[str, Any] = {"declared": Declared.AVAILABLE, "connected": True, "idle_since": NOW - timedelta(minutes=1)}
    return Secretary(user=user, version=1, name=f"secretary {user}", **{"languages": frozenset({"fr", "en"}), **here, **facts})


def ticket(number: int = 1, **facts: Any) -> Ticket:
    """Waiting since now."""
    opened: dict[str, Any] = {
        "version": 1,
        "state": TicketState.WAITING,
        "client": FIRM,
        "call": CallId(f"call {number}"),
        "caller": CALLER,
        "reason": "asked",
        "base_score": 120,
        "summary": "Wants a person.",
        "waiting_since": NOW,
    }
    return Ticket(id=TicketId(number), **{**opened, **facts})


def board(*who: Secretary, tickets: Iterable[Ticket] = ()) -> Board:
    """A board with these on it."""
    return Board(tickets={t.id: t for t in tickets}, secretaries={s.user: s for s in who})


class FakeDesk:
    """Applies events at a virtual time; each step is checked against everything that must hold."""

    def __init__(self, *who: Secretary, tickets: Iterable[Ticket] = (), queue: Queue | None = None) -> None:
        self.now = NOW
        self.queue = queue or Queue()
        self.board = board(*who, tickets=tickets)

    @property
    def rules(self) -> Rules:
        return lambda _client: self.queue

    def ticket(self, number: int = 1) -> Ticket:
        return self.board.tickets[TicketId(number)]

    def secretary(self, user: UserId = ANNE) -> Secretary:
        return self.board.secretaries[user]

    def opens(self, new: Ticket) -> None:
        """A ticket appears, as the store has opened it."""
        self.board = replace(self.board, tickets={**self.board.tickets, new.id: new})

    def does(self, *events: DeskEvent) -> None:
        """The events apply."""
        for event in events:
            self.stores(event)

    def stores(self, event: DeskEvent) -> tuple[TicketEvent, ...]:
        """The event applies; returns what is stored of it."""
        step = self.tries(event)
        assert isinstance(step, Step), f"{event} was refused: {step}"
        return step.events

    def refuses(self, event: DeskEvent) -> Refused:
        """The event does not apply."""
        refused = self.tries(event)
        assert isinstance(refused, Refused), f"{event} was not refused"
        return refused

    def tries(self, event: DeskEvent) -> Step | Refused:
        """The event comes; it may be refused."""
        step = apply(self.board, event, now=self.now, rules=self.rules)
        if isinstance(step, Step):
            assert list(step_problems(self.board, step)) == [], event
            assert all(fact.kind in {name_of(type(event)), "withdrawn"} for fact in step.events), event
            self.board = step.board
            assert problems(self.board) == [], event
        return step

    def settles(self) -> list[DeskEvent]:
        """What is due now happens; returns it."""
        events = list(due(self.board, now=self.now, rules=self.rules))
        for event in events:
            self.does(event)
        return events

    def passes(self, seconds: float, *, step_s: float = 0.25) -> list[DeskEvent]:
        """Time passes, tick by tick; returns all that was due."""
        until, events = self.now + timedelta(seconds=seconds), self.settles()
        while self.now < until:
            self.now = min(until, self.now + timedelta(seconds=step_s))
            events += self.settles()
        return events

    def leaps(self, seconds: float) -> list[DeskEvent]:
        """Time passes unseen; then what is due happens."""
        self.now += timedelta(seconds=seconds)
        return self.settles()

    def arrives(self, user: UserId) -> None:
        """She opens her console and takes calls."""
        self.does(ConsoleOpened(user=user), Declares(user=user, declared=Declared.AVAILABLE))


def name_of(event: type[object]) -> str:
    """How an event is called where it is stored."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()


WITH_DEADLINE = {TicketState.OFFERED, TicketState.CONNECTING, TicketState.WRAP_UP, TicketState.CALLING_BACK}
UNSERVED = {TicketState.CALLBACK_DUE, TicketState.CALLING_BACK, TicketState.ABANDONED, TicketState.OVERFLOWED}
LEAVES = {TicketState.CALLBACK_DUE, TicketState.ABANDONED, TicketState.OVERFLOWED}
ARROWS = {
    TicketState.WAITING: {TicketState.WAITING, TicketState.OFFERED, TicketState.CONNECTING} | LEAVES,
    TicketState.OFFERED: {TicketState.WAITING, TicketState.OFFERED, TicketState.CONNECTING} | LEAVES,
    TicketState.CONNECTING: {TicketState.WAITING, TicketState.CONNECTING, TicketState.TALKING} | LEAVES,
    TicketState.TALKING: {
        TicketState.WAITING,
        TicketState.TALKING,
        TicketState.WRAP_UP,
        TicketState.CALLBACK_DUE,
        TicketState.ABANDONED,
    },
    TicketState.WRAP_UP: {TicketState.WRAP_UP, TicketState.DONE},
    TicketState.CALLBACK_DUE: {TicketState.CALLBACK_DUE, TicketState.WAITING, TicketState.CALLING_BACK},
    TicketState.CALLING_BACK: {TicketState.CALLBACK_DUE, TicketState.WRAP_UP, TicketState.DONE},
}
"""Where a ticket may go from where. `talking` leads to a call-back when the call was lost in a restart."""


def problems(board: Board) -> list[str]:
    """What is wrong with the board; nothing ever should be."""
    return [*_crowds(board), *(p for t in board.tickets.values() for p in _of_ticket(t)), *_presence(board)]


def _crowds(board: Board) -> Iterator[str]:
    held = [t.secretary for t in board.tickets.values() if t.state in HELD]
    if len(held) != len(set(held)):
        yield f"somebody has two tickets: {held}"
    live = [t.call for t in board.tickets.values() if t.state in LIVE]
    if len(live) != len(set(live)):
        yield f"a call has two live tickets: {live}"


def _of_ticket(t: Ticket) -> Iterator[str]:
    rules = {
        "a held ticket has a secretary": t.state not in HELD or t.secretary is not None,
        "a waiting ticket has none": t.state is not TicketState.WAITING or t.secretary is None,
        "a deadline stands where the state runs out": (t.deadline is not None) == (t.state in WITH_DEADLINE),
        "a call-back alone has a due time": (t.due_at is not None) == (t.state is TicketState.CALLBACK_DUE),
        "who is to be called back has a number": t.state not in {TicketState.CALLBACK_DUE, TicketState.CALLING_BACK}
        or t.caller is not None,
        "closed tickets have an end": (t.closed_at is not None) == (t.state in CLOSED),
        "who is on the line has not left": t.state not in LIVE or t.left is None,
        "who was not served has left": t.state not in UNSERVED or t.left is not None,
        "who has left did so at some time": t.left is None or t.left_at is not None,
        "who talks has been connected": t.state is not TicketState.TALKING or t.connected_at is not None,
        "who has it in hand has accepted": t.state not in {TicketState.CONNECTING, TicketState.TALKING}
        or t.accepted_at is not None,
        "a refusal is noted once": len(set(t.refused_by)) == len(t.refused_by),
    }
    yield from (f"ticket {t.id} {t.state}: not so: {rule}" for rule, holds in rules.items() if not holds)


def _presence(board: Board) -> Iterator[str]:
    offered = {t.secretary for t in board.tickets.values() if t.state is TicketState.OFFERED}
    for s in board.secretaries.values():
        idle = derived(board, s.user) in {Derived.IDLE, Derived.OFFERED}
        rules = {
            "the turn counts while she is available with nothing in hand": (s.idle_since is not None)
            == (idle and s.declared is Declared.AVAILABLE),
            "only who is there is offered a ticket": s.user not in offered or (s.connected and s.declared is Declared.AVAILABLE),
            "the alert is that of a break declared for her": not s.alert
            or (s.declared is Declared.BREAK and s.break_reason == "missed_offers"),
            "a reason is that of a break": s.break_reason is None or s.declared is Declared.BREAK,
        }
        yield from (f"secretary {s.user}: not so: {rule}" for rule, holds in rules.items() if not holds)


def step_problems(before: Board, step: Step) -> Iterator[str]:
    """What is wrong with a step from that board; nothing ever should be."""
    yield from _bookkeeping(before, step)
    written = dict(before.tickets)
    for old, new in step.changes:
        if isinstance(old, Ticket) and isinstance(new, Ticket):
            written[new.id] = new
            held = [t.secretary for t in written.values() if t.state in HELD]
            if len(held) != len(set(held)):
                yield "in the order of the changes somebody has two tickets for a moment"
            yield from _of_change(old, new)


def _bookkeeping(before: Board, step: Step) -> Iterator[str]:
    tickets = {old.id: new for old, new in step.changes if isinstance(old, Ticket) and isinstance(new, Ticket)}
    secretaries = {old.user: new for old, new in step.changes if isinstance(old, Secretary) and isinstance(new, Secretary)}
    if len(tickets) + len(secretaries) != len(step.changes):
        yield "something changes twice in a step"
    if {**before.tickets, **tickets} != step.board.tickets or {**before.secretaries, **secretaries} != step.board.secretaries:
        yield "the board and the changes tell different things"
    if any(new.version != old.version + 1 for old, new in step.changes):
        yield "a version does not rise by one"
    if sorted(tickets) != sorted(fact.ticket for fact in step.events):
        yield "a ticket changes without its event, or an event without its ticket"


def _of_change(old: Ticket, new: Ticket) -> Iterator[str]:
    rules = {
        "a closed ticket never changes": old.state not in CLOSED,
        "there is such an arrow": new.state in ARROWS.get(old.state, set()),
        "waiting time is never reset": old.waiting_since == new.waiting_since,
        "who it is stays": (old.id, old.client) == (new.id, new.client),
        "urgency only rises": new.base_score >= old.base_score,
        "a refusal is never forgotten": set(old.refused_by) <= set(new.refused_by),
        "widening is never taken back": old.widened_at is None or new.widened_at == old.widened_at,
        "offers are counted": new.offers - old.offers
        == (new.state is TicketState.OFFERED and (old.state is not new.state or old.secretary != new.secretary)),
        "two-way audio has one first moment": old.connected_at is None or new.connected_at == old.connected_at,
    }
    yield from (f"ticket {new.id} {old.state} -> {new.state}: not so: {rule}" for rule, holds in rules.items() if not holds)
