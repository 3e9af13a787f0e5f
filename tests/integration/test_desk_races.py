"""Many at once, other processes, a database that fails: one winner, nothing lost, and the desk goes on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from escalation import ledger
from tests.fakes.served_desk import ServedDesk, register_firms
from voicebot.core.errors import RecordsError, RefusalError
from voicebot.core.secretaries import Declared
from voicebot.core.tickets import CLOSED, HELD, Ticket, TicketEvent, TicketState
from voicebot.records.database import Database
from voicebot.records.secretaries import load_secretaries
from voicebot.records.tickets import open_tickets, read_ticket, save_changes, ticket_history

CROWD = 40


@pytest.fixture
async def served(database: Database) -> AsyncIterator[ServedDesk]:
    register_firms(database)
    served = ServedDesk(database)
    await served.desk.adopt()
    yield served
    await served.close()


class Breakable:
    """Stands before `save_changes`: fails while broken, counts what passes."""

    def __init__(self) -> None:
        self.broken = False
        self.passed = 0
        self.entered, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()

    def save(self, database: Database, changes: Any, events: Any) -> bool:
        self.entered.set()
        self.go_on.wait(10)
        if self.broken:
            raise RecordsError("database: locked by another process for too long")
        self.passed += 1
        return save_changes(database, changes, events)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Breakable]:
    store = Breakable()
    monkeypatch.setattr(ledger, "save_changes", store.save)
    yield store
    store.go_on.set()


async def widened(served: ServedDesk) -> Any:
    """A ticket that everybody may take."""
    place = await served.asks("one")
    await served.passes(21)
    return place.ticket


async def test_of_forty_who_accept_at_once_one_wins_and_the_others_are_told_who(served: ServedDesk, store: Breakable) -> None:
    crowd = [served.hires(f"user{number}") for number in range(CROWD)]
    for user in crowd:
        await served.opens_console(user)
    await served.round()
    for user in crowd:
        await served.desk.declare(user, Declared.AVAILABLE)
    ticket = await widened(served)
    store.passed = 0
    results = await asyncio.gather(*(served.desk.accept(user, ticket) for user in crowd), return_exceptions=True)
    winners = [user for user, result in zip(crowd, results, strict=True) if isinstance(result, Ticket)]
    refusals = [result for result in results if isinstance(result, RefusalError)]
    assert (len(winners), len(refusals)) == (1, CROWD - 1)
    assert {(refused.why, refused.winner, refused.winner_name) for refused in refusals} == {
        ("taken", winners[0].id, winners[0].name)
    }
    assert store.passed == 1, "losers cost the database nothing"
    stored = read_ticket(served.database, ticket)
    assert stored is not None
    assert (stored.state, stored.secretary) == (TicketState.CONNECTING, winners[0].id)


async def test_a_winner_in_another_process_is_named(served: ServedDesk) -> None:
    alice, bert = served.hires("alice"), served.hires("bert")
    await served.comes(alice)
    await served.comes(bert)
    ticket = await widened(served)
    cached = served.ticket(ticket)
    taken = replace(cached, state=TicketState.CONNECTING, secretary=bert.id, deadline=served.clock.wall())
    fact = TicketEvent(ticket=ticket, kind="accepted", at=served.clock.wall(), user=bert.id, data={})
    assert save_changes(served.database, [(cached, taken)], [fact])
    with pytest.raises(RefusalError) as refused:
        await served.desk.accept(alice, ticket)
    assert (refused.value.why, refused.value.winner, refused.value.winner_name) == ("taken", bert.id, "Bert")
    assert served.ticket(ticket).secretary == bert.id, "the board is read again"


async def test_a_change_elsewhere_that_does_not_matter_does_not_stop_a_command(served: ServedDesk) -> None:
    alice = served.hires("alice")
    await served.comes(alice)
    ticket = await widened(served)
    cached = served.ticket(ticket)
    note = TicketEvent(ticket=ticket, kind="raised", at=served.clock.wall(), data={})
    assert save_changes(served.database, [(cached, replace(cached, person="Jean Petit"))], [note])
    accepted = await served.desk.accept(alice, ticket)
    assert (accepted.state, accepted.person) == (TicketState.CONNECTING, "Jean Petit")


async def test_a_ticket_opened_by_another_process_is_seen_but_offered_to_nobody_here(served: ServedDesk) -> None:
    alice = served.hires("alice")
    await served.comes(alice)
    other = ServedDesk(served.database, clock=served.clock)
    place = await other.asks("elsewhere")
    await served.passes(40)
    assert served.ticket(place.ticket).state is TicketState.WAITING
    with pytest.raises(RefusalError) as refused:
        await served.desk.accept(alice, place.ticket)
    assert refused.value.why == "gone"
    await other.leaves("elsewhere")
    await served.passes(6)
    assert served.ticket(place.ticket).state is TicketState.CALLBACK_DUE
    await served.desk.take_callback(alice, place.ticket)
    await other.close()


async def test_what_cannot_be_stored_has_not_happened(served: ServedDesk, store: Breakable) -> None:
    alice = served.hires("alice")
    await served.comes(alice)
    ticket = await widened(served)
    before = served.desk.floor.board
    store.broken = True
    with pytest.raises(RecordsError):
        await served.desk.accept(alice, ticket)
    assert served.desk.floor.board is before
    store.broken = False
    await served.desk.accept(alice, ticket)
    assert served.ticket(ticket).state is TicketState.CONNECTING


async def test_a_commit_is_seen_by_everybody_even_if_who_asked_is_gone(served: ServedDesk, store: Breakable) -> None:
    alice = served.hires("alice")
    await served.comes(alice)
    ticket = await widened(served)
    store.entered.clear()
    store.go_on.clear()
    accepting = asyncio.create_task(served.desk.accept(alice, ticket))
    await asyncio.to_thread(store.entered.wait, 10)
    accepting.cancel()
    store.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await accepting
    await until(lambda: served.ticket(ticket).state is TicketState.CONNECTING)
    assert read_ticket(served.database, ticket) == served.ticket(ticket)


async def test_a_database_that_fails_for_a_while_does_not_stop_the_desk(served: ServedDesk, store: Breakable) -> None:
    alice = served.hires("alice")
    await served.comes(alice)
    store.broken = True
    running = asyncio.create_task(served.desk.run())
    place = await served.asks("one")
    await until(lambda: served.desk.figures().failures >= 2)
    assert served.ticket(place.ticket).state is TicketState.WAITING
    store.broken = False
    await until(lambda: served.ticket(place.ticket).state is TicketState.OFFERED)
    await ends(running)


async def test_a_mistake_in_a_round_does_not_stop_the_desk(served: ServedDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds = 0

    def stumble(*_args: object, **_named: object) -> None:
        nonlocal rounds
        rounds += 1
        raise ValueError("a mistake")

    monkeypatch.setattr("escalation.rounds.due", stumble)
    running = asyncio.create_task(served.desk.run())
    await until(lambda: rounds >= 3)
    assert not running.done()
    await ends(running)


async def test_the_desk_can_be_stopped_at_any_moment(served: ServedDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served.desk.rounds, "go_round", lambda: asyncio.sleep(0))
    for moment in range(200):
        running = asyncio.create_task(served.desk.run())
        for _ in range(moment % 20):
            await asyncio.sleep(0)
        running.cancel()
        done, _ = await asyncio.wait({running}, timeout=1)
        assert done, f"it went on after having been cancelled {moment % 20} steps from its start"


async def until(holds: Any) -> None:
    """Let the others run until it holds."""
    for _ in range(10_000):
        if holds():
            return
        await asyncio.sleep(0.001)
    pytest.fail("it never came to hold")


async def ends(task: asyncio.Task[None]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_calls_and_secretaries_in_a_crowd_leave_database_and_board_alike(served: ServedDesk) -> None:
    crew = [served.hires(f"user{number}") for number in range(4)]
    for user in crew:
        await served.comes(user)
    names = [f"call{number}" for number in range(12)]

    async def call(name: str) -> None:
        await served.asks(name)
        await asyncio.sleep(0)
        await served.leaves(name, "hung_up" if int(name[4:]) % 3 else "message")

    async def work(user: Any) -> None:
        for _ in range(30):
            mine = [t for t in served.desk.floor.board.tickets.values() if t.state not in CLOSED]
            for ticket in mine:
                try:
                    await served.desk.accept(user, ticket.id)
                    await served.desk.hang_up(user, ticket.id)
                except RefusalError:
                    continue
            await served.round()

    await asyncio.gather(*(call(name) for name in names), *(work(user) for user in crew))
    board = served.desk.floor.board
    stored = {ticket.id: ticket for ticket in open_tickets(served.database)}
    assert stored == {number: ticket for number, ticket in board.tickets.items() if ticket.state not in CLOSED}
    kept = {secretary.user: replace(secretary, connected=True) for secretary in load_secretaries(served.database)}
    assert kept == board.secretaries
    holders = [ticket.secretary for ticket in board.tickets.values() if ticket.state in HELD]
    assert len(holders) == len(set(holders))
    for ticket in board.tickets.values():
        states = [(fact.from_state, fact.to_state) for fact in ticket_history(served.database, ticket.id)]
        assert all(after == before for (_, after), (before, _) in pairwise(states))
